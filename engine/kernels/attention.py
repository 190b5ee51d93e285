"""Fast paths of attention. Each function stands beside the plain formula that it computes; tests hold the two together.

Axis letters: N sequences, h heads, T queries, S keys, d width of one head.
"""

import math
from functools import lru_cache

import numpy as np

from engine.kernels.basic import sum_rows

SHAPES = 16             # shapes of batches whose memory is kept for the next time
AT_ONCE = 131_072       # scores that are worked on at a time: they stay in the second-level cache
SAFE = 60.0             # exp of scores within ±SAFE needs no shift: no sum of them over- or underflows in float32


def attend(q: np.ndarray, k: np.ndarray, v: np.ndarray, e: np.ndarray, total: np.ndarray, share: np.ndarray,
           y: np.ndarray, causal: bool = False, mask: np.ndarray | None = None) -> None:
    """Softmax attention for scaled queries q (N, h, T, d), keys and values (N, h, S, d), into y (N·T, h·d).

    Plain: `y = softmax(where(allowed, q @ k.T, -inf)) @ v`; see `attend_plain`. Here the output is normalised, not the
    scores: e (N, h, T, S) keeps the exponentials and total (N, h, T, 1) their sums, so the weights are e / total;
    share, shaped as y, keeps 1 / total. mask: (N, S) bool, False where a key is padding. A query that may look nowhere
    gets zeros.
    """
    N, h, T, S = e.shape
    kT, out, ones = k.swapaxes(2, 3), by_head(y, N, h), np.ones(S, e.dtype)
    triangle = np.tri(T, S, dtype=e.dtype) if causal else None
    keys = None if mask is None else mask[:, None, None, :].astype(e.dtype)                     # (N, 1, 1, S)
    for c in pieces(e.shape):
        scores = np.matmul(q[c], kT[c], out=e[c])
        if scores.min() > -SAFE and scores.max() < SAFE:
            np.exp(scores, out=scores)
        else:
            shifted_exp(scores, triangle, None if keys is None else keys[c])
        if causal:
            scores *= triangle
        if keys is not None:
            scores *= keys[c]
        np.dot(scores.reshape(-1, S), ones, out=total[c].reshape(-1))
        np.matmul(scores, v[c], out=out[c])
    if keys is not None:
        total += total == 0
    inverse = np.divide(1, total).transpose(0, 2, 1, 3).reshape(N * T, h)
    np.dot(inverse, head_columns(h, y.shape[1], y.dtype), out=share)      # a product spreads faster than broadcasting
    y *= share


