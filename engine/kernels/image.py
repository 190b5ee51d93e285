"""Fast paths for pictures. Each stands beside the plain formula that it computes; tests hold the two together.

In memory a picture is (H, C, W, N), the batch innermost: a row of pixels of all examples is one long run. Outside it is
(N, H, W, C), a transposed view of the same memory, so that layers hand pictures to each other without a copy.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from engine.kernels.basic import ones


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


# -- convolution -------------------------------------------------------------------------------------------------------


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


class Convolution:
    """Convolution of pictures of one shape (H, C, W, N) and its two gradients, each one matrix product a row.

    `rows` (R, k·C + 1, W', N) holds every row of the padded pictures in k shifts: what kernel column v meets at output
    column j in channel c stands at (v·C + c, j). The k rows that an output row needs are neighbours in memory, so the
    matrix of all its windows, `windows[i]` (k·(k·C + 1), W'·N), is a view. The last channel of `rows` is one: the
    weight on it acts as the bias, in the first of the k rows.
    """

    def __init__(self, shape: tuple[int, ...], kernel: int, filters: int, pad: int, stride: int, dtype: np.dtype):
        height, channels, width, batch = shape
        self.shape, self.kernel, self.filters, self.pad, self.stride = shape, kernel, filters, pad, stride
        self.out = windows_along(height, kernel, pad, stride), windows_along(width, kernel, pad, stride)
        rows, columns = self.out
        padded = max(stride * (rows - 1) + kernel, pad + height)
        self.rows = np.zeros((padded, kernel * channels + 1, columns, batch), dtype)
        self.rows[:, -1] = 1
        self.windows = neighbours(self.rows, rows, kernel, stride)
        self.weights = np.zeros((kernel, kernel * channels + 1, filters), dtype)
        self.z = np.empty((rows, filters, columns, batch), dtype)
        self.meetings = [self.meeting(v) for v in range(kernel)]
        self.shifts = [(self.rows[pad:pad + height, v * channels:(v + 1) * channels, at], of)
                       for v, (at, of) in enumerate(self.meetings)]

    def meeting(self, v: int) -> tuple[slice, slice]:
        """The output columns j at which kernel column v lies on the picture, and the picture columns s·j + v - p."""
        first = max(0, -((v - self.pad) // self.stride))
        stop = max(first, min(self.out[1], (self.shape[2] - 1 + self.pad - v) // self.stride + 1))
        start = self.stride * first + v - self.pad
        return slice(first, stop), slice(start, start + self.stride * (stop - first), self.stride)

    def forward(self, x: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
        """z (H', F, W', N). Plain: `naive_conv2d`."""
        k, F = self.kernel, self.filters
        for shift, columns in self.shifts:
            np.copyto(shift, x[:, :, columns])
        self.weights[:, :-1] = W.reshape(k, -1, F)
        self.weights[0, -1] = b
        np.matmul(self.weights.reshape(-1, F).T, self.windows, out=self.z.reshape(len(self.z), F, -1))
        return self.z

    def backward_weights(self, dW: np.ndarray, db: np.ndarray) -> None:
        """Plain: `dW[u, v] = sum over n, i, j of window pixel (u, v) · dz[n, i, j]`, `db = dz.sum(axis=(0, 1, 2))`."""
        k, F, count = self.kernel, self.filters, len(self.z)
        np.matmul(self.windows, self.dz.reshape(count, F, -1).transpose(0, 2, 1), out=self.products)
        total = (ones(count, dW.dtype) @ self.products.reshape(count, -1)).reshape(k, -1, F)
        dW[...] = total[:, :-1].reshape(dW.shape)
        db[...] = total[0, -1]

    def backward_input(self, W: np.ndarray) -> np.ndarray:
        """dx (H, C, W, N): each row of dx meets k rows of dz, with the kernel's rows turned round.

        Plain: every `dz[n, i, j]` adds `W @ dz[n, i, j]` to the window of dx that it came from.
        """
        height, channels, _, batch = self.shape
        turned = W[::-1].transpose(1, 2, 0, 3).reshape(self.kernel * channels, -1)       # (k·C, k·F)
        np.matmul(turned, self.dz_windows, out=self.spread)
        spread = self.spread.reshape(height, self.kernel, channels, self.out[1], batch)
        self.dx.fill(0)
        for v, (at, of) in enumerate(self.meetings):
            self.dx[:, :, of] += spread[:, v, :, at]
        return self.dx

    # Made when first asked for: a network that only answers needs none of them.

    @cached_property
    def a(self) -> np.ndarray:
        """Room for the activations."""
        return np.empty_like(self.z)

    @cached_property
    def dz_rows(self) -> np.ndarray:
        """Rows of dz, `stride` apart, between rows of zeros, so that each row of dx finds k of them."""
        return np.zeros((self.shape[0] + self.kernel - 1, *self.z.shape[1:]), self.z.dtype)

    @cached_property
    def dz(self) -> np.ndarray:
        """Room for dL/dz (H', F, W', N), which both gradients are computed from."""
        above = self.kernel - 1 - self.pad
        return self.dz_rows[above:above + self.stride * (len(self.z) - 1) + 1:self.stride]

    @cached_property
    def dz_windows(self) -> np.ndarray:
        return neighbours(self.dz_rows, self.shape[0], self.kernel, 1)

    @cached_property
    def products(self) -> np.ndarray:
        return np.empty((len(self.z), self.weights[..., 0].size, self.filters), self.z.dtype)

    @cached_property
    def spread(self) -> np.ndarray:
        height, channels, _, batch = self.shape
        return np.empty((height, self.kernel * channels, self.out[1] * batch), self.z.dtype)

    @cached_property
    def dx(self) -> np.ndarray:
        return np.empty(self.shape, self.z.dtype)


def neighbours(rows: np.ndarray, count: int, kernel: int, stride: int) -> np.ndarray:
    """Views of `kernel` rows at a time, each as one matrix: (R, D, W, N) -> (count, kernel·D, W·N), not copied."""
    _, depth, columns, batch = rows.shape
    return np.lib.stride_tricks.as_strided(rows, (count, kernel * depth, columns * batch),
                                           (stride * rows.strides[0], rows.strides[1], rows.itemsize))
