"""A handful of points that show what a data set looks like, for a small picture in the gallery."""

from functools import cache

import numpy as np

from datasets.base import sources
from engine.data import Dataset
from engine.errors import SpecError

MOST_POINTS = 120


@cache
def _pictured(kind: str) -> tuple[tuple, tuple, str | None]:
    source = sources.build(kind)
    try:
        data = source.load(seed=0)
    except SpecError:  # nothing to show before the person brings something
        return (), (), source.describe()["task"]
    shown = np.random.default_rng(0).permutation(len(data.x_train) + len(data.x_test))[:MOST_POINTS]
    points, values = _flat_points(data)[shown], np.concatenate([data.y_train, data.y_test])[shown]
    if data.task == "regression":
        values = values[:, 0] / max(np.abs(values).max(), 1)
    return tuple(map(tuple, points.round(3).tolist())), tuple(values.astype(float).round(3).tolist()), data.task


def thumbnail(kind: str) -> dict:
    """Up to 120 points in [-1, 1]² as {"points": [[x, y], ...], "values": [...], "task": ...}.

    A value is a class index, or a regression's target in [-1, 1]. Data off the plane is shown by the first two
    principal components of its inputs. Without points (an upload that is not there yet) both lists are empty.
    """
    points, values, task = _pictured(kind)
    numbers = list(values) if task == "regression" else [int(value) for value in values]
    return {"points": [list(point) for point in points], "values": numbers, "task": task}


def _flat_points(data: Dataset) -> np.ndarray:
    """All examples, train first, as points (N, 2) in [-1, 1]²."""
    if data.plane:
        return np.concatenate([data.plane.points_train, data.plane.points_test]).astype(float) / data.plane.domain[1]
    x = np.concatenate([data.x_train, data.x_test]).reshape(-1, int(np.prod(data.input_shape))).astype(float)
    centred = x - x.mean(axis=0)
    directions = np.linalg.svd(centred, full_matrices=False)[2][:2]  # (2, F)
    strongest = directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)]
    points = centred @ (directions * np.sign(strongest)[:, None]).T  # (N, 2), whichever sign the SVD chose
    return points / np.maximum(np.abs(points).max(axis=0), 1e-9)
