"""Normalisation: numbers are brought to mean 0 and deviation 1, then scaled and shifted by learned amounts."""

import numpy as np

from engine.errors import ShapeError
from engine.initializers import ones as ones_initializer
from engine.initializers import zeros
from engine.kernels.basic import ones, sum_rows
from engine.kernels.image import inside, outside
from engine.knobs import Float
from engine.layers.base import Layer, layers
from engine.views import View


def eps_knob() -> Float:
    return Float(1e-5, 1e-12, 1.0, "Epsilon", "A small number that keeps the division finite.",
                 scale="log", slider=(1e-8, 1e-2))


class Norm(Layer):
    """What the normalisations share: a scale gamma (F,) from one and a shift beta (F,) from zero, F the last axis."""

    group = "norm"

    def shape(self, in_shape):
        if not in_shape:
            raise ShapeError(f"{self.label} needs at least one feature for each example.")
        return in_shape

    def build(self, in_shape):
        self.parameter("gamma", in_shape[-1:], ones_initializer)
        self.parameter("beta", in_shape[-1:], zeros)

    def views(self):
        titles = {"gamma": "Scale of each feature", "beta": "Shift of each feature",
                  "running_mean": "Running mean of each feature", "running_var": "Running variance of each feature"}
        return [*super().views(), *(
            View("bars", name, titles[name], ("feature", "value"), lambda name=name: getattr(self, name))
            for name in (*self.own_parameters(), *self.plan.state))]


@layers.register("batch_norm", "Batch normalisation")
class BatchNorm(Norm):
    """Normalises each feature over the batch (and over pixels or time); when not training, by running averages.

    y = gamma · (x - mean) / √(var + eps) + beta, x (N, ..., F). Training divides by the biased variance and moves the
    running averages, `running = (1 - momentum) · running + momentum · new`, with the unbiased one, as PyTorch does.
    A training batch with a single value for each feature has no variance: where PyTorch raises an error, it is
    normalised by the running averages, which stay as they are. Ioffe and Szegedy, 2015.
    """

    formula = r"a = \gamma (x - \mu_{\text{batch}}) / \sqrt{\sigma^2_{\text{batch}} + \epsilon} + \beta"
    eps = eps_knob()
    momentum = Float(0.1, 0.0, 1.0, "Momentum", "How far the running averages move towards each new batch.", step=0.01)

    def build(self, in_shape):
        super().build(in_shape)
        self.state("running_mean", np.zeros(in_shape[-1:]))
        self.state("running_var", np.ones(in_shape[-1:]))

    def forward(self, x, ctx):
        x3 = by_feature(x)                                                           # (O, F, I)
        self.count = x3.shape[0] * x3.shape[2]
        self.batch = ctx.train and self.count > 1
        mean = feature_sums(x3) / x.dtype.type(self.count) if self.batch else self.running_mean
        self.centred = np.subtract(x3, mean[:, None], out=self.scratch_like("centred", x3))
        y = self.scratch_like("y", x3)
        if self.batch:
            var = feature_sums(np.multiply(self.centred, self.centred, out=y)) / x.dtype.type(self.count)
            self.move_averages(mean, var)
        else:
            var = self.running_var
        self.inverse = 1 / np.sqrt(var + x.dtype.type(self.eps))                     # (F,)
        np.multiply(self.centred, (self.gamma * self.inverse)[:, None], out=y)
        y += self.beta[:, None]
        self.a = from_features(y, x.shape)
        return self.a

    def move_averages(self, mean, var):
        m, unbiased = self.momentum, self.count / (self.count - 1)
        self.running_mean[...] = (1 - m) * self.running_mean + m * mean
        self.running_var[...] = (1 - m) * self.running_var + m * unbiased * var

    def backward(self, dy):
        dy3 = by_feature(dy)                                                         # (O, F, I)
        dx = self.scratch_like("dx", dy3)
        self.dbeta[...] = feature_sums(dy3)
        self.dgamma[...] = feature_sums(np.multiply(dy3, self.centred, out=dx)) * self.inverse
        scale = self.gamma * self.inverse
        if not self.batch:
            return from_features(np.multiply(dy3, scale[:, None], out=dx), dy.shape)
        # mean and variance depend on every x: dx = scale · (dy - mean(dy) - x̂ · mean(dy · x̂)), x̂ = centred · inverse
        kind = dy.dtype.type
        np.multiply(self.centred, (self.dgamma * self.inverse / kind(self.count))[:, None], out=dx)
        dx += (self.dbeta / kind(self.count))[:, None]
        np.subtract(dy3, dx, out=dx)
        dx *= scale[:, None]
        return from_features(dx, dy.shape)


@layers.register("layer_norm", "Layer normalisation")
class LayerNorm(Norm):
    """Normalises the features of each example (each token, each pixel) among themselves, alike in training and after.

    y = gamma · (x - mean) / √(var + eps) + beta over the last axis of x (N, ..., F), var biased. Ba et al., 2016.
    """

    formula = r"a = \gamma (x - \mu) / \sqrt{\sigma^2 + \epsilon} + \beta"
    eps = eps_knob()

    def forward(self, x, ctx):
        x2 = x.reshape(-1, x.shape[-1])                                              # (N·..., F)
        share = ones(x2.shape[1], x.dtype) * x.dtype.type(1 / x2.shape[1])           # x2 @ share: the mean of each row
        hat, y = (self.scratch(key, x2.shape, x.dtype) for key in ("hat", "y"))
        np.subtract(x2, (x2 @ share)[:, None], out=hat)
        var = np.multiply(hat, hat, out=y) @ share
        self.inverse = (1 / np.sqrt(var + x.dtype.type(self.eps)))[:, None]          # (N·..., 1)
        hat *= self.inverse
        np.multiply(hat, self.gamma, out=y)
        y += self.beta
        self.hat, self.share, self.a = hat, share, y.reshape(x.shape)
        return self.a

    def backward(self, dy):
        dy2 = dy.reshape(self.hat.shape)
        dx, t = (self.scratch(key, dy2.shape, dy.dtype) for key in ("dx", "t"))
        sum_rows(dy2, out=self.dbeta)
        sum_rows(np.multiply(dy2, self.hat, out=t), out=self.dgamma)
        # with g = dy · gamma: dx = inverse · (g - mean(g) - x̂ · mean(g · x̂))
        weights = self.gamma * self.share
        mean_g, mean_gx = dy2 @ weights, t @ weights
        np.multiply(self.hat, mean_gx[:, None], out=t)
        t += mean_g[:, None]
        np.multiply(dy2, self.gamma, out=dx)
        dx -= t
        dx *= self.inverse
        return dx.reshape(dy.shape)


def by_feature(x: np.ndarray) -> np.ndarray:
    """(N, ..., F) as (O, F, I), a view where x is contiguous or made by a layer of pictures."""
    if x.ndim == 4:
        x = inside(x)                                                                # (H, F, W, N)
        return x.reshape(x.shape[0], x.shape[1], -1)
    return x.reshape(-1, x.shape[-1]).T[None]                                        # (1, F, N·...)


def from_features(x3: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The way back: (O, F, I) as (N, ..., F), the same memory."""
    if len(shape) == 4:
        n, height, width, channels = shape
        return outside(x3.reshape(height, channels, width, n))
    return x3[0].T.reshape(shape)


def feature_sums(x3: np.ndarray) -> np.ndarray:
    """Sum over all but the features: (O, F, I) -> (F,). Plain: `x3.sum(axis=(0, 2))`."""
    return ones(len(x3), x3.dtype) @ (x3 @ ones(x3.shape[2], x3.dtype))
