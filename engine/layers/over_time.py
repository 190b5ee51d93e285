"""From a sequence to one vector: its mean, or its last step."""

import numpy as np

from engine.errors import ShapeError
from engine.kernels.sequence import checked_mask
from engine.layers.base import Layer, layers


class OverTime(Layer):
    """x (N, T, F) -> (N, F); padded steps do not count. A sequence without any real step gives zeros."""

    group = "sequence"
    frozen = False

    def shape(self, in_shape):
        if len(in_shape) != 2:
            raise ShapeError(f"{self.label} reads a sequence: it needs steps and features, (T, F), not {in_shape}.")
        return in_shape[1:]


@layers.register("mean_over_time", "Mean over time")
class MeanOverTime(OverTime):
    """Averages each feature over the steps of the sequence.

    y = Σ_t x_t / T; with a mask, over the real steps only.
    """

    formula = r"a = \tfrac1T \sum_t x_t"
    def forward(self, x, ctx):
        self.steps, self.weights = x.shape[1], None
        mask = checked_mask(ctx.mask, x.shape[:2])
        if mask is None:
            share = np.full((1, self.steps), 1 / self.steps, x.dtype)
            self.a = np.matmul(share, x)[:, 0]                                                    # (N, F)
            return self.a
        count = np.maximum(mask.sum(axis=1, keepdims=True), 1)
        self.weights = (mask / count).astype(x.dtype)                                             # (N, T)
        self.a = np.matmul(self.weights[:, None], x)[:, 0]
        return self.a

    def backward(self, dy):
        if self.weights is not None:
            return self.weights[:, :, None] * dy[:, None]                                         # (N, T, F)
        share = dy * dy.dtype.type(1 / self.steps)
        return np.broadcast_to(share[:, None], (len(dy), self.steps, dy.shape[1]))                # one row, shared


@layers.register("last_step", "Last step")
class LastStep(OverTime):
    """Keeps the last step of the sequence; with a mask, the last real one."""

    formula = r"a = x_T"
    def forward(self, x, ctx):
        self.in_shape, steps = x.shape, x.shape[1]
        mask = checked_mask(ctx.mask, x.shape[:2])
        self.last, self.empty = steps - 1, None
        if mask is not None:
            self.last = steps - 1 - mask[:, ::-1].argmax(axis=1)                                  # (N,)
            self.empty = ~mask.any(axis=1)
        self.a = x[np.arange(len(x)), self.last]                                                  # (N, F)
        if self.empty is not None:
            self.a[self.empty] = 0
        return self.a

    def backward(self, dy):
        dx = np.zeros(self.in_shape, dy.dtype)
        dx[np.arange(len(dx)), self.last] = dy if self.empty is None else dy * ~self.empty[:, None]
        return dx
