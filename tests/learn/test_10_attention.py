"""Lesson 10, attention: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from tests.learn.lessons import lesson, loss, score, trained, trainer, viewed
from ui.explore import attention, values_of

ATTENTION = "10_attention"


def on_marks(run, name: str, example: int = 0) -> np.ndarray:
    """The weights of the last query on the two marked steps."""
    marked = run.dataset.x_test[example, :, 1] > 0
    return viewed(run, name, example)[0, 0, -1][marked]


def test_additive_attention_finds_the_marks():
    run = trained(ATTENTION, "", 400)
    assert score(run) > 0.95
    for example in range(5):
        assert on_marks(run, "1.attention", example) == pytest.approx([0.5, 0.5], abs=0.1)
    start = on_marks(trainer(lesson(ATTENTION)), "1.attention")
    assert start.sum() < 0.2


def test_the_dot_product_finds_them_too():
    run = trained(ATTENTION, "Look by dot product", 600)
    assert score(run) > 0.95
    assert on_marks(run, "1.attention").sum() > 0.9


def test_a_plain_mean_does_not():
    assert loss(trained(ATTENTION, "No choice of where to look", 800)) > 0.5


def test_four_times_as_long_is_as_easy():
    run = trained(ATTENTION, "Four times as long", 600)
    assert run.dataset.input_shape == (80, 2)
    assert score(run) > 0.9


def test_attention_on_its_own():
    run = trained(ATTENTION, "Attention on its own", 800)
    assert run.network.theta.size == 83
    assert score(run) > 0.9
    assert loss(trained(ATTENTION, "Attention on its own", 100)) > loss(trained(ATTENTION, "", 100))


def attended(**values):
    return attention.attended(**values_of(attention.VECTORS, values))


@pytest.mark.parametrize("score_by", ["scaled", "dot", "additive"])
def test_the_figure_is_the_formula(score_by):
    shown = attended(score=score_by, query=[1.0, -2.0])
    q, k, v = np.array([1.0, -2.0]), np.array(shown["keys"]), np.array(shown["values"])
    scores = {"scaled": k @ q / np.sqrt(2), "dot": k @ q, "additive": np.tanh(k + q).sum(axis=1)}[score_by]
    weights = np.exp(scores) / np.exp(scores).sum()
    assert shown["weights"] == pytest.approx(weights)
    assert shown["scores"] == pytest.approx(scores)
    assert shown["answer"] == pytest.approx(weights @ v)


def test_a_longer_query_chooses_harder_and_equal_keys_share():
    short, long = (max(attended(query=[s, s / 2])["weights"]) for s in (0.5, 3.0))
    assert long > short
    twins = attended(keys=[1, 1, 1, 1, -1, 0])["weights"]
    assert twins[0] == pytest.approx(twins[1])


def test_root_d_keeps_the_entropy_and_doing_without_loses_it():
    kept, lost, most = (np.array(line["values"]) for line in attention.entropies(16)["lines"])
    assert np.ptp(kept) < 0.3
    assert kept.min() > 3.2
    assert lost[-1] < 0.3
    assert (np.diff(lost) < 0).all()
    assert most[0] == 4
    assert kept[0] == lost[0]
