"""Early stopping: what is held back, when a run ends, with which weights, and that it can go on, back and again."""

import numpy as np
import pytest

import engine
from engine import snapshot
from engine.stopping import SHARE
from tests.engine.trainers import run, same, trainer, xor

OVERFITS = {"layers": [{"kind": "dense", "units": 32, "activation": "tanh"}], "optimizer": {"kind": "adam", "lr": 0.05}}


def until_it_ends(tr: engine.Trainer, most: int = 5000) -> list[float]:
    losses = []
    while not tr.ended and len(losses) < most:
        losses.append(tr.step())
    assert tr.ended
    return losses


def validation_loss(tr: engine.Trainer) -> float:
    x, y = tr.batches.held
    return tr.loss(tr.network.forward(x), y)[0]


def overfitting(patience=3, seed=0) -> engine.Trainer:
    return trainer(xor(60, noise=0.5), patience=patience, seed=seed, **OVERFITS)


def test_without_patience_nothing_is_held_back_and_nothing_changes():
    plain, zero = trainer(), trainer(patience=0)
    assert run(plain, 40) == run(zero, 40)
    assert same(plain, zero)
    assert zero.batches.held is None
    assert zero.batches.x is zero.dataset.x_train


def test_a_tenth_is_held_back_and_never_trains(monkeypatch):
    tr = trainer(xor(50), patience=5)
    seen, forward = [], tr.network.forward

    def spy(x, train=False, **rest):
        if train:
            seen.append(np.array(x))
        return forward(x, train, **rest)

    monkeypatch.setattr(tr.network, "forward", spy)
    run(tr, 20)
    trained, held = {tuple(row) for row in np.concatenate(seen)}, {tuple(row) for row in tr.batches.held[0]}
    assert len(held) == round(SHARE * 50)
    assert not trained & held
    assert trained | held == {tuple(row) for row in tr.dataset.x_train}


def test_the_seed_decides_what_is_held_back():
    held = [overfitting(seed=seed).batches.held[0] for seed in (0, 0, 1)]
    np.testing.assert_array_equal(held[0], held[1])
    assert not np.array_equal(held[0], held[2])


@pytest.mark.parametrize("patience", [1, 3])
def test_it_ends_with_its_best_weights_after_so_many_passes_without_a_better_one(patience):
    tr, losses = overfitting(patience), []
    while not tr.ended:
        tr.step()
        if tr.epoch == int(tr.epoch) and not tr.ended:
            losses.append(validation_loss(tr))
    assert validation_loss(tr) == pytest.approx(min(losses))
    assert int(np.argmin(losses)) + 1 + patience == tr.epoch
    assert "Stopped early" in tr.ended
    assert f"epoch {int(np.argmin(losses)) + 1} " in tr.ended
    assert tr.history.column("train_loss")[-1] == tr.evaluate()["train"]["loss"]
    epochs, recorded = tr.history.column("epoch"), tr.history.column("validation_loss")
    assert np.isnan(recorded[epochs < 1]).all()                        # it is judged after each pass
    recorded = recorded[(epochs > 0) & (epochs % 1 == 0)]
    np.testing.assert_allclose(recorded[:len(losses)], losses, rtol=1e-6)
    assert recorded[-1] == pytest.approx(min(losses))


def test_it_goes_on_from_the_best_weights_and_may_end_again():
    tr = overfitting()
    until_it_ends(tr)
    at = tr.steps
    tr.step()
    assert (tr.ended, tr.steps) == ("", at + 1)
    until_it_ends(tr)
    assert tr.steps > at + 3


def test_the_same_run_ends_the_same_way_also_after_a_rewind():
    a, b = overfitting(), overfitting()
    losses = until_it_ends(a)
    assert until_it_ends(b) == losses
    assert same(a, b)
    b.rewind()
    assert b.ended == ""
    assert until_it_ends(b) == losses
    assert np.array_equal(a.network.theta, b.network.theta)


@pytest.mark.parametrize("before_the_end", [0, 1, 13])
def test_a_restored_run_ends_as_the_original_did(before_the_end):
    plain = overfitting()
    steps = len(until_it_ends(plain))
    tr = overfitting()
    run(tr, steps - before_the_end)
    kept = snapshot.take(tr)
    rest = run(tr, before_the_end + 9)
    snapshot.restore(tr, kept)
    assert bool(tr.ended) == (before_the_end == 0)
    tr.history.truncate(kept.rows)
    assert run(tr, before_the_end + 9) == rest
    snapshot.restore(tr, kept)
    run(tr, before_the_end)
    assert np.array_equal(tr.network.theta, plain.network.theta)
    assert tr.ended == plain.ended


def test_patience_can_be_switched_on_and_off_in_the_middle_of_a_run():
    tr = trainer(xor(60, noise=0.5), **OVERFITS)
    run(tr, 33)
    settings = tr.training.to_dict()
    theta = tr.network.theta.copy()
    tr.set_training(settings | {"patience": 2})
    np.testing.assert_array_equal(tr.network.theta, theta)
    until_it_ends(tr)
    tr.set_training(settings)
    run(tr, 400)
    assert tr.ended == ""
    assert tr.epoch > 60


def test_other_data_begins_the_wait_anew():
    tr = overfitting(patience=2)
    until_it_ends(tr)
    tr.set_data(xor(40, noise=0.1))
    assert tr.ended == ""
    assert len(tr.batches.held[0]) == 4
    run(tr, 5)


def test_a_single_example_trains_and_is_not_held_back():
    d = xor()
    tr = trainer(engine.Dataset("one", "binary", d.x_train[:1], d.y_train[:1], d.x_test, d.y_test), patience=1)
    run(tr, 10)
    assert (tr.ended, tr.epoch) == ("", 10)
