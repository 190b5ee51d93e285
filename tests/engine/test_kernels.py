"""Every fast path of the core beside its plain formula."""

import math

import numpy as np
import pytest

import engine
from engine.kernels import affine
from engine.kernels import basic as kernels
from engine.optimizers import CHUNK, TINY, clip_norm, flush

DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


@DTYPES
def test_sigmoid_is_the_logistic_function_and_never_overflows(dtype):
    z = np.array([-1e30, -100, -5, -1e-3, 0, 0.5, 3, 40, 1e30], dtype)
    with np.errstate(over="ignore"):
        plain = 1 / (1 + np.exp(-z.astype(np.float64)))
    found = kernels.sigmoid(z)
    assert found.dtype == dtype
    np.testing.assert_allclose(found, plain, atol=4 * np.finfo(dtype).eps)
    into = np.empty_like(z)
    assert kernels.sigmoid(z, into) is into
    np.testing.assert_array_equal(into, found)


@DTYPES
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (257, 2), (0, 4)])
def test_sums_as_products_with_ones_equal_plain_sums(dtype, shape):
    z = np.random.default_rng(0).standard_normal(shape).astype(dtype)
    close = {"rtol": 1e-5, "atol": 1e-5}
    np.testing.assert_allclose(kernels.sum_rows(z, np.empty(shape[1], dtype)), z.sum(axis=0), **close)
    assert kernels.total(z) == pytest.approx(z.sum(), rel=1e-4, abs=1e-5)
    assert kernels.total(z.T) == pytest.approx(z.sum(), rel=1e-4, abs=1e-5)


@DTYPES
@pytest.mark.parametrize("count", [1, 7, kernels.PAIRWISE_ABOVE + 1])
def test_the_logistic_loss_is_its_formula_and_never_overflows(dtype, count):
    rng = np.random.default_rng(0)
    z, y = (3 * rng.standard_normal(count)).astype(dtype), rng.uniform(0, 1, count).round(1).astype(dtype)
    exact = z.astype(np.float64)
    value, slopes = kernels.logistic_loss(z, y)
    assert value == pytest.approx(np.mean(np.log1p(np.exp(exact)) - y * exact), rel=1e-5)
    np.testing.assert_allclose(slopes, (1 / (1 + np.exp(-exact)) - y) / count, atol=1e-6 / count)
    assert (type(value), slopes.dtype) == (float, dtype)
    z[:] = 1e4
    value, slopes = kernels.logistic_loss(z, np.zeros(count, dtype))
    assert value == pytest.approx(1e4)
    np.testing.assert_allclose(slopes, 1 / count, rtol=1e-6)


@DTYPES
@pytest.mark.parametrize("count", [1, 9, kernels.PAIRWISE_ABOVE + 1])
@pytest.mark.parametrize("z", [0.0, 3.0, 15.0, 20.0, 40.0, 80.0])
def test_a_right_and_sure_answer_has_a_small_loss_to_the_last_digit_and_none_is_negative(dtype, count, z):
    """PyTorch gives 2.06e-9 for z = 20, y = 1; softplus(-z) is the exact value."""
    for sign, target in ((1, 1), (-1, 0)):
        value, _ = kernels.logistic_loss(np.full(count, sign * z, dtype), np.full(count, target, dtype))
        assert value == pytest.approx(math.log1p(math.exp(-z)), rel=1e-5, abs=1e-40)
        assert value > 0


def test_no_batch_has_a_negative_loss():
    rng = np.random.default_rng(0)
    for _ in range(300):
        z = (rng.standard_normal(64) * 10 ** rng.uniform(-2, 3)).astype(np.float32)
        assert kernels.logistic_loss(z, (z > 0).astype(np.float32))[0] >= 0
        assert kernels.logistic_loss(z, rng.uniform(0, 1, 64).astype(np.float32))[0] >= 0


@DTYPES
@pytest.mark.parametrize(("shape", "units"), [((1, 1), 1), ((5, 3), 4), ((0, 2), 3), ((300, 40), 2), ((4, 3, 2), 5),
                                              ((0, 3, 2), 5), ((3, 2, 2, 4), 1)], ids=str)
@pytest.mark.parametrize("bias", ["behind W", "elsewhere", None])
def test_an_affine_map_is_the_product_with_W_plus_b(dtype, shape, units, bias):
    rng, features = np.random.default_rng(0), shape[-1]
    size, found = features * units, affine.Affines()[shape]
    for _ in range(2):                                           # the second time with other weights
        theta, grad = rng.standard_normal(size + units).astype(dtype), np.full(size + units, np.nan, dtype)
        W, dW = (v[:size].reshape(features, units) for v in (theta, grad))
        b, db = {"behind W": (theta[size:], grad[size:]), None: (None, None),
                 "elsewhere": (theta[size:].copy(), np.full(units, np.nan, dtype))}[bias]
        for _ in range(2):                                       # the second time with memory that was used
            x, dz = (rng.standard_normal((*shape[:-1], n)).astype(dtype) for n in (features, units))
            rows, dz_rows = x.reshape(-1, features), dz.reshape(-1, units)
            z = found.forward(x, W, b)
            np.testing.assert_allclose(z, x @ W + (0 if b is None else b), rtol=1e-4, atol=1e-5)
            found.backward_weights(dz, dW, db)
            np.testing.assert_allclose(dW, rows.T @ dz_rows, rtol=1e-4, atol=1e-4)
            if b is not None:
                np.testing.assert_allclose(db, dz_rows.sum(axis=0), rtol=1e-4, atol=1e-4)
            np.testing.assert_allclose(found.backward_input(dz, W), dz @ W.T, rtol=1e-4, atol=1e-5)
            theta *= 2                                           # views, not copies
        assert (found.Wb is not None) == (bias == "behind W" and x.size <= affine.FEW)


