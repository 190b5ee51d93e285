"""What a person brings along: an uploaded table, or points clicked onto the plane."""

from typing import Any

import numpy as np

from datasets.base import Source, sources
from datasets.csv import dataset as encode
from datasets.csv import store
from datasets.plane.base import EDGE, features_knob, in_classes, plane_dataset
from datasets.split import stable_split, streams
from engine.data import Dataset
from engine.errors import SpecError
from engine.knobs import Choice, Float, Knob, Text

MOST_POINTS, MOST_CLASSES = 500, 6
FEW_POINTS = 20  # with fewer, every point both trains and tests


class Points(Knob):
    """A list of [x, y, class] with x and y on the plane and a whole class from 0."""

    control = "points"

    def check(self, value: Any) -> list[list]:
        expected = (f"at most {MOST_POINTS} points [x, y, class], with x and y from {-EDGE:g} to {EDGE:g} "
                    f"and a class from 0 to {MOST_CLASSES - 1}")
        if not isinstance(value, list | tuple) or len(value) > MOST_POINTS or not all(map(_is_point, value)):
            raise self.refuse(value if isinstance(value, str) else type(value).__name__, expected)
        return [[float(x), float(y), int(label)] for x, y, label in value]

    def describe(self) -> dict:
        return super().describe() | {"default": [list(point) for point in self.default], "low": -EDGE, "high": EDGE,
                                     "most": MOST_POINTS, "classes": MOST_CLASSES}


def _is_point(value: Any) -> bool:
    if not isinstance(value, list | tuple) or len(value) != 3:
        return False
    if any(isinstance(part, bool) or not isinstance(part, int | float) for part in value):
        return False
    x, y, label = value
    return -EDGE <= x <= EDGE and -EDGE <= y <= EDGE and label in range(MOST_CLASSES)


@sources.register("points", "Your own points")
class OwnPoints(Source):
    """Points that you click onto the plane yourself."""

    group = "own"

    points = Points(((-3.0, 2.0, 0), (-2.0, 3.0, 0), (-3.5, -0.5, 0), (-1.5, 1.0, 0),
                     (3.0, -2.0, 1), (2.0, -3.0, 1), (3.5, 0.5, 1), (1.5, -1.0, 1)),
                    "Points", "The points that you have placed, each with its class.")
    train_fraction = Float(0.8, 0.1, 0.9, "Train share", "The share of the points that the network learns from, once "
                           f"there are {FEW_POINTS}; fewer points all train and test.", step=0.05)
    features = features_knob()

    def load(self, seed: int) -> Dataset:
        count = len(self.points)
        if count < 2:
            raise SpecError("A network needs at least 2 points to learn from. Click onto the plane to place some.")
        placed = np.array(self.points, dtype=np.float64)  # (N, 3)
        labels = placed[:, 2].astype(np.int64)
        classes = max(int(labels.max()) + 1, 2)
        train = stable_split(count, self.train_fraction, streams(seed, 1)[0])
        rows = (train, ~train) if count >= FEW_POINTS else (np.ones(count, bool), np.ones(count, bool))
        notes = () if count >= FEW_POINTS else (
            f"With fewer than {FEW_POINTS} points there is no separate test: every point both trains and tests.",)
        return plane_dataset(self.label, "binary" if classes == 2 else "multiclass", placed[:, :2], labels, rows,
                             self.features, in_classes(classes), notes)


@sources.register("csv", "Your own table")
class OwnTable(Source):
    """A table that you upload as a CSV file: choose the column to predict."""

    group = "own"

    upload = Text("", "Upload", "The table that you uploaded.", longest=64)
    target = Text("", "Column to predict", "What the network learns to tell from the other columns; left empty, "
                  "a fitting one is chosen.")
    goal = Choice("auto", encode.GOALS, "Kind of prediction", "Whether to tell classes apart or to predict a number; "
                  "auto decides by the column.")
    train_fraction = Float(0.8, 0.1, 0.9, "Train share", "The share of the rows that the network learns from; "
                           "the rest only test it.", step=0.05)

    def load(self, seed: int) -> Dataset:
        if not self.upload:
            raise SpecError("There is no table yet. Upload a CSV file first.")
        return encode.to_dataset(store.load(self.upload), self.target, self.train_fraction, seed, self.goal)
