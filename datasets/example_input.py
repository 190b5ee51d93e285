"""What a person gives a network themselves, checked and brought into the form of the data that it learned from."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.data import Vocabulary
from engine.errors import SpecError

MOST_PIXELS = 1024 * 1024
LONGEST_TEXT = 100_000
BLANK = 1e-6  # of the brightest a pixel can be: a drawing below it is empty
FAINT = 0.1  # of the brightest pixel: below it there is no ink


def as_text(value: Any) -> str:
    """A text of at most LONGEST_TEXT characters; what is longer is cut."""
    if not isinstance(value, str):
        raise SpecError("Type a text: this network reads words or letters.")
    return value[:LONGEST_TEXT]


def as_numbers(value: Any, shape: tuple[int, ...]) -> np.ndarray:
    """One example (1, *shape) float32 from numbers, nested or in one row."""
    numbers = _array(value, f"This network needs {' × '.join(map(str, shape))} numbers.")
    if numbers.size != np.prod(shape):
        raise SpecError(f"This network needs {' × '.join(map(str, shape))} numbers, and got {numbers.size:,}.")
    return numbers.reshape(1, *shape).astype(np.float32)


def as_picture(value: Any, shape: tuple[int, int], box: int | None = None, middle: float = 0.0) -> np.ndarray:
    """One example (1, H, W, 1) float32 from 0 to 1, from a drawing of any size: rows, or one row of a square's pixels.

    box: the drawing is cut out, scaled so that its longer side has `box` pixels, and placed so that its centre of mass
    lies in row and column `middle`, as MNIST was made (LeCun et al., 1998); without it, the whole drawing is scaled to
    the picture's size.
    """
    ink = _drawing(value)
    top = ink.max()
    if top < BLANK:
        return np.zeros((1, *shape, 1), np.float32)
    ink = ink / top if top > 1 else ink  # 0 to 255 is as good as 0 to 1
    if box is None:
        return resized(ink, shape).clip(0, 1).astype(np.float32)[None, :, :, None]
    rows, columns = (np.flatnonzero((ink > FAINT * ink.max()).any(axis=axis)) for axis in (1, 0))
    ink = ink[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    scale = box / max(ink.shape)
    small = resized(ink, tuple(max(1, round(side * scale)) for side in ink.shape))
    small /= small.max()
    picture = np.zeros(shape)
    corner = [_corner(small.sum(axis=1 - axis), middle, shape[axis]) for axis in (0, 1)]
    picture[corner[0]:corner[0] + small.shape[0], corner[1]:corner[1] + small.shape[1]] = small
    return picture.clip(0, 1).astype(np.float32)[None, :, :, None]


def _corner(weights: np.ndarray, middle: float, room: int) -> int:
    """Where a profile (n,) begins so that its centre of mass lies at `middle`, without leaving the room."""
    centre = (weights * np.arange(len(weights))).sum() / weights.sum()
    return int(np.clip(round(middle - centre), 0, room - len(weights)))


def resized(picture: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """A picture (h, w) at another size: each new pixel is the mean of the area that it covers."""
    return _shares(shape[0], picture.shape[0]) @ picture @ _shares(shape[1], picture.shape[1]).T


def _shares(new: int, old: int) -> np.ndarray:
    """(new, old): how much of each old pixel a new one takes; rows sum to one."""
    edges = np.arange(new + 1) * old / new
    low = np.maximum(edges[:-1, None], np.arange(old))
    high = np.minimum(edges[1:, None], np.arange(old) + 1)
    return (high - low).clip(0, None) * (new / old)


def _drawing(value: Any) -> np.ndarray:
    """(h, w) float64, not negative and finite."""
    ink = _array(value, "A drawing is a list of grey values, row by row.")
    if ink.ndim == 3 and ink.shape[2] == 1:
        ink = ink[:, :, 0]
    if ink.ndim == 1 and (side := round(ink.size ** 0.5)) ** 2 == ink.size:
        ink = ink.reshape(side, side)
    if ink.ndim != 2:
        raise SpecError("A drawing needs rows of the same length, or as many pixels in one row as a square has.")
    return ink.clip(0, None)


def _array(value: Any, expected: str) -> np.ndarray:
    """Finite numbers, at least one and at most MOST_PIXELS, as float64."""
    if isinstance(value, str | bytes) or not isinstance(value, Sequence | np.ndarray):
        raise SpecError(expected)
    try:
        numbers = np.asarray(value)
        if numbers.dtype.kind not in "iufb":
            raise ValueError
        numbers = numbers.astype(np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise SpecError(expected) from error
    if not 0 < numbers.size <= MOST_PIXELS:
        raise SpecError(f"{expected} At least 1 and at most {MOST_PIXELS:,} can be used.")
    if not np.isfinite(numbers).all():
        raise SpecError(f"{expected} Each must be finite.")
    return numbers


def decode(tokens: Sequence[int] | np.ndarray, vocabulary: Vocabulary) -> str:
    """The text of tokens (T,): up to the end token, without padding and start; words with blanks between them."""
    kept = []
    for token in np.asarray(tokens).tolist():
        if token == vocabulary.end:
            break
        if token not in (vocabulary.pad, vocabulary.start):
            kept.append(vocabulary.tokens[token])
    letters = all(len(vocabulary.tokens[token]) == 1 for token in vocabulary.words)
    return ("" if letters else " ").join(kept)
