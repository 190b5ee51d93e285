"""Lesson 6, gradient descent: what its tasks claim, and the numbers of its figures."""

from functools import cache

import numpy as np
import pytest

from engine import losses, optimizers
from tests.learn.lessons import SEEDS, lesson, loss, shown, told, trainer
from ui.explore import descent

DESCENT, MINUTE = "06_gradient_descent", 1_300_000         # steps that Play makes in a minute, about
HORIZONS = [3_000, pytest.param(MINUTE, marks=pytest.mark.slow)]


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_right_rate_gets_down(seed, horizon):
    assert trainer(lesson(DESCENT), seed=seed).network.theta.size == 25
    assert np.all(told(DESCENT, "", horizon, seed=seed).between(1000, horizon).train_loss < 0.1)


@pytest.mark.parametrize("horizon", [10_000, pytest.param(MINUTE, marks=pytest.mark.slow)])
@pytest.mark.parametrize("seed", SEEDS)
def test_too_small_a_rate_is_slow(seed, horizon):
    run = told(DESCENT, "Too small", horizon, seed=seed)
    assert run.at(500).train_loss > 0.45
    assert np.all(np.diff(run.train_loss[::20]) < 0)                                    # smooth, and down
    assert run.at(10_000).train_loss > told(DESCENT, "", 500, seed=seed).at(500).train_loss


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_too_large_a_rate_stays_above_a_guess(seed, horizon):
    assert np.mean(told(DESCENT, "Too large", horizon, seed=seed).between(500, horizon).train_loss > 1) > 0.98


@pytest.mark.parametrize("horizon", [10_000, pytest.param(MINUTE, marks=pytest.mark.slow)])
@pytest.mark.parametrize("seed", SEEDS)
def test_one_example_at_a_time_jitters(seed, horizon):
    single = told(DESCENT, "One example at a time", horizon, seed=seed).between(2000, horizon)
    assert single.train_loss.std() > 3 * batches_of_ten(seed).std()


@cache
def batches_of_ten(seed: int) -> np.ndarray:
    """Train losses of the same task with its batch size dragged up, from step 2,000 to 8,000."""
    run, values = trainer(lesson(DESCENT), "One example at a time", seed=seed, training__batch_size=10), []
    while run.steps < 8000:
        run.step()
        if run.steps >= 2000 and run.steps % 250 == 0:
            values.append(loss(run))
    return np.array(values)


@pytest.mark.parametrize("horizon", [14_000, pytest.param(MINUTE, marks=pytest.mark.slow)])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_schedule_cools_it_down(seed, horizon):
    last = told(DESCENT, "One at a time, cooling down", horizon, seed=seed).between(10_000, horizon).train_loss
    warm = told(DESCENT, "One example at a time", 14_000, seed=seed).between(10_000, 14_000).train_loss
    assert last.std() < 1e-6
    assert last.mean() < warm.mean()


@pytest.mark.parametrize("horizon", [1_000, pytest.param(10_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("seed", SEEDS)
def test_adam_is_ahead(seed, horizon):
    adam, plain = (told(DESCENT, name, horizon, seed=seed).between(1000, horizon).train_loss for name in ("Adam", ""))
    assert adam[0] < 0.5 * plain[0]
    assert adam.mean() < 0.6 * plain.mean()


@pytest.mark.parametrize(("signs", "low", "high"), [([1], 0.9, 1.1), ([1, -1], 0.0, 0.3)])
def test_adams_step_is_at_most_the_rate_and_small_where_the_sign_changes(signs, low, high):
    for size in (1e-3, 1.0, 1e3):
        adam, theta, steps = optimizers.build({"kind": "adam", "lr": 0.01}), np.zeros(1), []
        for t in range(400):
            before = theta.copy()
            adam.step(theta, np.array([size * signs[t % len(signs)]]))
            steps.append(float(np.abs(theta - before)[0]) / 0.01)
        assert low <= np.mean(steps[100:]) <= high
        assert max(steps) < 1.1


@pytest.mark.parametrize(("signs", "long"), [([1], 10.0), ([1, -1], 1 / 1.9)])
def test_momentum_grows_on_a_steady_slope_and_cancels_a_zigzag(signs, long):
    momentum, theta = optimizers.build({"kind": "momentum", "lr": 0.01, "momentum": 0.9}), np.zeros(1)
    for t in range(301):
        before = theta.copy()
        momentum.step(theta, np.array([signs[t % len(signs)]], float))
    assert float(np.abs(theta - before)[0]) / 0.01 == pytest.approx(long, rel=0.01)


@pytest.mark.parametrize("kind", ["rmsprop", "adam"])
def test_the_first_step_of_those_who_divide_is_as_long_in_both_directions(kind):
    path = descent.way("valley", kind, 0.05, 64, 1)
    assert abs(path["a"][1] - path["a"][0]) == pytest.approx(abs(path["b"][1] - path["b"][0]), rel=1e-4)


@pytest.mark.parametrize("ground", list(descent.GROUNDS))
def test_a_descent_follows_the_gradient_of_the_surface(ground):
    about, (x, y) = descent.GROUNDS[ground], descent.examples(ground)
    net = about.network()

    def at(place) -> float:
        net.theta[...] = place
        return losses["mse"](net.forward(x), y)[0]

    found, h, start = descent.way(ground, "sgd", 0.01, 64, 1), 1e-6, np.array(about.start)
    slope = [(at(start + h * e) - at(start - h * e)) / (2 * h) for e in np.eye(2)]
    assert np.allclose([found["a"][1], found["b"][1]], start - 0.01 * np.array(slope), atol=1e-8)
    assert found["loss"] == pytest.approx([at(start), at((found["a"][1], found["b"][1]))])


def ended(**values) -> float:
    return descent.way(**{"ground": "valley", "kind": "sgd", "lr": 0.05, "batch": 64, "steps": 60} | values)["loss"][-1]


def test_the_valley_has_rates_too_small_right_and_too_large():
    least = ended(lr=0.2, steps=500)
    assert ended(lr=0.002) > 5 * least
    assert ended(lr=0.2) < 1.01 * least
    assert ended(lr=0.5) > 1e6


def test_on_the_plateau_speed_or_division_helps():
    sgd, *others = (ended(ground="plateau", lr=1.0, kind=kind) for kind in descent.RACERS)
    assert sgd > 0.5 > 0.2 > max(others)


def test_a_schedule_lets_the_jumps_die_down():
    found = dict(shown(descent.SHAPES, descent.with_schedule)["facts"])
    assert float(found["with the schedule"]) < 0.01 * float(found["above it at the end, constant"])
