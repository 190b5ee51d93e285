"""From logits to text: what is ruled out, what is drawn, what beam search finds."""

import itertools

import numpy as np
import pytest

import engine
from engine.decoding import beam_search, log_softmax

SHARES = np.array([0.05, 0.5, 0.15, 0.3])
LOGITS = np.log(SHARES) + 3


@pytest.mark.parametrize(("top_p", "kept"), [
    (0.5, [0, 1, 0, 0]),                                       # the first alone reaches one half
    (0.51, [0, 0.5 / 0.8, 0, 0.3 / 0.8]),
    (0.8, [0, 0.5 / 0.8, 0, 0.3 / 0.8]),
    (0.81, [0, 0.5 / 0.95, 0.15 / 0.95, 0.3 / 0.95]),
    (1.0, SHARES),
    (1e-15, [0, 1, 0, 0]),
])
def test_top_p_keeps_the_fewest_that_reach_it(top_p, kept):
    np.testing.assert_allclose(engine.probabilities(LOGITS, top_p=top_p), kept, rtol=1e-12)


def test_top_k_keeps_the_likeliest_and_of_equals_the_first():
    np.testing.assert_allclose(engine.probabilities(LOGITS, top_k=2), [0, 0.625, 0, 0.375])
    np.testing.assert_allclose(engine.probabilities(np.zeros((2, 4)), top_k=2), [[0.5, 0.5, 0, 0]] * 2)


def test_top_p_counts_the_shares_after_top_k():
    np.testing.assert_allclose(engine.probabilities(LOGITS, top_k=2, top_p=0.6), [0, 1, 0, 0])


def test_temperature_sharpens_flattens_and_ends_in_the_likeliest():
    np.testing.assert_allclose(engine.probabilities(LOGITS, 0.5), SHARES ** 2 / (SHARES ** 2).sum())
    np.testing.assert_allclose(engine.probabilities(LOGITS, 1e9), [0.25] * 4, atol=1e-6)
    for temperature in (0, 1e-300, 1e-3):
        np.testing.assert_allclose(engine.probabilities(LOGITS, temperature), [0, 1, 0, 0], atol=1e-12)


@pytest.mark.parametrize("settings", [{"temperature": -1}, {"top_k": 0}, {"top_p": 0}, {"top_p": 1.1}])
def test_impossible_settings_are_refused(settings):
    with pytest.raises(engine.SpecError, match="top-p above 0"):
        engine.probabilities(LOGITS, **settings)


def test_tokens_are_drawn_as_often_as_their_share():
    drawn = engine.sample(np.tile(LOGITS, (20_000, 1)), np.random.default_rng(0))
    np.testing.assert_allclose(np.bincount(drawn, minlength=4) / 20_000, SHARES, atol=0.01)
    assert set(engine.sample(np.tile(LOGITS, (500, 1)), np.random.default_rng(0), top_k=2)) == {1, 3}


class Extremes:
    """A generator that always draws the same number."""

    def __init__(self, value):
        self.value = value

    def random(self, shape):
        return np.full(shape, self.value)


@pytest.mark.parametrize("value", [0.0, 1 - 2 ** -53, 1.0])
def test_what_is_ruled_out_is_never_drawn_even_at_the_ends(value):
    assert engine.sample(LOGITS, Extremes(value), top_k=2) in (1, 3)


def chain(vocabulary=5, seed=0):
    """A language whose next token depends on the last two: prefixes (B, L) -> logits (B, V)."""
    table = 2 * np.random.default_rng(seed).standard_normal((vocabulary, vocabulary, vocabulary))
    return lambda prefixes: table[prefixes[:, -1], prefixes[:, -2] if prefixes.shape[1] > 1 else 0]


def every_sequence(logits, longest, penalty, vocabulary=5, start=0, end=4):
    found = []
    for length in range(longest + 1):
        for tokens in itertools.product(range(vocabulary - 1), repeat=length):
            path = [start, *tokens] + ([end] if length < longest else [])
            total = sum(log_softmax(logits(np.array([path[:i]])))[0, path[i]] for i in range(1, len(path)))
            found.append((list(tokens), total / ((5 + len(path) - 1) / 6) ** penalty))
    return sorted(found, key=lambda each: -each[1])


@pytest.mark.parametrize("penalty", [0.0, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_a_wide_beam_finds_the_best_of_all_sequences(seed, penalty):
    logits = chain(seed=seed)
    found = beam_search(logits, 0, 4, 4, width=300, length_penalty=penalty)
    for (tokens, score), (best, truth) in zip(found[:5], every_sequence(logits, 4, penalty), strict=False):
        assert tokens == best
        assert score == pytest.approx(truth)


def test_a_beam_of_one_is_greedy():
    logits, prefix = chain(seed=3), [0]
    for _ in range(6):
        prefix.append(int(logits(np.array([prefix])).argmax()))
    expected = prefix[1:prefix.index(4)] if 4 in prefix else prefix[1:]
    assert beam_search(logits, 0, 4, 6, width=1)[0][0] == expected


def test_generating_sees_only_the_window_and_stops_when_all_have_ended():
    net = engine.Network({"layers": [{"kind": "embedding", "dim": 4, "vocab": 5}, {"kind": "positional"},
                                     {"kind": "self_attention", "heads": 2, "causal": True},
                                     {"kind": "dense", "units": 5, "activation": "linear"}]}, (3,))
    text = engine.generate(net, [[1], [2]], 6, np.random.default_rng(0))
    assert text.shape == (2, 7)
    assert np.array_equal(text, engine.generate(net, [[1], [2]], 6, np.random.default_rng(0)))
    likeliest = engine.generate(net, [[1, 2, 3, 4]], 1, np.random.default_rng(0), temperature=0)[0, -1]
    assert likeliest == net.forward(np.array([[2, 3, 4]]))[0, -1].argmax()
    net.parameters()["3.b"][...] = [0, 0, 0, 0, 99]
    assert engine.generate(net, [[1], [2]], 6, np.random.default_rng(0), end=4).tolist() == [[1, 4], [2, 4]]
    longer = engine.generate(net, [[1], [2]], 6, np.random.default_rng(0), end=4, at_least=2)
    assert longer.shape == (2, 4)
    assert not (longer[:, :3] == 4).any()
    assert (longer[:, 3] == 4).all()
