"""Tasks on text: what is hidden, what counts, and small networks that learn them."""

import numpy as np
import pytest

import engine
from engine.tasks.text import corrupt

PAD, START, END, MASK, UNKNOWN = range(5)
WORDS = engine.Vocabulary(("·", "^", "$", "?", "*", *"abcdefghij"), PAD, START, END, MASK, UNKNOWN)
V = len(WORDS)
BLOCK = {"kind": "transformer_block", "heads": 2, "ff": 32}


def dataset(task, x, y, **more) -> engine.Dataset:
    return engine.Dataset("text", task, x, y, x, y, vocabulary=WORDS, **more)


def stack(*layers, dim=16, positions="learned"):
    return {"layers": [{"kind": "embedding", "dim": dim, "vocab": V}, {"kind": "positional", "encoding": positions},
                       *layers]}


def trainer(data, network, lr=0.01, batch_size=8, seed=0) -> engine.Trainer:
    return engine.Trainer({"network": network, "seed": seed,
                           "training": {"batch_size": batch_size, "optimizer": {"kind": "adam", "lr": lr}}}, data)


def padded(n=64, length=8, seed=0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    tokens = rng.integers(5, V, (n, length))
    ends = rng.integers(2, length, n)
    tokens[np.arange(length) > ends[:, None]] = PAD
    tokens[np.arange(n), ends] = END
    tokens[:, 0] = START
    return tokens


# -- fill in the blank -------------------------------------------------------------------------------------------------


def test_the_rule_of_eighty_ten_ten():
    tokens = padded(20_000)
    seen, chosen = corrupt(tokens, WORDS, np.random.default_rng(0))
    real = ~np.isin(tokens, [PAD, START, END])
    assert not chosen[~real].any()
    assert chosen[real].mean() == pytest.approx(0.15, abs=0.005)
    np.testing.assert_array_equal(seen[~chosen], tokens[~chosen])
    hidden, kept = (seen == MASK)[chosen], (seen == tokens)[chosen]
    assert hidden.mean() == pytest.approx(0.8, abs=0.01)
    assert kept.mean() == pytest.approx(0.1 + 0.1 / 10, abs=0.01)      # a random word is the right one now and then
    assert np.isin(seen[chosen & (seen != MASK)], WORDS.words).all()


def test_something_is_always_hidden_but_never_padding():
    seen, chosen = corrupt(np.array([[START, 7, END, PAD]]), WORDS, np.random.default_rng(0))
    assert chosen.tolist() == [[False, True, False, False]]
    _, chosen = corrupt(np.array([[START, END, PAD]]), WORDS, np.random.default_rng(0))
    assert not chosen.any()
    assert seen.dtype == np.int64


def test_each_batch_hides_other_tokens_the_same_ones_for_the_same_seed():
    x = padded(8)
    a, b = (trainer(dataset("masked_token", x, x), stack(BLOCK)) for _ in range(2))
    losses = [a.step() for _ in range(6)]
    assert losses == [b.step() for _ in range(6)]
    assert len(set(losses)) == 6
    assert a.evaluate() == a.evaluate()                                # a fixed draw, none from the trainer's generator
    assert [a.step() for _ in range(3)] == [b.step() for _ in range(3)]


def test_a_small_bert_learns_to_fill_in():
    start = np.random.default_rng(0).integers(0, 10, (256, 1))
    x = 5 + (start + np.arange(8)) % 10                                # abcdefgh, bcdefghi: the others tell it
    tr = trainer(dataset("masked_token", x, x), stack(BLOCK), batch_size=32)
    for _ in range(600):
        tr.step()
    assert tr.evaluate()["test"]["accuracy"] > 0.9


# -- the next token ----------------------------------------------------------------------------------------------------


def test_only_real_tokens_count_and_perplexity_is_e_to_the_loss():
    x, y = engine.next_token_pairs(padded())
    task, data = engine.tasks["next_token"], dataset("next_token", x, y)
    batch = task.prepare(x, y, data, np.random.default_rng(0))
    np.testing.assert_array_equal(batch.counts, y != PAD)
    logits = np.random.default_rng(1).standard_normal((*y.shape, V))
    scores = task.scores(logits, y, batch.counts)
    shares = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    surprise = -np.log(np.take_along_axis(shares, y[..., None], -1)[..., 0])[y != PAD]
    assert scores["perplexity"] == pytest.approx(np.exp(surprise.mean()))
    assert scores["accuracy"] == pytest.approx((logits.argmax(-1) == y)[y != PAD].mean())
    uniform = task.scores(np.zeros((*y.shape, V)), y, batch.counts)
    assert uniform["perplexity"] == pytest.approx(V)


def test_a_network_that_looks_ahead_is_refused():
    data = dataset("next_token", *engine.next_token_pairs(padded()))
    with pytest.raises(engine.SpecError, match="Make its attention causal"):
        trainer(data, stack(BLOCK))


@pytest.mark.parametrize("task", ["next_token", "masked_token"])
def test_a_network_that_sums_the_text_up_is_refused(task):
    data = dataset(task, *engine.next_token_pairs(padded()))
    with pytest.raises(engine.SpecError, match="return sequences"):
        trainer(data, stack({"kind": "gru", "units": 8}))


@pytest.mark.parametrize("tied", [False, True])
def test_a_tiny_gpt_learns_a_sentence_by_heart(tied):
    sentence = np.array([[START, 5, 9, 5, 7, 6, 5, 9, 9, 8, END]])
    x, y = engine.next_token_pairs(sentence)
    tr = trainer(dataset("next_token", x, y), stack({**BLOCK, "causal": True}) | {"tie_embedding": tied})
    first = tr.evaluate()["train"]["perplexity"]
    for _ in range(150):
        tr.step()
    assert tr.evaluate()["train"]["perplexity"] < 1.1 < first
    written = engine.generate(tr.network, sentence[:, :1], 20, np.random.default_rng(0), temperature=0, end=END)
    assert written.tolist() == sentence.tolist()
    assert tr.evaluate()["train"]["accuracy"] == 1


# -- texts with a class ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("summary", [
    [{"kind": "additive_attention", "units": 8}], [BLOCK, {"kind": "additive_attention", "units": 4}],
    [{"kind": "lstm", "units": 8}], [{"kind": "mean_over_time"}]], ids=lambda layers: layers[0]["kind"])
