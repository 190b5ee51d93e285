"""Data sets that were loaded lately, kept within a declared number of bytes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass

import numpy as np

from engine.data import Dataset

MOST_BYTES = 80_000_000      # the largest data set fits: what does not is loaded again each time it is asked for


def arrays(thing: object) -> list[np.ndarray]:
    """Every array in a data set, those of its plane too."""
    found = []
    for value in (getattr(thing, field.name) for field in fields(thing)):
        if isinstance(value, np.ndarray):
            found.append(value)
        elif is_dataclass(value):
            found += arrays(value)
    return found


class Cache:
    """Key to data set, least recently used out first. Safe between threads; what it keeps is read-only."""

    def __init__(self, most_bytes: int = MOST_BYTES):
        self.most_bytes, self._kept, self._lock = most_bytes, OrderedDict(), threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Dataset]) -> Dataset:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        for array in arrays(made):
            array.setflags(write=False)
        with self._lock:
            self._kept[key] = made
            while self.size() > self.most_bytes:
                self._kept.popitem(last=False)
        return made

    def size(self) -> int:
        """Bytes of the arrays that are kept."""
        return sum(array.nbytes for dataset in self._kept.values() for array in arrays(dataset))
