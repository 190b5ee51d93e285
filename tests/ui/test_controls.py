"""Where a slider can stop, and how numbers are written."""

import itertools
import math

import pytest

import datasets
import engine
from engine.knobs import Float, Int
from engine.network import NetworkKnobs
from ui.scales import positions, step_of, written

DECLARED = [
    engine.Training,
    NetworkKnobs,
    *(
        registry.lookup(kind)
        for registry in (engine.layers, engine.optimizers, engine.schedules, datasets.sources)
        for kind in registry
    ),
]
FLOATS = [
    pytest.param(knob, id=f"{cls.kind or cls.__name__} {knob.name}")
    for cls in DECLARED
    for knob in cls.knobs.values()
    if isinstance(knob, Float)
]


@pytest.mark.parametrize("knob", FLOATS)
def test_a_slider_can_stand_at_every_allowed_value_it_may_find(knob):
    low, high = knob.slider
    kind = int if isinstance(knob, Int) else float
    for value in {knob.default, kind(low), kind(high), kind(knob.low), kind(knob.high), kind(low + (high - low) / 3)}:
        if knob.scale != "log" and not knob.optional:
            continue
        stops = positions(knob, value)
        numbers = [stop for stop in stops if stop is not None]
        assert value in stops
        assert numbers == sorted(set(numbers))
        assert (None in stops) == (value is None or knob.optional)
        assert all(knob.check(stop) == stop for stop in stops)
        assert len(stops) < 400


@pytest.mark.parametrize("knob", FLOATS)
def test_every_stop_of_a_slider_is_allowed(knob):
    assert knob.low <= knob.slider[0] < knob.slider[1] <= knob.high
    assert 0 < step_of(knob) <= knob.slider[1] - knob.slider[0]


@pytest.mark.parametrize("knob", FLOATS)
def test_stops_read_differently(knob):
    if knob.scale == "log" or knob.optional:
        texts = [written(stop) for stop in positions(knob, knob.default)]
        assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "off"),
        (0, "0"),
        (0.1, "0.1"),
        (3, "3"),
        (1e-5, "1.00e-5"),
        (0.0003, "0.0003"),
        (100_000, "1.00e+05"),
        (-0.25, "-0.25"),
    ],
)
def test_numbers_are_written_for_people(value, text):
    assert written(value) == text


def test_a_logarithmic_slider_moves_by_a_constant_ratio():
    stops = positions(engine.optimizers.lookup("sgd").knobs["lr"], 0.1)
    ratios = [math.log(b / a) for a, b in itertools.pairwise(stops) if a]
    assert max(ratios) < 1.3 * sorted(ratios)[len(ratios) // 2]
