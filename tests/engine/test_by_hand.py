"""Numbers that can be checked on paper."""

import math

import numpy as np
import pytest

import engine


def two_two_one() -> engine.Network:
    """Two inputs, two sigmoid units, one linear output, with weights that are easy to multiply."""
    net = engine.Network({"layers": [{"kind": "dense", "units": 2, "activation": "sigmoid"},
                                     {"kind": "dense", "units": 1, "activation": "linear"}]}, (2,), dtype=np.float64)
    net.parameters()["0.W"][...] = [[1, -1], [2, 0]]
    net.parameters()["0.b"][...] = [0, 1]
    net.parameters()["1.W"][...] = [[3], [-2]]
    net.parameters()["1.b"][...] = 0.5
    return net


def test_a_2_2_1_network_forward_and_backward_on_paper():
    """x = (2, -1): z = (2·1 - 1·2, 2·(-1) - 1·0 + 1) = (0, -1), a = (1/2, s), y = 3/2 - 2s + 1/2, s = σ(-1)."""
    net, s = two_two_one(), 1 / (1 + math.e)
    y = net.forward(np.array([[2.0, -1.0]]))
    assert y[0, 0] == pytest.approx(2 - 2 * s)
    dx = net.backward(np.array([[1.0]]))
    d = net.gradients()
    np.testing.assert_allclose(d["1.W"], [[0.5], [s]])                   # the hidden answers
    np.testing.assert_allclose(d["1.b"], [1])
    dz1, dz2 = 3 * 0.25, -2 * s * (1 - s)                                # σ'(0) = 1/4, σ'(-1) = s(1 - s)
    np.testing.assert_allclose(d["0.b"], [dz1, dz2])
    np.testing.assert_allclose(d["0.W"], [[2 * dz1, 2 * dz2], [-dz1, -dz2]])
    np.testing.assert_allclose(dx, [[dz1 - dz2, 2 * dz1]])


def test_one_step_of_gradient_descent_on_paper():
    """Squared error against 1 at y = 2 - 2s: dL/dy = 2(1 - 2s). With rate 0.1, the output's b moves by -0.2(1 - 2s)."""
    net, s = two_two_one(), 1 / (1 + math.e)
    value, dy = engine.losses["mse"](net.forward(np.array([[2.0, -1.0]])), np.array([1.0]))
    assert value == pytest.approx((1 - 2 * s) ** 2)
    net.backward(dy)
    engine.optimizers["sgd"](lr=0.1).step(net.theta, net.grad)
    assert net.parameters()["1.b"][0] == pytest.approx(0.5 - 0.2 * (1 - 2 * s))


def test_the_mean_over_a_batch_halves_each_of_two_gradients():
    net, x = two_two_one(), np.array([[2.0, -1.0], [0.5, 3.0]])
    grads = []
    for rows in (x[:1], x[1:], x):
        y = net.forward(rows)
        net.backward(engine.losses["mse"](y, np.zeros_like(y))[1])
        grads.append(net.grad.copy())
    np.testing.assert_allclose(grads[2], (grads[0] + grads[1]) / 2)


@pytest.mark.parametrize(("kind", "logits", "y", "value"), [
    ("mse", [[1.0, 3.0]], [[0.0, 1.0]], (1 + 4) / 2),
    ("mae", [[1.0, 3.0]], [[0.0, 1.0]], (1 + 2) / 2),
    ("huber", [[0.5, 3.0]], [[0.0, 0.0]], (0.125 + 2.5) / 2),
    ("binary_cross_entropy", [[0.0]], [1], math.log(2)),
    ("binary_cross_entropy", [[math.log(3)]], [1], math.log(4 / 3)),
    ("binary_cross_entropy", [[-1000.0]], [1], 1000.0),
    ("cross_entropy", [[0.0, 0.0, 0.0, 0.0]], [2], math.log(4)),
    ("cross_entropy", [[math.log(3), 0.0]], [0], math.log(4 / 3)),
    ("cross_entropy", [[1000.0, 0.0]], [1], 1000.0),
    ("brier", [[0.0]], [1], 0.25),
    ("brier", [[math.log(3)], [0.0]], [0, 1], (9 / 16 + 1 / 4) / 2),
    ("brier", [[math.log(3), 0.0]], [0], 2 / 16),
    ("brier", [[1000.0, 0.0]], [1], 2.0),
])
def test_losses_on_paper(kind, logits, y, value):
    assert engine.losses[kind](np.array(logits), np.array(y))[0] == pytest.approx(value)


@pytest.mark.parametrize(("knobs", "expected"), [
    ({"kind": "sgd", "lr": 0.1}, [0.9, 0.8]),
    ({"kind": "momentum", "lr": 0.1, "momentum": 0.5}, [0.9, 0.75]),                 # v = 1, then 0.5 + 1
    ({"kind": "nesterov", "lr": 0.1, "momentum": 0.5}, [0.85, 0.675]),               # g + 0.5·v
    ({"kind": "adagrad", "lr": 0.1}, [0.9, 0.9 - 0.1 / math.sqrt(2)]),
    ({"kind": "rmsprop", "lr": 0.1, "alpha": 0.75}, [0.8, 0.8 - 0.1 / math.sqrt(0.4375)]),
    ({"kind": "adam", "lr": 0.1}, [0.9, 0.8]),                                       # a constant slope: steps of lr
    ({"kind": "adamw", "lr": 0.1, "weight_decay": 0.5}, [0.95 - 0.1, 0.85 * 0.95 - 0.1]),
])
def test_two_steps_down_a_constant_slope_of_one(knobs, expected):
    optimizer, theta = engine.optimizers.build(knobs), np.ones(1)
    for value in expected:
        optimizer.step(theta, np.ones(1))
        assert theta[0] == pytest.approx(value, abs=1e-7)
