"""The past of a run: kept within its budget, shown exactly as it was, and a place to go on from."""

import math

import numpy as np
import pytest

import live.worker.timeline
from live.worker.commands import handle
from live.worker.run import Run
from live.worker.timeline import Timeline
from tests.live.runs import everything, frame, losses, session, spec, step, theta

WATCHED = ["neurons", "maps", "weights", "boundary", "predictions", "view:0.W", "view:0.activations"]
SHOWN = ("step", "epoch", "lr", "train_loss", "test_loss", "train_score", "test_score")


def watched(of: dict | None = None):
    run = session(of)
    handle(run, {"op": "watch", "views": WATCHED})
    return run


def scrub(run, to: int | None):
    handle(run, {"op": "scrub", "step": to})


def seen(run) -> tuple[dict, dict]:
    """What the page shows of this moment, its past left aside."""
    header, arrays = frame(run)
    return ({name: header[name] for name in SHOWN},
            {name: array.tobytes() for name, array in arrays.items() if name not in ("history", "timeline")})


# -- what is kept ------------------------------------------------------------------------------------------------------


def test_larger_snapshots_after_another_optimizer_stay_within_the_budget(monkeypatch):
    monkeypatch.setattr(live.worker.timeline, "BUDGET", 400_000)
    run = session()
    for optimizer in ("adam", "sgd", "adam"):
        handle(run, {"op": "set", "path": ["training", "optimizer"], "value": {"kind": optimizer}})
        for _ in range(6):
            step(run, 150)
            assert run.timeline.nbytes <= 400_000
        assert len(run.timeline.spread) > 20


def test_a_real_run_stays_within_the_budget(monkeypatch):
    monkeypatch.setattr(live.worker.timeline, "BUDGET", 200_000)
    run = session()
    for _ in range(30):
        step(run, 100)
        assert run.timeline.nbytes <= 200_000
    assert len(run.timeline.spread) > 10


def test_what_is_kept_does_not_depend_on_the_clock():
    kept = []
    for burst in (1, 7, 400):
        run = session()
        while run.trainer.steps < 2800:
            step(run, burst)
        kept.append([(at, one.theta.tobytes()) for at, one in run.timeline.spread.items() if at <= 2800])
    assert kept[0] == kept[1] == kept[2]


def test_keeping_changes_nothing(monkeypatch):
    run = session()
    step(run, 300)
    with_snapshots = theta(run), losses(run)
    monkeypatch.setattr(Timeline, "passed", lambda self, trainer: setattr(self, "due", math.inf))
    monkeypatch.setattr(Timeline, "burst", lambda self, trainer, by_hand=False: None)
    run = session()
    step(run, 300)
    assert (theta(run), losses(run)) == with_snapshots


def test_the_page_learns_what_can_be_shown():
    run = session()
    step(run, 10)
    header, arrays = frame(run)
    assert arrays["timeline"].tolist() == list(range(11))
    assert header["scrubbing"] is False
    scrub(run, 4)
    header, arrays = frame(run)
    assert arrays["timeline"].tolist() == list(range(11))
    assert (header["scrubbing"], header["step"], header["status"]) == (True, 4, "paused")


# -- looking back ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("network", [
    {"layers": [{"kind": "dense", "units": 5}, {"kind": "batch_norm"}, {"kind": "dropout"}]},
    {"layers": [{"kind": "dense", "units": 4}]}], ids=["statistics", "plain"])
def test_scrubbing_shows_exactly_what_was_shown(network):
    run, then = watched(spec(network=network, training={"optimizer": "adam", "batch_size": 8})), {}
    for _ in range(40):
        then[run.trainer.steps] = seen(run)
        step(run)
    for at in (0, 3, 39, 17, 16, 38):
        scrub(run, at)
        assert seen(run) == then[at]


def test_back_to_now_is_where_the_run_was():
    run, other = watched(), watched()
    step(run, 50), step(other, 50)
    before = seen(run), everything(run)
    for at in (3, 20, 0, 44):
        scrub(run, at)
    scrub(run, None)
    assert (seen(run), everything(run)) == before
    assert not run.timeline.scrubbing
    step(run, 25), step(other, 25)
    assert (theta(run), losses(run)) == (theta(other), losses(other))


