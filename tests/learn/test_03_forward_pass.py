"""Lesson 3, the forward pass: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from tests.learn.lessons import lesson, loss, score, shown, trained, trainer
from ui.explore import stacks

FORWARD = "03_forward_pass"


def test_three_units_close_the_ring():
    run = trained(FORWARD, "", 3000)
    assert run.network.theta.size == 13
    assert score(run) > 0.97


def test_linear_layers_stay_a_line_however_many():
    run = trained(FORWARD, "Five linear layers", 1500)
    assert loss(run) > 0.68
    points = np.random.default_rng(0).uniform(-2, 2, (20, 2))
    middle, ends = run.network.forward(points[::2] / 2 + points[1::2] / 2), run.network.forward(points)
    assert np.allclose(middle, (ends[::2] + ends[1::2]) / 2, atol=1e-4)


def test_bent_they_close_the_ring():
    assert score(trained(FORWARD, "The same five, bent", 600)) > 0.97
    assert (trainer(lesson(FORWARD), "The same five, bent").network.theta.size
            == trainer(lesson(FORWARD), "Five linear layers").network.theta.size)


def test_two_clouds_need_no_bend():
    assert score(trained(FORWARD, "When a line is enough", 300)) == 1.0


def test_two_units_leave_the_ring_open():
    assert 0.7 < score(trained(FORWARD, "Two units", 3000)) < 0.9


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
