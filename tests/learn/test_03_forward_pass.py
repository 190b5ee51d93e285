"""Lesson 3, the forward pass: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from tests.learn.lessons import SEEDS, lesson, shown, told, trained, trainer
from ui.explore import stacks

FORWARD = "03_forward_pass"
MINUTE, DEEP_MINUTE = 1_600_000, 800_000        # steps that Play makes in a minute, about: in one layer, in five
HORIZONS = [6_000, pytest.param(MINUTE, marks=pytest.mark.slow)]
DEEP_HORIZONS = [6_000, pytest.param(DEEP_MINUTE, marks=pytest.mark.slow)]


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_three_units_close_the_ring(seed, horizon):
    assert trainer(lesson(FORWARD), seed=seed).network.theta.size == 13
    assert np.all(told(FORWARD, "", horizon, seed=seed).between(2000, horizon).test_score > 0.9)


@pytest.mark.parametrize("horizon", DEEP_HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_linear_layers_stay_a_line_however_many(seed, horizon):
    assert told(FORWARD, "Five linear layers", horizon, seed=seed).train_loss.min() > 0.68
    run = trained(FORWARD, "Five linear layers", 1500, seed=seed)
    points = np.random.default_rng(0).uniform(-2, 2, (20, 2))
    middle, ends = run.network.forward(points[::2] / 2 + points[1::2] / 2), run.network.forward(points)
    assert np.allclose(middle, (ends[::2] + ends[1::2]) / 2, atol=1e-4)


@pytest.mark.parametrize("horizon", DEEP_HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_bent_they_close_the_ring(seed, horizon):
    assert np.all(told(FORWARD, "The same five, bent", horizon, seed=seed).between(1500, horizon).test_score > 0.97)
    assert (trainer(lesson(FORWARD), "The same five, bent").network.theta.size
            == trainer(lesson(FORWARD), "Five linear layers").network.theta.size)


@pytest.mark.parametrize("horizon", DEEP_HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_two_clouds_need_no_bend(seed, horizon):
    run = told(FORWARD, "When a line is enough", horizon, seed=seed)
    assert np.all(run.between(300, horizon).test_score > 0.99)


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_two_units_leave_the_ring_open(seed, horizon):
    rest = told(FORWARD, "Two units", horizon, seed=seed).between(2000, horizon)
    assert 0.74 < np.median(rest.test_score) < 0.84
    assert rest.test_score.max() < 0.9


def test_flowers_have_other_shapes():
    run = trainer(lesson(FORWARD), "Other shapes")
    assert run.network.input_shape == (4,)
    assert run.network.shapes() == [(5,), (3,)]


@pytest.mark.parametrize("seed", range(4))
def test_linear_layers_collapse_and_bent_ones_do_not(seed):
    def said(activation):
        found = shown(stacks.STACK, stacks.three_and_one, activation=activation, seed=seed, x1=1.5, x2=-2)
        return [float(value) for _, value in found["facts"]]

    three, one, difference = said("linear")
    assert three == pytest.approx(one, abs=1e-5)
    assert difference < 1e-5
    assert said("tanh")[2] > 1e-3
