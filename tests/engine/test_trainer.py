"""What a run keeps to: the same numbers every time, whoever watches, and a way back when it diverges."""

import warnings

import numpy as np
import pytest

import engine
from tests.engine.trainers import run, same, trainer, wave, xor

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
    monkeypatch.setattr("engine.batches.SHUFFLE_BELOW", 0)
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
        batch, target = tr.batches.next(7, tr.targets)
        np.testing.assert_array_equal(target, 2 * batch)


def test_no_examples_to_train_on_is_said_in_words():
    d = xor()
    with pytest.raises(engine.SpecError, match="no examples to train on"):
        trainer(engine.Dataset("none", "binary", d.x_train[:0], d.y_train[:0], d.x_test, d.y_test))


def test_data_can_change_while_training_and_must_fit():
    tr = trainer()
    run(tr, 7)
    theta = tr.network.theta.copy()
    tr.set_data(xor(n=20, noise=0.5))
    np.testing.assert_array_equal(tr.network.theta, theta)
    run(tr, 7)
    with pytest.raises(engine.SpecError, match="needs a network of its own"):
        tr.set_data(wave())


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
        monkeypatch.setattr("engine.sane.LARGE", 0)
        monkeypatch.setattr("engine.trainer.LARGE", 0)
    tr = trainer(wave(), layers=[{"kind": "dense", "units": 6, "activation": activation}],
                 optimizer={"kind": optimizer, "lr": 1000.0})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        error = explode(tr)
    assert "1000" in str(error)
    assert "learning rate" in str(error)
    assert tr.diverged
    assert error.step > error.back == tr.steps
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


def test_the_spec_of_a_run_round_trips():
    tr = trainer(optimizer="adam", schedule={"kind": "cosine"}, l1=0.1)
    again = engine.Trainer(tr.spec.to_dict(), tr.dataset)
    assert again.spec == tr.spec
    assert run(tr, 10) == run(again, 10)
