"""Lesson 4, losses: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from engine import losses
from tests.learn.lessons import SEEDS, Told, lesson, loss, shown, told, trainer
from ui.explore import wrongness

LOSSES, MINUTE = "04_losses", 6_000                  # steps in a minute at the 100 a second with which both sides run
HORIZONS = [3_200, pytest.param(MINUTE, marks=pytest.mark.slow)]


def sides(name: str, steps: int, seed: int) -> list[Told]:
    """The curves with cross-entropy and with squares."""
    return [told(LOSSES, name, steps, side, seed) for side in lesson(LOSSES).sides]


@pytest.mark.parametrize("seed", SEEDS)
def test_both_sides_start_alike(seed):
    entropy, squares = (trainer(lesson(LOSSES), side=side, seed=seed) for side in lesson(LOSSES).sides)
    assert (entropy.loss.kind, squares.loss.kind) == ("cross_entropy", "brier")
    assert np.array_equal(entropy.network.theta, squares.network.theta)
    assert loss(entropy) == pytest.approx(np.log(6), abs=0.3)
    assert loss(squares) == pytest.approx(5 / 6, abs=0.05)


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_squares_stay_on_a_plateau_and_arrive_in_the_end(seed, horizon):
    entropy, squares = sides("", horizon, seed)
    assert entropy.first(entropy.test_score > 0.9) < 0.7 * squares.first(squares.test_score > 0.9)
    assert squares.at(300).test_score < 0.5
    assert all(np.all(side.between(1500, horizon).test_score > 0.95) for side in (entropy, squares))


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_three_arms(seed, horizon):
    entropy, squares = sides("Three arms", horizon, seed)
    assert entropy.first(entropy.test_score > 0.9) < min(800, squares.first(squares.test_score > 0.9))
    assert squares.first(squares.test_score > 0.9) < 2000


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_handwritten_digits(seed, horizon):
    entropy, squares = sides("Handwritten digits", horizon, seed)
    assert entropy.at(500).test_score > 0.9
    assert squares.at(500).test_score < 2 / 3
    assert all(np.all(side.between(3000, horizon).test_score > 0.94) for side in (entropy, squares))


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_ten_times_the_steps(seed, horizon):
    for side in sides("Ten times the steps", horizon, seed):
        assert np.all(side.between(500, horizon).test_score > 0.95)


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_digits_with_adam(seed, horizon):
    for side in sides("Digits with Adam", horizon, seed):
        assert np.all(side.between(500, horizon).test_score > 0.92)


@pytest.mark.parametrize("kind", ["mse", "mae", "huber"])
def test_the_curve_of_a_loss_has_the_slope_beside_it(kind):
    found = shown(wrongness.NUMBERS, wrongness.loss_of_number, kind=kind, p=1.5, y=-0.5, delta=1.2)
    at, (value, slope) = np.array(found["at"]), (np.array(line["values"]) for line in found["lines"])
    smooth = np.abs(at[1:-1] + 0.5) > 0.2
    assert np.allclose(((value[2:] - value[:-2]) / (at[2] - at[0]))[smooth], slope[1:-1][smooth], atol=0.03)
    assert found["marker"]["y"][0] == pytest.approx({"mse": 4.0, "mae": 2.0, "huber": 1.2 * (2 - 0.6)}[kind])
    assert found["marker"]["slope"] == pytest.approx({"mse": 4.0, "mae": 1.0, "huber": 1.2}[kind])


@pytest.mark.parametrize(("z", "y"), [(-5.0, "1"), (0.0, "0"), (3.0, "0")])
def test_the_slopes_of_yes_or_no_are_the_formulas(z, y):
    found = dict(shown(wrongness.SIDES, wrongness.loss_of_logit, z=z, y=y)["facts"])
    p = 1 / (1 + np.exp(-z))
    assert float(found["dL/dz = p − y"]) == pytest.approx(p - float(y), abs=1e-4)
    assert float(found["dL/dz = 2(p − y) p (1 − p)"]) == pytest.approx(2 * (p - float(y)) * p * (1 - p), abs=1e-4)


def test_softmax_and_cross_entropy_leave_the_difference():
    _, p, y, slopes = (part["values"][0] for part in
                       shown(wrongness.CLASSES, wrongness.loss_of_shares)["groups"][0]["parts"][::2])
    assert np.allclose(np.array(p) - y, slopes)


def test_what_the_answer_says_of_being_sure_and_wrong():
    for p, entropy, square in ((0.001, 6.9, 0.998), (0.000001, 13.8, 1.0)):
        logit, truth = np.array([[np.log(p / (1 - p))]]), np.array([1.0])
        assert losses["binary_cross_entropy"](logit, truth)[0] == pytest.approx(entropy, abs=0.05)
        assert losses["brier"](logit, truth)[0] == pytest.approx(square, abs=5e-4)
