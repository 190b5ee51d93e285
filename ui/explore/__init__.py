"""Figures that one can move: sliders and a drawing in the page, and every number of it computed by the engine.

A figure is a list of controls, a function from their values to what is shown, and a module in `web/explore/`
that draws it. While a control moves, its values come here as fast as they are answered; only this figure is redrawn.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

import streamlit as st

from figures import palette
from ui.assets import WEB
from ui.component import STYLE, register

FOLDER = WEB / "explore"
LOOKS = STYLE + "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("explore.css", "lessons.css"))


@dataclass(frozen=True)
class Slide:
    """A number to be set by a slider, which moves over its powers of ten where it is logarithmic."""

    name: str
    label: str
    low: float
    high: float
    step: float
    start: float
    help: str = ""
    log: bool = False

    def checked(self, value: Any) -> float:
        number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        return float(min(max(value, self.low), self.high) if number else self.start)


@dataclass(frozen=True)
class Pick:
    """One of several, each with what it is called."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    start: str
    help: str = ""

    def checked(self, value: Any) -> str:
        return value if value in [option for option, _ in self.options] else self.start


@dataclass(frozen=True)
class Numbers:
    """A fixed count of numbers that are set in the drawing itself."""

    name: str
    start: tuple[float, ...]
    low: float
    high: float

    def checked(self, value: Any) -> list[float]:
        if not isinstance(value, list) or len(value) != len(self.start):
            return list(self.start)
        fits = [isinstance(n, int | float) and isfinite(n) for n in value]
        return [min(max(n, self.low), self.high) if ok else s for n, ok, s in zip(value, fits, self.start, strict=True)]


Controls = tuple[Slide | Pick | Numbers, ...]


def values_of(controls: Controls, given: Any) -> dict[str, Any]:
    """What the page has set, made safe: out of range becomes the nearest, and nonsense the start."""
    given = given if isinstance(given, Mapping) else {}
    return {control.name: control.checked(given.get(control.name, control.start)) for control in controls}


def explorer(name: str, module: str, controls: Controls, compute: Callable[..., dict], look: str) -> None:
    """Draw a figure. compute(**values) gives what its module shows; look is the sentence below it."""
    key = f"explore_{name}"

    @st.fragment
    def part() -> None:
        given = getattr(st.session_state.get(key), "chosen", None)
        values = values_of(controls, given)
        described = [asdict(c) | {"kind": type(c).__name__} for c in controls if not isinstance(c, Numbers)]
        seen = given.get("seen", 0) if isinstance(given, Mapping) else 0
        register(key, f"explore/{module}.js", LOOKS)(
            key=key, on_chosen_change=lambda: None,
            data={"controls": described, "values": values, "seen": seen, "shown": compute(**values), "look": look,
                  "colors": palette.as_data()})

    part()
