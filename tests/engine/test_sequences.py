"""Sequence layers: PyTorch's numbers, padding, truncation, fast paths against plain ones, and what they learn."""

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.kernels import recurrent as kernels_recurrent
from engine.kernels import sequence as kernels_sequence
from engine.layers.recurrent import Recurrent, back_through_time, through_time
from engine.optimizers import clip_norm
from tests.engine.small import noise

KINDS = tuple(kind for kind, layer in engine.layers.items() if issubclass(layer, Recurrent))
each_kind = pytest.mark.parametrize("kind", KINDS)
either_output = pytest.mark.parametrize("sequences", [False, True], ids=["last", "sequence"])

with np.load(Path(__file__).parents[1] / "golden" / "sequences.npz", allow_pickle=False) as file:
    GOLDEN = dict(file)
NAMES = sorted({name.rsplit(".", 1)[0] for name in GOLDEN})
LENGTHS = (6, 2, 4)


def recurrent(kind: str, shape=(7, 5), units=4, dtype=np.float64, seed=0, **knobs) -> engine.Network:
    return engine.Network({"layers": [{"kind": kind, "units": units, **knobs}]}, shape, seed, dtype)


def view(net: engine.Network, name: str) -> np.ndarray:
    (found,) = net.views({name})
    return np.asarray(found.data)


# -- numbers from PyTorch ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("dtype", "close"), [(np.float64, 1e-10), (np.float32, 2e-5)], ids=["float64", "float32"])
def test_outputs_and_all_gradients_are_those_of_pytorch(name, dtype, close):
    case = {key.rsplit(".", 1)[1]: value for key, value in GOLDEN.items() if key.rsplit(".", 1)[0] == name}
    kind, *options = name.split()
    if kind == "embedding":
        net = engine.Network({"layers": [{"kind": kind, "dim": 4, "vocab": 9}]}, (6,), dtype=dtype)
    else:
        window = next((int(o.removeprefix("window")) for o in options if o.startswith("window")), 0)
        net = recurrent(kind, case["x"].shape[1:], dtype=dtype, return_sequences="sequence" in options, truncate=window)
    for key, value in net.parameters().items():
        value[...] = case[key.removeprefix("0.")]
    mask = np.arange(6) < np.array(LENGTHS)[:, None] if "masked" in options else None
    x = case["x"] if kind == "embedding" else case["x"].astype(dtype)
    found = {"y": net.forward(x, mask=mask), "dx": net.backward(case["dy"].astype(dtype))}
    found |= {"d" + key.removeprefix("0."): value for key, value in net.gradients().items()}
    for key, value in found.items():
        if value is not None:
            np.testing.assert_allclose(value, case[key], rtol=close, atol=close, err_msg=key)
    if "norms" in case:
        np.testing.assert_allclose(view(net, "0.gradient_through_time"), case["norms"], rtol=close, atol=close)


@each_kind
def test_weights_begin_where_pytorch_lets_them_begin(kind):
    net = recurrent(kind, (3, 50), units=64)
    for name, value in net.parameters().items():
        bound = 1 / 8                                             # 1 / sqrt(units)
        assert np.abs(value).max() <= bound, name
        assert value.std() == pytest.approx(bound / 3 ** 0.5, rel=0.25), name


def test_an_embedding_begins_as_standard_normal():
    net = engine.Network({"layers": [{"kind": "embedding", "dim": 50, "vocab": 400}]}, (3,))
    assert net.theta.mean() == pytest.approx(0, abs=0.03)
    assert net.theta.std() == pytest.approx(1, abs=0.03)


# -- time --------------------------------------------------------------------------------------------------------------


@each_kind
@pytest.mark.parametrize("padded", [False, True], ids=["real", "padded"])
def test_all_steps_at_once_are_the_textbook_step_repeated(kind, padded):
    net, x = recurrent(kind, return_sequences=True), noise(3, 7, 5)
    mask = np.random.default_rng(2).random((3, 7)) < 0.6 if padded else None
    layer, y = net.layers[0], net.forward(x, mask=mask)
    states = through_time(layer, x, mask)[1:]
    hidden = np.stack([state[0] for state in states], axis=1)
    np.testing.assert_allclose(y, hidden * mask[..., None] if padded else hidden, rtol=1e-12)
    np.testing.assert_allclose(view(net, "0.hidden")[:, :, 0], hidden, rtol=1e-12)
    if kind == "lstm":
        cells = np.stack([state[1] for state in states], axis=1)
        np.testing.assert_allclose(view(net, "0.cell")[:, :, 0], cells, rtol=1e-12)


