"""Data on a plane: the knobs that all toys share, and how points become a data set."""

from typing import ClassVar

import numpy as np

from datasets.base import Source
from datasets.plane import shapes
from datasets.split import fit_scale, stable_split, streams
from engine.data import PLANE_FEATURES, Dataset, Plane
from engine.knobs import Choices, Float, Int, Knob

EDGE = 6.0  # the plane is shown from -EDGE to EDGE on both axes


def features_knob() -> Choices:
    return Choices(("x1", "x2"), PLANE_FEATURES, "Inputs", "What the network is told about each point.")


class PlaneSource(Source):
    """Points on a plane.

    Base positions and unit noise depend on the seed only: a point moves continuously with the noise, and more
    samples leave the earlier ones in place.
    """

    group = "plane"
    spread: ClassVar[float] = 1.0  # standard deviation at noise 1
    class_names: ClassVar[tuple[str, ...]] = ()

    samples = Int(500, 10, 5000, "Samples", "How many points there are, for training and testing together.",
                  slider=(50, 2000), step=10)
    noise = Float(0.1, 0, 1, "Noise", "How far the points stray from the pattern.", slider=(0, 0.5), step=0.01)
    train_fraction = Float(0.5, 0.1, 0.9, "Train share", "The share of the points that the network learns from; "
                           "the rest only test it.", step=0.05)
    features = features_knob()

    def load(self, seed: int) -> Dataset:
        position, wobble, split = streams(seed, 3)
        points, targets = self.draw(position, wobble)
        train = stable_split(self.samples, self.train_fraction, split)
        return plane_dataset(self.label, self.task, points, targets, (train, ~train), self.features, self.names())

    def draw(self, position: np.random.Generator, wobble: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Points (N, 2) and targets, from a generator for the pattern and one for the noise."""
        raise NotImplementedError

    def names(self) -> tuple[str, ...]:
        """What the classes are called."""
        return self.class_names


class ClassSource(PlaneSource):
    """Points in classes: point i is of class i % classes, and the noise moves it."""

    task = "binary"
    class_names = ("A", "B")
    classes: int | Knob = 2

    def draw(self, position: np.random.Generator, wobble: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        labels = np.arange(self.samples) % self.classes
        moved = self.place(labels, position) + self.noise * self.spread * wobble.standard_normal((self.samples, 2))
        return reflect(moved), labels.astype(np.int64)

    def place(self, labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Where the points lie without noise, (N, 2), for their labels (N,)."""
        raise NotImplementedError


class ValueSource(PlaneSource):
    """Points with a height to predict: the noise moves the height."""

    task = "regression"
    spread = 0.5

    def draw(self, position: np.random.Generator, wobble: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        points = 0.95 * EDGE * (2 * shapes.scatter(self.samples, position) - 1)
        heights = self.height(points) + self.noise * self.spread * wobble.standard_normal(self.samples)
        return points, heights[:, None].astype(np.float32)

    def height(self, points: np.ndarray) -> np.ndarray:
        """The value (N,) to predict at points (N, 2), about -1 to 1."""
        raise NotImplementedError


def in_classes(count: int) -> tuple[str, ...]:
    """The first letters of the alphabet, as names for classes without a better one."""
    return tuple("ABCDEF"[:count])


def reflect(points: np.ndarray) -> np.ndarray:
    """Points back inside the plane: what strays over its edge comes back like a ball from a wall."""
    return EDGE - np.abs((points + EDGE) % (4 * EDGE) - 2 * EDGE)


def plane_dataset(name: str, task: str, points: np.ndarray, targets: np.ndarray, rows: tuple[np.ndarray, np.ndarray],
                  features: list[str], class_names: tuple[str, ...], notes: tuple[str, ...] = ()) -> Dataset:
    """A data set from points (N, 2) and targets; `rows` are the masks (N,) of train and test."""
    train, test = (points[mask].astype(np.float32) for mask in rows)
    raw = np.stack([PLANE_FEATURES[feature](train.astype(np.float64)) for feature in features], axis=1)  # (N, F)
    mean, std = fit_scale(raw)
    plane = Plane(train, test, (-EDGE, EDGE), tuple(features), mean, std)
    return Dataset(name, task, plane.inputs(train), targets[rows[0]], plane.inputs(test), targets[rows[1]],
                   tuple(features), class_names, "class" if class_names else "value", plane, notes=notes)


