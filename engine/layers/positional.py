"""Positional encoding: attention alone does not know the order of a sequence, so each place gets a mark of its own."""

import numpy as np

from engine.errors import ShapeError
from engine.initializers import normal
from engine.kernels.basic import sum_rows
from engine.knobs import Choice
from engine.layers.base import Layer, layers


@layers.register("positional", "Positional encoding")
class Positional(Layer):
    """Adds to each place of a sequence a vector that tells where it stands: waves of many lengths, or a learned one.

    x (N, T, D) -> (N, T, D). Sinusoidal (Vaswani et al., 2017, section 3.5) has no parameters and fits any length.
    Learned: P (T, D) for up to T places, begun small (deviation 0.02) as in BERT and GPT-2.
    """

    formula = r"a_t = x_t + P_t"
    group = "attention"
    encoding = Choice("sinusoidal", ("sinusoidal", "learned"), "Encoding",
                      "Fixed waves, or a vector for each place that is learned.")

    def shape(self, in_shape):
        if len(in_shape) != 2:
            raise ShapeError(f"Positional encoding needs a sequence (steps, features), not {in_shape}. "
                             "Put an embedding before it.")
        return in_shape

    def build(self, in_shape):
        self.width, self.waves = in_shape[1], None
        if self.encoding == "learned":
            self.parameter("P", in_shape, normal)

    def forward(self, x, ctx):
        T = x.shape[1]
        self.a = np.add(x, self.places(T, x.dtype), out=self.scratch("a", x.shape, x.dtype))
        return self.a

    def places(self, T, dtype):
        """The marks (T, D) of the first T places."""
        if self.encoding == "learned":
            if len(self.P) < T:
                raise ShapeError(f"The learned positions end at {len(self.P)}; this sequence has {T} places. "
                                 "Shorten it, or choose the sinusoidal encoding.")
            return self.P[:T]
        if self.waves is None or len(self.waves) < T or self.waves.dtype != dtype:
            self.waves = sinusoids(T, self.width).astype(dtype)
        return self.waves[:T]

    def backward(self, dy):
        if self.encoding == "learned":
            N, T, D = dy.shape
            self.dP[T:] = 0
            sum_rows(dy.reshape(N, T * D), out=self.dP[:T].reshape(-1))
        return dy


def sinusoids(T: int, D: int) -> np.ndarray:
    """(T, D): sin(t / 10000^(2i/D)) in column 2i and the cosine beside it in column 2i + 1."""
    columns = np.arange(D)
    angles = np.arange(T)[:, None] * 10_000.0 ** (-(columns - columns % 2) / D)
    return np.where(columns % 2 == 0, np.sin(angles), np.cos(angles))
