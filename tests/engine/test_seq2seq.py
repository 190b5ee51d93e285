"""Encoder and decoder: one theta, gradients through the memory, and strings that come back reversed."""

import numpy as np
import pytest

import engine

V, PAD, START, END = 11, 0, 1, 2
LETTERS = engine.Vocabulary(tuple("·^$abcdefgh"), pad=PAD, start=START, end=END)
TRANSFORMER = {
    "encoder": [{"kind": "embedding", "dim": 16, "vocab": V}, {"kind": "positional"},
                {"kind": "transformer_block", "heads": 2, "ff": 32}],
    "decoder": [{"kind": "embedding", "dim": 16, "vocab": V}, {"kind": "positional"},
                {"kind": "decoder_block", "heads": 2, "ff": 32}]}
RECURRENT = {
    "encoder": [{"kind": "embedding", "dim": 12, "vocab": V}, {"kind": "gru", "units": 24, "return_sequences": True}],
    "decoder": [{"kind": "embedding", "dim": 12, "vocab": V}, {"kind": "gru", "units": 24, "return_sequences": True},
                {"kind": "additive_cross_attention", "units": 12}, {"kind": "dense", "units": 24}]}
OUTPUT = {"kind": "dense", "units": V, "activation": "linear"}
both = pytest.mark.parametrize("spec", [TRANSFORMER, RECURRENT], ids=["transformer", "recurrent"])


def network(spec, dtype=np.float64, **settings) -> engine.Seq2Seq:
    return engine.Seq2Seq({**spec, "decoder": [*spec["decoder"], OUTPUT], **settings}, (6,), (5,), seed=1, dtype=dtype)


def inputs(n=3):
    rng = np.random.default_rng(0)
    source, target_in = rng.integers(3, V, (n, 6)), rng.integers(3, V, (n, 5))
    return source, {"target_in": target_in, "mask": np.arange(6) < np.array([[6], [3], [1]])[:n],
                    "target_mask": np.arange(5) < np.array([[5], [4], [2]])[:n]}


@both
@pytest.mark.parametrize("tied", [False, True])
def test_gradients_agree_with_central_differences(spec, tied):
    if tied and spec is RECURRENT:
        spec = {**spec, "decoder": [*spec["decoder"][:-1], {"kind": "dense", "units": 12}]}
    net = network(spec, tie_embedding=tied)
    source, rest = inputs()
    result = engine.gradcheck(net, source, **rest)
    assert result.ok(2e-6), result
    assert {name.split(".")[0] for name in net.parameters()} == {"encoder", "decoder"}


@both
def test_both_halves_live_in_one_theta(spec):
    net = network(spec)
    for name, array in net.parameters().items():
        assert np.shares_memory(array, net.theta)
        np.testing.assert_array_equal(net.theta[net.slices[name]], array.ravel())
    assert sum(net.parameter_counts()) == net.theta.size
    assert not np.array_equal(net.parameters()["encoder.0.E"], net.parameters()["decoder.0.E"])
    source, rest = inputs()
    y = net.forward(source, **rest)
    twin = net.copy()
    np.testing.assert_array_equal(twin.forward(source, **rest), y)
    twin.theta += 1
    np.testing.assert_array_equal(net.forward(source, **rest), y)
    net.initialize()
    np.testing.assert_array_equal(net.forward(source, **rest), y)


@both
def test_padding_of_the_source_changes_nothing_and_the_future_is_not_seen(spec):
    net = network(spec)
    source, rest = inputs()
    y = net.forward(source, **rest)
    other = np.where(rest["mask"], source, 4)
    np.testing.assert_allclose(net.forward(other, **rest), y, rtol=1e-12)
    later = rest["target_in"].copy()
    later[:, 3] = 3 + (later[:, 3] - 2) % 8
    np.testing.assert_allclose(net.forward(source, **{**rest, "target_in": later})[:, :3], y[:, :3], rtol=1e-12)


@both
def test_every_attention_is_shown_and_looks_only_where_it_may(spec):
    net = network(spec, np.float32)
    source, rest = inputs()
    net.forward(source, **rest)
    views = {view.name: view.data for view in net.views(kinds={"attention"})}
    assert set(views) == ({"encoder.2.attention.attention", "decoder.2.attention.attention",
                           "decoder.2.cross.attention"} if spec is TRANSFORMER else {"decoder.2.attention"})
    for name, weights in views.items():
        np.testing.assert_allclose(weights.sum(-1), 1, rtol=1e-5)
        if "cross" in name or spec is RECURRENT:
            assert (weights[1, :, :, 3:] == 0).all()
    assert net.views(names={"encoder.0.E"})