@each_kind
@either_output
@pytest.mark.parametrize("truncate", [0, 1, 3])
@pytest.mark.parametrize("padded", [False, True], ids=["real", "padded"])
def test_all_gradients_at_once_are_the_textbook_step_back_repeated(kind, sequences, truncate, padded):
    net, x = recurrent(kind, (9, 5), return_sequences=sequences, truncate=truncate), noise(4, 9, 5)
    net.theta[...] = noise(net.theta.size, seed=3)                # large enough to bend
    mask = np.random.default_rng(2).random((4, 9)) < 0.6 if padded else None
    y = net.forward(x, mask=mask)
    dy = noise(*y.shape, seed=1)
    dx, gradients = back_through_time(net.layers[0], x, dy, mask)
    np.testing.assert_allclose(net.backward(dy), dx, rtol=1e-9, atol=1e-13)
    assert list(gradients) == [name.removeprefix("0.") for name in net.gradients()]
    for name, gradient in net.gradients().items():
        np.testing.assert_allclose(gradient, gradients[name.removeprefix("0.")], rtol=1e-9, atol=1e-13, err_msg=name)
        assert gradient.any(), name


@each_kind
def test_a_textbook_step_back_is_the_slope_of_the_step(kind):
    """Nudging each number that goes in, against the step alone: no sequence, no fast path."""
    layer, x = recurrent(kind, (1, 5)).layers[0], noise(3, 5)
    state = tuple(noise(3, 4, seed=2 + i) for i in range(len(layer.first_state(3))))
    dstate = tuple(noise(3, 4, seed=5 + i) for i in range(len(state)))
    dx, dbefore, gradients = layer.step_back(x, state, dstate)
    weights = [(value, gradients[name]) for name, value in layer.own_parameters().items()]
    for values, found in [(x, dx), *zip(state, dbefore, strict=True), *weights]:
        direction, sides = noise(*values.shape, seed=9), []
        for side in (1e-6, -1e-6):
            values += side * direction
            sides.append(sum(float((a * b).sum()) for a, b in zip(layer.step(x, state), dstate, strict=True)))
            values -= side * direction
        assert float((found * direction).sum()) == pytest.approx((sides[0] - sides[1]) / 2e-6, rel=1e-6)


@each_kind
@either_output
def test_stretches_of_any_length_give_the_same_gradients(kind, sequences, monkeypatch):
    found = []
    for columns in (1, 8, 10_000):
        monkeypatch.setattr(kernels_sequence, "COLUMNS", columns)
        net = recurrent(kind, (23, 5), return_sequences=sequences)
        y = net.forward(noise(4, 23, 5), mask=np.arange(23) < np.array([23, 1, 9, 16])[:, None])
        dx = net.backward(noise(*y.shape, seed=1))
        found.append(np.concatenate([net.grad, dx.ravel()]))
    for other in found[1:]:
        np.testing.assert_allclose(other, found[0], rtol=1e-9, atol=1e-12)


@each_kind
@either_output
@pytest.mark.parametrize("truncate", [0, 1, 3])
def test_padding_changes_nothing_wherever_it_stands(kind, sequences, truncate):
    net, x = recurrent(kind, (9, 5), return_sequences=sequences, truncate=truncate), noise(4, 9, 5)
    mask = np.random.default_rng(2).random((4, 9)) < 0.6          # holes anywhere
    mask[0] = np.arange(9) < 4
    y = net.forward(x, mask=mask)
    dy = noise(*y.shape, seed=1)
    dx, grad, alone = net.backward(dy), net.grad.copy(), np.zeros_like(net.grad)
    for i, real in enumerate(mask):
        y_i = net.forward(x[i:i + 1, real])
        part = dy[i:i + 1, real] if sequences else dy[i:i + 1]
        np.testing.assert_allclose(y[i:i + 1, real] if sequences else y[i:i + 1], y_i, rtol=1e-12)
        np.testing.assert_allclose(dx[i, real], net.backward(part)[0], rtol=1e-9, atol=1e-14)
        assert not dx[i, ~real].any()
        assert not sequences or not y[i, ~real].any()
        alone += net.grad
    np.testing.assert_allclose(grad, alone, rtol=1e-9, atol=1e-12)


@each_kind
def test_truncation_lets_the_last_step_reach_exactly_so_many_inputs(kind):
    for k in (1, 2, 5, 9):
        net = recurrent(kind, (9, 5), truncate=k)
        net.forward(noise(2, 9, 5))
        dx = net.backward(np.ones((2, 4)))
        reached = np.abs(dx).sum(axis=(0, 2)) > 0
        np.testing.assert_array_equal(reached, np.arange(9) >= 9 - k)
        curve = view(net, "0.gradient_through_time")
        np.testing.assert_array_equal(curve > 0, np.arange(9) >= 9 - k)


@each_kind
def test_batches_of_changing_shapes_do_not_mix(kind):
    net = recurrent(kind)
    shapes = [(3, 7), (2, 7), (3, 4), (1, 1), (5, 6), (3, 7)]
    first = [net.forward(noise(n, t, 5)) for n, t in shapes]
    for (n, t), y in zip(shapes, first, strict=True):
        np.testing.assert_array_equal(net.forward(noise(n, t, 5)), y)


