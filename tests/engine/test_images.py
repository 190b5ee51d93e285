"""Layers for pictures: the fast paths against plain loops, and what the shared harness cannot know."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.kernels.image import Shelf, inside, naive_conv2d, outside
from tests.engine.small import conv, network
from tests.engine.test_golden import EXACT, golden

IMAGES = golden("images")
CASES = sorted({key.split(".")[0] for key in IMAGES} - {"training"})


# -- the fast paths and the plain formulas -----------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(size=st.tuples(st.integers(1, 9), st.integers(1, 9)), n=st.integers(1, 4), channels=st.integers(1, 4),
       filters=st.integers(1, 4), kernel=st.integers(1, 7), stride=st.integers(1, 3), same=st.booleans())
def test_convolution_is_what_the_plain_loops_compute(size, n, channels, filters, kernel, stride, same):
    padding = "same" if same and kernel % 2 else "valid"
    pad = kernel // 2 if padding == "same" else 0
    if min(size) + 2 * pad < kernel:
        return
    rng = np.random.default_rng(0)
    net = network(conv(filters, kernel, stride, padding), shape=(*size, channels))
    W, b = net.parameters().values()
    x = rng.standard_normal((n, *size, channels))
    y = net.forward(x)
    expected = naive_conv2d(x, W, b, pad, stride)
    np.testing.assert_allclose(y, expected, rtol=1e-9, atol=1e-12)
    dy = rng.standard_normal(y.shape)
    dx = net.backward(dy)
    dW, db = net.gradients().values()
    # the output is linear in x, in W and in b: each gradient is the transpose of that map
    nothing = np.zeros_like(b)
    np.testing.assert_allclose((dy * naive_conv2d(x, W, nothing, pad, stride)).sum(), (dx * x).sum(), rtol=1e-8)
    V, other = rng.standard_normal(W.shape), rng.standard_normal(x.shape)
    np.testing.assert_allclose((dy * naive_conv2d(x, V, nothing, pad, stride)).sum(), (dW * V).sum(), rtol=1e-8)
    np.testing.assert_allclose((dy * naive_conv2d(other, W, nothing, pad, stride)).sum(), (dx * other).sum(), rtol=1e-8)
    np.testing.assert_allclose(db, dy.sum(axis=(0, 1, 2)), rtol=1e-9, atol=1e-12)


def naive_pool(x, size, stride, dy, largest):
    """Pooled x and dL/dx for dL/dy = dy (made from the shape of y), in plain loops."""
    n, height, width, channels = x.shape
    y = np.zeros((n, (height - size) // stride + 1, (width - size) // stride + 1, channels))
    dx, dy = np.zeros_like(x), dy(y.shape)
    for at in np.ndindex(y.shape):
        e, i, j, c = at
        rows, columns = slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
        window = x[e, rows, columns, c]
        if largest:
            y[at] = window.max()
            u, v = np.unravel_index(window.argmax(), window.shape)          # argmax: the first of the largest
            dx[e, i * stride + u, j * stride + v, c] += dy[at]
        else:
            y[at] = window.mean()
            dx[e, rows, columns, c] += dy[at] / size ** 2
    return y, dx


@settings(max_examples=80, deadline=None)
@given(height=st.integers(1, 9), width=st.integers(1, 9), n=st.integers(1, 3), channels=st.integers(1, 3),
       size=st.integers(1, 4), stride=st.integers(0, 4), kind=st.sampled_from(["max_pool2d", "avg_pool2d"]))
def test_pooling_is_what_the_plain_loops_compute(height, width, n, channels, size, stride, kind):
    if min(height, width) < size:
        return
    x = np.random.default_rng(0).integers(-1, 2, (n, height, width, channels)).astype(float)        # many ties

    def dy(shape):
        return np.random.default_rng(1).standard_normal(shape)

    net = network({"kind": kind, "size": size, "stride": stride or None}, shape=x.shape[1:])
    for _ in range(2):                                                      # the second pass finds used buffers
        y = net.forward(x)
        expected, dx = naive_pool(x, size, stride or size, dy, kind == "max_pool2d")
        np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(net.backward(dy(y.shape)), dx, rtol=1e-12, atol=1e-12)


# -- PyTorch's numbers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(("dtype", "close"), [(np.float64, EXACT), (np.float32, {"rtol": 1e-3, "atol": 2e-4})],
                         ids=["float64", "float32"])
def test_golden(name, dtype, close):
    g = {key.removeprefix(f"{name}."): value for key, value in IMAGES.items() if key.startswith(f"{name}.")}
    x = g["x"].astype(dtype)
    net = network(*json.loads(str(g["spec"])), shape=x.shape[1:], dtype=dtype)
    net.theta[...] = g["theta"]
    np.testing.assert_allclose(net.forward(x, train=True), g["y"], **close)
    np.testing.assert_allclose(net.backward(g["dy"]), g["dx"], **close)
    np.testing.assert_allclose(net.grad, g["grad"], **close)
    net.forward(2 * x + 1, train=True)
    np.testing.assert_allclose(net.state, g["state"], **close)
    np.testing.assert_allclose(net.forward(x), g["eval"], **close)


def test_training_a_convolutional_network_follows_pytorch():
    g = {key.removeprefix("training."): value for key, value in IMAGES.items() if key.startswith("training.")}
    net = network(*json.loads(str(g["spec"])), shape=g["x"].shape[1:])
    net.theta[...], net.state[...] = g["theta"], g["state"]
    loss, adam = engine.losses["cross_entropy"], engine.optimizers["adam"](lr=0.01)
    for step, expected in enumerate(g["losses"]):
        rows = slice(8 * (step % 3), 8 * (step % 3) + 8)
        value, dlogits = loss(net.forward(g["x"][rows], train=True), g["y"][rows])
        net.backward(dlogits, needs_dx=False)
        adam.step(net.theta, net.grad)
        assert value == pytest.approx(expected, rel=1e-8), step
    np.testing.assert_allclose(net.theta, g["final"], rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(net.state, g["final state"], rtol=1e-7, atol=1e-9)


def test_kernels_and_biases_begin_as_in_pytorch():
    W, b = network(conv(64, 5), shape=(9, 9, 8)).parameters().values()
    bound = 1 / np.sqrt(5 * 5 * 8)
    for values in (W, b):
        assert np.abs(values).max() <= bound
        assert values.std() == pytest.approx(bound / np.sqrt(3), rel=0.2)
    net = network("batch_norm", "layer_norm", shape=(4,))
    assert net.theta.tolist() == [1, 1, 1, 1, 0, 0, 0, 0] * 2
    assert not net.decay.any()
    assert net.state.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


# -- memory ------------------------------------------------------------------------------------------------------------


def test_layers_of_pictures_hand_on_views_without_a_copy():
    net = network(conv(activation="relu"), "max_pool2d", "batch_norm", conv(3), "avg_pool2d", shape=(8, 8, 1))
    x = np.random.default_rng(0).standard_normal((5, 8, 8, 1))
    net.forward(x, train=True)
    for layer in net.layers:
        assert np.shares_memory(inside(layer.a), layer.a), layer.label
    assert outside(inside(x)).shape == x.shape
    np.testing.assert_array_equal(outside(inside(x)), x)


def test_work_space_is_kept_for_a_few_shapes_only():
    net = network(conv(), shape=(4, 4, 1))
    for n in range(1, 12):
        net.forward(np.zeros((n, 4, 4, 1)))
    assert len(net.layers[0].shelf.held) == 4
    shelf, made = Shelf(room=2), []
    for key in "abaca":
        shelf.get(key, lambda key=key: made.append(key))
    assert made == list("abca")


def test_flatten_goes_row_by_row_with_the_channels_together():
    x = np.arange(2 * 2 * 3 * 2).reshape(2, 2, 3, 2).astype(float)
    net = network("flatten", shape=(2, 3, 2))
    np.testing.assert_array_equal(net.forward(x), x.reshape(2, -1))
    pooled = network({"kind": "max_pool2d", "size": 1}, "flatten", shape=(2, 3, 2))         # batch innermost in memory
    np.testing.assert_array_equal(pooled.forward(x), x.reshape(2, -1))
    np.testing.assert_array_equal(pooled.backward(x.reshape(2, -1)), x)


# -- batch normalisation -----------------------------------------------------------------------------------------------


def test_running_statistics_move_in_training_only_and_lead_the_answers():
    net = network({"kind": "batch_norm", "momentum": 0.5, "eps": 1e-12}, shape=(1,))
    x = np.array([[1.0], [3.0]])
    np.testing.assert_allclose(net.forward(x, train=True), [[-1], [1]])                    # biased variance: 1
    assert net.state.tolist() == [1.0, 1.5]                            # 0.5·0 + 0.5·2 and 0.5·1 + 0.5·2 (unbiased)
    np.testing.assert_allclose(net.forward(x), [[0], [2 / np.sqrt(1.5)]])
    assert net.state.tolist() == [1.0, 1.5]


@pytest.mark.parametrize("shape", [(3,), (1, 3), (1, 1, 3)])
def test_a_training_batch_of_one_value_is_normalised_by_the_running_statistics(shape):
    net = network("batch_norm", shape=shape)
    net.state[...] = [1, 2, 3, 4, 5, 6]
    before, x = net.state.copy(), np.ones((1, *shape))
    np.testing.assert_array_equal(net.forward(x, train=True), net.forward(x))
    np.testing.assert_array_equal(net.state, before)
    assert engine.gradcheck(net, x, train=True).ok()


def test_a_short_last_batch_does_not_stop_training():
    x = np.random.default_rng(0).standard_normal((11, 2)).astype(np.float32)
    data = engine.Dataset("points", "regression", x, x[:, :1], x[:3], x[:3, :1])
    trainer = engine.Trainer({"network": {"layers": [{"kind": "dense", "units": 3}, {"kind": "batch_norm"}]},
                              "training": {"batch_size": 10}}, data)
    assert all(np.isfinite(trainer.step()) for _ in range(8))


# -- what it says when something doesn't fit ---------------------------------------------------------------------------


@pytest.mark.parametrize(("layer", "shape", "words"), [
    ("conv2d", (64,), "Convolution needs a picture .* but what reaches it is a vector of 64 numbers"),
    ("conv2d", (5, 3), "a sequence of 5 steps with 3 numbers each"),
    ("max_pool2d", (1, 2, 3, 4), "an array with 4 axes"),
    ("global_avg_pool", (), "a single number"),
    (conv(1, 5, 1, "valid"), (4, 9, 1), r"5 × 5\) is larger than the picture .*4 × 9"),
    (conv(1, 4), (9, 9, 1), "needs an odd kernel size, not 4"),
    ({"kind": "avg_pool2d", "size": 3}, (2, 5, 1), r"3 × 3\) is larger than .*2 × 5"),
    ("flatten", (), "at least one number"),
    ("batch_norm", (), "at least one feature"),
    ({"kind": "residual", "layers": [{"kind": "dense", "units": 3}], "projection": False}, (4,), "the projection on"),
    ({"kind": "residual", "layers": ["flatten"]}, (4, 4, 2), "cannot bring its input"),
    ({"kind": "residual", "layers": [conv(2, 3, 1, "valid")]}, (6, 6, 2), "padding 'same'"),
    ({"kind": "residual", "layers": ["flatten", "max_pool2d"]}, (4, 4, 2),
     "Its part 2 Max pooling does not fit. Max pooling needs a picture"),
    ("basic_block", (7,), "ResNet block needs a picture"),
])
def test_a_layer_that_does_not_fit_says_what_reaches_it_and_what_to_do(layer, shape, words):
    with pytest.raises(engine.ShapeError, match=words):
        network(layer, shape=shape)


# -- views -------------------------------------------------------------------------------------------------------------


def test_what_can_be_seen_of_pictures():
    net = network(conv(4, activation="relu"), "batch_norm", "max_pool2d", "basic_block", shape=(6, 6, 1))
    assert {view.name for view in net.views()} & {"0.kernels", "0.W.values"} == {"0.kernels", "0.W.values"}
    net.forward(np.random.default_rng(0).standard_normal((2, 6, 6, 1)))
    views = {view.name: view for view in net.views()}
    assert views["0.kernels"].data.shape == (3, 3, 1, 4)
    assert views["0.maps"].data.shape == views["0.pre-activations"].data.shape == (2, 6, 6, 4)
    assert (views["0.maps"].data >= 0).all()
    assert (views["0.pre-activations"].data < 0).any()
    assert views["2.maps"].data.shape == (2, 3, 3, 4)
    assert [views[f"1.{name}"].kind for name in ("gamma", "beta", "running_mean", "running_var")] == ["bars"] * 4
    assert views["3.3.kernels"].data.shape == (3, 3, 8, 8)
    assert views["3.paths"].data.shape == (2,)


# -- learning ----------------------------------------------------------------------------------------------------------


def test_a_small_convolutional_network_learns_to_read_digits():
    from sklearn.datasets import load_digits
    digits = load_digits()
    order = np.random.default_rng(0).permutation(len(digits.target))
    x = (digits.images[order, :, :, None] / 16 - 0.3).astype(np.float32)                    # (N, 8, 8, 1)
    y = digits.target[order].astype(np.int64)
    data = engine.Dataset("digits", "multiclass", x[:1400], y[:1400], x[1400:], y[1400:],
                          class_names=tuple("0123456789"))
    stack = [conv(8, activation="relu"), {"kind": "max_pool2d"}, conv(16, activation="relu"), {"kind": "max_pool2d"},
             {"kind": "flatten"}]
    trainer = engine.Trainer({"network": {"layers": stack}, "training": {
        "batch_size": 32, "optimizer": {"kind": "adam", "lr": 0.005}}}, data)
    while trainer.epoch < 10:
        trainer.step()
    assert trainer.evaluate()["test"]["accuracy"] > 0.95
