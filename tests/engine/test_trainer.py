"""What a run keeps to: the same numbers every time, whoever watches, and a way back when it diverges."""

import warnings

import numpy as np
import pytest

import engine
from engine.evaluation import AT_MOST

LAYERS = [{"kind": "dense", "units": 6, "activation": "tanh"}, {"kind": "dropout", "rate": 0.2}]


def xor(n=50, seed=0, noise=0.3) -> engine.Dataset:
    """Points of the plane whose class says whether their signs agree; half of them for testing."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, (2 * n, 2)).astype(np.float32)
    y = (x[:, 0] * x[:, 1] > 0).astype(np.int64)
    x += noise * rng.standard_normal(x.shape).astype(np.float32)
    return engine.Dataset("xor", "binary", x[:n], y[:n], x[n:], y[n:])


def wave(n=40) -> engine.Dataset:
    x = np.linspace(-2, 2, 2 * n, dtype=np.float32)[:, None]
    y = np.sin(2 * x)
    return engine.Dataset("wave", "regression", x[::2], y[::2], x[1::2], y[1::2])


def trainer(dataset=None, layers=LAYERS, seed=0, initializer="default", **training) -> engine.Trainer:
    spec = {"network": {"layers": layers, "initializer": initializer}, "training": training, "seed": seed}
    return engine.Trainer(spec, dataset or xor())


def run(tr: engine.Trainer, steps: int) -> list[float]:
    return [tr.step() for _ in range(steps)]


def same(a: engine.Trainer, b: engine.Trainer) -> bool:
    """Bit for bit: history, weights and where they stand."""
    return (np.array_equal(a.history.rows(), b.history.rows(), equal_nan=True)
            and np.array_equal(a.network.theta, b.network.theta) and (a.steps, a.epoch) == (b.steps, b.epoch))


# -- the same numbers --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("optimizer", list(engine.optimizers))
def test_the_same_seed_gives_the_same_run_bit_for_bit(optimizer):
    a, b = trainer(optimizer=optimizer), trainer(optimizer=optimizer)
    assert run(a, 60) == run(b, 60)
    assert same(a, b)


def test_another_seed_gives_another_run():
    a, b = trainer(seed=0), trainer(seed=1)
    assert not np.array_equal(a.network.theta, b.network.theta)
    assert run(a, 10) != run(b, 10)


def test_the_seed_also_decides_the_order_of_the_examples():
    a, b = trainer(seed=0), trainer(seed=1)
    b.network.theta[...] = a.network.theta
    assert run(a, 10) != run(b, 10)


@pytest.mark.parametrize("optimizer", list(engine.optimizers))
def test_rewinding_gives_the_same_run_again(optimizer):
    tr = trainer(optimizer=optimizer)
    first, rows = run(tr, 33), tr.history.rows().copy()
    tr.rewind()
    assert (tr.steps, tr.epoch, len(tr.history)) == (0, 0.0, 1)
    assert run(tr, 33) == first
    np.testing.assert_array_equal(tr.history.rows(), rows)


def test_watching_changes_nothing():
    plain, watched = trainer(optimizer="adam"), trainer(optimizer="adam")
    probe, x = watched.network.copy(), np.random.default_rng(9).standard_normal((17, 2))
    for _ in range(40):
        plain.step()
        watched.step()
        watched.evaluate()
        probe.load_state(watched.network)
        probe.forward(x, train=True)
        watched.network.forward(x)
        for view in watched.network.views():
            view.read()
    assert same(plain, watched)


def test_a_step_returns_the_loss_of_its_batch_before_the_step():
    tr = trainer(layers=[], batch_size=50)
    expected = tr.evaluate()["train"]["loss"]
    assert tr.step() == pytest.approx(expected, rel=1e-5)
    assert tr.evaluate()["train"]["loss"] < expected


def test_history_does_not_depend_on_large_data_being_read_another_way(monkeypatch):
    plain = trainer()
    run(plain, 30)
    monkeypatch.setattr("engine.trainer.SHUFFLE_BELOW", 0)
    picked = trainer()
    run(picked, 30)
    assert same(plain, picked)


# -- batches -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("size", "sizes"), [(1, [1] * 50), (50, [50]), (1000, [50]), (25, [25, 25]),
                                             (20, [20, 20, 10]), (49, [49, 1])])
def test_each_pass_takes_every_example_once_and_the_last_batch_may_be_smaller(size, sizes, monkeypatch):
    tr = trainer(batch_size=size)
    seen, orders = [], []
    forward = tr.network.forward

    def spy(x, train=False, **rest):
        if train:
            seen.append(np.array(x))
        return forward(x, train, **rest)

    monkeypatch.setattr(tr.network, "forward", spy)
    for passes in (1, 2):
        run(tr, len(sizes))
        assert [len(x) for x in seen] == sizes
        assert tr.epoch == passes
        orders.append(np.concatenate(seen))
        seen.clear()
    expected = np.sort(tr.dataset.x_train, axis=0)
    for order in orders:
        np.testing.assert_array_equal(np.sort(order, axis=0), expected)
    assert not np.array_equal(orders[0], orders[1]), "each pass is shuffled anew"


def test_inputs_stay_with_their_targets_when_shuffled():
    x = np.arange(30, dtype=np.float32)[:, None]
    tr = trainer(engine.Dataset("line", "regression", x, 2 * x, x, 2 * x), layers=[], batch_size=7)
    for _ in range(12):
        batch, target = tr._batch()
        np.testing.assert_array_equal(target, 2 * batch)


def test_no_examples_to_train_on_is_said_in_words():
    d = xor()
    with pytest.raises(engine.SpecError, match="no examples to train on"):
        trainer(engine.Dataset("none", "binary", d.x_train[:0], d.y_train[:0], d.x_test, d.y_test))


def test_without_test_examples_the_test_scores_are_not_a_number():
    d = xor()
    tr = trainer(engine.Dataset("all", "binary", d.x_train, d.y_train, d.x_test[:0], d.y_test[:0]))
    run(tr, 10)
    assert np.isnan(tr.history.column("test_loss")).all()
    assert np.isfinite(tr.history.column("train_loss")).all()


def test_data_can_change_while_training_and_must_fit():
    tr = trainer()
    run(tr, 7)
    theta = tr.network.theta.copy()
    tr.set_data(xor(n=20, noise=0.5))
    np.testing.assert_array_equal(tr.network.theta, theta)
    run(tr, 7)
    with pytest.raises(engine.SpecError, match="needs a network of its own"):
        tr.set_data(wave())


# -- settings ----------------------------------------------------------------------------------------------------------

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


# -- when it goes wrong ------------------------------------------------------------------------------------------------

def explode(tr: engine.Trainer) -> engine.Diverged:
    with pytest.raises(engine.Diverged) as error:
        run(tr, 3000)
    return error.value


@pytest.mark.parametrize("optimizer", ["sgd", "nesterov"])
@pytest.mark.parametrize("activation", ["linear", "relu", "tanh", "gelu"])
@pytest.mark.parametrize("kept_every_step", [True, False])
def test_after_divergence_the_weights_are_finite_and_training_goes_on(optimizer, activation, kept_every_step,
                                                                      monkeypatch):
    if not kept_every_step:
        monkeypatch.setattr("engine.trainer.BACKUP_BELOW", 0)
    tr = trainer(wave(), layers=[{"kind": "dense", "units": 6, "activation": activation}],
                 optimizer={"kind": optimizer, "lr": 1000.0})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        error = explode(tr)
    assert "1000" in str(error)
    assert "learning rate" in str(error)
    assert tr.diverged
    assert error.step == tr.steps
    assert np.isfinite(tr.network.theta).all()
    assert np.isfinite(tr.evaluate()["train"]["loss"])
    assert (np.diff(tr.history.column("step")) > 0).all()
    tr.set_training({"optimizer": {"kind": optimizer, "lr": 1e-8}, "clip_norm": 1.0})
    assert np.isfinite(run(tr, 5)).all()
    assert not tr.diverged


def test_weights_that_are_not_finite_count_as_divergence_even_if_the_loss_is_finite():
    tr = trainer(layers=[{"kind": "dense", "units": 2, "activation": "tanh", "bias": False}])
    tr.network.parameters()["0.W"][...] = [[np.inf, np.inf], [0, 0]]
    with pytest.raises(engine.Diverged):
        tr.step()
    assert np.isfinite(tr.network.theta).all()


def test_a_rewind_after_divergence_gives_the_first_steps_again():
    tr = trainer(wave(), layers=[], optimizer={"kind": "sgd", "lr": 1000.0})
    first = tr.step()
    explode(tr)
    tr.rewind()
    assert not tr.diverged
    assert tr.step() == first


# -- learning ----------------------------------------------------------------------------------------------------------

def test_all_zero_weights_keep_every_unit_the_same():
    tr = trainer(layers=[{"kind": "dense", "units": 5, "activation": "sigmoid"}], initializer="zeros",
                 optimizer={"kind": "sgd", "lr": 0.5})
    run(tr, 100)
    W = tr.network.parameters()["0.W"]
    assert np.abs(W).max() > 0
    np.testing.assert_allclose(W, np.repeat(W[:, :1], 5, axis=1), rtol=1e-5)      # equal but for rounding


@pytest.mark.parametrize("optimizer", [{"kind": "sgd", "lr": 0.3}, {"kind": "momentum", "lr": 0.05},
                                       {"kind": "nesterov", "lr": 0.05}, {"kind": "rmsprop", "lr": 0.01},
                                       {"kind": "adagrad", "lr": 0.1}, {"kind": "adam", "lr": 0.02},
                                       {"kind": "adamw", "lr": 0.02}], ids=lambda spec: spec["kind"])
def test_every_optimizer_learns_xor(optimizer):
    tr = trainer(xor(200, noise=0.0), layers=[{"kind": "dense", "units": 8}], optimizer=optimizer)
    before = tr.evaluate()["test"]
    run(tr, 1500)
    after = tr.evaluate()["test"]
    assert after["accuracy"] > 0.93
    assert after["loss"] < before["loss"] / 2


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


def test_the_spec_of_a_run_round_trips():
    tr = trainer(optimizer="adam", schedule={"kind": "cosine"}, l1=0.1)
    again = engine.Trainer(tr.spec.to_dict(), tr.dataset)
    assert again.spec == tr.spec
    assert run(tr, 10) == run(again, 10)
