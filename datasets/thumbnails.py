"""A handful of points, pictures or curves that show what a data set looks like, for a small picture in the gallery."""

import json
from functools import cache

import numpy as np

from datasets.base import sources
from engine.data import Dataset
from engine.errors import SpecError

MOST_POINTS, IMAGES, LINES = 120, 4, 3


@cache
def _pictured(kind: str) -> str:
    """The thumbnail as JSON, so that each reader gets a copy of their own."""
    source = sources.build(kind)
    found = {"points": [], "values": [], "task": source.task}
    if source.group == "text":
        return json.dumps(found | {"text": source.sample})  # nothing is read for it
    try:
        data = source.load(seed=0)
    except SpecError:  # nothing to show before the person brings something
        return json.dumps(found)
    show = {"image": _images, "series": _lines}.get(source.group, _points)
    return json.dumps(found | show(data) | {"task": data.task})


def thumbnail(kind: str) -> dict:
    """A data set in small: {"points": [[x, y], ...], "values": [...], "task": ...} and what else shows it better.

    Up to 120 points lie in [-1, 1]²; a value is a class index, or a regression's target in [-1, 1]. Data off the plane
    is shown by the first two principal components of its inputs. For pictures, series and texts both lists are empty,
    and there are "images", four pictures of different classes as rows of numbers from 0 to 1; "lines", some curves as
    numbers from -1 to 1; or a "text". Without anything to show (an upload that is not there yet) there is none of it.
    """
    return json.loads(_pictured(kind))


def _images(data: Dataset) -> dict:
    return {"images": _of_each_class(data, IMAGES)[..., 0].astype(float).round(2).tolist()}


def _lines(data: Dataset) -> dict:
    """The first features of a few examples, or all features of one where there are several."""
    several = data.x_train.shape[2] > 1
    lines = data.x_train[0].T if several else _of_each_class(data, LINES)[..., 0]  # (lines, T)
    return {"lines": (lines / max(np.abs(lines).max(), 1e-9)).astype(float).round(2).tolist()}


def _of_each_class(data: Dataset, count: int) -> np.ndarray:
    """Examples that train, of different classes where there are classes."""
    if data.task == "regression":
        return data.x_train[:count]
    firsts = [np.flatnonzero(data.y_train == label)[0] for label in range(len(data.class_names))]
    return data.x_train[firsts[:count]]


def _points(data: Dataset) -> dict:
    shown = np.random.default_rng(0).permutation(len(data.x_train) + len(data.x_test))[:MOST_POINTS]
    points, values = _flat_points(data)[shown].round(3), np.concatenate([data.y_train, data.y_test])[shown]
    if data.task == "regression":
        values = (values[:, 0] / max(np.abs(values).max(), 1)).astype(float).round(3)
    return {"points": points.tolist(), "values": values.tolist()}


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
