"""Lesson 12, residual networks: what its tasks claim, and the numbers of its figures."""

import pytest

from tests.learn.lessons import lesson, loss, score, trained
from ui.explore import depth
from ui.lesson import changed

RESIDUAL = "12_residual_networks"


def both(name: str, steps: int) -> list:
    """The plain network and the one with shortcuts of a task after so many steps."""
    return [trained(RESIDUAL, name, steps, side) for side in ("Plain", "With shortcuts")]


def test_shortcuts_learn_where_plain_layers_fail():
    plain, shortcut = both("Twenty layers", 600)
    assert plain.network.theta.size == shortcut.network.theta.size
    assert loss(shortcut) < 0.2
    assert loss(plain) > 0.6
    shallow, with_shortcuts = both("Four layers", 600)
    assert loss(shallow) < loss(plain)
    assert min(score(shallow, "train"), score(with_shortcuts, "train")) > 0.7


def test_forty_layers():
    plain, shortcut = both("Forty layers", 600)
    assert loss(plain) == pytest.approx(0.693, abs=0.002)
    assert loss(shortcut) < 0.2
    first, *_ = depth.norms(40, False, "tanh", "default")
    assert 1e-14 < first < 1e-12


def test_a_gradient_that_arrives_is_not_enough():
    first, *_, last = depth.norms(20, False, "tanh", "orthogonal")
    assert first > 0.5 * last
    plain, shortcut = both("A gradient that arrives", 1000)
    assert loss(plain) > 0.55
    assert loss(shortcut) < 0.1


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
    assert shortcut[0] > 0.02 * shortcut[-1]


def test_he_and_shortcuts_explode_without_norms():
    assert depth.norms(40, True, "relu", "he_normal")[0] > 1e4