def test_specs_that_do_not_make_a_pair_say_why():
    silent = {**RECURRENT, "decoder": RECURRENT["decoder"][:2]}
    assert "never looks" in str(network(silent).error)
    flat = {**RECURRENT, "encoder": [RECURRENT["encoder"][0], {"kind": "gru", "units": 8}]}
    assert "return sequences" in str(network(flat).error)
    narrow = {**TRANSFORMER, "encoder": [{"kind": "embedding", "dim": 8, "vocab": V}]}
    assert "as wide as" in str(network(narrow).error)
    misfit = {**TRANSFORMER, "encoder": [{"kind": "transformer_block"}]}
    assert "Waits for the encoder" in str(network(misfit).shapes()[-1])
    with pytest.raises(engine.ShapeError, match="never looks"):
        network(silent).forward(inputs()[0], **inputs()[1])
    with pytest.raises(engine.SpecError, match="'encoder'"):
        engine.Seq2Seq({"layers": []}, (6,), (5,))


def reversals(n=1000, length=5) -> engine.Dataset:
    """Strings of up to `length` letters, most of them full, and the same backwards."""
    rng = np.random.default_rng(0)
    x, y = rng.integers(3, V, (n, length)), np.zeros((n, length + 1), np.int64)
    for row, (text, answer) in enumerate(zip(x, y, strict=True)):
        size = length if row % 4 else rng.integers(2, length)
        text[size:] = PAD
        answer[:size + 1] = [*text[:size][::-1], END]
    return engine.Dataset("reverse", "seq2seq", x[200:], y[200:], x[:200], y[:200], vocabulary=LETTERS)


@both
def test_it_learns_to_reverse_strings(spec):
    data = reversals()
    training = {"batch_size": 32, "optimizer": {"kind": "adam", "lr": 0.01},
                "schedule": {"kind": "cosine", "length": 20}}
    tr = engine.Trainer({"network": spec, "training": training}, data)
    for _ in range(500):
        tr.step()
    scores = tr.evaluate()["test"]
    assert scores["exact_match"] > 0.8, scores
    mask = data.x_test != PAD
    written = engine.greedy(tr.network, data.x_test, START, END, 6, mask=mask)
    right = [row == [t for t in truth if t > END] for row, truth in zip(written, data.y_test.tolist(), strict=True)]
    assert np.mean(right) == pytest.approx(scores["exact_match"])      # teacher forcing tells what greedy will do
    (best, score), *rest = engine.beam(tr.network, data.x_test[0], START, END, 6, width=3, mask=mask[0])
    assert all(score >= other for _, other in rest)
    if right[0]:
        assert best == written[0]


def test_a_stack_of_layers_cannot_answer_and_a_pair_cannot_classify():
    with pytest.raises(engine.SpecError, match="needs an encoder and a decoder"):
        engine.Trainer({"network": {"layers": []}}, reversals(300))
    y = np.zeros(100, np.int64)
    plain = engine.Dataset("plain", "binary", reversals(300).x_train, y, reversals(300).x_train, y)
    with pytest.raises(engine.SpecError, match="needs one stack"):
        engine.Trainer({"network": TRANSFORMER}, plain)


def test_a_decoder_that_looks_ahead_is_refused():
    decoder = [*TRANSFORMER["decoder"][:2], {"kind": "decoder_block", "heads": 2, "causal": False}]
    with pytest.raises(engine.SpecError, match="Make its attention causal"):
        engine.Trainer({"network": {**TRANSFORMER, "decoder": decoder}}, reversals(300))


def test_a_run_of_a_pair_round_trips_and_repeats_itself():
    spec = {"network": {**TRANSFORMER, "tie_embedding": True}, "training": {"optimizer": "adam"}, "seed": 3}
    checked = engine.RunSpec.from_dict(spec)
    assert engine.RunSpec.from_dict(checked.to_dict()) == checked
    assert checked.network["decoder"][-1]["norm_first"] is True
    a, b = (engine.Trainer(spec, reversals(300)) for _ in range(2))
    assert [a.step() for _ in range(12)] == [b.step() for _ in range(12)]
    before = a.history.rows().copy()
    a.rewind()
    np.testing.assert_array_equal(a.history.rows(), before[:1])
