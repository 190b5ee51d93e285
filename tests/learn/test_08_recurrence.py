"""Lesson 8, recurrence: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from engine import Diverged
from tests.learn.lessons import lesson, loss, ratio, trained, trainer, viewed
from ui.explore import recurrence

RECURRENCE = "08_recurrence"


def test_an_rnn_adds_over_ten_steps_and_its_gradient_curve_flattens():
    assert loss(trained(RECURRENCE, "", 1500)) < 0.2
    assert ratio(trainer(lesson(RECURRENCE))) < 0.01 < 10 * ratio(trained(RECURRENCE, "", 1500))


def test_twice_as_long_the_gradient_does_not_arrive_and_nothing_is_learned():
    assert ratio(trainer(lesson(RECURRENCE), "Twice as long")) < 1e-4
    assert loss(trained(RECURRENCE, "Twice as long", 1000)) > 0.85


def test_a_rotation_lets_the_gradient_through():
    assert ratio(trainer(lesson(RECURRENCE), "A Wh that keeps lengths")) > 0.1
    assert loss(trained(RECURRENCE, "A Wh that keeps lengths", 1500)) < 0.4


def play(run, steps: int, largest: list) -> None:
    """Take steps, and note the largest number of each gradient."""
    for _ in range(steps):
        run.step()
        largest.append(float(np.abs(run.network.grad).max()))


def test_a_gradient_explodes_and_clipping_it_saves_the_run():
    of, lengths = lesson(RECURRENCE), []
    run = trainer(of, "An exploding gradient")
    with pytest.raises(Diverged):
        play(run, 2000, lengths)
    assert max(lengths) > 1000 * np.median(lengths)
    assert len(lengths) > 200
    assert loss(trained(RECURRENCE, "The same, clipped", 2000)) < 0.5


def test_a_cut_stops_the_gradient_exactly():
    run = trained(RECURRENCE, "Cut the way back", 1500)
    norms = viewed(run, "0.gradient_through_time")
    assert np.array_equal(norms[:-3] == 0, np.ones(len(norms) - 3, bool))
    assert norms[-3:].all()
    assert loss(run) > 0.5


def test_one_unit_is_the_formula():
    shown = recurrence.one_unit(0.9, -1.3, 0.2, "alternating")
    x, h, slopes = (row["values"] for row in shown["rows"])
    state, states = 0.0, []
    for value in x:
        state = np.tanh(0.9 * value - 1.3 * state + 0.2)
        states.append(state)
    assert h == pytest.approx(states, abs=1e-5)
    assert slopes[0] == pytest.approx(np.prod([-1.3 * (1 - s * s) for s in states[1:]]), rel=1e-4)


@pytest.mark.parametrize("scale", [0.5, 0.9, 1.0, 1.3, 2.0])
def test_without_an_input_the_factor_is_the_eigenvalue(scale):
    norms = recurrence.gradients_back(scale, "none")["lines"][0]["values"]
    assert (norms[0] / norms[-1]) ** (1 / 49) == pytest.approx(scale, rel=0.05)
    loud = recurrence.gradients_back(scale, "loud")["lines"][0]["values"]
    assert loud[0] < 1e-3 * loud[-1]


def test_the_lstm_beside_it_passes_gradients_on():
    lstm = recurrence.gradients_back(0.9, "usual")["lines"][1]["values"]
    assert lstm[0] > 0.01 * lstm[-1]
