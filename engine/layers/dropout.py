"""Dropout: switch off a random share of the numbers in training, so that no unit can rely on another."""

from engine.knobs import Float
from engine.layers.base import Layer, layers


@layers.register("dropout", "Dropout")
class Dropout(Layer):
    """Zeroes a random share of its input while training, and scales the rest up so that the mean stays.

    y = x · keep / (1 - rate), keep ~ Bernoulli(1 - rate). Srivastava et al., 2014.
    """

    formula = r"a = x \odot m / (1 - p) \text{ while it learns, else } a = x"
    frozen = False
    rate = Float(0.2, 0.0, 0.95, "Rate", "The share of numbers that is switched off in each training step.", step=0.05)

    def forward(self, x, ctx):
        self.keep = None
        if not ctx.train or self.rate == 0:
            self.a = x
            return x
        self.keep = (ctx.rng.random(x.shape, dtype=x.dtype) >= self.rate).astype(x.dtype)
        self.keep *= x.dtype.type(1 / (1 - self.rate))
        self.a = x * self.keep
        return self.a

    def backward(self, dy):
        return dy if self.keep is None else dy * self.keep
