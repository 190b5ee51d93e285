"""Embeddings, and what makes one vector of a sequence: sums by token, padding, and what is refused."""

import numpy as np
import pytest

import engine
from engine.kernels import sequence as kernels_sequence
from tests.engine.examples import EXAMPLES
from tests.engine.small import noise

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
    points = next(view.data for view in net.views({"0.map"}))
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
