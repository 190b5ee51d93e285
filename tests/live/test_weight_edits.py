"""Weights changed by hand, parts switched off and on: training goes on, and everything can be taken back."""

import copy
import math

import numpy as np
import pytest

from live.worker.commands import handle
from live.worker.weight_edits import MOST
from tests.live.runs import everything, frame, scene, session, spec, step, theta

PICTURES = {"layers": [{"kind": "conv2d", "filters": 2}, {"kind": "flatten"}]}
TWO = {"layers": [{"kind": "dense", "units": 4}, {"kind": "dense", "units": 3}]}


def poke(run, name="0.W", index=(0, 1), value=2.5, **more):
    handle(run, {"op": "poke", "name": name, "index": list(index), "value": value, **more})


def weight(run, name="0.W", index=(0, 1)) -> float:
    return float(run.trainer.network.parameters()[name][index])


def switched(**first) -> dict:
    network = copy.deepcopy(TWO)
    network["layers"][0] |= first
    return spec(network=network)


# -- weights -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "index"), [("0.W", (0, 1)), ("0.b", (3,)), ("1.W", (3, 0))])
def test_a_weight_is_changed_at_once_and_training_goes_on(name, index):
    run = session()
    handle(run, {"op": "watch", "views": ["weights"]})
    step(run, 20)
    others = run.trainer.network.theta.copy()
    poke(run, name, index)
    assert weight(run, name, index) == 2.5
    assert np.count_nonzero(run.trainer.network.theta != others) == 1
    header, arrays = frame(run)
    assert arrays[f"weights.{name}"][index] == 2.5
    assert (header["step"], header["pokes"]) == (20, 1)
    step(run)
    assert run.trainer.steps == 21
    assert abs(weight(run, name, index) - 2.5) < 0.5


def test_a_kernel_pixel_is_changed():
    run = session(spec(data={"kind": "digits"}, network=PICTURES))
    poke(run, "0.W", (1, 2, 0, 1), -3)
    assert weight(run, "0.W", (1, 2, 0, 1)) == -3


def test_views_of_weights_name_the_parameter_that_a_click_changes():
    run = session(spec(data={"kind": "digits"}, network=PICTURES))
    views = {view["name"]: view for layer in scene(run)[0]["layers"] for view in layer["views"]}
    assert views["0.kernels"]["parameter"] == "0.W"
    assert views["2.W"]["parameter"] == "2.W"
    parameters = run.trainer.network.parameters()
    for view in views.values():
        assert view["parameter"] == "" or view["parameter"] in parameters


def test_changes_are_taken_back_one_by_one():
    run = session()
    step(run, 5)
    before = theta(run)
    poke(run, value=1.0)
    poke(run, "0.b", (2,), 7)
    poke(run, value=3.0)
    for expected in (1.0, 1.0):
        handle(run, {"op": "unpoke"})
        assert weight(run) == expected
    assert weight(run, "0.b", (2,)) != 7
    handle(run, {"op": "unpoke"})
    assert theta(run) == before
    handle(run, {"op": "unpoke"})
    assert theta(run) == before
    assert frame(run)[0]["pokes"] == 0


def test_a_slider_that_moves_is_one_change():
    run = session()
    before = weight(run)
    for i, value in enumerate((0.1, 0.2, 0.3, 0.4)):
        poke(run, value=value, again=i > 0)
    assert weight(run) == np.float32(0.4)
    handle(run, {"op": "unpoke"})
    assert weight(run) == before


def test_there_is_an_end_to_what_can_be_taken_back():
    run = session()
    for value in range(MOST + 50):
        poke(run, value=value)
    assert frame(run)[0]["pokes"] == MOST


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e30, None, "2", True, [1], {}])
def test_a_value_that_is_no_weight_leaves_a_sentence(value):
    run = session()
    step(run, 5)
    before = everything(run)
    poke(run, value=value)
    assert everything(run) == before
    assert run.notice.startswith("A weight must be")
    assert not run.hands.done


