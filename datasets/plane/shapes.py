"""The geometry of the toys: pure functions from draws to points of the plane, in units of about -5 to 5."""

from collections.abc import Callable

import numpy as np

GOLDEN = (5**0.5 - 1) / 2
PLASTIC = 1 / 1.32471795724474602596  # its square and itself fill a square as the golden ratio fills a line


def evenly(n: int, classes: int, rng: np.random.Generator) -> np.ndarray:
    """(n,) numbers in [0, 1) that fill the interval evenly for each class, however many are taken.

    The golden-ratio sequence; point i is the (i // classes)-th of its class.
    """
    return (rng.random() + GOLDEN * (np.arange(n) // classes)) % 1


def scatter(n: int, rng: np.random.Generator, loose: float = 0.03) -> np.ndarray:
    """(n, 2) points in [0, 1)² without clumps or gaps, however many are taken: the R2 sequence, a little shaken.

    M. Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018.
    """
    start, shake = rng.random(2), loose * (2 * rng.random((n, 2)) - 1)
    return (start + np.arange(n)[:, None] * (PLASTIC, PLASTIC**2) + shake) % 1


def by_region(n: int, classes: int, half: float, rng: np.random.Generator,
              classify: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """(n, 2) points, uniform in the square of half-width `half`; point i lies where `classify` says i % classes.

    `classify` gives a class for each point, or -1 where none shall lie. Points are taken from one stream, so the
    first of them stay where they are when n grows.
    """
    need = -(-n // classes)
    candidates = half * (2 * scatter(6 * n + 120, rng) - 1)
    found, points = classify(candidates), np.empty((need * classes, 2))
    for label in range(classes):
        points[label::classes] = candidates[found == label][:need]
    return points[:n]


def circle_class(p: np.ndarray) -> np.ndarray:
    radius = np.hypot(p[:, 0], p[:, 1])
    return np.select([radius < 2.5, (radius > 3.5) & (radius < 5)], [1, 0], -1)


def xor_class(p: np.ndarray, gap: float = 0.3) -> np.ndarray:
    return np.where(np.abs(p).min(axis=1) < gap, -1, (p[:, 0] * p[:, 1] > 0).astype(int))


def checkerboard_class(p: np.ndarray, cell: float = 2.5, gap: float = 0.12) -> np.ndarray:
    row_column = np.floor(p / cell)
    to_edge = np.abs(p / cell - np.round(p / cell)).min(axis=1) * cell
    return np.where(to_edge < gap, -1, row_column.sum(axis=1).astype(int) % 2)


def heart_class(p: np.ndarray) -> np.ndarray:
    """Inside the curve x² + (1.15 y - 0.75 √|x|)² = 1, and outside a slightly larger one."""

    def curve(q: np.ndarray) -> np.ndarray:
        return q[:, 0] ** 2 + (1.15 * q[:, 1] - 0.75 * np.sqrt(np.abs(q[:, 0]))) ** 2 - 1

    centred = p + np.array([0, 0.6])
    return np.select([curve(centred / 3.8) < 0, curve(centred / 4.2) > 0], [1, 0], -1)


def spiral(t: np.ndarray, arm: np.ndarray, arms: int, turns: float = 1.75) -> np.ndarray:
    """t in [0, 1] runs from the centre outwards along one of `arms` arms."""
    angle = 2 * np.pi * (turns * t + arm / arms)
    return 5 * t[:, None] * np.stack([np.sin(angle), np.cos(angle)], axis=1)


def moons(t: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Two half circles that reach into each other."""
    angle, flip = np.pi * t, np.where(side == 1, -1.0, 1.0)
    x, y = np.cos(angle) - 0.5, np.sin(angle) - 0.25
    return 3.2 * np.stack([flip * x, flip * y], axis=1)


def rings(t: np.ndarray, angle: np.ndarray, label: np.ndarray, width: float = 1.2) -> np.ndarray:
    """Four thin rings, in turn of one class and the other; a longer ring gets more points."""
    inner = (1 + label) * width
    radius = np.where(t < inner / (2 * inner + 2 * width), inner, inner + 2 * width)
    return radius[:, None] * np.stack([np.cos(2 * np.pi * angle), np.sin(2 * np.pi * angle)], axis=1)


def around_circle(label: np.ndarray, classes: int, radius: float) -> np.ndarray:
    """The centre of each class, evenly on a circle; two classes lie on the rising diagonal."""
    angle = 2 * np.pi * label / classes + (np.pi / 4 if classes == 2 else np.pi / 2)
    return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def slope(p: np.ndarray) -> np.ndarray:
    return (p[:, 0] + p[:, 1]) / 12


def waves(p: np.ndarray) -> np.ndarray:
    return np.sin(p[:, 0]) * np.cos(p[:, 1])


def bumps(p: np.ndarray, width: float = 1.1) -> np.ndarray:
    """Six hills and hollows in turn, in two rows of three."""
    value = np.zeros(len(p))
    for column, x in enumerate((-4, 0, 4)):
        for row, y in enumerate((-2.5, 2.5)):
            squared = (p[:, 0] - x) ** 2 + (p[:, 1] - y) ** 2
            value += (-1) ** (column + row + 1) * np.exp(-squared / (2 * width**2))
    return value
