"""A view's numbers as a page gets them: those of one example, without the places that only fill it up."""

from collections.abc import Mapping

import numpy as np

from engine import View
from live.protocol import Arrays

DETAILED = {"maps", "attention", "gates", "tokens", "curve"}      # kinds of view that show one example
BINS = 48
MOST = 40_000             # numbers of one view that are sent,
MOST_OVER_TIME = 160_000  # and of one whose places are steps or words: 200 words in four heads
DROPPED = {"attention": 0, "gates": -1}      # what is left out where there are more: heads, units; not places


def encode_view(view: View, lengths: Mapping[str, int]) -> Arrays:
    """A view's data for the page. Of several examples the first is sent; a histogram is counted here.

    lengths: how many real places the axes have that it names (`Probe.lengths`); what follows is padding and is not
    sent. Where not all heads or units can be sent, "view:<name>.of" (1,) says how many there are.
    """
    data = np.nan_to_num(np.asarray(view.data, np.float32))
    name = f"view:{view.name}"
    if view.kind == "distribution":
        return histogram(name, data)
    axes = view.axes
    if view.kind in DETAILED and view.kind != "curve":
        data, axes = data[0], axes[1:]
    if view.kind == "maps":
        return {name: fewer(np.ascontiguousarray(data.transpose(2, 0, 1)), 0, MOST)}                  # (C, H, W)
    if view.kind in DETAILED:
        data = data[tuple(slice(lengths.get(axis)) for axis in axes[:data.ndim])]
    if view.kind not in DROPPED:
        return {name: fewer(data, 0, MOST)}
    axis = DROPPED[view.kind]
    return {name: fewer(data, axis, MOST_OVER_TIME), f"{name}.of": np.array([data.shape[axis]], np.int32)}


def fewer(data: np.ndarray, axis: int, most: int) -> np.ndarray:
    """The first part along an axis, halved until there are at most so many numbers."""
    count = data.shape[axis]
    while data.size > most and count > 1:
        count //= 2
        data = data.take(range(count), axis)
    return data


def histogram(name: str, values: np.ndarray) -> Arrays:
    """How many of the values fall into each of BINS bins, and their range."""
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    if low == high:
        low, high = low - 0.5, high + 0.5                                 # one value only: a bar in the middle
    places = (values.ravel() - low) * (BINS / (high - low))
    counts = np.bincount(np.minimum(places.astype(np.int64), BINS - 1), minlength=BINS)
    return {name: counts.astype(np.int32), f"{name}.range": np.array([low, high], np.float32)}