@pytest.mark.parametrize(("asked", "shown"), [(-5, 0), (10**12, 600), (601, 600), (599, 599), (600, 600)])
def test_the_nearest_step_is_shown(asked, shown):
    run = session()
    for _ in range(3):
        step(run, 199)
    step(run), step(run), step(run)
    scrub(run, asked)
    assert run.trainer.steps == shown
    assert run.timeline.scrubbing == (shown != 600)


@pytest.mark.parametrize("asked", ["3", 2.5, [], {}, True, math.nan])
def test_an_absurd_step_changes_nothing(asked):
    run = session()
    step(run, 20)
    before = everything(run)
    scrub(run, asked)
    assert everything(run) == before
    assert not run.timeline.scrubbing


def test_the_last_steps_by_hand_can_all_be_taken_back():
    run = session()
    step(run, 1000)
    thetas = []
    for _ in range(5):
        thetas.append(theta(run))
        step(run)
    for back in range(1, 6):
        scrub(run, 1005 - back)
        assert (run.trainer.steps, theta(run)) == (1005 - back, thetas[-back])


def test_scrubbing_pauses_a_run_that_plays():
    run = session()
    handle(run, {"op": "speed", "steps": None})
    handle(run, {"op": "play"})
    while run.trainer.steps < 100:
        run.advance(lambda: False)
    scrub(run, 50)
    at = run.trainer.steps
    run.advance(lambda: False)
    assert (run.status, run.trainer.steps) == ("paused", at)
    assert at < 100


def test_history_and_charts_stay_while_looking_back():
    run = session()
    step(run, 100)
    rows = losses(run)
    frame(run)
    scrub(run, 30)
    assert losses(run) == rows
    header, arrays = frame(run)
    assert (header["first_row"], len(arrays["history"])) == (len(run.trainer.history), 0)


def test_before_any_run_there_is_nothing_to_show():
    run = Run()
    for command in ({"op": "scrub", "step": 3}, {"op": "scrub"}):
        handle(run, command)
    assert run.trainer is None


# -- going on ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("go_on", ["play", "step"])
def test_going_on_from_an_earlier_step_branches(go_on):
    run, other = session(), session()
    step(run, 100)
    frame(run)
    scrub(run, 30)
    if go_on == "step":
        step(run, 1)
    else:
        handle(run, {"op": "speed", "steps": None})
        handle(run, {"op": "play"})
        run.advance(interrupted=lambda: run.trainer.steps >= 31)
        handle(run, {"op": "pause"})
    assert run.trainer.steps == 31
    assert not run.timeline.scrubbing
    assert run.timeline.steps(run.trainer).max() == 31
    header, arrays = frame(run)
    assert header["first_row"] + len(arrays["history"]) == len(run.trainer.history)
    assert header["first_row"] <= len(run.trainer.history)
    step(other, 31)
    assert (theta(run), losses(run)) == (theta(other), losses(other))


def test_a_branch_may_train_otherwise():
    run = session()
    step(run, 60)
    straight = theta(run)
    scrub(run, 30)
    handle(run, {"op": "set", "path": ["training", "optimizer", "lr"], "value": 0.5})
    step(run, 30)
    assert run.trainer.steps == 60
    assert theta(run) != straight


def test_rewind_and_another_network_forget_the_past():
    run = session()
    step(run, 50)
    scrub(run, 20)
    handle(run, {"op": "rewind"})
    assert run.timeline.steps(run.trainer).tolist() == [0]
    step(run, 50)
    scrub(run, 20)
    handle(run, {"op": "spec", "spec": spec(seed=9)})
    assert run.timeline.steps(run.trainer).tolist() == [0]
    assert not run.timeline.scrubbing
    step(run, 3)
    assert run.trainer.steps == 3


def test_the_page_gets_the_whole_history_again_with_a_new_scene():
    run = session()
    step(run, 100)
    frame(run)
    run.scene_due = True
    header, arrays = frame(run)
    assert header["first_row"] == 0
    assert np.array_equal(arrays["history"], run.trainer.history.rows(0), equal_nan=True)
