"""The network, its flat vectors, the history, the metrics, the initializers and gradcheck itself."""

import dataclasses
import tracemalloc

import numpy as np
import pytest

import engine
from engine import metrics
from engine.history import History
from engine.initializers import initializers
from engine.layers.base import Layer, layers
from engine.network import MAX_LAYERS

TWO = {"layers": [{"kind": "dense", "units": 4}, {"kind": "dense", "units": 3, "activation": "linear"}]}


def test_parameters_are_views_into_one_flat_vector_in_order():
    net = engine.Network(TWO, (2,))
    assert list(net.parameters()) == ["0.W", "0.b", "1.W", "1.b"]
    assert [a.shape for a in net.parameters().values()] == [(2, 4), (4,), (4, 3), (3,)]
    assert net.parameter_counts() == [12, 15]
    np.testing.assert_array_equal(np.concatenate([a.ravel() for a in net.parameters().values()]), net.theta)
    net.theta[...] = np.arange(27)
    assert net.parameters()["1.b"].tolist() == [24, 25, 26]
    net.gradients()["0.W"][...] = 7
    assert net.grad[:8].tolist() == [7] * 8
    assert net.decay.tolist() == [1] * 8 + [0] * 4 + [1] * 12 + [0] * 3
    assert (net.theta.dtype, net.grad.dtype) == (np.float32, np.float32)


def test_a_network_bound_to_other_vectors_leaves_the_old_ones_alone():
    net, x = engine.Network(TWO, (2,)), np.ones((3, 2), np.float32)
    y, old = net.forward(x), (net.theta, net.grad)
    net.backward(np.ones_like(y))
    before = net.grad.copy()
    net.bind(2 * net.theta, np.zeros_like(net.grad), net.decay, net.state)
    assert not np.allclose(net.forward(x), y)
    net.backward(np.ones_like(y))
    assert np.abs(net.grad).max() > 0
    np.testing.assert_array_equal(old[1], before)
    net.bind(*old, net.decay, net.state)
    np.testing.assert_array_equal(net.forward(x), y)


def test_assigning_an_old_copy_of_theta_is_time_travel():
    net, x = engine.Network(TWO, (2,)), np.ones((3, 2))
    before, y = net.theta.copy(), net.forward(x)
    net.theta += 1
    assert not np.array_equal(net.forward(x), y)
    net.theta[...] = before
    np.testing.assert_array_equal(net.forward(x), y)


def test_shapes_are_known_before_any_array_exists_and_say_what_does_not_fit():
    net = engine.Network(TWO, ())
    assert [type(shape) for shape in net.shapes()] == [engine.ShapeError] * 2
    assert net.theta.size == 0
    with pytest.raises(engine.ShapeError):
        net.forward(np.zeros(3))


def test_inputs_of_another_shape_are_refused_with_both_shapes():
    with pytest.raises(engine.ShapeError, match=r"\(2,\), not \(5,\)"):
        engine.Network(TWO, (2,)).forward(np.zeros((4, 5)))


def test_a_network_without_layers_passes_its_input_on():
    net, x = engine.Network({"layers": []}, (2,)), np.ones((3, 2), np.float32)
    y = net.forward(x)
    np.testing.assert_array_equal(y, x)
    assert not np.shares_memory(y, x)
    np.testing.assert_array_equal(net.backward(x), x)


@pytest.mark.parametrize("spec", [None, [], {}, {"layers": None}, {"layers": "dense"}, {"layers": [3]},
                                  {"layers": [{"kind": "dense"}] * (MAX_LAYERS + 1)},
                                  {"layers": [], "initializer": "magic"}, {"layers": [], "depth": 3},
                                  {"layers": [{"kind": "dense", "units": 10_000}] * 2}])
def test_a_malformed_network_is_refused(spec):
    with pytest.raises(engine.SpecError) as error:
        engine.Network(spec, (10_000,))
    assert len(str(error.value)) < 500


@pytest.mark.parametrize("spec", [None, [], {"seed": -1}, {"seed": 2**32}, {"seed": 1.5}, {"seed": True}, {"x": 1},
                                  {"data": 3}, {"training": [1]}, {"training": {"optimizer": 3}},
                                  {"training": {"schedule": {"kind": "step", "every": 0}}}, {"network": {"a": 1}}])
