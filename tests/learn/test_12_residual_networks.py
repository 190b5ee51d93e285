"""Lesson 12, residual networks: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from tests.learn.lessons import SEEDS, gradients, lesson, told, trainer
from ui.explore import depth
from ui.lesson import changed

RESIDUAL = "12_residual_networks"
SIDES = ("Plain", "With shortcuts")
MINUTE = 6000                    # steps that Play makes in a minute: runs beside each other begin at 100 steps a second


def losses(name: str, steps: int, seed: int) -> list:
    """The training loss of the plain network and of the one with shortcuts, up to a step."""
    return [told(RESIDUAL, name, steps, side, seed).train_loss for side in SIDES]


@pytest.mark.parametrize("seed", SEEDS)
def test_shortcuts_learn_where_plain_layers_fail(seed):
    plain, shortcut = losses("Twenty layers", 600, seed)
    assert shortcut.min() < 0.2
    assert plain.min() > 0.6
    sizes = {trainer(lesson(RESIDUAL), "Twenty layers", side).network.theta.size for side in SIDES}
    assert len(sizes) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_four_layers_are_learned_by_both(seed):
    assert max(values.min() for values in losses("Four layers", 5000, seed)) < 0.2


@pytest.mark.parametrize("seed", SEEDS)
def test_forty_layers(seed):
    plain, shortcut = losses("Forty layers", 600, seed)
    assert plain[1:] == pytest.approx(0.693, abs=0.02)
    assert shortcut.min() < 0.2
    first, *_ = gradients(trainer(lesson(RESIDUAL), "Forty layers", "Plain", seed))
    assert 1e-16 < first < 1e-11


def test_the_figure_says_the_same():
    first, *_ = depth.norms(40, False, "tanh", "default")
    assert 1e-14 < first < 1e-12


@pytest.mark.parametrize("seed", SEEDS)
def test_a_gradient_that_arrives_is_not_enough(seed):
    name = "A gradient that arrives"
    first, *_, last, _ = gradients(trainer(lesson(RESIDUAL), name, "Plain", seed))
    assert first > 0.3 * last
    plain, shortcut = losses(name, 1000, seed)
    assert plain.min() > 0.5
    assert shortcut.min() < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("steps", [MINUTE, 100_000])                                     # and at full speed
def test_in_a_minute_of_play_the_plain_networks_do_not_catch_up(steps, seed):
    for name, at_least in (("Twenty layers", 0.6), ("Forty layers", 0.65)):
        plain, shortcut = (told(RESIDUAL, name, steps, side, seed).between(600, steps).train_loss for side in SIDES)
        assert plain.min() > at_least, name
        assert np.median(shortcut) < 0.2, name


def test_each_depth_can_be_chosen_for_both():
    of = lesson(RESIDUAL)
    (switch,) = of.switches
    for name, change in switch.options.items():
        plain, shortcut = (of.side(changed(of.spec, change), i) for i in range(2))
        assert len(plain["network"]["layers"]) == len(shortcut["network"]["layers"]) == int(name)
        assert of.side(shortcut, 1) == shortcut


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize("layers", [12, 40])
def test_gradients_come_through_shortcuts(activation, layers):
    plain, shortcut = (depth.norms(layers, residual, activation, "default") for residual in (False, True))
    assert len(plain) == len(shortcut) == layers
    assert plain[0] < 0.01 * plain[-1]
    assert shortcut[0] > (0.1 if activation == "tanh" else 0.02) * shortcut[-1]


def test_he_and_shortcuts_explode_without_norms():
    assert depth.norms(40, True, "relu", "he_normal")[0] > 1e4
