"""Going back in time and on again: nothing of an undone future stays, and the script repeats what was done."""

import numpy as np
import pytest

from engine import Trainer
from live.worker.commands import handle
from tests.live.asking import ask
from tests.live.runs import frame, session, spec, step

LR, NOISE, FREEZE = ["training", "optimizer", "lr"], ["data", "noise"], ["network", "layers", 0, "frozen"]


def put(run, path: list, value) -> None:
    handle(run, {"op": "set", "path": path, "value": value})


def scrub(run, to: int | None) -> None:
    handle(run, {"op": "scrub", "step": to})


def wreck(run, steps: int = 400) -> None:
    """Let it diverge."""
    put(run, LR, 10.0)
    put(run, ["training", "l2"], 10.0)
    step(run, steps)
    assert run.status == "diverged"


def repeats(run) -> None:
    """The exported script ends where the run is, bit for bit."""
    ((answer, _),) = ask(run, "code")
    assert answer["broken"] == ""
    names = {"print": lambda *_: None}
    exec(compile(answer["numpy"], "run.py", "exec"), names)
    assert names["trainer"].steps == run.trainer.steps
    assert names["trainer"].network.theta.tobytes() == run.trainer.network.theta.tobytes()
    shown = frame(run)[0]
    assert names["scores"]["train"]["loss"] == shown["train_loss"]
    assert names["scores"]["test"]["loss"] == shown["test_loss"]


@pytest.mark.parametrize("change", [(NOISE, 0.2), (FREEZE, True)], ids=["data", "switch"])
def test_a_run_that_diverges_in_its_past_never_goes_back_to_an_undone_future(change):
    run = session()
    step(run, 500)
    put(run, *change)
    step(run, 20)
    scrub(run, 100)
    here = run.trainer.steps
    step(run, 5)
    wreck(run)
    assert run.trainer.steps <= here + 5
    assert run.trainer.history.last()["step"] <= run.trainer.steps
    assert run.timeline.steps(run.trainer)[-1] == run.trainer.steps
    if change[0] is NOISE:
        assert "across a change of its data" in run.journal.broken        # it went on in the middle of a pass
    else:
        repeats(run)


@pytest.mark.parametrize("change", [(LR, 0.5), (NOISE, 0.3), (FREEZE, True), (["training", "patience"], 4)],
                         ids=["rate", "data", "switch", "patience"])
@pytest.mark.parametrize("on_from", ["the past", "the present"])
def test_what_is_set_while_looking_back_counts_from_where_the_run_goes_on(change, on_from):
    run = session()
    step(run, 503)
    scrub(run, 200)
    put(run, *change)
    repeats(run)
    if on_from == "the present":
        scrub(run, None)
        repeats(run)
    step(run, 50)
    repeats(run)


def test_a_weight_changed_by_hand_in_an_undone_future_is_forgotten():
    run = session()
    step(run, 300)
    handle(run, {"op": "poke", "name": "0.W", "index": [0, 0], "value": 0.3})
    step(run, 30)
    scrub(run, 100)
    before = run.trainer.network.theta.copy()
    assert frame(run)[0]["pokes"] == 0
    handle(run, {"op": "unpoke"})
    assert np.array_equal(run.trainer.network.theta, before)
    assert run.timeline.scrubbing
    scrub(run, None)
    assert frame(run)[0]["pokes"] == 1
    scrub(run, 100)
    step(run, 10)
    assert frame(run)[0]["pokes"] == 0
    repeats(run)


def test_validation_of_the_future_is_not_in_the_history_of_the_past():
    of = spec(training={"optimizer": {"kind": "sgd", "lr": 0.1}, "batch_size": 10, "patience": 3})
    run = session(of)
    step(run, 21)
    scrub(run, 0)
    step(run, 21)
    bare = Trainer(run.spec, run.trainer.dataset)
    for _ in range(21):
        bare.step()
    np.testing.assert_array_equal(run.trainer.history.column("validation_loss"),
                                  bare.history.column("validation_loss"))


def test_looking_back_and_returning_leaves_the_run_as_it_was():
    run = session()
    step(run, 300)
    wreck(run)
    notice, cures = run.notice, run.cures
    scrub(run, 5)
    assert (run.status, run.notice) == ("paused", "")
    scrub(run, None)
    assert (run.status, run.notice) == ("diverged", notice)
    assert run.cures is cures
    repeats(run)
