"""Attention: fast kernels against the textbook, and what masks and views must keep to."""

import numpy as np
import pytest

import engine
from engine.kernels.attention import SHAPES, Joints, attend, attend_backward, attend_plain, room_for

N, HEADS, T, S, WIDTH = 3, 2, 5, 7, 4
PADDED = np.arange(S) < np.array([[7], [4], [1]])


def arrays(dtype, scale=1.0, keys=S):
    rng = np.random.default_rng(0)
    return [(scale * rng.standard_normal((N, HEADS, length, WIDTH))).astype(dtype) for length in (T, keys, keys)]


def run_attend(q, k, v, **options):
    n, heads, t, width = q.shape
    e, total = np.empty((n, heads, t, k.shape[2]), q.dtype), np.empty((n, heads, t, 1), q.dtype)
    share, y = (np.empty((n * t, heads * width), q.dtype) for _ in range(2))
    attend(q, k, v, e, total, share, y, **options)
    return e, total, share, y


def heads_apart(y):
    return y.reshape(N, T, HEADS, WIDTH).transpose(0, 2, 1, 3)


@pytest.mark.parametrize("at_once", [1, 100, 10**6])
@pytest.mark.parametrize("scale", [1.0, 30.0])          # 30: scores of thousands, which exp cannot take unshifted
@pytest.mark.parametrize("mask", [None, PADDED], ids=["whole", "padded"])
@pytest.mark.parametrize("causal", [False, True])
def test_the_fast_path_is_the_textbook(causal, mask, scale, at_once, monkeypatch):
    monkeypatch.setattr("engine.kernels.attention.AT_ONCE", at_once)
    keys = T if causal else S
    q, k, v = arrays(np.float64, scale, keys)
    mask = None if mask is None else mask[:, :keys]
    e, total, share, y = run_attend(q, k, v, causal=causal, mask=mask)
    weights, expected = attend_plain(q, k, v, causal, mask)
    np.testing.assert_allclose(e / total, weights, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(heads_apart(y), expected, rtol=1e-9, atol=1e-12)

    dy = np.random.default_rng(1).standard_normal(y.shape)
    dq, dk, dv = (np.empty_like(a) for a in (q, k, v))
    attend_backward(dy.copy(), q, k, v, e, share, y, dq, dk, dv, np.empty(max(room_for(e.shape), y.size)))
    g = heads_apart(dy)
    dP = g @ v.swapaxes(2, 3)
    ds = weights * (dP - (dP * weights).sum(-1, keepdims=True))
    np.testing.assert_allclose(dv, weights.swapaxes(2, 3) @ g, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(dq, ds @ k, rtol=1e-8, atol=1e-9 * scale)
    np.testing.assert_allclose(dk, ds.swapaxes(2, 3) @ q, rtol=1e-8, atol=1e-9 * scale)


def test_huge_scores_do_not_overflow_and_masked_ones_do_not_drown_the_others():
    q, k, v = (np.array(values, np.float32).reshape(1, 1, -1, 1) for values in ([1], [300, -300], [1, 2]))
    assert run_attend(q, k, v)[3].item() == 1
    assert run_attend(q, k, v, mask=np.array([[False, True]]))[3].item() == 2


def test_a_query_that_may_look_nowhere_gets_zeros():
    q, k, v = arrays(np.float32)
    assert (run_attend(q, k, v, mask=np.zeros((N, S), bool))[3] == 0).all()
    assert (run_attend(30 * q, 30 * k, v, mask=np.zeros((N, S), bool))[3] == 0).all()


# -- the layers --------------------------------------------------------------------------------------------------------


def test_heads_that_do_not_divide_the_width_are_refused_with_those_that_do():
    with pytest.raises(engine.ShapeError, match=r"3 heads do not divide the width 8.*1, 2, 4, 8"):
        engine.Network({"layers": [{"kind": "self_attention", "heads": 3}]}, (5, 8)).forward(np.zeros((1, 5, 8)))


def test_cross_attention_without_an_encoder_is_refused():
    error = engine.Network({"layers": [{"kind": "cross_attention"}]}, (5, 8)).error
    assert "no encoder" in str(error)


def test_projections_begin_as_pytorchs_do():
    p = engine.Network({"layers": [{"kind": "self_attention", "heads": 4}]}, (3, 64)).parameters()
    for name in ("0.Wq", "0.Wk", "0.Wv"):               # drawn as one (3d, d) matrix: Glorot's bound is √(6 / 4d)
        assert np.abs(p[name]).max() == pytest.approx(np.sqrt(6 / 256), rel=0.01)
    assert np.abs(p["0.Wo"]).max() == pytest.approx(1 / 8, rel=0.01)
    assert all((p["0." + name] == 0).all() for name in ("bq", "bk", "bv", "bo"))


def test_weights_sum_to_one_look_only_back_and_never_at_padding():
    net = engine.Network({"layers": [{"kind": "self_attention", "heads": 2, "causal": True}]}, (5, 8))
    mask = np.arange(5) < np.array([[5], [3]])
    net.forward(np.random.default_rng(0).standard_normal((2, 5, 8)), mask=mask)
    (view,) = net.views(kinds={"attention"})
    assert view.name == "0.attention"
    assert view.data.shape == (2, 2, 5, 5)
    np.testing.assert_allclose(view.data.sum(-1), 1, rtol=1e-6)
    assert (np.triu(view.data, 1) == 0).all()
    assert (view.data[1, :, :, 3:] == 0).all()


def test_what_is_padding_changes_nothing():
    net = engine.Network({"layers": [{"kind": "self_attention", "heads": 2}]}, (6, 8), dtype=np.float64)
    x = np.random.default_rng(0).standard_normal((1, 6, 8))
    mask = np.array([[True, True, True, True, False, False]])
    y = net.forward(x, mask=mask)
    x[:, 4:] = 99
    np.testing.assert_allclose(net.forward(x, mask=mask)[:, :4], y[:, :4], rtol=1e-12)
    np.testing.assert_allclose(net.forward(x[:, :4]), y[:, :4], rtol=1e-12)


def test_waves_are_those_of_the_paper():
    net = engine.Network({"layers": [{"kind": "positional"}]}, (4, 6), dtype=np.float64)
    marks = net.forward(np.zeros((1, 9, 6)))[0]          # longer than declared is fine
    assert marks[0].tolist() == [0, 1, 0, 1, 0, 1]
    np.testing.assert_allclose(marks[8, 2:4], [np.sin(8 / 10_000 ** (2 / 6)), np.cos(8 / 10_000 ** (2 / 6))])


def test_learned_positions_take_shorter_sequences_and_refuse_longer_ones():
    net = engine.Network({"layers": [{"kind": "positional", "encoding": "learned"}]}, (4, 6))
    net.grad[...] = np.nan
    net.backward(net.forward(np.ones((2, 3, 6))))
    assert (net.gradients()["0.P"][3] == 0).all()
    with pytest.raises(engine.ShapeError, match="end at 4"):
        net.forward(np.ones((2, 5, 6)))


@pytest.mark.parametrize("names", ["qkv", "kv", "q"])
def test_projections_side_by_side_are_each_on_its_own(names):
    N, T, D = shape = (3, 5, 4)
    joints = Joints()
    joint = joints[names, shape]
    assert joints[names, shape] is joint
    for seed in range(2):                                        # the second time with memory that was used
        rng = np.random.default_rng(seed)
        x, dz = rng.standard_normal(shape), rng.standard_normal((N * T, len(names) * D))
        maps = [(rng.standard_normal((D, D)), rng.standard_normal(D), 0.5 if name == "q" else 1) for name in names]
        z = joint.forward(x, maps).reshape(N, T, -1)
        np.testing.assert_allclose(z, np.concatenate([f * (x @ W + b) for W, b, f in maps], axis=2), rtol=1e-12)
        gradients = [(np.full((D, D), np.nan), np.full(D, np.nan), factor) for _, _, factor in maps]
        dx, parts = joint.backward(x, dz, gradients), np.split(dz, len(names), axis=1)
        plain = sum(f * part @ W.T for (W, _, f), part in zip(maps, parts, strict=True))
        np.testing.assert_allclose(dx.reshape(N * T, D), plain, rtol=1e-12, atol=1e-12)
        for (dW, db, factor), part in zip(gradients, parts, strict=True):
            np.testing.assert_allclose(dW, factor * x.reshape(N * T, D).T @ part, rtol=1e-12, atol=1e-12)
            np.testing.assert_allclose(db, factor * part.sum(axis=0), rtol=1e-12, atol=1e-12)
    for count in range(100):
        joints[names, (count, 5, 4)]
    assert len(joints) <= SHAPES


def test_elementwise_functions_on_large_arrays_work_piece_by_piece(monkeypatch):
    gelu, rng = engine.activations["gelu"](), np.random.default_rng(0)
    z, dy = rng.standard_normal((2, 30, 7))
    a, dz = gelu.forward(z), gelu.backward(dy, z, None)
    monkeypatch.setattr("engine.kernels.basic.PIECE", 16)
    for order in ("C", "F"):
        z2, dy2, out = np.array(z, order=order), np.array(dy, order=order), np.empty((30, 7), order=order)
        np.testing.assert_array_equal(gelu.forward(z2, out=out), a)
        np.testing.assert_array_equal(gelu.backward(dy2, z2, None, out=out), dz)
