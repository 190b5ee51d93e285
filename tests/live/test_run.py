"""A run as a state machine: what each command does to it."""

import json
import math

import numpy as np
import pytest

from live.worker.commands import handle
from live.worker.run import Run
from tests.live.runs import everything, frame, losses, messages, scene, session, spec, step, theta


def train(run: Run, steps: int) -> None:
    """Play until at least so many steps are done."""
    handle(run, {"op": "speed", "steps": None})
    handle(run, {"op": "play"})
    while run.trainer.steps < steps and run.status == "playing":
        run.advance(lambda: False)


# -- commands ----------------------------------------------------------------------------------------------------------


def test_a_run_waits_at_its_beginning():
    run = session()
    run.advance(lambda: False)
    assert (run.status, run.trainer.steps, run.notice) == ("paused", 0, "")
    assert [header["type"] for header, _ in messages(run)] == ["scene", "frame"]
    assert run.wait() is None


def test_play_trains_and_pause_holds():
    run = session()
    train(run, 50)
    assert frame(run)[0]["status"] == "playing"
    handle(run, {"op": "pause"})
    at = run.trainer.steps
    run.advance(lambda: False)
    assert run.trainer.steps == at >= 50
    assert frame(run)[0]["status"] == "paused"


def test_a_command_interrupts_a_burst_of_training():
    run = session()
    handle(run, {"op": "speed", "steps": None})
    handle(run, {"op": "play"})
    run.advance(interrupted=lambda: run.trainer.steps >= 3)
    assert run.trainer.steps == 3


def test_steps_are_counted():
    run = session()
    step(run)
    step(run, 9)
    assert run.trainer.steps == 10
    header, _ = frame(run)
    assert (header["step"], header["status"], header["lr"]) == (10, "paused", 0.1)


@pytest.mark.parametrize("count", [0, -1, 10**9, 2.5, "10", None, [3], math.nan])
def test_an_absurd_count_of_steps_is_one_step(count):
    run = session()
    step(run, count)
    assert run.trainer.steps == 1


def test_step_pauses_a_run_that_plays():
    run = session()
    train(run, 20)
    at = run.trainer.steps
    step(run)
    assert (run.status, run.trainer.steps) == ("paused", at + 1)


def test_rewind_leads_back_to_the_same_beginning():
    run = session()
    at_first, first_frame = theta(run), frame(run)[0]
    step(run, 100)
    once = losses(run)
    handle(run, {"op": "rewind"})
    assert (run.trainer.steps, run.status, theta(run)) == (0, "paused", at_first)
    header, arrays = frame(run)
    assert header["train_loss"] == first_frame["train_loss"]
    assert (header["first_row"], len(arrays["history"])) == (0, 1)
    step(run, 100)
    assert losses(run) == once


def test_a_speed_is_kept():
    run = session()
    handle(run, {"op": "speed", "steps": 10})
    handle(run, {"op": "play"})
    assert 0 < run.wait() <= 0.1
    run.advance(lambda: False)
    assert run.trainer.steps <= 1


@pytest.mark.parametrize("steps", ["fast", -3, 0, math.nan, math.inf, 1e300, None, [], True, {}])
def test_an_absurd_speed_is_full_speed(steps):
    run = session()
    handle(run, {"op": "speed", "steps": steps})
    train(run, 30)
    assert run.trainer.steps >= 30


def test_a_setting_changes_in_the_middle_of_a_run():
    run = session()
    step(run, 20)
    before = theta(run)
    handle(run, {"op": "set", "path": ["training", "optimizer", "lr"], "value": 0.02})
    assert (run.trainer.lr, run.trainer.steps, theta(run)) == (0.02, 20, before)
    assert frame(run)[0]["lr"] == 0.02
    assert run.spec["training"]["optimizer"]["lr"] == 0.02


def test_noise_changes_the_points_and_keeps_the_weights():
    run = session()
    step(run, 20)
    before, points = theta(run), scene(run)[1]["points.train"]
    handle(run, {"op": "set", "path": ["data", "noise"], "value": 0.4})
    header, arrays = scene(run)
    assert (theta(run), run.trainer.steps) == (before, 20)
    assert not np.array_equal(arrays["points.train"], points)
    assert header["spec"]["data"]["noise"] == 0.4


