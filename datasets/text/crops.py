"""Short pieces of texts, so that a network also learns how little a few words say."""

import numpy as np

SHORTEST, LONGEST = 2, 40  # words of a piece


def cropped(x: np.ndarray, rng: np.random.Generator, pad: int = 0) -> np.ndarray:
    """Of each text of x (N, T), padded behind, one piece (N, T) from a random place, padded in the same way.

    Its length is spread evenly in the logarithm from SHORTEST to LONGEST words, so that there are as many of 2 to 9
    as of 9 to 40; a text that is no longer stays whole.
    """
    count, length = x.shape
    words = np.exp(rng.uniform(np.log(SHORTEST), np.log(LONGEST + 1), count)).astype(int)
    have = (x != pad).sum(axis=1)
    words = np.minimum(words, have)
    start = rng.integers(have - words + 1)
    place = np.arange(length)
    moved = np.take_along_axis(x, np.minimum(start[:, None] + place, length - 1), axis=1)
    return np.where(place < words[:, None], moved, pad).astype(x.dtype)
