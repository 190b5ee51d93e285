"""Pooling: a picture made smaller, window by window."""

from engine.errors import ShapeError
from engine.kernels.image import Shelf, inside, outside, windows_along
from engine.kernels.pool import AveragePooling, MaxPooling
from engine.knobs import Int
from engine.layers.base import Layer, layers
from engine.layers.conv import picture


class Pool2D(Layer):
    """x (N, H, W, C) -> y (N, H', W', C) with H' = floor((H - size) / stride) + 1: an incomplete edge is dropped."""

    group = "image"
    size = Int(2, 1, 64, "Size", "Height and width of the window that becomes one pixel.", slider=(1, 8))
    stride = Int(None, 1, 64, "Stride", "How far the window moves from one place to the next; if empty, by its size.",
                 slider=(1, 8), optional=True)
    pooling = MaxPooling
    frozen = False

    @property
    def step(self) -> int:
        """The stride in use."""
        return self.stride or self.size

    def shape(self, in_shape):
        height, width, channels = picture(self.label, in_shape)
        if min(height, width) < self.size:
            raise ShapeError(f"The window ({self.size} × {self.size}) is larger than the picture that reaches it "
                             f"({height} × {width}). Use a smaller size, or fewer pools before it.")
        return (*(windows_along(size, self.size, 0, self.step) for size in (height, width)), channels)

    def build(self, in_shape):
        self.shelf = Shelf()

    def forward(self, x, ctx):
        x = inside(x)                                                                # (H, C, W, N)
        self.work = self.shelf.get((x.shape, x.dtype), lambda: self.pooling(x.shape, self.size, self.step, x.dtype))
        self.a = outside(self.work.forward(x))                                       # (N, H', W', C)
        return self.a

    def backward(self, dy):
        return outside(self.work.backward(inside(dy)))


@layers.register("max_pool2d", "Max pooling")
class MaxPool2D(Pool2D):
    """Keeps the largest number of each window: whether a pattern is there matters more than where.

    Among equal ones the first, row by row, gets the gradient. x (N, H, W, C) -> y (N, H', W', C) with
    H' = floor((H - size) / stride) + 1: an incomplete edge is dropped. Riesenhuber and Poggio, 1999.
    """

    formula = r"a_{ij} = \max_{u,v} x_{i+u,\,j+v}"

@layers.register("avg_pool2d", "Average pooling")
class AvgPool2D(Pool2D):
    """Replaces each window by its mean.

    x (N, H, W, C) -> y (N, H', W', C) with H' = floor((H - size) / stride) + 1: an incomplete edge is dropped.
    LeCun et al., 1989.
    """

    formula = r"a_{ij} = \text{mean}_{u,v} x_{i+u,\,j+v}"
    pooling = AveragePooling
