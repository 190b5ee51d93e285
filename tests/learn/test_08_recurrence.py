"""Lesson 8, recurrence: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from engine import Diverged
from tests.learn.lessons import SEEDS, lesson, ratio, told, trained, trainer, viewed
from ui.explore import recurrence

RECURRENCE = "08_recurrence"
LONG, ROTATION, CLIPPED, CUT = ("Three times as long", "A Wh that keeps lengths", "The same, clipped",
                                "Cut the way back")
MINUTE = {"": 440_000, LONG: 190_000, ROTATION: 190_000, CLIPPED: 240_000,
          CUT: 320_000}                         # steps that Play makes in a minute at most: a core does no more


def losses(name: str, steps: int, seed: int) -> np.ndarray:
    """The training loss up to a step, one number a pass over the data."""
    return told(RECURRENCE, name, steps, seed=seed).train_loss


@pytest.mark.parametrize("seed", SEEDS)
def test_an_rnn_adds_over_ten_steps_and_its_gradient_curve_flattens(seed):
    assert losses("", 300, seed).min() > 0.7
    run = trained(RECURRENCE, "", 3000, seed=seed)
    assert run.evaluate()["train"]["loss"] < 0.2
    assert 10 * ratio(trainer(lesson(RECURRENCE), seed=seed)) < 0.1 < 0.2 < ratio(run)


@pytest.mark.parametrize("seed", SEEDS)
def test_three_times_as_long_the_gradient_does_not_arrive_and_nothing_is_learned_for_long(seed):
    assert ratio(trainer(lesson(RECURRENCE), LONG, seed=seed)) < 1e-6
    assert losses(LONG, 1000, seed).min() > 0.9


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rotation_lets_the_gradient_through(seed):
    assert ratio(trainer(lesson(RECURRENCE), ROTATION, seed=seed)) > 0.09
    assert losses(ROTATION, 1500, seed)[-1] < 0.5


def play(run, steps: int, largest: list) -> None:
    """Take steps, and note the largest number of each gradient."""
    for _ in range(steps):
        run.step()
        largest.append(float(np.abs(run.network.grad).max()))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_gradient_explodes_and_clipping_it_saves_the_run(seed):
    run, lengths = trainer(lesson(RECURRENCE), "An exploding gradient", seed=seed), []
    assert run.training.clip_norm is None
    with pytest.raises(Diverged):
        play(run, 3000, lengths)
    assert max(lengths) > 1000 * np.median(lengths)
    assert len(lengths) > 200
    assert run.history.column("train_loss").min() < 0.95
    assert losses(CLIPPED, 2000, seed)[-1] < 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cut_stops_the_gradient_exactly_and_learning_for_a_while(seed):
    run = trained(RECURRENCE, CUT, 800, seed=seed)
    norms = viewed(run, "0.gradient_through_time")
    assert not norms[:-1].any()
    assert norms[-1] > 0
    assert losses(CUT, 800, seed).min() > 0.7
    assert losses(CUT, 4000, seed).min() < 0.3


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_in_a_minute_of_play_what_has_learned_stays(seed):
    for name, first, at_most in (("", 3000, 0.2), (CLIPPED, 2000, 0.5), (ROTATION, 1500, 0.5), (CUT, 4000, 0.3)):
        run = told(RECURRENCE, name, MINUTE[name], seed=seed).between(first, MINUTE[name])
        assert np.median(run.train_loss) < at_most, name
        assert run.train_loss[-100:].min() < at_most, name


@pytest.mark.slow
def test_three_times_as_long_may_be_learned_in_the_end():
    assert any(losses(LONG, MINUTE[LONG], seed).min() < 0.9 for seed in SEEDS)


def test_a_unit_that_latches_remembers_and_passes_no_gradient():
    _, h, slopes = (row["values"] for row in recurrence.one_unit(1.0, 2.0, 0.0, "impulse")["rows"])
    assert min(h) > 0.7
    assert h[-1] > 0.95
    assert abs(slopes[0]) < 1e-6


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
    assert lstm[0] > 0.5 * lstm[-1]
