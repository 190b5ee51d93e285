"""Which examples train and which test, and the standardisation that is fitted on train alone."""

import numpy as np

BLOCK = 20  # of every 20 examples in a row, the same share trains: a train fraction of 0.05 is one of them


def streams(seed: int, count: int) -> list[np.random.Generator]:
    """`count` independent generators, so that drawing more of one thing leaves the others as they were."""
    return [np.random.default_rng([seed, stream]) for stream in range(count)]


def stable_split(n: int, fraction: float, rng: np.random.Generator) -> np.ndarray:
    """True where an example trains, (n,) bool, with at least one on each side.

    It depends on the example's index only: more examples, or a larger fraction, leave earlier choices as they were.
    """
    ranks = rng.random((-(-n // BLOCK), BLOCK)).argsort(axis=1).argsort(axis=1).ravel()[:n]
    train = (ranks + 0.5) / BLOCK < fraction
    if train.all():
        train[ranks.argmax()] = False
    elif not train.any():
        train[ranks.argmin()] = True
    return train


def stratified_split(labels: np.ndarray, fraction: float, rng: np.random.Generator) -> np.ndarray:
    """True where an example trains, (n,) bool: the same share of each class. A class of one trains."""
    order, train = rng.permutation(len(labels)), np.zeros(len(labels), bool)
    for label in np.unique(labels):
        members = order[labels[order] == label]
        count = min(max(round(fraction * len(members)), 1), max(len(members) - 1, 1))
        train[members[:count]] = True
    if train.all():
        train[order[-1]] = False
    return train


def fit_scale(columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation (F,) of (N, F); a column that never changes gets the deviation 1."""
    mean, std = columns.mean(axis=0), columns.std(axis=0)
    flat = np.ptp(columns, axis=0) == 0
    return mean, np.where(flat | (std == 0), 1.0, std)