def test_a_malformed_run_is_refused(spec):
    with pytest.raises(engine.SpecError) as error:
        engine.RunSpec.from_dict(spec)
    assert len(str(error.value)) < 500


def test_a_run_spec_is_filled_in_and_frozen():
    spec = engine.RunSpec.from_dict({"network": TWO})
    assert engine.RunSpec.from_dict(spec.to_dict()) == spec
    assert spec.training["optimizer"] == {"kind": "sgd", "lr": 0.03, "momentum": 0.0, "weight_decay": 0.0}
    with pytest.raises(dataclasses.FrozenInstanceError):
        spec.seed = 3


# -- initial weights ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("kind", "deviation"), [
    ("zeros", 0), ("normal", 0.02), ("glorot_uniform", (2 / (200 + 100)) ** 0.5), ("he_normal", (2 / 200) ** 0.5),
    ("lecun_normal", (1 / 200) ** 0.5), ("default", (1 / 3 / 200) ** 0.5), ("orthogonal", 200**-0.5)])
def test_initial_weights_have_the_deviation_of_their_formula(kind, deviation):
    assert kind in initializers
    net = engine.Network({"layers": [{"kind": "dense", "units": 100}], "initializer": kind}, (200,), seed=1)
    W, b = net.parameters().values()
    assert W.std() == pytest.approx(deviation, rel=0.03)
    assert abs(W.mean()) <= 0.03 * deviation
    assert (np.abs(b).max() <= 200**-0.5) if kind == "default" else (b == 0).all()


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize(("start", "Wx", "Wh"), [
    ("he_normal", (2 / 2) ** 0.5, (2 / 64) ** 0.5), ("lecun_normal", (1 / 2) ** 0.5, (1 / 64) ** 0.5),
    ("glorot_uniform", (2 / (2 + 64)) ** 0.5, (2 / (64 + 64)) ** 0.5), ("default", *2 * ((1 / 3 / 64) ** 0.5,))])
def test_each_gate_of_a_recurrent_layer_begins_like_a_layer_of_its_own(kind, start, Wx, Wh):
    net = engine.Network({"layers": [{"kind": kind, "units": 64}], "initializer": start}, (5, 2), seed=1)
    p = net.parameters()
    assert p["0.Wx"].std() == pytest.approx(Wx, rel=0.12)         # 128 numbers and more
    assert p["0.Wh"].std() == pytest.approx(Wh, rel=0.03)


@pytest.mark.parametrize("shape", [(7, 7), (9, 4), (4, 9), (2, 3, 5)])
def test_orthogonal_weights_are_orthonormal(shape):
    W = initializers["orthogonal"](shape, 1, 1, np.random.default_rng(0)).reshape(-1, shape[-1])
    short = W.T @ W if W.shape[0] >= W.shape[1] else W @ W.T
    np.testing.assert_allclose(short, np.eye(len(short)), atol=1e-12)


# -- gradcheck ---------------------------------------------------------------------------------------------------------

