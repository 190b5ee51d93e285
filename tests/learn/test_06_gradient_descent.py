"""Lesson 6, gradient descent: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from engine import losses
from tests.learn.lessons import lesson, loss, shown, trained, trainer
from ui.explore import descent

DESCENT = "06_gradient_descent"


def watched(name: str, start: int, stop: int) -> np.ndarray:
    """Train losses every ten steps between two."""
    run, values = trainer(lesson(DESCENT), name), []
    for step in range(stop):
        run.step()
        if step >= start and step % 10 == 0:
            values.append(loss(run))
    return np.array(values)


def test_the_right_rate_gets_down():
    assert loss(trained(DESCENT, "", 1000)) < 0.1
    assert trained(DESCENT, "", 1000).network.theta.size == 25


def test_too_small_a_rate_is_slow():
    assert loss(trained(DESCENT, "Too small", 500)) > 0.45
    assert loss(trained(DESCENT, "Too small", 1000)) < loss(trained(DESCENT, "Too small", 500))


def test_too_large_a_rate_ends_above_a_guess():
    assert loss(trained(DESCENT, "Too large", 500)) > 1


def test_one_example_at_a_time_jitters():
    single, batches = watched("One example at a time", 1600, 2000), watched("", 1600, 2000)
    assert single.std() > 5 * batches.std()


def test_a_schedule_cools_it_down():
    last, warm = (watched(name, 4500, 5000) for name in ("One at a time, cooling down", "One example at a time"))
    assert last.std() < 0.001
    assert last.mean() < warm.mean()


def test_adam_is_ahead():
    assert loss(trained(DESCENT, "Adam", 300)) < 0.6 * loss(trained(DESCENT, "", 300))


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
    sgd, momentum, rmsprop = (ended(ground="plateau", lr=1.0, kind=kind) for kind in ("sgd", "momentum", "rmsprop"))
    assert sgd > 0.5 > 0.2 > momentum > rmsprop


def test_a_schedule_lets_the_jumps_die_down():
    found = dict(shown(descent.SHAPES, descent.with_schedule)["facts"])
    assert float(found["with the schedule"]) < 0.01 * float(found["above it at the end, constant"])
