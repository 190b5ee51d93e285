"""Fast paths of the sequence layers, each beside the plain formula that it computes; tests hold the two together."""

import numpy as np

from engine.errors import ShapeError

COLUMNS = 512            # about as many (steps · examples) are worked on at a time on the way back: they stay in cache


class Tape:
    """Memory for one pass through time, kept for the next batch of the same shape.

    The features come first and the examples last, so that a gate is one block of memory and a step's product with all
    weights writes it in place. Plain: arrays (N, T, ·), and `x[:, t] @ Wx + h @ Wh + b` for each step.

    hx (T+1, H+1+in, N): the columns [h; 1; x] of every step; `h` (T+1, H, N) and `x` (T, in, N) are views into it.
    gates (T, G, H, N): what the gates let through.
    dh (T, H, N): dL/dh of each step's new state. dy (T, H, N): the part of it that comes from the layer above.
    The way back goes over `stretches` of B steps; of those, dz (B, G·H, N) holds dL/d(x Wx + h Wh + b).
    """

    def __init__(self, shape: tuple[int, int, int], units: int, gates: int, dtype: np.dtype):
        self.N, self.T, features = n, steps, _ = shape
        self.hx = np.zeros((steps + 1, units + 1 + features, n), dtype)
        self.hx[:, units] = 1
        self.h, self.x = self.hx[:, :units], self.hx[:steps, units + 1:]
        self.gates = np.empty((steps, gates, units, n), dtype)
        self.dh, self.dy = np.zeros((2, steps, units, n), dtype)
        long = min(max(COLUMNS // max(n, 1), 1), steps)
        self.stretches = [(max(stop - long, 0), stop) for stop in range(steps, 0, -long)]
        self.dz = np.empty((long, gates * units, n), dtype)
        self.spare = np.empty((units, n), dtype)
        self._hx_columns = np.empty(self.hx.shape[1] * long * n, dtype)
        self._dz_columns = np.empty(self.dz.size, dtype)
        self._sums: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self.first = True                                         # the stretch that the way back begins with

    def columns(self, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
        """hx (H+1+in, B·N) and dz (G·H, B·N) of a stretch, its steps side by side: one product instead of B."""
        return tuple(side_by_side(array, buffer) for array, buffer in
                     ((self.hx[start:stop], self._hx_columns), (self.dz[:stop - start], self._dz_columns)))

    def product(self, key: int, hx: np.ndarray, dz: np.ndarray) -> np.ndarray:
        """hx @ dz.T, added to what the product of this key was for the stretches before."""
        if key not in self._sums:
            self._sums[key] = tuple(np.empty((2, len(hx), len(dz)), dz.dtype))
        total, part = self._sums[key]
        np.dot(hx, dz.T, out=total if self.first else part)
        if not self.first:
            total += part
        return total


def side_by_side(steps: np.ndarray, buffer: np.ndarray) -> np.ndarray:
    """(B, R, N) as (R, B·N), in the buffer. Plain: `steps.transpose(1, 0, 2).reshape(R, -1)`."""
    columns = buffer[:steps.size].reshape(steps.shape[1], len(steps), -1)
    np.copyto(columns, steps.transpose(1, 0, 2))
    return columns.reshape(len(columns), -1)


def stack(*parts: np.ndarray) -> np.ndarray:
    """Wh (H, G), b (G,) and Wx (in, G) as one matrix (H+1+in, G), so that `[h, 1, x] @ W` is `h @ Wh + b + x @ Wx`."""
    return np.concatenate([np.atleast_2d(part) for part in parts])


def slope_of_sigmoid(s: np.ndarray, out: np.ndarray) -> np.ndarray:
    """σ' from s = σ(z). Plain: `s * (1 - s)`."""
    np.multiply(s, s, out=out)
    return np.subtract(s, out, out=out)


def slope_of_tanh(a: np.ndarray, out: np.ndarray) -> np.ndarray:
    """tanh' from a = tanh(z). Plain: `1 - a * a`."""
    np.multiply(a, a, out=out)
    return np.subtract(1, out, out=out)


def minus_product(a: np.ndarray, b: np.ndarray, c: np.ndarray, out: np.ndarray) -> np.ndarray:
    """Plain: `a - b * c`."""
    np.multiply(b, c, out=out)
    return np.subtract(a, out, out=out)


def checked_mask(mask: np.ndarray | None, shape: tuple[int, int]) -> np.ndarray | None:
    """The mask (N, T) as bool, or None where nothing is padded."""
    if mask is None:
        return None
    mask = np.asarray(mask, bool)
    if mask.shape != shape:
        raise ShapeError(f"The mask says which of the tokens are real: it needs the shape {shape}, not {mask.shape}.")
    return None if mask.all() else mask


def cuts(real: np.ndarray | None, steps: int, window: int) -> np.ndarray | None:
    """Where truncated back-propagation stops, (T, N) or (T, 1): no gradient leaves step t for the step before.

    Windows of `window` real steps are counted from each sequence's end. real: (T, N) bool or None. None: no cut.
    """
    if not window:
        return None
    if real is None:
        real = np.ones((steps, 1), bool)
    left = np.cumsum(real[::-1], axis=0)[::-1]                    # real steps from t to the end
    return (left % window == 0) & real


LONGEST_RUN = 16


def sum_rows_by_token(tokens: np.ndarray, rows: np.ndarray, out: np.ndarray, repeat: int = 1) -> None:
    """out[v] = sum of the rows whose token is v; out (V, D) is overwritten. tokens (M,), rows (M / repeat, D).

    Each row stands for `repeat` tokens in a row, as below a mean over time.
    Plain: `out[...] = 0; np.add.at(out, tokens, np.repeat(rows, repeat, axis=0))`. Here sorted by token, and then the
    second row of every token is added to its first, the third, and so on: few additions of many rows each.
    """
    order = argsort_tokens(tokens, len(out))
    sums, place = sum_groups(np.bincount(tokens, minlength=len(out)), order // repeat if repeat > 1 else order, rows)
    sums.take(place, axis=0, out=out, mode="clip")


def sum_groups(counts: np.ndarray, order: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums of groups of rows (·, D): counts (G,) says how many each has, order (sum of counts,) which, one group after
    the other. Returns sums (·, D) and place (G,): where the sum of each group is; that of none is the last row, zero,
    and its place may be behind that.
    """
    while counts.max() > LONGEST_RUN:                             # long groups in pieces first, and these together
        pieces = -(-counts // LONGEST_RUN)
        length, some = np.full(pieces.sum(), LONGEST_RUN), counts > 0
        length[np.cumsum(pieces)[some] - 1] = (counts - LONGEST_RUN * (pieces - 1))[some]
        rows, order = sum_groups(length, order, rows)
        counts = pieces
    longest_first = np.argsort((LONGEST_RUN - counts).astype(np.uint8), kind="stable")
    place = np.empty_like(longest_first)
    place[longest_first] = np.arange(len(place))
    filled = longest_first[:np.count_nonzero(counts)]
    at, counts = (np.cumsum(counts) - counts)[filled], counts[filled]
    sums = np.empty((len(filled) + 1, rows.shape[1]), rows.dtype)
    sums[-1] = 0
    rows.take(order[at], axis=0, out=sums[:-1], mode="clip")
    more = np.empty((np.count_nonzero(counts > 1), rows.shape[1]), rows.dtype)
    for k in range(1, int(counts[0])):
        longer = np.count_nonzero(counts > k)                     # the groups with a row k come first
        rows.take(order[at[:longer] + k], axis=0, out=more[:longer], mode="clip")
        sums[:longer] += more[:longer]
    return sums, place


def argsort_tokens(tokens: np.ndarray, vocab: int) -> np.ndarray:
    """Stable order of tokens (M,) below vocab. Plain: `np.argsort(tokens, kind="stable")`; 16 bits sort by radix."""
    return np.argsort(tokens.astype(np.uint16) if vocab <= 65_536 else tokens, kind="stable")