def test_gradcheck_takes_a_float32_network_and_leaves_it_as_it_is():
    net = engine.Network(TWO, (2,))
    theta, x = net.theta.copy(), np.random.default_rng(0).standard_normal((5, 2)).astype(np.float32)
    result = engine.gradcheck(net, x, np.array([0, 1, 2, 0, 1]), loss="cross_entropy")
    assert [slope.name for slope in result.slopes] == ["0.W", "0.b", "1.W", "1.b", "input"]
    assert result.ok(1e-7)
    assert result.worst == max(slope.error for slope in result.slopes)
    np.testing.assert_array_equal(net.theta, theta)
    assert result == engine.gradcheck(net, x, np.array([0, 1, 2, 0, 1]), loss="cross_entropy", seed=0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.slopes = ()


@pytest.mark.parametrize("wrong", ["W", "b", "input"])
def test_gradcheck_finds_a_gradient_that_is_slightly_wrong(wrong, monkeypatch):
    backward = layers["dense"].backward

    def spoiled(self, dy):
        dx = backward(self, dy)
        if wrong == "input":
            return dx * 1.0001
        getattr(self, "d" + wrong)[...] *= 1.0001
        return dx

    monkeypatch.setattr(layers["dense"], "backward", spoiled)
    net = engine.Network({"layers": [{"kind": "dense", "units": 3}]}, (2,))
    errors = {slope.name: slope.error for slope in engine.gradcheck(net, np.ones((4, 2))).slopes}
    assert errors.pop("input" if wrong == "input" else f"0.{wrong}") > 5e-5
    assert max(errors.values()) < 1e-6


# -- small things ------------------------------------------------------------------------------------------------------

def test_scratch_memory_is_the_same_for_the_same_key_and_bounded():
    layer = Layer()
    first = layer.scratch("a", (3,), np.dtype(np.float32))
    assert layer.scratch("a", (3,), np.dtype(np.float32)) is first
    assert layer.scratch("b", (3,), np.dtype(np.float32)) is not first
    for n in range(1000):
        layer.scratch("a", (n,), np.dtype(np.float32))
    assert len(layer._scratch) <= 100
    first[...] = 1                                               # still the owner's, whoever else was thrown away
    assert first.tolist() == [1, 1, 1]


def test_history_keeps_every_row_while_it_grows():
    history = History(("step", "loss"))
    for i in range(1000):
        history.append(step=i, loss=i / 2)
    assert len(history) == 1000
    np.testing.assert_array_equal(history.column("loss"), np.arange(1000) / 2)
    np.testing.assert_array_equal(history.rows(998), [[998, 499], [999, 499.5]])
    history.truncate(3)
    assert history.column("step").tolist() == [0, 1, 2]


def test_metrics_on_paper():
    accuracy = metrics.accuracy(np.array([0, 1, 1, 2]), np.array([0, 1, 2, 2]))
    assert accuracy == 0.75
    assert type(accuracy) is float
    assert metrics.accuracy(np.zeros(0), np.zeros(0)) == 0
    y = np.array([[1.0], [2.0], [3.0]])
    assert metrics.r2(y, y) == 1
    assert metrics.r2(np.full((3, 1), 2.0), y) == 0
    assert metrics.r2(np.array([[2.0], [2.0], [5.0]]), y) == pytest.approx(1 - 5 / 2)
    assert metrics.r2(y, np.ones(3)) == 0
    counts = metrics.confusion(np.array([0, 1, 1, 2]), np.array([0, 1, 2, 2]), 3)
    assert counts.tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 1]]


def test_cross_entropy_refuses_targets_of_another_shape():
    with pytest.raises(engine.ShapeError, match="one class index for each"):
        engine.losses["cross_entropy"](np.zeros((3, 2)), np.zeros(4, int))
    with pytest.raises(engine.ShapeError, match="output shape"):
        engine.losses["mse"](np.zeros((3, 2)), np.zeros((2, 3)))
    for logits in (np.zeros((3, 2)), np.zeros((3, 4, 2))):
        with pytest.raises(engine.ShapeError, match="one class index for each"):
            engine.losses["brier"](logits, np.zeros(4, int))


def test_a_mask_that_leaves_nothing_gives_no_loss_and_no_gradient():
    value, d = engine.losses["cross_entropy"](np.ones((1, 3, 2)), np.zeros((1, 3), int), mask=np.zeros((1, 3), bool))
    assert value == 0
    assert not d.any()


def test_a_question_of_shape_makes_no_weights():
    spec = {"layers": [{"kind": "dense", "units": n} for n in (1024, 1024, 10)]}
    tracemalloc.start()
    try:
        found = engine.shapes(spec, (784,))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == engine.Network(spec, (784,)).shapes() == [(1024,), (1024,), (10,)]
    assert most < 200_000                                                       # its weights take 7 MB
    wrong = engine.shapes({"layers": [{"kind": "flatten"}, {"kind": "conv2d"}]}, (8, 8, 1))
    assert wrong[0] == (64,)
    assert isinstance(wrong[1], engine.ShapeError)
    with pytest.raises(engine.SpecError, match="parameters"):
        engine.shapes({"layers": [{"kind": "dense", "units": 8192}] * 3}, (8192,))
