"""Formulas for small pictures: shapes by their distance to an outline, textures by their waves.

Each takes numbers (N, NUMBERS) from 0 to 1 that place, size and turn a picture, and gives (N, SIZE, SIZE) from 0 to 1.
"""

import numpy as np

SIZE = 16
NUMBERS = 5


def grid(numbers: np.ndarray, turn: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coordinates (N, SIZE, SIZE) in pixels around each shape's centre, turned by up to `turn`; radii (N, 1, 1)."""
    radius = 3 + 3 * numbers[:, 2, None, None]
    room = SIZE / 2 - radius - 0.5  # how far the centre may lie from the middle
    angle = turn * (2 * numbers[:, 3, None, None] - 1)
    ticks = np.arange(SIZE) - (SIZE - 1) / 2
    x = ticks[None, None, :] - room * (2 * numbers[:, 0, None, None] - 1)
    y = ticks[None, :, None] - room * (2 * numbers[:, 1, None, None] - 1)
    return np.cos(angle) * x - np.sin(angle) * y, np.sin(angle) * x + np.cos(angle) * y, radius


def inked(distance: np.ndarray) -> np.ndarray:
    """1 inside an outline (negative distance), 0 outside, with a soft edge one pixel wide."""
    return (0.5 - distance).clip(0, 1)


def circle(numbers: np.ndarray) -> np.ndarray:
    x, y, radius = grid(numbers, 0)
    return inked(np.hypot(x, y) - radius)


def square(numbers: np.ndarray) -> np.ndarray:
    x, y, radius = grid(numbers, 0.4)
    return inked(np.maximum(np.abs(x), np.abs(y)) - 0.8 * radius)


def triangle(numbers: np.ndarray) -> np.ndarray:
    x, y, radius = grid(numbers, 0.4)
    sides = [np.sin(a) * x - np.cos(a) * y for a in (np.pi, np.pi / 3, -np.pi / 3)]  # its tip points up
    return inked(np.max(sides, axis=0) - 0.55 * radius)


def cross(numbers: np.ndarray) -> np.ndarray:
    x, y, radius = grid(numbers, 0.4)
    thick = 0.27 * radius
    arms = [np.maximum(np.abs(a) - radius, np.abs(b) - thick) for a, b in ((x, y), (y, x))]
    return inked(np.minimum(*arms))


def ring(numbers: np.ndarray) -> np.ndarray:
    x, y, radius = grid(numbers, 0)
    return inked(np.abs(np.hypot(x, y) - 0.8 * radius) - 0.9)


def wave(numbers: np.ndarray, angle: float, place: int = 0) -> np.ndarray:
    """A wave from -1 to 1 that runs at about this angle, 3 to 7 pixels long; number `place` shifts it."""
    length = 3 + 4 * numbers[:, 2, None, None]
    angle = angle + 0.12 * (2 * numbers[:, 3, None, None] - 1)
    ticks = np.arange(SIZE)
    along = np.cos(angle) * ticks[None, None, :] + np.sin(angle) * ticks[None, :, None]
    return np.sin(2 * np.pi * (along / length + numbers[:, place, None, None]))


def striped(angle: float):
    return lambda numbers: 0.5 + 0.5 * wave(numbers, angle)


def checks(numbers: np.ndarray) -> np.ndarray:
    both = wave(numbers, 0) * wave(numbers, np.pi / 2, 1)
    return (0.5 + 1.5 * both).clip(0, 1)


def dots(numbers: np.ndarray) -> np.ndarray:
    both = wave(numbers, 0) + wave(numbers, np.pi / 2, 1)
    return (1.5 * both - 1).clip(0, 1)


SHAPES = {"circle": circle, "square": square, "triangle": triangle, "cross": cross, "ring": ring}
TEXTURES = {"horizontal": striped(np.pi / 2), "vertical": striped(0.0), "diagonal": striped(np.pi / 4),
            "checks": checks, "dots": dots}