def test_padding_does_not_change_a_verdict(summary):
    x = padded()
    y = (x == 5).any(axis=1).astype(np.int64)
    tr = trainer(dataset("binary", x, y), stack(*summary, positions="sinusoidal"))
    for _ in range(10):
        tr.step()
    longer = np.concatenate([x, np.full((len(x), 3), PAD)], axis=1)
    a = tr.network.forward(x, mask=x != PAD)
    np.testing.assert_allclose(tr.network.forward(longer, mask=longer != PAD), a, rtol=1e-4, atol=1e-5)


def test_additive_attention_learns_where_to_look():
    x = padded(512)
    y = (x == 5).any(axis=1).astype(np.int64)
    network = {"layers": [{"kind": "embedding", "dim": 8, "vocab": V}, {"kind": "additive_attention", "units": 8}]}
    tr = trainer(dataset("binary", x, y), network, lr=0.02, batch_size=32)
    for _ in range(300):
        tr.step()
    assert tr.evaluate()["test"]["accuracy"] > 0.95
    tr.network.forward(x, mask=x != PAD)
    (weights,) = (view.data[:, 0, 0] for view in tr.network.views(kinds={"attention"}))
    found = (x == 5).sum(axis=1) == 1
    assert weights[found][x[found] == 5].mean() > 2 * weights[found][(x[found] > 5)].mean()


def test_watching_a_text_run_changes_nothing():
    x, y = engine.next_token_pairs(padded())
    network = stack({**BLOCK, "causal": True, "dropout": 0.1})
    a, b = (trainer(dataset("next_token", x, y), network) for _ in range(2))
    losses = []
    for _ in range(20):
        losses.append(a.step())
        a.evaluate()
    assert losses == [b.step() for _ in range(20)]
