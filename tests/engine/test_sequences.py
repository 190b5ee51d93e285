"""Sequence layers: PyTorch's numbers, padding, truncation, fast paths against plain ones, and what they learn."""

from pathlib import Path

import numpy as np
import pytest

import engine
from engine import kernels_sequence
from engine.layers import recurrent as recurrent_module
from engine.optimizers import clip_norm
from tests.engine.examples import EXAMPLES

KINDS = ("rnn", "lstm", "gru")
each_kind = pytest.mark.parametrize("kind", KINDS)
either_output = pytest.mark.parametrize("sequences", [False, True], ids=["last", "sequence"])

with np.load(Path(__file__).parents[1] / "golden" / "sequences.npz", allow_pickle=False) as file:
    GOLDEN = dict(file)
NAMES = sorted({name.rsplit(".", 1)[0] for name in GOLDEN})
LENGTHS = (6, 2, 4)


def recurrent(kind: str, shape=(7, 5), units=4, dtype=np.float64, seed=0, **knobs) -> engine.Network:
    return engine.Network({"layers": [{"kind": kind, "units": units, **knobs}]}, shape, seed, dtype)


def noise(*shape, seed=0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)


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
def test_all_steps_at_once_are_the_textbook_step_repeated(kind):
    net, x = recurrent(kind, return_sequences=True), noise(3, 7, 5)
    layer, y = net.layers[0], net.forward(x)
    state = layer.first_state(3)
    for t in range(7):
        state = layer.step(x[:, t], state)
        np.testing.assert_allclose(y[:, t], state[0], rtol=1e-12)
    np.testing.assert_allclose(view(net, "0.hidden")[:, :, 0], y)
    if kind == "lstm":
        np.testing.assert_allclose(view(net, "0.cell")[:, -1, 0], state[1], rtol=1e-12)


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
    monkeypatch.setattr(recurrent_module, "LARGE", 1000)
    net = recurrent(kind)
    for n in (3, 4, 5):
        net.forward(noise(n, 7, 5))
    assert len(net.layers[0]._tapes) == 1


# -- embedding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tokens", "vocab"), [
    (np.arange(10), 10), (np.zeros(1000, int), 5), (np.array([3]), 4),
    (np.random.default_rng(0).zipf(1.2, 3000) % 500, 500),
    (np.random.default_rng(1).integers(0, 100_000, 500), 100_000), (np.repeat([7, 2, 9], 17), 10),
    (np.arange(33) % 2, 2)], ids=["each once", "one", "single", "words", "many", "runs", "two"])
def test_rows_are_summed_by_token_as_add_at_does(tokens, vocab):
    rows, found, plain = noise(len(tokens), 3), np.full((vocab, 3), np.nan), np.zeros((vocab, 3))
    kernels_sequence.sum_rows_by_token(tokens, rows, found)
    np.add.at(plain, tokens, rows)
    np.testing.assert_allclose(found, plain, rtol=1e-10, atol=1e-12)


def test_a_row_that_stands_for_several_tokens_is_added_for_each():
    tokens, rows, found = np.random.default_rng(0).integers(0, 6, 40), noise(4, 3), np.empty((6, 3))
    kernels_sequence.sum_rows_by_token(tokens, rows, found, repeat=10)
    plain = np.zeros((6, 3))
    np.add.at(plain, tokens, np.repeat(rows, 10, axis=0))
    np.testing.assert_allclose(found, plain)


@pytest.mark.parametrize(("tokens", "complaint"), [
    ([[0, 9]], "knows the tokens 0 to 8, and got 9"), ([[-1, 0]], "knows the tokens 0 to 8, and got -1"),
    ([[0.5, 1]], "which are whole numbers")])
def test_an_embedding_refuses_tokens_it_does_not_have(tokens, complaint):
    net = engine.Network({"layers": [{"kind": "embedding", "dim": 4, "vocab": 9}]}, (2,))
    with pytest.raises(engine.SpecError, match=complaint):
        net.forward(np.array(tokens))


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64, np.float32])
def test_tokens_may_be_of_any_number_type(dtype):
    net = engine.Network({"layers": [{"kind": "embedding", "dim": 4, "vocab": 9}]}, (3,))
    y = net.forward(np.array([[1, 8, 0]], dtype))
    np.testing.assert_array_equal(y[0], net.parameters()["0.E"][[1, 8, 0]])
    assert y.dtype == np.float32


def test_the_map_of_tokens_shows_the_two_widest_directions():
    net = engine.Network({"layers": [{"kind": "embedding", "dim": 4, "vocab": 50}]}, (3,), dtype=np.float64)
    E = net.parameters()["0.E"]
    E[...] = noise(50, 4) * [0.1, 5, 0.2, 2] + 3
    points = view(net, "0.map")
    u, s, _ = np.linalg.svd(E - E.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(np.abs(points), np.abs(u[:, :2] * s[:2]), rtol=1e-8, atol=1e-10)


# -- over time ---------------------------------------------------------------------------------------------------------


def over_time(kind: str) -> engine.Network:
    return engine.Network({"layers": [{"kind": kind}]}, (4, 2), dtype=np.float64)


def test_means_and_last_steps_pass_over_padding():
    x = noise(3, 4, 2)
    mask = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]], bool)
    mean, last = over_time("mean_over_time"), over_time("last_step")
    np.testing.assert_allclose(mean.forward(x, mask=mask), [x[0, :2].mean(0), x[1, 1:3].mean(0), [0, 0]])
    np.testing.assert_array_equal(last.forward(x, mask=mask), [x[0, 1], x[1, 2], [0, 0]])
    dy = noise(3, 2, seed=1)
    dx = mean.backward(dy)
    np.testing.assert_allclose(dx[0], [dy[0] / 2, dy[0] / 2, [0, 0], [0, 0]])
    assert not dx[2].any()
    dx = last.backward(dy)
    np.testing.assert_array_equal(dx[1], [[0, 0], [0, 0], dy[1], [0, 0]])
    assert not dx[2].any()
    np.testing.assert_allclose(mean.forward(x), x.mean(axis=1))
    np.testing.assert_array_equal(last.forward(x), x[:, -1])


@pytest.mark.parametrize("kind", list(engine.layers))
def test_every_layer_takes_the_gradient_that_a_mean_over_time_shares_between_steps(kind):
    for shape, knobs, options in EXAMPLES[kind]:
        if "memory" in options or "after" in options:
            continue
        net = engine.Network({"layers": [{"kind": kind, **knobs}]}, shape, dtype=np.float64)
        if net.error or len(net.shapes()[-1]) != 2:
            continue
        y = net.forward(np.random.default_rng(0).integers(0, options["tokens"], (3, *shape)) if "tokens" in options
                        else noise(3, *shape))
        shared = np.broadcast_to(noise(3, 1, y.shape[2]), y.shape)
        dx, grad = net.backward(shared), net.grad.copy()
        expected = net.backward(shared.copy())
        np.testing.assert_allclose(grad, net.grad, rtol=1e-10, atol=1e-14)
        assert expected is None or np.allclose(dx, expected, rtol=1e-10, atol=1e-14)


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
