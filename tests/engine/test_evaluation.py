"""Scores: of which examples they are, that blocks don't matter, and what may happen in between."""

import numpy as np
import pytest

import engine
from engine import evaluation
from engine.evaluation import AT_MOST
from tests.engine.trainers import run, trainer, wave, xor


def test_the_history_grows_far_slower_than_the_run():
    tr = trainer(layers=[], batch_size=1000)                           # one step a pass: the most rows there can be
    run(tr, 1000)
    first = len(tr.history)
    run(tr, 3000)
    steps = tr.history.column("step")
    assert first <= 1001
    assert len(tr.history) - first <= 2 * 1000                         # two doublings
    assert steps[0] == 0
    assert (np.diff(steps) > 0).all()
    assert (np.diff(tr.history.column("epoch")) > 0).all()


def test_the_first_pass_has_rows_after_ever_more_steps_and_they_change_nothing(monkeypatch):
    tr = trainer(xor(1000), batch_size=10)
    losses = run(tr, 250)
    steps = tr.history.column("step").tolist()
    whole = tr.learned // 10
    assert steps == [0, *(2 ** i for i in range(20) if 2 ** i < whole), *range(whole, 251, whole)]
    monkeypatch.setattr(engine.Trainer, "_record", lambda trainer: None)
    blind = trainer(xor(1000), batch_size=10)
    assert run(blind, 250) == losses
    assert blind.network.theta.tobytes() == tr.network.theta.tobytes()


def test_an_evaluation_looks_at_a_bounded_number_of_examples_the_same_each_time(monkeypatch):
    n = AT_MOST + 700
    tr = trainer(xor(n), layers=[])
    seen, forward = [], tr.network.forward
    monkeypatch.setattr(tr.network, "forward", lambda x, **rest: seen.append(x.copy()) or forward(x, **rest))
    assert tr.evaluate() == tr.evaluate()
    assert sum(len(x) for x in seen) == 4 * AT_MOST
    assert max(len(x) for x in seen) <= 256


@pytest.mark.parametrize("data", [xor, wave])
def test_scores_are_plain_numbers(data):
    for split in trainer(data()).evaluate().values():
        assert {type(value) for value in split.values()} == {float}


def test_an_evaluation_in_blocks_equals_one_over_everything():
    tr = trainer(xor(700), layers=[{"kind": "dense", "units": 4}])
    d = tr.dataset
    logits = tr.network.forward(d.x_train)
    found = tr.evaluate()["train"]
    assert found["loss"] == pytest.approx(tr.loss(logits, d.y_train)[0], rel=1e-6)
    assert found["accuracy"] == np.mean((logits[:, 0] > 0) == d.y_train)


def test_without_test_examples_the_test_scores_are_not_a_number():
    d = xor()
    tr = trainer(engine.Dataset("all", "binary", d.x_train, d.y_train, d.x_test[:0], d.y_test[:0]))
    run(tr, 10)
    assert np.isnan(tr.history.column("test_loss")).all()
    assert np.isfinite(tr.history.column("train_loss")).all()


def test_the_first_row_of_a_large_run_is_of_the_examples_that_all_rows_are_of():
    tr = trainer(xor(AT_MOST + 700), layers=[])
    scores = tr.evaluate()
    assert tr.history.last()["train_loss"] == scores["train"]["loss"]
    assert tr.history.last()["test_score"] == scores["test"]["accuracy"]


def test_who_draws_may_do_so_in_the_middle_of_a_steps_evaluation_but_not_of_a_rewinds(monkeypatch):
    monkeypatch.setattr(evaluation, "AT_ONCE", 16)
    tr, glances = trainer(xor(50), batch_size=50), []
    tr.between = lambda: glances.append(tr.steps)
    tr.step()
    assert glances == [1] * 8                                          # four blocks of 16 of each split
    tr.rewind()
    assert len(glances) == 8


def test_a_copy_of_the_network_is_evaluated_part_by_part_while_the_run_goes_on(monkeypatch):
    monkeypatch.setattr(evaluation, "AT_ONCE", 16)
    tr = trainer(xor(50))
    run(tr, 5)
    expected, work, parts = tr.evaluate(), tr.evaluating(tr.network.copy()), 0

    def go_on():
        nonlocal parts
        parts += 1
        tr.step()

    assert evaluation.finish(work, go_on) == expected
    assert parts == 8                                                  # four of each split
