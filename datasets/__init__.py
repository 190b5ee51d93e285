"""Named data sets behind one type: everything a network can learn from is loaded here, by its spec."""

import json
import operator
from collections.abc import Mapping
from typing import Any

import numpy as np

# isort: off
# They register their sources, in the order of the gallery.
import datasets.plane.toys
import datasets.tables
import datasets.pictures.sources
import datasets.series.sources
import datasets.text.reviews
import datasets.text.names
import datasets.text.dates
import datasets.own  # noqa: F401
# isort: on
from datasets.base import Source, sources
from datasets.cache import Cache
from datasets.example_input import decode
from datasets.thumbnails import thumbnail
from engine.data import Dataset
from engine.errors import SpecError

__all__ = ["Source", "decode", "describe", "encode_input", "load", "sources", "thumbnail"]

_loaded = Cache()


def load(spec: Mapping | str, seed: int = 0) -> Dataset:
    """The data set of a spec `{"kind": ..., knob: value}`. Its arrays are read-only: they may be shared.

    Raises SpecError when the spec, the seed or an upload is not usable; the message says what to change.
    """
    source = sources.build(spec)
    seed = _checked_seed(seed)
    key = json.dumps([source.to_dict(), seed], sort_keys=True)
    return _loaded.get(key, lambda: source.load(seed))


def encode_input(spec: Mapping | str, value: Any, seed: int = 0) -> np.ndarray:
    """A person's own input as one example (1, *input_shape) for a network that learned from `load(spec, seed)`.

    value: a text where the data is text; where it is pictures, grey values as rows or as one row of a square's pixels,
    of any size; a point [x1, x2] of the plane; the measurements of a table, in its own units; a series. SpecError says
    what is wrong with it.
    """
    return sources.build(spec).encode(value, load(spec, seed))


def describe() -> list[dict]:
    """Every source as plain data: kind, label, help, group, task and knobs, in the order of the gallery."""
    return [source.describe() for source in sources.values()]


def _checked_seed(seed: int) -> int:
    try:
        number = operator.index(seed)
    except TypeError:
        number = -1
    if not 0 <= number < 2**63:
        raise SpecError(f"The seed must be a whole number from 0 to 2⁶³ - 1, not {repr(seed)[:60]}.")
    return number
