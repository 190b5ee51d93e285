"""Lesson 1: what its tasks claim of one neuron, whatever the seed."""

import numpy as np
import pytest

from tests.learn.lessons import SEEDS, lesson, loss, score, told, trained, trainer

NEURON, MINUTE = "01_neuron", 1_700_000          # steps that Play makes in a minute, about
HORIZONS = [20_000, pytest.param(MINUTE, marks=pytest.mark.slow)]


def answers(run) -> np.ndarray:
    """The probability of the second class for each test point."""
    return run.task.answers(run.network.forward(run.dataset.x_test))


def sureness(run) -> float:
    """The mean probability, over the test points, of the class that the neuron names."""
    p = answers(run)
    return float(np.maximum(p, 1 - p).mean())


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_neuron_parts_two_clouds(seed, horizon):
    assert np.all(told(NEURON, "", horizon, seed=seed).between(1000, horizon).test_score > 0.98)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_weights_of_a_neuron_that_is_right_keep_growing(seed):
    sizes = [np.linalg.norm(trained(NEURON, "", steps, seed=seed).network.theta) for steps in (500, 1000, 3000)]
    assert np.all(np.diff(sizes) > 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_its_inputs_are_standardised(seed):
    x = trainer(lesson(NEURON), seed=seed).dataset.x_train
    assert np.allclose(x.mean(axis=0), 0, atol=1e-3)
    assert np.allclose(x.std(axis=0), 1, atol=1e-3)


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_harder_cloud_leaves_it_unsure(seed, horizon):
    run = trained(NEURON, "A harder cloud", 3000, seed=seed)
    assert sureness(run) < sureness(trained(NEURON, "", 3000, seed=seed)) - 0.05
    rest = told(NEURON, "A harder cloud", horizon, seed=seed).between(3000, horizon)
    assert rest.train_loss.max() < 1.15 * rest.train_loss.min()                       # the line has settled
    assert 0.8 < rest.test_score.min() <= rest.test_score.max() < 0.97


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_line_is_no_answer_to_xor(seed, horizon):
    rest = told(NEURON, "No straight line will do", horizon, seed=seed).between(1000, horizon)
    assert rest.train_loss == pytest.approx(np.log(2), abs=0.01)
    assert rest.test_score.max() < 0.65
    run = trained(NEURON, "No straight line will do", 3000, seed=seed)
    assert np.abs(run.network.theta).max() < 0.25
    assert np.abs(answers(run) - 0.5).max() < 0.15


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_too_large_a_step_jumps_for_as_long_as_it_plays(seed, horizon):
    wild = told(NEURON, "Too large a step", horizon, seed=seed).between(1000, horizon)
    half = wild.between(horizon // 2, horizon)
    run = trainer(lesson(NEURON), "Too large a step", seed=seed, training__optimizer__lr=0.03)
    for _ in range(3000):
        run.step()
    assert min(wild.train_loss.std(), half.train_loss.std()) > 0.02
    assert loss(run) < 0.9 * min(wild.train_loss.mean(), half.train_loss.mean())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_smaller_rate_brings_the_jumping_line_to_rest(seed):
    run = trainer(lesson(NEURON), "Too large a step", seed=seed)
    for _ in range(1000):
        run.step()
    wild = told(NEURON, "Too large a step", 3000, seed=seed)
    run.set_training({**run.spec.training, "optimizer": {"kind": "sgd", "lr": 0.03}})
    values = []
    for step in range(6000):
        run.step()
        if step >= 4000 and step % 100 == 0:
            values.append(loss(run))
    assert np.std(values) < 0.05 * wild.train_loss.std()
    assert np.mean(values) < 0.9 * wild.train_loss.mean()
    assert score(run) > 0.75
