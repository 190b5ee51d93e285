"""What every declared setting must keep to, in every registry of every package."""

import importlib.util
import json
import math

import pytest

import engine
from engine.knobs import Choice, Choices, Declared, Flag, Float, Floats, Int, Knob, Text
from engine.network import NetworkKnobs
from engine.switches import Indices

REGISTRIES = {"activation": engine.activations, "layer": engine.layers, "loss": engine.losses,
              "optimizer": engine.optimizers, "schedule": engine.schedules, "task": engine.tasks}
if importlib.util.find_spec("datasets"):
    from datasets import sources

    REGISTRIES["source"] = sources
CLASSES = {f"{noun} {kind}": registry.lookup(kind) for noun, registry in REGISTRIES.items() for kind in registry}
DECLARED = CLASSES | {"training": engine.Training, "network": NetworkKnobs}
KNOBS = [pytest.param(cls, knob, id=f"{name} {knob.name}") for name, cls in DECLARED.items()
         for knob in cls.knobs.values()]
JUNK = [object(), b"bytes", {"a": 1}, [[1]], "no such thing at all", complex(1, 2), [None]]


def bad_values(knob: Knob) -> list:
    """Values that this knob must refuse."""
    if isinstance(knob, Float):
        beyond = [knob.low - 1, knob.high + 1, 10.0**300, -(10.0**300), 10**400, math.nan, math.inf, -math.inf]
        text = [str(knob.low), "", True, [knob.low]]
        whole = [(knob.low + knob.high) / 2 + 0.25] if isinstance(knob, Int) else []
        return JUNK + beyond + text + whole + ([] if knob.optional else [None])
    if isinstance(knob, Floats):
        n = len(knob.default)
        return [*JUNK, None, 0.5, [], [knob.low] * (n + 1), [math.nan] * n, [knob.high + 1] * n, ["0.5"] * n,
                [True] * n]
    if isinstance(knob, Choices):
        return [*JUNK, None, [], 3, ["no such thing at all"]]
    if isinstance(knob, Choice):
        return [*JUNK, None, 3, True, "", [*knob.options][:1]]
    if isinstance(knob, Flag):
        return [*JUNK, None, 0, 1, "true"]
    if isinstance(knob, Indices):
        return [*JUNK, None, 3, True, "0", [-1], [0.5], [True], ["0"], [10**9], list(range(600))]
    if isinstance(knob, Text):
        return [object(), None, 3, b"bytes", "x" * (knob.longest + 1)]
    return [object(), 3, True, b"bytes"]


@pytest.mark.parametrize(("cls", "knob"), KNOBS)
def test_a_knob_explains_itself(cls, knob):
    assert knob.label.strip() == knob.label != ""
    assert knob.label[0].isupper() or not knob.label[0].isalpha()
    assert knob.help.endswith(".")
    assert len(knob.help) > 10
    assert knob.name not in ("kind", "help", "label", "knobs")


@pytest.mark.parametrize(("cls", "knob"), KNOBS)
def test_a_default_passes_its_own_check_and_stays_what_it_is(cls, knob):
    checked = knob.check(knob.default)
    assert knob.check(checked) == checked
    assert json.loads(json.dumps(checked)) == checked


@pytest.mark.parametrize(("cls", "knob"), [p for p in KNOBS if isinstance(p.values[1], Float)])
def test_a_range_is_sane(cls, knob):
    assert math.isfinite(knob.low)
    assert math.isfinite(knob.high)
    assert knob.low < knob.high
    low, high = knob.slider
    assert knob.low <= low < high <= knob.high
    assert knob.scale in ("linear", "log")
    assert low > 0 or knob.scale == "linear", "a logarithmic slider cannot begin at zero"
    assert knob.step is None or 0 < knob.step <= high - low
    assert knob.check(knob.low) == knob.low
    assert knob.check(knob.high) == knob.high


@pytest.mark.parametrize(("cls", "knob"), [p for p in KNOBS if isinstance(p.values[1], Choice)])
def test_options_are_different_and_each_is_accepted(cls, knob):
    assert len(set(knob.options)) == len(knob.options) > 0
    for option in knob.options:
        assert knob.check(option) in (option, [option])


@pytest.mark.parametrize(("cls", "knob"), KNOBS)
def test_a_bad_value_is_refused_with_a_message_that_names_the_knob(cls, knob):
    values = bad_values(knob)
    assert values
    for value in values:
        with pytest.raises(engine.SpecError) as error:
            cls(**{knob.name: value})
        assert len(str(error.value)) < 2_000
        if not type(knob).__module__.startswith("engine.layers"):
            assert knob.name in str(error.value) or knob.label in str(error.value)


@pytest.mark.parametrize("cls", DECLARED.values(), ids=DECLARED)
def test_an_unknown_setting_is_refused(cls):
    with pytest.raises(engine.SpecError, match="no_such_setting"):
        cls(no_such_setting=1)


@pytest.mark.parametrize("name", CLASSES)
def test_settings_round_trip_through_json(name):
    noun, kind = name.split()
    registry = REGISTRIES[noun]
    plain = registry.build(kind).to_dict()
    assert plain["kind"] == kind
    assert list(plain) == ["kind", *CLASSES[name].knobs]
    again = json.loads(json.dumps(plain, allow_nan=False))
    assert registry.build(again).to_dict() == plain


@pytest.mark.parametrize("cls", CLASSES.values(), ids=CLASSES)
def test_a_registered_class_describes_itself(cls: type[Declared]):
    described = cls.describe()
    json.dumps(described, allow_nan=False)
    assert described["label"][0].isupper()
    assert described["help"].endswith((".", "!", "?"))
    assert [knob["name"] for knob in described["knobs"]] == list(cls.knobs)


@pytest.mark.parametrize("registry", REGISTRIES.values(), ids=REGISTRIES)
def test_an_unknown_kind_is_refused_with_the_nearest_name(registry):
    kind = next(iter(registry))
    with pytest.raises(engine.SpecError, match=f"Did you mean '{kind}'"):
        registry.build(kind + "x" if len(kind) > 2 else kind)
    for spec in ({"kind": ["a"]}, {"kind": None}, {"units": 3}, 5, None, [], {"kind": "x" * 10_000}):
        with pytest.raises(engine.SpecError) as error:
            registry.build(spec)
        assert len(str(error.value)) < 1_000


@pytest.mark.parametrize("registry", REGISTRIES.values(), ids=REGISTRIES)
def test_labels_tell_the_kinds_apart(registry):
    labels = [registry.lookup(kind).label for kind in registry]
    assert len(set(labels)) == len(labels)
