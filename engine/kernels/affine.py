"""The affine map z = x @ W + b and its way back, beside the plain formulas; tests hold the two together."""

import math

import numpy as np

from engine.kernels.basic import sum_rows

SHAPES = 16             # shapes of batches whose memory is kept for the next time
FEW = 8192              # numbers in x up to which a copy of it costs less than the calls that it saves


class Affine:
    """z = x @ W + b for x (N, ..., in) of one shape, and what dz = dL/dz gives: dW, db and dx.

    What it hands out is overwritten by the next batch of that shape. b and db may be None.

    Where the calls take longer than the numbers, one product each does it: [x, 1] @ [W; b] is all of z, and
    [x, 1].T @ dz all of [dW; db], as b follows W in memory and db follows dW.
    """

    def __init__(self, shape: tuple[int, ...]):
        self.shape, self.count, self.W = shape, math.prod(shape[:-1]), None
        self.deep = len(shape) != 2

    def forward(self, x: np.ndarray, W: np.ndarray, b: np.ndarray | None) -> np.ndarray:
        """z (N, ..., units); keeps x for the way back. Plain: `x @ W + b`."""
        if W is not self.W:
            self.begin(W, b)
        if self.deep:
            x = x.reshape(self.count, x.shape[-1])
        if self.Wb is not None:
            self.x[...] = x
            self.x1.dot(self.Wb, self.z_rows)
            return self.z
        self.x = x
        x.dot(W, self.z_rows)
        if b is not None:
            self.z_rows += b
        return self.z

    def backward_weights(self, dz: np.ndarray, dW: np.ndarray, db: np.ndarray | None) -> None:
        """Fill dW and db. Plain: `dW = x.T @ dz`, `db = dz.sum(axis=0)`."""
        if dW is not self.dW:
            self.dW, self.dWb = dW, None if self.Wb is None else joined(dW, db)
        if self.deep:
            dz = dz.reshape(self.z_rows.shape)
        if self.dWb is not None:
            self.x1T.dot(dz, self.dWb)
            return
        self.x.T.dot(dz, dW)
        if db is not None:
            sum_rows(dz, db)

    def backward_input(self, dz: np.ndarray, W: np.ndarray) -> np.ndarray:
        """dx (N, ..., in). Plain: `dz @ W.T`."""
        if self.deep:
            dz = dz.reshape(self.z_rows.shape)
        dz.dot(W.T, self.dx_rows)
        return self.dx

    def begin(self, W: np.ndarray, b: np.ndarray | None) -> None:
        """Memory for these weights, which may be other ones than the last time."""
        features, units = W.shape
        self.W, self.Wb = W, joined(W, b) if self.count * features <= FEW else None
        self.dW = self.dWb = None
        self.z_rows = np.empty((self.count, units), W.dtype)
        self.dx_rows = np.empty((self.count, features), W.dtype)
        self.z, self.dx = self.z_rows.reshape(*self.shape[:-1], units), self.dx_rows.reshape(self.shape)
        if self.Wb is not None:
            self.x1 = np.ones((self.count, features + 1), W.dtype)                  # [x, 1]
            self.x, self.x1T = self.x1[:, :-1], self.x1.T
        self.a, self.dz = np.empty_like(self.z), np.empty_like(self.z)              # for what an activation makes of it


class Affines(dict):
    """An `Affine` for each shape of x, made when it is first asked for."""

    def __missing__(self, shape: tuple[int, ...]) -> Affine:
        if len(self) >= SHAPES:
            self.clear()
        self[shape] = made = Affine(shape)
        return made


def joined(W: np.ndarray, b: np.ndarray | None) -> np.ndarray | None:
    """[W; b] as a view where b begins in memory where W ends, both parts of one vector; None elsewhere."""
    if b is None or W.base is None or W.base is not b.base or not W.flags.c_contiguous or (
            b.ctypes.data != W.ctypes.data + W.nbytes):
        return None
    return np.lib.stride_tricks.as_strided(W, (W.shape[0] + 1, W.shape[1]))