@pytest.mark.parametrize("index", [(), (0,), (0, 4), (-1, 0), (0, 0, 0), (2, 0), (0.5, 1), ("0", 1), (True, 0)])
def test_a_place_that_is_none_leaves_a_sentence(index):
    run = session()
    before = everything(run)
    poke(run, index=index)
    assert everything(run) == before
    assert "no weight at" in run.notice


@pytest.mark.parametrize("name", ["9.W", "", None, 3, ["0.W"], "0.__class__", "x" * 1000])
def test_a_name_that_is_none_leaves_a_sentence(name):
    run = session()
    before = everything(run)
    poke(run, name)
    assert everything(run) == before
    assert 10 < len(run.notice) < 200


def test_a_change_at_an_earlier_step_branches():
    run = session()
    step(run, 50)
    handle(run, {"op": "scrub", "step": 20})
    poke(run)
    assert not run.timeline.scrubbing
    assert run.timeline.steps(run.trainer).max() == 20
    step(run)
    handle(run, {"op": "scrub", "step": 20})
    assert weight(run) == 2.5


def test_a_rewind_forgets_changes():
    run = session()
    at_first = theta(run)
    poke(run)
    handle(run, {"op": "rewind"})
    assert theta(run) == at_first
    handle(run, {"op": "unpoke"})
    assert theta(run) == at_first


def test_without_a_network_there_is_nothing_to_change():
    run = session(spec(network={"layers": [{"kind": "conv2d"}]}))
    poke(run)
    handle(run, {"op": "unpoke"})
    assert run.trainer is None


# -- switches ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["spec", "set"])
@pytest.mark.parametrize(("name", "value"), [("frozen", True), ("off", [1, 2])])
def test_a_switch_keeps_the_weights_and_the_run(how, name, value):
    run = session(spec(network=TWO))
    step(run, 30)
    before, trainer = theta(run), run.trainer
    if how == "spec":
        handle(run, {"op": "spec", "spec": switched(**{name: value})})
    else:
        handle(run, {"op": "set", "path": ["network", "layers", 0, name], "value": value})
    assert (theta(run), run.trainer.steps, run.notice) == (before, 30, "")
    assert run.trainer is trainer
    assert scene(run)[0]["layers"][0]["settings"][name] == value
    step(run, 10)
    assert run.trainer.steps == 40
    handle(run, {"op": "spec", "spec": spec(network=TWO)})
    assert run.trainer.steps == 40


def test_what_is_off_is_shown_as_zero():
    run = session(spec(network=TWO))
    handle(run, {"op": "watch", "views": ["neurons", "boundary"]})
    before = frame(run)[1]
    handle(run, {"op": "spec", "spec": switched(off=[1, 2])})
    _, arrays = frame(run)
    assert set(arrays["neurons.0"][1]) == set(arrays["neurons.0"][2]) == {128}
    assert len(set(arrays["neurons.0"][0])) > 1
    assert not np.array_equal(arrays["boundary"], before["boundary"])


def test_a_frozen_layer_stays_while_the_rest_learns():
    run = session(switched(frozen=True))
    first, second = weight(run), weight(run, "1.W", (0, 0))
    step(run, 30)
    assert weight(run) == first
    assert weight(run, "1.W", (0, 0)) != second


def test_a_run_that_plays_goes_on_playing_through_a_switch():
    run = session(spec(network=TWO))
    handle(run, {"op": "play"})
    handle(run, {"op": "spec", "spec": switched(off=[0])})
    assert run.status == "playing"


def test_scrubbing_goes_past_a_switch():
    run = session(spec(network=TWO))
    step(run, 20)
    at_20 = theta(run)
    handle(run, {"op": "spec", "spec": switched(frozen=True, off=[0])})
    step(run, 20)
    handle(run, {"op": "scrub", "step": 20})
    assert theta(run) == at_20
    handle(run, {"op": "scrub", "step": None})
    assert run.trainer.steps == 40
