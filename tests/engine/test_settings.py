"""How a run trains: penalties, clipping, schedules, and settings that change while it does."""

import numpy as np
import pytest

import engine
from engine.snapshot import restore, take
from tests.engine.trainers import run, same, trainer, wave, xor


@pytest.mark.parametrize("knobs", [{"l1": 0.1}, {"l2": 0.1}, {"optimizer": {"kind": "sgd", "weight_decay": 0.1}},
                                   {"optimizer": {"kind": "adamw", "weight_decay": 0.1}}])
def test_penalties_pull_weights_and_leave_biases_alone(knobs):
    tr = trainer(layers=[{"kind": "dense", "units": 3}], **knobs)
    net = tr.network
    net.theta[...] = 2.0
    net.grad[...] = 0.0
    tr._add_penalties()
    tr.optimizer.step(net.theta, net.grad, 0.1)
    for name, array in net.parameters().items():
        assert (array < 2).all() if name.endswith("W") else (array == 2).all(), name


def test_l2_adds_its_share_of_the_weight_and_l1_its_sign():
    tr = trainer(layers=[], l1=0.25, l2=0.5)
    tr.network.parameters()["0.W"][...] = [[3.0], [-2.0]]
    tr.network.grad[...] = 1.0
    tr._add_penalties()
    np.testing.assert_allclose(tr.network.gradients()["0.W"], [[1 + 1.5 + 0.25], [1 - 1.0 - 0.25]])
    np.testing.assert_allclose(tr.network.gradients()["0.b"], [1])


@pytest.mark.parametrize("limit", [1e-3, 0.1, 1e6])
def test_clipping_bounds_the_step_and_keeps_its_direction(limit):
    free, clipped = trainer(layers=[], optimizer={"kind": "sgd", "lr": 1.0}), trainer(
        layers=[], optimizer={"kind": "sgd", "lr": 1.0}, clip_norm=limit)
    before = free.network.theta.copy()
    free.step()
    clipped.step()
    long, short = free.network.theta - before, clipped.network.theta - before
    assert np.linalg.norm(short) == pytest.approx(min(np.linalg.norm(long), limit), rel=1e-3)
    assert short @ long == pytest.approx(np.linalg.norm(short) * np.linalg.norm(long), rel=1e-3)


@pytest.mark.parametrize(("schedule", "factor"), [
    ({"kind": "constant"}, lambda e: 1.0),
    ({"kind": "step", "every": 2, "gamma": 0.1}, lambda e: 0.1 ** (e // 2)),
    ({"kind": "exponential", "gamma": 0.9}, lambda e: 0.9**e),
    ({"kind": "cosine", "length": 4, "floor": 0.2}, lambda e: 0.2 + 0.4 * (1 + np.cos(np.pi * min(e / 4, 1)))),
    ({"kind": "warmup", "length": 3}, lambda e: min(1, max(e / 3, 1e-3)))])
def test_a_schedule_sets_the_rate_of_each_step_from_its_formula(schedule, factor, monkeypatch):
    tr = trainer(schedule=schedule, optimizer={"kind": "sgd", "lr": 0.5}, batch_size=20)
    used = []
    monkeypatch.setattr(tr.optimizer, "step", lambda theta, grad, lr: used.append(lr))
    begun = []
    for _ in range(18):
        begun.append(tr.epoch)
        tr.step()
    assert begun[:4] == [0, 0.4, 0.8, 1]
    np.testing.assert_allclose(used, [0.5 * factor(e) for e in begun], rtol=1e-12)


def test_settings_change_while_training_and_the_weights_stay():
    tr = trainer(optimizer={"kind": "adam", "lr": 0.01})
    run(tr, 12)
    theta, t = tr.network.theta.copy(), tr.optimizer.t
    moments = tr.optimizer.state["m"].copy()
    tr.set_training({"optimizer": {"kind": "adam", "lr": 0.5}, "batch_size": 3})
    np.testing.assert_array_equal(tr.network.theta, theta)
    np.testing.assert_array_equal(tr.optimizer.state["m"], moments)
    assert (tr.optimizer.t, tr.lr, tr.steps) == (t, 0.5, 12)
    tr.set_training({"optimizer": "sgd"})
    assert (tr.optimizer.t, tr.optimizer.state) == (0, {})
    run(tr, 5)


@pytest.mark.parametrize("kind", ["adam", "adamw"])
def test_betas_may_change_while_training_and_the_averages_stay(kind):
    """As in PyTorch, where they are changed in `param_groups`: the paper's rule, with other numbers from then on."""
    tr = trainer(optimizer={"kind": kind, "lr": 0.01, "eps": 1e-3, "weight_decay": 0})
    m = s = np.zeros(tr.network.theta.size)
    for t, (b1, b2) in enumerate([(0.9, 0.999)] * 7 + [(0.5, 0.9)] * 2 + [(0.0, 0.99)] * 6 + [(0.8, 0.0)] * 6, 1):
        tr.set_training({"optimizer": tr.training.to_dict()["optimizer"] | {"betas": (b1, b2)}})
        before = tr.network.theta.copy()
        if t % 5 == 0:
            restore(tr, take(tr))
        tr.step()
        g = tr.network.grad.astype(float)
        m, s = b1 * m + (1 - b1) * g, b2 * s + (1 - b2) * g * g
        step = 0.01 * m / (1 - b1 ** t) / (np.sqrt(s / (1 - b2 ** t)) + 1e-3)
        np.testing.assert_allclose(tr.network.theta, before - step, rtol=1e-5, atol=1e-7)
        assert tr.optimizer.memory(3) == pytest.approx({"m": m[3], "s": s[3]}, rel=1e-4)


def test_setting_the_same_training_again_changes_nothing():
    plain, dragged = trainer(optimizer="adam"), trainer(optimizer="adam")
    for _ in range(30):
        plain.step()
        dragged.step()
        dragged.set_training(dragged.training.to_dict())
    assert same(plain, dragged)


def test_refused_settings_leave_the_run_as_it_was():
    plain, asked = trainer(), trainer()
    run(plain, 5), run(asked, 5)
    for training in ({"batch_size": 0}, {"loss": "cross_entropy"}, {"optimizer": {"kind": "adam", "lr": -1}}, {"x": 1}):
        with pytest.raises(engine.SpecError):
            asked.set_training(training)
    run(plain, 5), run(asked, 5)
    assert same(plain, asked)


@pytest.mark.parametrize("loss", list(engine.losses))
@pytest.mark.parametrize("data", [xor, wave])
def test_a_loss_fits_the_task_or_is_refused_with_those_that_do(data, loss):
    dataset = data()
    if dataset.task in engine.losses[loss].tasks:
        assert np.isfinite(run(trainer(dataset, loss=loss), 3)).all()
        return
    with pytest.raises(engine.SpecError, match="does not fit this data") as error:
        trainer(dataset, loss=loss)
    assert all(kind in str(error.value) for kind in engine.losses if dataset.task in engine.losses[kind].tasks)


def test_every_task_has_a_loss_that_fits_it_and_a_metric():
    for kind in engine.tasks:
        assert kind in engine.losses[engine.tasks[kind].loss].tasks