def test_gates_are_named_in_their_order():
    net, x = recurrent("lstm", return_sequences=True), noise(2, 7, 5)
    net.forward(x)
    (shown,) = net.views({"0.gates"})
    assert shown.axes[2] == "input, forget, candidate, output"
    i, f, g, o = np.moveaxis(shown.data, 2, 0)
    c = view(net, "0.cell")[:, :, 0]
    np.testing.assert_allclose(c[:, 1:], f[:, 1:] * c[:, :-1] + i[:, 1:] * g[:, 1:], rtol=1e-12)
    np.testing.assert_allclose(view(net, "0.hidden")[:, :, 0], o * np.tanh(c), rtol=1e-12)

    net = recurrent("gru", return_sequences=True)
    h = net.forward(x)
    (shown,) = net.views({"0.gates"})
    assert shown.axes[2] == "reset, update, candidate"
    _, z, n = np.moveaxis(shown.data, 2, 0)
    np.testing.assert_allclose(h[:, 1:], (1 - z[:, 1:]) * n[:, 1:] + z[:, 1:] * h[:, :-1], rtol=1e-12)


@each_kind
def test_a_recurrent_layer_refuses_what_is_no_sequence(kind):
    net = recurrent(kind, (5,))
    assert "needs steps and features" in str(net.error)
    with pytest.raises(engine.ShapeError, match=r"mask .* needs the shape \(2, 7\), not \(2, 6\)"):
        recurrent(kind).forward(noise(2, 7, 5), mask=np.ones((2, 6), bool))


def test_short_cuts_are_their_plain_formulas():
    a, b, c, out = (noise(5, 6, seed=i) for i in range(4))
    k = kernels_sequence
    np.testing.assert_allclose(k.slope_of_sigmoid(a, out=out), a * (1 - a))
    np.testing.assert_allclose(k.slope_of_tanh(a, out=out), 1 - a * a)
    np.testing.assert_allclose(k.minus_product(a, b, c, out=out), a - b * c)
    steps, buffer = noise(4, 3, 2), np.empty(50)
    np.testing.assert_array_equal(k.side_by_side(steps, buffer), steps.transpose(1, 0, 2).reshape(3, -1))
    Wh, bias, Wx, h, x = noise(4, 6), noise(6), noise(5, 6), noise(2, 4), noise(2, 5)
    column = np.concatenate([h, np.ones((2, 1)), x], axis=1)
    np.testing.assert_allclose(column @ k.stack(Wh, bias, Wx), h @ Wh + bias + x @ Wx)
    tokens = np.random.default_rng(0).integers(0, 70_000, 300)
    for vocab in (65_536, 70_000):
        kept = tokens[tokens < vocab]
        np.testing.assert_array_equal(k.argsort_tokens(kept, vocab), np.argsort(kept, kind="stable"))


@each_kind
def test_memory_of_long_batches_is_not_kept(kind, monkeypatch):
    monkeypatch.setattr(kernels_recurrent, "LARGE", 1000)
    net = recurrent(kind)
    for n in (3, 4, 5):
        net.forward(noise(n, 7, 5))
    assert len(net.layers[0].unrolled.tapes) == 1


# -- what they learn ---------------------------------------------------------------------------------------------------


def learn_to_add(kind: str, length: int, steps: int) -> float:
    """Mean squared error on the adding problem (Hochreiter and Schmidhuber, 1997) after training.

    Each of `length` steps has a number from 0 to 1, and a mark at two of them: what is the sum of the marked numbers?
    Answering 1 each time gives 1/6.
    """
    rng, judge = np.random.default_rng(0), engine.losses["mse"]

    def examples(n):
        x = np.zeros((n, length, 2), np.float32)
        x[:, :, 0] = rng.random((n, length))
        first, second = rng.integers(0, length // 2, n), rng.integers(length // 2, length, n)
        rows = np.arange(n)
        x[rows, first, 1] = x[rows, second, 1] = 1
        return x, (x[:, :, 0] * x[:, :, 1]).sum(axis=1)

    net = engine.Network({"layers": [{"kind": kind, "units": 32}, {"kind": "dense", "units": 1,
                                                                   "activation": "linear"}]}, (length, 2), seed=1)
    optimizer = engine.optimizers["adam"](lr=0.005)
    for _ in range(steps):
        x, y = examples(32)
        net.backward(judge(net.forward(x, train=True), y)[1], needs_dx=False)
        clip_norm(net.grad, 1.0)
        optimizer.step(net.theta, net.grad)
    x, y = examples(1000)
    return judge(net.forward(x), y)[0]


@pytest.mark.slow
def test_an_lstm_remembers_what_a_plain_rnn_forgets():
    """Measured: LSTM 0.0002, GRU 0.0001, plain RNN 0.170; ten seconds in all."""
    assert learn_to_add("lstm", 50, 3000) < 0.01
    assert learn_to_add("gru", 50, 3000) < 0.01
    assert learn_to_add("rnn", 50, 3000) > 0.1
