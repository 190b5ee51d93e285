"""What an instrument is, and all of them by name."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from live.messages import ANSWERS

Answer = tuple[Mapping[str, Any], Mapping[str, np.ndarray]]
Instrument = Callable[[Any, Mapping[str, Any]], Iterator[Answer | None]]

instruments: dict[str, Instrument] = {}


def instrument(name: str) -> Callable[[Instrument], Instrument]:
    """Register a generator function as something that a page can ask for."""
    if name not in ANSWERS:
        raise ValueError(f"live/messages declares no answers of an instrument '{name}'.")

    def add(function: Instrument) -> Instrument:
        instruments[name] = function
        return function

    return add