def test_affine_maps_are_kept_for_a_few_shapes():
    maps = affine.Affines()
    first = maps[4, 2]
    assert maps[4, 2] is first
    for count in range(100):
        maps[count, 2]
    assert len(maps) <= affine.SHAPES


def test_the_shared_ones_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        kernels.ones(7, np.dtype(np.float32))[0] = 2
    for count in range(1, 300):                                  # more than are kept
        assert kernels.ones(count, np.dtype(np.float64)).sum() == count


@pytest.mark.parametrize("kind", list(engine.activations))
def test_activations_may_write_where_they_read(kind):
    rng = np.random.default_rng(0)
    z, dy, f = rng.standard_normal((4, 5)), rng.standard_normal((4, 5)), engine.activations[kind]()
    a = f.forward(z)
    dz = f.backward(dy, z, a)
    into = dy.copy()
    np.testing.assert_array_equal(f.backward(into, z, a, out=into), dz)
    into = z.copy()
    np.testing.assert_array_equal(f.forward(into, out=into), a)


@pytest.mark.parametrize("kind", list(engine.activations))
def test_activations_stay_finite_far_from_zero(kind):
    z = np.array([[-200.0, -50.0, 50.0, 200.0]], np.float32)
    f = engine.activations[kind]()
    a = f.forward(z)
    assert np.isfinite(a).all()
    assert np.isfinite(f.backward(np.ones_like(z), z, a)).all()


@pytest.mark.parametrize("kind", list(engine.optimizers))
def test_an_update_in_chunks_equals_one_of_each_number_alone(kind):
    """Every rule works element by element, so the first, last and middle elements may be updated by themselves."""
    rng, size = np.random.default_rng(0), 2 * CHUNK + 17
    theta, at = rng.standard_normal(size), [0, 5, CHUNK - 1, CHUNK, 2 * CHUNK + 16]
    few, whole, alone = theta[at].copy(), engine.optimizers[kind](), engine.optimizers[kind]()
    whole.decay, alone.decay = np.ones(size), np.ones(len(at))
    for _ in range(3):
        grad = rng.standard_normal(size)
        whole.step(theta, grad)
        alone.step(few, grad[at].copy())
    np.testing.assert_array_equal(theta[at], few)


@pytest.mark.parametrize("spec", [{"kind": "momentum"}, {"kind": "nesterov"}, {"kind": "rmsprop", "momentum": 0.9},
                                  {"kind": "adam"}, {"kind": "adamw"}, {"kind": "sgd", "momentum": 0.5}], ids=str)
def test_moments_without_gradient_end_at_zero_and_are_not_left_denormal(spec):
    optimizer, theta = engine.optimizers.build(spec), np.ones(8, np.float32)
    optimizer.step(theta, np.full(8, 1e-3, np.float32))
    for name in ("m", "v"):
        if name in optimizer.state:
            optimizer.state[name] *= np.float32(1e-28)
    optimizer.t = 40_000
    for _ in range(600):
        optimizer.step(theta, np.zeros(8, np.float32))
    for name in {"m", "v"} & set(optimizer.state):
        assert (optimizer.state[name] == 0).all()
    assert np.isfinite(theta).all()


def test_flushing_takes_only_what_has_all_but_vanished_and_only_now_and_then():
    moments = np.array([1.0, -1e-20, TINY / 2, -TINY / 2, 0.0])
    flush(moments, 63)
    assert moments[2] == TINY / 2
    flush(moments, 64)
    np.testing.assert_array_equal(moments, [1.0, -1e-20, 0, 0, 0])


@pytest.mark.parametrize("kind", list(engine.optimizers))
def test_an_optimizer_follows_when_its_arrays_are_exchanged(kind):
    """Rewinding, copying and time travel hand in other arrays; state goes with the optimizer."""
    rng = np.random.default_rng(0)
    grads, a, b = rng.standard_normal((4, 6)), engine.optimizers[kind](), engine.optimizers[kind]()
    theta = rng.standard_normal(6)
    other, reused = theta.copy(), np.empty(6)
    for grad in grads:
        reused[...] = grad
        a.step(theta, reused)
        other = other.copy()
        b.state = {name: value.copy() for name, value in b.state.items()}
        b.step(other, grad.copy())
    np.testing.assert_array_equal(theta, other)
    a.reset()
    assert (a.t, a.state) == (0, {})


@DTYPES
def test_the_rate_of_a_step_overrides_the_knob_and_keeps_the_type(dtype):
    for kind in engine.optimizers:
        theta = np.ones(3, dtype)
        engine.optimizers[kind](lr=1.0).step(theta, np.ones(3, dtype), np.float64(0.0))
        np.testing.assert_array_equal(theta, np.ones(3, dtype))
        assert theta.dtype == dtype


def test_clipping_returns_the_norm_before_and_bounds_the_norm_after():
    grad = np.array([3.0, 4.0])
    assert clip_norm(grad, 10.0) == 5.0
    np.testing.assert_array_equal(grad, [3, 4])
    assert clip_norm(grad, 1.0) == 5.0
    np.testing.assert_allclose(grad, [0.6, 0.8], rtol=1e-6)
    assert clip_norm(np.zeros(3), 1.0) == 0.0


def test_chunks_are_cut_once_for_the_same_arrays(monkeypatch):
    optimizer, theta, grad = engine.optimizers["adam"](), np.ones(5), np.ones(5)
    optimizer.step(theta, grad)
    chunks = optimizer._chunks
    optimizer.step(theta, grad)
    assert optimizer._chunks is chunks
