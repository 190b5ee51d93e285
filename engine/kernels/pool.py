"""Pooling of pictures that lie in memory as (H, C, W, N), beside the plain formulas; tests hold the two together."""

from functools import cached_property

import numpy as np

from engine.kernels.image import windows_along

Taps = list[np.ndarray]


class Pooling:
    """Pooling of pictures (H, C, W, N) over size × size windows: first along each row, then across the rows."""

    def __init__(self, shape: tuple[int, ...], size: int, stride: int, dtype: np.dtype):
        height, channels, width, batch = shape
        self.size, self.stride = size, stride
        self.out = windows_along(height, size, 0, stride), windows_along(width, size, 0, stride)
        self.across = np.empty((height, channels, self.out[1], batch), dtype)
        self.y = np.empty((self.out[0], channels, self.out[1], batch), dtype)
        self.dtype, self.shape = dtype, shape
        self.across_taps = self.taps(self.across, 0)

    def taps(self, x: np.ndarray, axis: int) -> Taps:
        """Views of x along rows (axis 0) or columns (axis 2): the first number of every window, the second, ..."""
        reach = self.stride * (self.out[axis // 2] - 1) + 1
        before = (slice(None),) * axis
        return [x[(*before, slice(i, i + reach, self.stride))] for i in range(self.size)]

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x_taps = self.taps(x, 2)
        self.gather(self.x_taps, self.across)
        self.gather(self.across_taps, self.y)
        return self.y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        self.give_back(dy, self.y, self.across_taps, self.dacross, self.dacross_taps)
        self.give_back(self.dacross, self.across, self.x_taps, self.dx, self.dx_taps)
        return self.dx

    def give_back(self, dy: np.ndarray, y: np.ndarray, taps: Taps, dx: np.ndarray, targets: Taps) -> None:
        """Share dy among the taps of dx. Where windows overlap, what each gives is added up."""
        if self.stride >= self.size:
            self.share(dy, y, taps, targets)                            # pixels outside all windows stay zero
            return
        parts = [np.empty_like(y) for _ in targets]
        self.share(dy, y, taps, parts)
        dx.fill(0)
        for target, part in zip(targets, parts, strict=True):
            target += part

    def gather(self, taps: Taps, y: np.ndarray) -> None:
        """One number from each window."""
        raise NotImplementedError

    def share(self, dy: np.ndarray, y: np.ndarray, taps: Taps, targets: Taps) -> None:
        """What each tap gets of dy."""
        raise NotImplementedError

    @cached_property
    def dacross(self) -> np.ndarray:
        return np.zeros_like(self.across)

    @cached_property
    def dacross_taps(self) -> Taps:
        return self.taps(self.dacross, 0)

    @cached_property
    def dx(self) -> np.ndarray:
        return np.zeros(self.shape, self.dtype)

    @cached_property
    def dx_taps(self) -> Taps:
        return self.taps(self.dx, 2)


class MaxPooling(Pooling):
    """Plain: `y = window.max()`; the gradient goes to the first of the largest, row by row, as in PyTorch."""

    def gather(self, taps, y):
        if len(taps) == 1:
            np.copyto(y, taps[0])
            return
        np.maximum(taps[0], taps[1], out=y)
        for tap in taps[2:]:
            np.maximum(y, tap, out=y)

    def share(self, dy, y, taps, targets):
        rest, last = dy, targets[-1]
        for tap, target in zip(taps[:-1], targets[:-1], strict=True):
            np.multiply(rest, np.equal(tap, y), out=target)
            rest = np.subtract(rest, target, out=last)                # what the first largest took, no other gets
        if rest is dy:
            np.copyto(last, dy)


class AveragePooling(Pooling):
    """Plain: `y = window.mean()`; every pixel of a window gets the same share of its gradient."""

    def gather(self, taps, y):
        np.copyto(y, taps[0])
        for tap in taps[1:]:
            y += tap
        y *= y.dtype.type(1 / self.size)

    def share(self, dy, y, taps, targets):
        part = dy * dy.dtype.type(1 / self.size)
        for target in targets:
            np.copyto(target, part)
