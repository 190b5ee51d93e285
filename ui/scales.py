"""Where a slider can stop: positions for linear and logarithmic knobs, and how numbers are written."""

import math
from collections.abc import Sequence

from engine.knobs import Float, Int

PER_DECADE = 20


def positions(knob: Float, value: float | None) -> Sequence[float | None]:
    """The values of a logarithmic knob's slider, evenly spaced by ratio; the present value is always among them."""
    low, high = knob.slider
    count = round(PER_DECADE * math.log10(high / low))
    values = [rounded(low * (high / low) ** (i / count)) for i in range(count + 1)]
    if isinstance(knob, Int):
        values = sorted({max(int(knob.low), round(v)) for v in values})
    if knob.low == 0 and knob.default == 0:
        values = [0.0, *values]
    if value is not None and value not in values:
        values = sorted([*values, value])
    return [None, *values] if knob.optional else values


def rounded(value: float) -> float:
    """Three significant digits."""
    return float(f"{value:.3g}")


def written(value: float | None) -> str:
    """A number as a slider shows it."""
    if value is None:
        return "off"
    return f"{value:g}" if value == 0 or 1e-4 <= abs(value) < 1e5 else f"{value:.2e}".replace("e-0", "e-")


def step_of(knob: Float) -> float:
    """The step of a linear slider: as declared, or a hundredth of its range."""
    low, high = knob.slider
    return knob.step or rounded((high - low) / 100)
