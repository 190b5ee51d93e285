"""From pictures to vectors."""

import math

import numpy as np

from engine.errors import ShapeError
from engine.kernels.image import inside
from engine.layers.base import Layer, layers
from engine.layers.conv import picture


@layers.register("flatten", "Flatten")
class Flatten(Layer):
    """Lays all numbers of an example in one row, so that a dense layer can take them.

    x (N, ...) -> (N, product of the rest), the last axis fastest: of a picture row by row, pixel by pixel, its channels
    together. PyTorch keeps the channels first, so a dense layer behind has its inputs in another order there.
    """

    formula = r"a = (x_{11}, x_{12}, \ldots)"
    frozen = False

    def shape(self, in_shape):
        if not in_shape:
            raise ShapeError("Flatten needs at least one number for each example.")
        return (math.prod(in_shape),)

    def forward(self, x, ctx):
        self.in_shape = x.shape
        if x.ndim == 4 and not x.flags.c_contiguous:
            self.a = self.from_picture(inside(x))
        else:
            self.a = x.reshape(len(x), -1)
        return self.a

    def from_picture(self, x):
        """Pictures come with the batch innermost: only the channels move, and the vectors keep the batch innermost."""
        height, channels, width, batch = x.shape
        rows = self.scratch("a", (height, width, channels, batch), x.dtype)
        np.copyto(rows, x.transpose(0, 2, 1, 3))
        return rows.reshape(-1, batch).T

    def backward(self, dy):
        return dy.reshape(self.in_shape)


@layers.register("global_avg_pool", "Global average pooling")
class GlobalAvgPool(Layer):
    """Averages each channel over the whole picture: how much of each pattern there is, wherever it is.

    x (N, H, W, C) -> y (N, C). Lin et al., 2013.
    """

    formula = r"a_c = \text{mean}_{i,j} x_{ijc}"
    frozen = False
    group = "image"

    def shape(self, in_shape):
        return (picture(self.label, in_shape)[2],)

    def forward(self, x, ctx):
        self.in_shape = x.shape
        self.a = x.mean(axis=(1, 2))                                                 # (N, C)
        return self.a

    def backward(self, dy):
        pixels = self.in_shape[1] * self.in_shape[2]
        return np.broadcast_to(dy[:, None, None] * dy.dtype.type(1 / pixels), self.in_shape)
