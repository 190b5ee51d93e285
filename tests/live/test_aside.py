"""Pictures of many examples: part by part while the run goes on, whole while it waits, and never twice the same."""

import numpy as np
import pytest

from live import observe, pictures
from live.observe import Observer
from tests.live.runs import session, spec, step

CASES = [{"kind": "xor", "samples": 400}, {"kind": "iris"}, {"kind": "diabetes"}]


@pytest.fixture
def small(monkeypatch):
    """Many parts, and no time for more than one of them in a frame."""
    monkeypatch.setattr(pictures, "AT_ONCE", 8)
    monkeypatch.setattr(observe, "LONG", 0.0)


def looked(data: dict) -> tuple:
    run = session(spec(data=data))
    return run.trainer, Observer(run.trainer)


def same(a: dict, b: dict) -> bool:
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


@pytest.mark.parametrize("data", CASES, ids=lambda data: data["kind"])
def test_what_is_made_over_several_frames_is_of_the_weights_at_its_beginning(small, data):
    trainer, observer = looked(data)
    whole = Observer(trainer).observe(["predictions"], playing=False)
    assert whole
    made, frames = {}, 0
    while not made:
        made, frames = observer.observe(["predictions"], playing=True), frames + 1
        trainer.step()                                        # the run goes on meanwhile
    assert frames > 3
    assert same(made, whole)
    assert not same(Observer(trainer).observe(["predictions"], playing=False), whole)


def test_a_run_that_waits_is_shown_as_it_is_now_though_another_picture_was_begun(small):
    trainer, observer = looked(CASES[0])
    assert observer.observe(["predictions"], playing=True) == {}
    for _ in range(50):
        trainer.step()
    now = observer.observe(["predictions"], playing=False)
    assert same(now, Observer(trainer).observe(["predictions"], playing=False))


def test_the_same_weights_are_not_asked_twice(monkeypatch):
    trainer, observer = looked(CASES[0])
    first = observer.observe(["predictions"], playing=False)
    monkeypatch.setattr(observer.aside.network, "forward", None)
    assert same(observer.observe(["predictions"], playing=False), first)
    monkeypatch.undo()
    trainer.step()
    assert not same(observer.observe(["predictions"], playing=False), first)


def test_other_data_is_another_picture():
    _, observer = looked(CASES[0])
    observer.observe(["predictions"], playing=False)
    other = session(spec(data={"kind": "xor", "samples": 300})).trainer.dataset
    observer.set_data(other)
    assert observer.observe(["predictions"], playing=False)["confusion"].sum() == len(other.x_test)


def test_while_a_run_waits_its_scores_are_evaluated_once(monkeypatch):
    run = session(spec(data={"kind": "xor", "samples": 400}))
    step(run, 3)                                              # in the middle of a pass: the history has no row of it
    observer = Observer(run.trainer)
    observer.observe([], playing=False)
    found = observer.scores(playing=False)
    monkeypatch.setattr(run.trainer, "evaluate", None)
    observer.observe([], playing=False)
    assert observer.scores(playing=False) == found
