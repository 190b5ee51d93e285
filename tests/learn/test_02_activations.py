"""Lesson 2, activations: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from engine import Trainer, activations
from tests.learn.lessons import gradients, lesson, loss, score, shown, task, trained, trainer
from ui.explore import functions

ACTIVATIONS = "02_activations"


def hidden(run: Trainer) -> list[np.ndarray]:
    """What each hidden layer answers to the training examples."""
    run.network.forward(run.dataset.x_train)
    return [layer.a.copy() for layer in run.network.layers[:-1]]


def test_six_layers_of_sigmoids_do_not_learn():
    run = trained(ACTIVATIONS, "", 2000)
    assert loss(run) == pytest.approx(np.log(2), abs=0.005)
    first, *_, last = gradients(trainer(lesson(ACTIVATIONS)))
    assert first < 1e-3 * last


def test_tanh_closes_the_ring():
    assert score(trained(ACTIVATIONS, "Tanh", 500)) > 0.97


def test_relu_learns_as_fast_and_answers_exactly_zero_on_one_side():
    run = trained(ACTIVATIONS, "ReLU", 500)
    assert score(run) > 0.95
    assert all((a == 0).any(axis=0).mean() > 0.5 for a in hidden(run))


def test_relus_die_and_then_nothing_is_learned():
    run = trained(ACTIVATIONS, "Dead ReLUs", 1500)
    assert (hidden(run)[-1] == 0).all()
    assert gradients(run)[0] == 0
    assert loss(run) == pytest.approx(np.log(2), abs=0.01)


def test_leaky_relus_come_back():
    start, other = (task(lesson(ACTIVATIONS), name).spec({**lesson(ACTIVATIONS).spec})["training"]
                    for name in ("Dead ReLUs", "Leaky ReLU, the same steps"))
    assert start == other
    assert score(trained(ACTIVATIONS, "Leaky ReLU, the same steps", 1500)) > 0.98


def test_three_layers_of_sigmoids_learn_after_a_wait():
    assert loss(trained(ACTIVATIONS, "Sigmoid, three layers fewer", 900)) > 0.6
    assert loss(trained(ACTIVATIONS, "Sigmoid, three layers fewer", 2500)) < 0.1


@pytest.mark.parametrize("kind", [kind for kind, _ in functions.FUNCTIONS])
@pytest.mark.parametrize("z", [-3.0, -0.5, 0.5, 4.0])
def test_the_slope_is_the_curves(kind, z):
    found = shown(functions.CURVE, functions.curve_and_slope, function=kind, z=z, alpha=0.3)
    at, (a, slope) = np.array(found["at"]), (np.array(line["values"]) for line in found["lines"])
    middle = np.abs(at[1:-1]) > 0.06
    assert np.allclose(((a[2:] - a[:-2]) / (at[2] - at[0]))[middle], slope[1:-1][middle], atol=2e-3)
    assert found["marker"]["y"] == pytest.approx([np.interp(z, at, a), np.interp(z, at, slope)], abs=2e-3)


def test_the_lessons_table_of_bounds_holds():
    z = np.linspace(-6, 6, 2001)
    for kind, most in (("sigmoid", 0.25), ("tanh", 1), ("relu", 1)):
        f = activations[kind]()
        assert f.backward(np.ones_like(z), z, f.forward(z)).max() == pytest.approx(most, abs=1e-6)


def test_softmax_ignores_what_is_added_to_all():
    one, other = (shown(functions.SOFTMAX, functions.shares, z1=1 + up, z2=up, z3=-1 + up) for up in (0, 2))
    shares, again = (found["groups"][0]["parts"][2]["values"] for found in (one, other))
    assert np.allclose(shares, again)
    assert np.allclose(np.sum(one["groups"][1]["parts"][0]["values"], axis=1), 0)


def test_eight_layers_saturate_and_die():
    def facts(**values):
        return dict(shown(functions.DEEP, functions.through_layers, **values)["facts"])

    assert float(facts(function="sigmoid")["first layer ÷ last layer"]) < 1e-3
    assert int(facts(function="tanh", scale=10)["flat"][:-2]) > 50 > int(facts(function="tanh")["flat"][:-2])
    assert int(facts(function="relu", bias=-5)["dead"][:-2]) > 50 > int(facts(function="relu")["dead"][:-2])
    assert float(facts(function="relu")["first layer ÷ last layer"]) > 0.01
