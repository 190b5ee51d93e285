"""Planes through the space of all weights: two directions from a point, where weights lie on them, and the loss there.

A network's weights are one vector theta (P,), so a loss landscape is nothing but the loss of theta + a·u + b·v.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine import SpecError, Trainer
from engine.network import Network
from engine.seq2seq import Seq2Seq
from engine.tasks import Batch
from engine.trainer import some

EXAMPLES = 256            # training examples behind each loss of a landscape
SLICE = 0.008             # seconds of work between two answers, so that the run goes on


@dataclass(frozen=True)
class Plane:
    """The points origin + a·u + b·v. share: how much of what was to be shown lies in the plane, None if unknown."""

    origin: np.ndarray
    u: np.ndarray
    v: np.ndarray
    share: float | None = None

    def at(self, a: float, b: float) -> np.ndarray:
        """The weights (P,) at a place of the plane."""
        return self.origin + a * self.u + b * self.v

    def shadows(self, thetas: np.ndarray) -> np.ndarray:
        """The places (K, 2) of the plane that are nearest to weights (K, P)."""
        axes = np.stack([self.u, self.v]).astype(np.float64)                                  # (2, P)
        moved = (np.asarray(thetas, np.float64) - self.origin) @ axes.T                       # (K, 2)
        return np.linalg.lstsq(axes @ axes.T, moved.T, rcond=None)[0].T


def random_plane(network: Network | Seq2Seq, seed: int) -> Plane:
    """Two random directions, each filter of them as long as that filter's own weights (Li et al., 2018, section 4).

    A filter is what feeds one unit: a column of a dense matrix, a kernel of a convolution, a row of an embedding.
    Biases and the scales of normalisations stay as they are, as in the paper's experiments.
    """
    rng = np.random.default_rng(seed)
    return Plane(network.theta.copy(), filter_normalised(network, rng), filter_normalised(network, rng))


def filter_normalised(network: Network | Seq2Seq, rng: np.random.Generator) -> np.ndarray:
    """A random direction (P,) in which every filter is as long as the network's own."""
    twin = network.copy()
    own, directions = network.parameters(), twin.parameters()
    for name, d in directions.items():
        if d.ndim < 2:
            d[...] = 0
            continue
        filters = tuple(range(d.ndim - 1)) if not name.endswith(".E") else (1,)
        d[...] = rng.standard_normal(d.shape)
        length = np.sqrt(np.sum(d * d, axis=filters, keepdims=True))
        d *= np.sqrt(np.sum(own[name] ** 2, axis=filters, keepdims=True)) / np.maximum(length, 1e-12)
    return twin.theta


def widest_plane(thetas: np.ndarray, origin: np.ndarray) -> Plane:
    """The plane through origin that weights (K, P) spread over most: their first two principal directions.

    Li et al., 2018, section 7. SpecError where the weights do not differ in two directions.
    """
    moved = np.asarray(thetas, np.float64) - origin                                           # (K, P)
    lengths, sides = np.linalg.eigh(moved @ moved.T)                                          # ascending
    if len(thetas) < 3 or lengths[-2] <= 1e-10 * max(lengths[-1], 1e-30):
        raise SpecError("The run has not gone far enough to span a plane. Train some steps first, or choose random "
                        "directions.")
    u, v = (sides[:, -i] @ moved / np.sqrt(lengths[-i]) for i in (1, 2))
    signs = [np.sign(d[np.abs(d).argmax()]) for d in (u, v)]
    return Plane(np.asarray(origin, np.float64), u * signs[0], v * signs[1],
                 float(lengths[-2:].sum() / lengths.clip(0).sum()))


class Losses:
    """The loss of any weights of a run's network, on EXAMPLES of its training examples, the same ones each time.

    It works on a network of its own; what is hidden at random is hidden in the same way each time.
    """

    def __init__(self, trainer: Trainer):
        data = trainer.dataset
        x, y = some(data.x_train, data.y_train, EXAMPLES)
        task: Any = trainer.task
        drawn = np.random.default_rng(0)
        self.batch = task.prepare(x, y, data, drawn) if task.prepares(data) else Batch(x, y)
        self.network, self.loss = trainer.network.copy(), trainer.loss

    @np.errstate(all="ignore")                                    # far away from good weights the loss may be infinite
    def at(self, theta: np.ndarray) -> float:
        self.network.theta[...] = theta
        logits = self.network.forward(self.batch.x, copy=False, **self.batch.inputs)
        return float(self.loss(logits, *self.batch.targets)[0])

    def over(self, plane: Plane, a: np.ndarray, b: np.ndarray) -> Iterator[float]:
        """The losses over a grid, row by row: a runs along a row, b from row to row."""
        return (self.at(plane.at(x, y)) for y in b for x in a)


def in_slices(values: Iterable[float]) -> Iterator[np.ndarray]:
    """The values as float32 arrays, each of what was found in SLICE seconds."""
    found, began = [], time.perf_counter()
    for value in values:
        found.append(value)
        if time.perf_counter() - began > SLICE:
            yield np.array(found, np.float32)
            found, began = [], time.perf_counter()
    if found:
        yield np.array(found, np.float32)


def frame(places: np.ndarray, count: int, room: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Grid lines a, b (count,) each over a box that holds all places (K, 2), with a margin; `room` scales the box."""
    low, high = places.min(axis=0), places.max(axis=0)
    middle, half = (low + high) / 2, (high - low) / 2 * 1.3
    half = np.maximum(half, 0.15 * half.max() + 1e-6) * room
    return tuple(np.linspace(m - h, m + h, count) for m, h in zip(middle, half, strict=True))
