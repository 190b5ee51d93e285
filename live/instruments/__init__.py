"""Instruments: what a page can ask of a run beside watching it, one file each.

An instrument is a generator function (run, command) that yields answers, each a header and named arrays. The page
asks with {"op": "ask", "instrument": name, ...}; each answer goes out as a message of type "answer". A long piece of
work yields often: the run trains and draws between two answers, or for longer where None is yielded instead. Asking
again ends the work of the last question.
Instruments work on copies (`run.observer`, `trainer.network.copy()`): asking changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

Answer = tuple[Mapping[str, Any], Mapping[str, np.ndarray]]
Instrument = Callable[[Any, Mapping[str, Any]], Iterator[Answer | None]]

instruments: dict[str, Instrument] = {}


def instrument(name: str) -> Callable[[Instrument], Instrument]:
    """Register a generator function as something that a page can ask for."""

    def add(function: Instrument) -> Instrument:
        instruments[name] = function
        return function

    return add


# isort: off
from live.instruments import (  # noqa: E402
    blank, code, cost, forward, health, invent, landscape, microscope, mistakes, past, race, sentences,  # noqa: F401
    translate, window, words,  # noqa: F401
)
