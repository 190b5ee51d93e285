"""What is asked of many examples: part by part, of one state of the weights, and never twice the same."""

import numpy as np
import pytest

from engine import evaluation
from live.watch import observer as observe
from live.watch.observer import Observer
from live.worker.commands import handle
from tests.live.runs import messages, session, spec, step

CASES = [{"kind": "xor", "samples": 400}, {"kind": "iris"}, {"kind": "diabetes"}]


@pytest.fixture
def small(monkeypatch):
    """Many parts, and no time for more than one of them in a frame."""
    monkeypatch.setattr(evaluation, "AT_ONCE", 8)
    monkeypatch.setattr(observe, "LONG", 0.0)


def looked(data: dict) -> tuple:
    run = session(spec(data=data))
    return run.trainer, Observer(run.trainer)


def waiting(observer: Observer) -> dict:
    """The predictions that are shown in the end while the run waits."""
    made = observer.observe(["predictions"], playing=False)
    while observer.unfinished:
        made = observer.observe(["predictions"], playing=False)
    return made


def same(a: dict, b: dict) -> bool:
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


@pytest.mark.parametrize("data", CASES, ids=lambda data: data["kind"])
def test_what_is_made_over_several_frames_is_of_the_weights_at_its_beginning(small, data):
    trainer, observer = looked(data)
    whole = waiting(Observer(trainer))
    assert whole
    made, frames = {}, 0
    while not made:
        made, frames = observer.observe(["predictions"], playing=True), frames + 1
        trainer.step()                                        # the run goes on meanwhile
    assert frames > 3
    assert same(made, whole)
    assert not same(waiting(Observer(trainer)), whole)


def test_a_run_that_waits_is_shown_as_it_is_now_though_another_picture_was_begun(small):
    trainer, observer = looked(CASES[0])
    assert observer.observe(["predictions"], playing=True) == {}
    for _ in range(50):
        trainer.step()
    now = waiting(observer)
    assert same(now, waiting(Observer(trainer)))


def test_the_same_weights_are_not_asked_twice(monkeypatch):
    trainer, observer = looked(CASES[0])
    first = waiting(observer)
    monkeypatch.setattr(observer.aside.network, "forward", None)
    assert same(observer.observe(["predictions"], playing=False), first)
    assert not observer.unfinished
    monkeypatch.undo()
    trainer.step()
    assert not same(waiting(observer), first)


def test_other_data_is_another_picture():
    trainer, observer = looked(CASES[0])
    waiting(observer)
    other = session(spec(data={"kind": "xor", "samples": 300})).trainer.dataset
    trainer.set_data(other)
    observer.set_data(other)
    assert waiting(observer)["confusion"].sum() == len(other.x_test)


def test_scores_of_many_examples_take_several_frames_and_so_does_what_is_asked_beside_them(small):
    run = session(spec(data={"kind": "xor", "samples": 400}))
    step(run, 3)                                              # in the middle of a pass: the history has no row of it
    observer = Observer(run.trainer)
    first = dict(observer.scores(playing=True))               # there are none before: at once
    step(run, 3)
    whole = Observer(run.trainer)
    expected, matrix = dict(whole.scores(playing=False)), waiting(whole)
    assert expected != first
    seen, made, frames = [], {}, 0
    while not made or seen[-1] != expected:
        made = made or observer.observe(["predictions"], playing=True)
        observer._throttles["scores"].cost = 0.0              # as if it were cheap: its turn is in each frame
        seen.append(dict(observer.scores(playing=True)))
        frames += 1
        assert frames < 1000
    assert frames > 40                                        # parts of both
    assert seen[0] == first
    assert same(made, matrix)


def test_a_run_that_waits_sends_frames_until_all_of_it_is_shown(small):
    run = session(spec(data={"kind": "xor", "samples": 400}))
    handle(run, {"op": "watch", "views": ["predictions"]})
    messages(run)
    step(run, 3)
    sent = messages(run)
    assert len(sent) > 40                                     # a part in each
    assert "confusion" not in sent[0][1]
    assert "confusion" in sent[-1][1]
    assert [header["ready"] for header, _ in sent] == [False] * (len(sent) - 1) + [True]
    assert sent[-1][0]["test_loss"] == run.trainer.evaluate()["test"]["loss"]
    assert run.message() is None


def test_while_a_run_waits_its_scores_are_evaluated_once(monkeypatch):
    run = session(spec(data={"kind": "xor", "samples": 400}))
    step(run, 3)                                              # in the middle of a pass: the history has no row of it
    observer = Observer(run.trainer)
    observer.observe([], playing=False)
    found = observer.scores(playing=False)
    monkeypatch.setattr(observer.aside.network, "forward", None)
    observer.observe([], playing=False)
    assert observer.scores(playing=False) == found
