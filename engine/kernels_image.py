"""Fast paths for pictures. Each stands beside the plain formula that it computes; tests hold the two together.

In memory a picture is (H, C, W, N), the batch innermost: a row of pixels of all examples is one long run. Outside it is
(N, H, W, C), a transposed view of the same memory, so that layers hand pictures to each other without a copy.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from engine.kernels import ones


def inside(x: np.ndarray) -> np.ndarray:
    """(N, H, W, C) -> (H, C, W, N), contiguous: a view where a layer of pictures made x, a copy otherwise."""
    return np.ascontiguousarray(x.transpose(1, 3, 2, 0))


def outside(x: np.ndarray) -> np.ndarray:
    """(H, C, W, N) -> (N, H, W, C), the same memory."""
    return x.transpose(3, 0, 2, 1)


def windows_along(size: int, kernel: int, pad: int, stride: int) -> int:
    """How many windows fit along an axis; zero or less if the kernel is larger than the padded picture."""
    return (size + 2 * pad - kernel) // stride + 1


class Shelf:
    """Work space for the shapes that come again and again; the oldest goes when there are too many."""

    def __init__(self, room: int = 4):
        self.room, self.held = room, {}

    def get(self, key: Any, make: Callable[[], Any]) -> Any:
        if key not in self.held:
            while len(self.held) >= self.room:
                del self.held[next(iter(self.held))]
            self.held[key] = make()
        return self.held[key]


# -- convolution -----------------------------------------------------------------------------------------------------


def naive_conv2d(x: np.ndarray, W: np.ndarray, b: np.ndarray, pad: int = 0, stride: int = 1) -> np.ndarray:
    """The definition, in plain loops: z[n, i, j, f] = sum of window(i, j) · W[..., f] + b[f].

    x (N, H, W, C), W (k, k, C, F), b (F,) -> z (N, H', W', F). Slow: for tests and for reading.
    """
    k, filters = W.shape[0], W.shape[-1]
    padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    rows, columns = (windows_along(size, k, pad, stride) for size in x.shape[1:3])
    z = np.zeros((len(x), rows, columns, filters), x.dtype)
    for n in range(len(x)):
        for i in range(rows):
            for j in range(columns):
                window = padded[n, i * stride:i * stride + k, j * stride:j * stride + k]      # (k, k, C)
                for f in range(filters):
                    z[n, i, j, f] = np.sum(window * W[..., f]) + b[f]
    return z


class Windows:
    """All k × k windows of pictures (H, C, W, N) as the columns of matrices, one matrix for each row of the output.

    Plain: `columns[i][(u, v, c), (j, n)] = padded[i·stride + u, c, j·stride + v, n]`, where `padded` has `before` zeros
    above and left, and `spacing - 1` zeros between the pixels. Each padded row is kept once, beside its shifts
    v = 0..k-1; the k rows that an output row needs are neighbours in memory, so its matrix is a view. With
    `bias=True` a row of ones follows the shifts: a weight on the first of them acts as the bias.
    """

    def __init__(self, shape: tuple[int, ...], kernel: int, out: tuple[int, int], dtype: np.dtype, *,
                 before: int, stride: int = 1, spacing: int = 1, bias: bool = False):
        height, channels, width, batch = shape
        rows, columns = out
        padded = [max(stride * (n - 1) + kernel, before + spacing * (size - 1) + 1)
                  for n, size in ((rows, height), (columns, width))]
        self.padded = np.zeros((padded[0], channels, padded[1], batch), dtype)
        self.picture = self.padded[before:before + spacing * (height - 1) + 1:spacing, :,
                                   before:before + spacing * (width - 1) + 1:spacing]
        self.rows = np.ones((padded[0], kernel * channels + bias, columns, batch), dtype)
        reach = stride * (columns - 1) + 1
        self.shifts = [(self.rows[:, v * channels:(v + 1) * channels], self.padded[:, :, v:v + reach:stride])
                       for v in range(kernel)]
        self.columns = np.lib.stride_tricks.as_strided(
            self.rows, (rows, kernel * self.rows.shape[1], columns * batch),
            (stride * self.rows.strides[0], self.rows.strides[1], self.rows.itemsize))

    def fill(self, x: np.ndarray) -> np.ndarray:
        """The columns for x (H, C, W, N)."""
        np.copyto(self.picture, x)
        for shift, source in self.shifts:
            np.copyto(shift, source)
        return self.columns


class Convolution:
    """Convolution of pictures of one shape (H, C, W, N) and its two gradients, each one matrix product a row."""

    def __init__(self, shape: tuple[int, ...], kernel: int, filters: int, pad: int, stride: int, dtype: np.dtype):
        self.shape, self.kernel, self.filters, self.pad, self.stride = shape, kernel, filters, pad, stride
        self.dtype = dtype
        height, channels, width, batch = shape
        self.out = windows_along(height, kernel, pad, stride), windows_along(width, kernel, pad, stride)
        self.windows = Windows(shape, kernel, self.out, dtype, before=pad, stride=stride, bias=True)
        self.weights = np.zeros((kernel, kernel * channels + 1, filters), dtype)
        self.z = np.empty((self.out[0], filters, self.out[1], batch), dtype)

    def forward(self, x: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
        """z (H', F, W', N). Plain: `naive_conv2d`."""
        k, F = self.kernel, self.filters
        self.weights[:, :-1] = W.reshape(k, -1, F)
        self.weights[0, -1] = b
        columns = self.windows.fill(x)
        np.matmul(self.weights.reshape(-1, F).T, columns, out=self.z.reshape(len(columns), F, -1))
        return self.z

    def backward_weights(self, dz: np.ndarray, dW: np.ndarray, db: np.ndarray) -> None:
        """Plain: `dW[u, v] = sum over n, i, j of window pixel (u, v) · dz[n, i, j]`, `db = dz.sum(axis=(0, 1, 2))`."""
        k, F, columns = self.kernel, self.filters, self.windows.columns
        np.matmul(columns, dz.reshape(len(columns), F, -1).transpose(0, 2, 1), out=self.products)
        total = (ones(len(columns), dz.dtype) @ self.products.reshape(len(columns), -1)).reshape(k, -1, F)
        dW[...] = total[:, :-1].reshape(dW.shape)
        db[...] = total[0, -1]

    def backward_input(self, dz: np.ndarray, W: np.ndarray) -> np.ndarray:
        """dx (H, C, W, N): dz, set `stride` apart, convolved with the kernels turned by 180 degrees.

        Plain: every `dz[n, i, j]` adds `W @ dz[n, i, j]` to the window of dx that it came from.
        """
        height, channels, _, _ = self.shape
        turned = W[::-1, ::-1].transpose(2, 0, 1, 3).reshape(channels, -1)             # (C, k·k·F)
        np.matmul(turned, self.gradient_windows.fill(dz), out=self.dx.reshape(height, channels, -1))
        return self.dx

    # Made when first asked for: a network that only answers needs none of them.

    @cached_property
    def a(self) -> np.ndarray:
        """Room for the activations."""
        return np.empty_like(self.z)

    @cached_property
    def dz(self) -> np.ndarray:
        """Room for the gradient behind the activation."""
        return np.empty_like(self.z)

    @cached_property
    def products(self) -> np.ndarray:
        return np.empty((self.out[0], self.weights[..., 0].size, self.filters), self.dtype)

    @cached_property
    def gradient_windows(self) -> Windows:
        rows, columns = self.out
        return Windows((rows, self.filters, columns, self.shape[3]), self.kernel, (self.shape[0], self.shape[2]),
                       self.dtype, before=self.kernel - 1 - self.pad, spacing=self.stride)

    @cached_property
    def dx(self) -> np.ndarray:
        return np.empty(self.shape, self.dtype)


# -- pooling -----------------------------------------------------------------------------------------------------------


class Pooling:
    """Pooling of pictures (H, C, W, N) over size × size windows: first along each row, then across the rows."""

    def __init__(self, shape: tuple[int, ...], size: int, stride: int, dtype: np.dtype):
        height, channels, width, batch = shape
        self.size, self.stride = size, stride
        self.out = windows_along(height, size, 0, stride), windows_along(width, size, 0, stride)
        self.across = np.empty((height, channels, self.out[1], batch), dtype)
        self.y = np.empty((self.out[0], channels, self.out[1], batch), dtype)

    def taps(self, x: np.ndarray, axis: int) -> list[np.ndarray]:
        """Views of x along rows (axis 0) or columns (axis 2): the first number of every window, the second, ..."""
        reach = self.stride * (self.out[axis // 2] - 1) + 1
        before = (slice(None),) * axis
        return [x[(*before, slice(i, i + reach, self.stride))] for i in range(self.size)]

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        self.gather(self.taps(x, 2), self.across)
        self.gather(self.taps(self.across, 0), self.y)
        return self.y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        self.give_back(dy, self.y, self.across, self.dacross, 0)
        self.give_back(self.dacross, self.across, self.x, self.dx, 2)
        return self.dx

    def give_back(self, dy: np.ndarray, y: np.ndarray, x: np.ndarray, dx: np.ndarray, axis: int) -> None:
        """Share dy among the taps of dx. Where windows overlap, what each gives is added up."""
        targets = self.taps(dx, axis)
        if self.stride >= self.size:
            self.share(dy, y, self.taps(x, axis), targets)              # the pixels outside all windows stay zero
            return
        parts = [np.empty_like(y) for _ in targets]
        self.share(dy, y, self.taps(x, axis), parts)
        dx.fill(0)
        for target, part in zip(targets, parts, strict=True):
            target += part

    def gather(self, taps: list[np.ndarray], y: np.ndarray) -> None:
        """One number from each window."""
        raise NotImplementedError

    def share(self, dy: np.ndarray, y: np.ndarray, taps: list[np.ndarray], targets: list[np.ndarray]) -> None:
        """What each tap gets of dy."""
        raise NotImplementedError

    @cached_property
    def dacross(self) -> np.ndarray:
        return np.zeros_like(self.across)

    @cached_property
    def dx(self) -> np.ndarray:
        return np.zeros_like(self.x)


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
