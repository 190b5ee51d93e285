"""Whatever a page sends: a run refuses it in a sentence or passes over it, and goes on."""

import json
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live.worker.commands import handle
from live.worker.run import Run
from tests.live.runs import everything, frame, messages, session, spec, step

WRONG = [
    "a",
    "",
    -1,
    1e300,
    10**30,
    None,
    [],
    {},
    [[]],
    True,
    math.nan,
    -math.inf,
    "NaN",
    {"kind": "sgd"},
    "x" * 10_000,
]
PATHS = [
    ["training", "optimizer", "lr"],
    ["training", "batch_size"],
    ["data", "noise"],
    ["data", "samples"],
    ["network", "layers", 0, "units"],
    ["network", "layers", 0, "activation"],
    ["training", "loss"],
    ["seed"],
    ["data", "kind"],
    ["training", "optimizer", "kind"],
    ["network", "layers"],
    ["training"],
    ["data"],
    ["network"],
]
EMPTY_IS_FINE = {"network", "data", "training"}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[-1])
def test_an_absurd_value_leaves_a_sentence_and_changes_nothing(path):
    run = session()
    step(run, 5)
    before = everything(run)
    for value in WRONG:
        if (path[-1] in EMPTY_IS_FINE and not value) or (path[-1] == "layers" and value == []):
            continue  # nothing given is the default
        handle(run, {"op": "set", "path": path, "value": value})
        assert everything(run) == before, value
        assert 10 < len(run.notice) < 1_500, value
        assert frame(run)[0]["notice"] == run.notice
        run.notice = ""


@pytest.mark.parametrize(
    "given",
    [
        None,
        3,
        "spec",
        [],
        {"data": 3},
        {"network": 3},
        {"network": {"layers": [3]}},
        {"network": {"layers": [{"kind": "dense", "units": 10**9}]}},
        {"data": {"kind": "no"}},
        {"training": {"optimizer": "no"}},
        {"seed": -1},
        {"extra": 1},
        {"data": {}},
        {"training": {"loss": "mae"}, "data": {"kind": "xor"}},
        {"network": {"layers": [{"kind": "dense"}] * 10_000}},
        {"data": {"kind": "csv", "upload": "../../etc/passwd"}},
        {"data": {"kind": "csv", "upload": "0" * 32}},
    ],
)
def test_a_spec_that_cannot_be_used_leaves_a_sentence_and_changes_nothing(given):
    run = session()
    step(run, 5)
    before = everything(run)
    handle(run, {"op": "spec", "spec": given})
    assert everything(run) == before
    assert 10 < len(run.notice) < 1_500


@pytest.mark.parametrize(
    "command",
    [
        {},
        {"op": None},
        {"op": "no such"},
        {"op": ["play"]},
        {"op": "_train"},
        {"op": "play "},
        {"op": {"a": 1}},
        {"op": 3},
    ],
)
def test_an_unknown_command_is_ignored(command):
    run = session()
    before = everything(run)
    handle(run, command)
    assert everything(run) == before
    assert run.notice == ""


def test_commands_before_any_spec_are_harmless():
    run = Run()
    for op in ("attach", "detach", "credit", "watch", "speed", "set", "play", "pause", "step", "rewind", "spec"):
        handle(run, {"op": op})
        run.advance(lambda: False)
    assert run.trainer is None
    assert run.spec is None
    assert [header["type"] for header, _ in messages(run)] == ["frame"]


@pytest.mark.parametrize("depth", [50, 500, 900])
def test_deeply_nested_values_are_refused_not_followed(depth):
    nested: object = 1
    for _ in range(depth):
        nested = [nested] if depth % 100 else {"kind": "residual", "layers": [nested]}
    run = session()
    before = everything(run)
    for path in PATHS:
        handle(run, {"op": "set", "path": path, "value": nested})
        assert everything(run) == before, path
        assert run.notice


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.sampled_from(
        ["dense", "sgd", "relu", "xor", "circle", "training", "network", "layers", "data", "lr", "units"]
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "op",
                    "kind",
                    "layers",
                    "units",
                    "data",
                    "network",
                    "training",
                    "seed",
                    "spec",
                    "path",
                    "value",
                    "optimizer",
                    "views",
                    "steps",
                    "count",
                    "noise",
                    "samples",
                    "fresh",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
OPS = st.sampled_from(["attach", "detach", "credit", "watch", "speed", "spec", "set", "play", "pause", "step",
                       "rewind"])
COMMANDS = st.fixed_dictionaries(
    {"op": OPS},
    optional={
        "views": ANYTHING,
        "steps": ANYTHING,
        "spec": ANYTHING,
        "path": st.sampled_from(PATHS) | ANYTHING,
        "value": ANYTHING,
        "count": ANYTHING,
        "fresh": ANYTHING,
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(COMMANDS, max_size=8))
def test_no_sequence_of_commands_breaks_a_run(commands):
    run = session()
    for command in commands:
        handle(run, command)
        run.advance(lambda: run.trainer.steps % 3 == 0)
        for header, _ in messages(run):
            json.dumps(header, allow_nan=False)
    handle(run, {"op": "spec", "spec": spec()})
    handle(run, {"op": "rewind"})
    step(run, 3)
    assert run.trainer.steps == 3
