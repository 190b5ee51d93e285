"""Lesson 5, backpropagation: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from tests.learn.lessons import SEEDS, gradients, lesson, shown, told, trained, trainer
from ui.explore import chain

BACK, MINUTE = "05_backpropagation", 1_500_000        # steps that Play makes of the lesson's own run in a minute, about
HORIZONS = [5_000, pytest.param(MINUTE, marks=pytest.mark.slow)]


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_lessons_own_run_learns_the_ring(seed, horizon):
    rest = told(BACK, "", horizon, seed=seed).between(2000, horizon)
    assert rest.test_score.mean() > 0.88


@pytest.mark.parametrize("seed", SEEDS)
def test_one_example_is_one_product(seed):
    run = trainer(lesson(BACK), "A single example", seed=seed)
    before = run.network.theta.copy()
    run.step()
    first, dz = run.network.layers[0], run.network.layers[0].db
    x = run.network.layers[0].dW[:, 0] / dz[0]
    assert np.allclose(first.dW, np.outer(x, dz), atol=1e-6)                  # rank one: x · ∂L/∂z, nothing added up
    moved = run.network.theta - before
    assert np.array_equal(np.sign(moved[moved != 0]), -np.sign(run.network.grad[moved != 0]))


@pytest.mark.parametrize("seed", SEEDS)
def test_all_examples_at_once_fall_at_every_step(seed):
    run = trainer(lesson(BACK), "All examples at once", seed=seed)
    values = [run.step() for _ in range(200)]
    assert len(run.dataset.x_train) == run.training.batch_size == 250
    assert np.all(np.diff(values) < 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_many_of_the_pushes_cancel(seed):
    run = trainer(lesson(BACK), "All examples at once", seed=seed)
    x, y = run.dataset.x_train, run.dataset.y_train
    pushes = []
    for i in range(len(x)):
        run.network.backward(run.loss(run.network.forward(x[i:i + 1]), y[i:i + 1])[1])
        pushes.append(run.network.grad.copy())
    sums, sizes = np.abs(np.sum(pushes, axis=0)), np.sum(np.abs(pushes), axis=0)
    assert np.median(sums / sizes) < 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_zero_weights_have_zero_gradients(seed):
    run = trainer(lesson(BACK), "Every weight at zero", seed=seed)
    run.step()
    assert not any(g.any() for name, g in run.network.gradients().items() if name != "2.b")
    run = trained(BACK, "Every weight at zero", 2000, seed=seed)
    assert run.network.parameters()["2.b"].any()
    assert not any(array.any() for name, array in run.network.parameters().items() if name != "2.b")


@pytest.mark.parametrize("seed", SEEDS)
def test_equal_weights_stay_copies_of_each_other(seed):
    run = trainer(lesson(BACK), "Every weight at zero", seed=seed)
    run.network.theta[...] = 0.5
    for _ in range(500):
        run.step()
    for name in ("0.W", "1.W"):
        W = run.network.parameters()[name]
        assert np.abs(W - 0.5).max() > 0.1
        assert np.allclose(W, W[:, :1], atol=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_six_layers_of_sigmoids_shrink_the_gradient_at_the_beginning(seed):
    first, *_, last = gradients(trainer(lesson(BACK), "Six layers of sigmoids", seed=seed))
    assert first < 1e-4 * last


@pytest.mark.parametrize("seed", SEEDS)
def test_the_slopes_of_relu_are_zero_and_one(seed):
    run = trainer(lesson(BACK), "ReLU: factors of 0 and 1", seed=seed)
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