def attend_plain(q: np.ndarray, k: np.ndarray, v: np.ndarray, causal: bool = False,
                 mask: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The textbook: weights (N, h, T, S) = softmax(q·k), and weights @ v. What `attend` computes, step by step."""
    scores = q @ k.swapaxes(2, 3)                                                               # (N, h, T, S)
    allowed = np.ones(scores.shape, bool)
    if causal:
        allowed &= np.tri(*scores.shape[2:], dtype=bool)
    if mask is not None:
        allowed &= mask[:, None, None, :]
    scores = np.where(allowed, scores, -np.inf)
    top = scores.max(axis=-1, keepdims=True)
    exponentials = np.exp(scores - np.where(np.isfinite(top), top, 0))
    total = exponentials.sum(axis=-1, keepdims=True)
    weights = exponentials / np.where(total == 0, 1, total)
    return weights, weights @ v


def attend_backward(dy: np.ndarray, q: np.ndarray, k: np.ndarray, v: np.ndarray, e: np.ndarray, share: np.ndarray,
                    y: np.ndarray, dq: np.ndarray, dk: np.ndarray, dv: np.ndarray, room: np.ndarray) -> None:
    """Gradients of `attend` into dq, dk, dv from dy (N·T, h·d), which is overwritten.

    Plain, with weights P = e / total: dv = Pᵀ dy, dP = dy vᵀ, dscores = P ∘ (dP - Σ(dP ∘ P)). Here Σ(dP ∘ P) is taken
    as dy · y, and the division by total is made on the narrow dy instead of on the scores.
    room: a flat buffer of at least `room_for(e.shape)` and y.size numbers.
    """
    N, h, T, _ = e.shape
    dy *= share
    products = np.multiply(dy, y, out=room[:y.size].reshape(y.shape))
    inner = np.dot(products, head_columns(h, y.shape[1], y.dtype).T).reshape(N, T, h, 1).transpose(0, 2, 1, 3)
    g, vT = by_head(dy, N, h), v.swapaxes(2, 3)
    for c in pieces(e.shape):
        part = e[c]
        ds = room[:part.size].reshape(part.shape)
        np.matmul(part.swapaxes(2, 3), g[c], out=dv[c])
        np.matmul(g[c], vT[c], out=ds)
        ds -= inner[c]
        ds *= part
        np.matmul(ds, k[c], out=dq[c])
        np.matmul(ds.swapaxes(2, 3), q[c], out=dk[c])


def shifted_exp(scores: np.ndarray, triangle: np.ndarray | None, keys: np.ndarray | None) -> None:
    """exp(scores - the largest allowed score of the row), in place, for scores too large or small to go without."""
    for allowed in (triangle, keys):
        if allowed is not None:
            np.copyto(scores, -np.inf, where=allowed == 0)
    top = scores.max(axis=-1, keepdims=True)
    top[top == -np.inf] = 0
    scores -= top
    np.exp(scores, out=scores)


def pieces(shape: tuple[int, ...]) -> list[slice]:
    """Slices over the first axis, each with about AT_ONCE numbers of an array of this shape."""
    step = max(1, AT_ONCE // max(math.prod(shape[1:]), 1))
    return [slice(start, start + step) for start in range(0, shape[0], step)]


def room_for(shape: tuple[int, ...]) -> int:
    """How many numbers the largest piece of an array of this shape holds."""
    return math.prod(shape[1:]) * min(shape[0], max(1, AT_ONCE // max(math.prod(shape[1:]), 1)))


def by_head(z: np.ndarray, N: int, h: int) -> np.ndarray:
    """(N·T, h·d) seen as (N, h, T, d)."""
    return z.reshape(N, len(z) // N, h, -1).transpose(0, 2, 1, 3)


@lru_cache(64)
def head_columns(h: int, width: int, dtype: np.dtype) -> np.ndarray:
    """(h, width) with ones where a column belongs to the head: spreads a number a head over its columns, or sums."""
    columns = np.kron(np.eye(h, dtype=dtype), np.ones((1, width // h), dtype))
    columns.setflags(write=False)
    return columns


class Joint:
    """Several affine maps of one sequence as one product: z = x @ [W1 | W2 | …] + [b1 | b2 | …], a factor to each.

    What it hands out is overwritten by the next batch of that shape.
    """

    def __init__(self, shape: tuple[int, ...], count: int):
        self.shape, self.count, self.z = shape, count, None

    def forward(self, x: np.ndarray, parts: list[tuple[np.ndarray, np.ndarray, float]]) -> np.ndarray:
        """z (N·T, count·D) of x (N, T, D); parts: W (D, D), b (D,) and the factor of each map.

        Plain: `np.concatenate([factor * (x @ W + b) for W, b, factor in parts], axis=2)`.
        """
        if self.z is None or self.z.dtype != x.dtype:
            self.begin(x.dtype)
        for at, (W, b, factor) in zip(self.columns, parts, strict=True):
            np.multiply(W, x.dtype.type(factor), out=self.W[:, at])
            np.multiply(b, x.dtype.type(factor), out=self.b[at])
        np.dot(x.reshape(len(self.z), -1), self.W, out=self.z)
        self.z += self.b
        return self.z

    def backward(self, x: np.ndarray, dz: np.ndarray, parts: list[tuple[np.ndarray, np.ndarray, float]]) -> np.ndarray:
        """dx (N, T, D); fills dW and db of each map. Plain, with its part of dz: `dW = factor * x.T @ dz`."""
        np.dot(x.reshape(len(dz), -1).T, dz, out=self.dW)
        sum_rows(dz, out=self.db)
        for at, (dW, db, factor) in zip(self.columns, parts, strict=True):
            np.multiply(self.dW[:, at], x.dtype.type(factor), out=dW)
            np.multiply(self.db[at], x.dtype.type(factor), out=db)
        return np.dot(dz, self.W.T, out=self.dx).reshape(self.shape)

    def begin(self, dtype: np.dtype) -> None:
        N, T, D = self.shape
        self.columns = [slice(i * D, (i + 1) * D) for i in range(self.count)]
        self.W, self.dW = np.empty((2, D, self.count * D), dtype)
        self.b, self.db = np.empty((2, self.count * D), dtype)
        self.z, self.dx = np.empty((N * T, self.count * D), dtype), np.empty((N * T, D), dtype)


class Joints(dict):
    """A `Joint` for each choice of maps, such as "qkv", and shape of x, made when it is first asked for."""

    def __missing__(self, key: tuple[str, tuple[int, ...]]) -> Joint:
        if len(self) >= SHAPES:
            self.clear()
        names, shape = key
        self[key] = made = Joint(shape, len(names))
        return made
