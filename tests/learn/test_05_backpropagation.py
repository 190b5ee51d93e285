"""Lesson 5, backpropagation: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from tests.learn.lessons import gradients, lesson, score, shown, trained, trainer
from ui.explore import chain

BACK = "05_backpropagation"


def test_the_lessons_own_run_learns_the_ring():
    assert score(trained(BACK, "", 3000)) > 0.95


def test_one_example_is_one_product():
    run = trainer(lesson(BACK), "A single example")
    before = run.network.theta.copy()
    run.step()
    first, dz = run.network.layers[0], run.network.layers[0].db
    x = run.network.layers[0].dW[:, 0] / dz[0]
    assert np.allclose(first.dW, np.outer(x, dz), atol=1e-6)                  # rank one: x · ∂L/∂z, nothing added up
    moved = run.network.theta - before
    assert np.array_equal(np.sign(moved[moved != 0]), -np.sign(run.network.grad[moved != 0]))


def test_all_examples_at_once_fall_at_every_step():
    run = trainer(lesson(BACK), "All examples at once")
    values = [run.step() for _ in range(200)]
    assert len(run.dataset.x_train) <= 250
    assert np.all(np.diff(values) < 0)


def test_zero_weights_have_zero_gradients():
    run = trainer(lesson(BACK), "Every weight at zero")
    run.step()
    largest = {name: float(np.abs(g).max()) for name, g in run.network.gradients().items()}
    assert largest.pop("2.b") > 0
    assert set(largest.values()) == {0.0}
    run = trained(BACK, "Every weight at zero", 500)
    assert not any(array.any() for name, array in run.network.parameters().items() if name != "2.b")


def test_six_layers_of_sigmoids_shrink_the_gradient():
    first, *_, last = gradients(trainer(lesson(BACK), "Six layers of sigmoids"))
    assert first < 1e-4 * last


def test_the_slopes_of_relu_are_zero_and_one():
    run = trainer(lesson(BACK), "ReLU: factors of 0 and 1")
    run.step()
    for layer in run.network.layers[:-1]:
        slopes = layer.f.backward(np.ones_like(layer.z), layer.z, layer.a)
        assert set(np.unique(slopes)) <= {0.0, 1.0}


@pytest.mark.parametrize("activation", [kind for kind, _ in chain.BENDS])
def test_the_graph_ends_where_the_engines_backward_does(activation):
    found = shown(chain.GRAPH, chain.walk_back, activation=activation, x=0.7, w1=1.2, w2=-0.4, y=0.3, step=9)
    facts, last = dict(found["facts"]), {name: found["steps"][i]["done"].split(" = ")[-1]
                                         for name, i in (("v₁", 5), ("w₁", 6), ("w₂", 7), ("x", 8))}
    assert {name: facts[f"engine: ∂L/∂{name}"] for name in last} == last
    assert max(edge["step"] for edge in found["edges"]) == len(found["steps"]) == 9
    assert next(node for node in found["nodes"] if node["name"] == "x")["gradient"] == last["x"]


def test_the_best_nudge_is_in_between():
    found = shown(chain.NUDGE, chain.errors)
    gaps, facts = found["lines"][0]["values"], dict(found["facts"])
    assert 2 <= int(np.argmin(gaps)) <= 7
    assert gaps[0] / gaps[1] == pytest.approx(100, rel=0.1)                            # the error falls with h²
    assert float(facts["worst relative error of all parameters (gradcheck)"]) < 1e-7
    assert min(shown(chain.NUDGE, chain.errors, dtype="float32")["lines"][0]["values"]) > min(gaps)