@pytest.mark.parametrize(
    "change",
    [
        {"network": {"layers": [{"kind": "dense", "units": 5}]}},
        {"seed": 4},
        {"data": {"kind": "circle"}},
        {"data": {"kind": "xor", "samples": 100, "features": ["x1", "x2", "x1²"]}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_network_seed_or_input_begins_anew(change):
    run = session()
    step(run, 20)
    handle(run, {"op": "spec", "spec": spec(**change)})
    assert (run.trainer.steps, run.status, run.notice) == (0, "paused", "")
    assert theta(run) == theta(session(spec(**change)))
    assert frame(run)[0]["generation"] == run.generation


def test_a_run_that_plays_goes_on_with_another_network():
    run = session()
    train(run, 20)
    handle(run, {"op": "spec", "spec": spec(network={"layers": []})})
    assert run.status == "playing"
    handle(run, {"op": "spec", "spec": spec(), "fresh": True})
    assert (run.status, run.trainer.steps) == ("paused", 0)


def test_the_same_spec_again_changes_nothing():
    run = session()
    step(run, 20)
    before = everything(run)
    handle(run, {"op": "spec", "spec": spec()})
    assert everything(run) == before


# -- what doesn't fit, and what flies off ------------------------------------------------------------------------------


def test_a_layer_that_does_not_fit_is_shown_with_its_reason_and_nothing_trains():
    run = session()
    step(run, 5)
    handle(run, {"op": "spec", "spec": spec(network={"layers": [{"kind": "dense", "units": 3}, {"kind": "conv2d"}]})})
    header, _ = scene(run)
    fine, wrong, _ = header["layers"]
    assert (fine["error"], fine["shape"]) == ("", [3])
    assert wrong["error"]
    assert wrong["shape"] is None
    assert run.notice
    for command in ("play", "step", "rewind"):
        handle(run, {"op": command})
        run.advance(lambda: False)
    header, arrays = frame(run)
    assert (header["status"], "step" in header, arrays) == ("paused", False, {})
    handle(run, {"op": "set", "path": ["training", "batch_size"], "value": 20})
    handle(run, {"op": "spec", "spec": spec()})
    assert run.notice == ""
    step(run)
    assert frame(run)[0]["step"] == 1


def flies_off() -> Run:
    run = session(
        spec(
            data={"kind": "reg_plane"},
            network={"layers": [{"kind": "dense", "units": 8, "activation": "relu"}]},
            training={"optimizer": {"kind": "sgd", "lr": 10.0}},
        )
    )
    train(run, 10_000)
    return run


def test_a_run_that_diverges_stops_and_says_why():
    run = flies_off()
    header, _ = frame(run)
    assert header["status"] == run.status == "diverged"
    assert "learning rate" in header["notice"]
    assert np.isfinite(run.trainer.network.theta).all()
    json.dumps(header, allow_nan=False)
    at = run.trainer.steps
    run.advance(lambda: False)
    assert run.trainer.steps == at


def test_a_diverged_run_goes_on_with_a_lower_learning_rate():
    run = flies_off()
    at = run.trainer.steps
    handle(run, {"op": "set", "path": ["training", "optimizer", "lr"], "value": 1e-4})
    assert (run.status, run.notice) == ("paused", "")
    step(run)
    assert run.trainer.steps == at + 1


# -- early stopping ----------------------------------------------------------------------------------------------------


def test_a_run_with_patience_ends_by_itself_says_so_and_goes_on_when_played():
    run = session(spec(training={"optimizer": {"kind": "adam", "lr": 0.1}, "batch_size": 10, "patience": 1}))
    train(run, 50_000)
    header, _ = frame(run)
    assert header["status"] == "ended"
    assert "Stopped early" in header["notice"]
    at = run.trainer.steps
    run.advance(lambda: False)
    assert run.trainer.steps == at
    handle(run, {"op": "play"})
    assert (run.status, run.notice) == ("playing", "")
    run.advance(lambda: run.trainer.steps > at)
    assert run.trainer.steps == at + 1
    handle(run, {"op": "rewind"})
    assert (run.status, run.trainer.steps) == ("paused", 0)
