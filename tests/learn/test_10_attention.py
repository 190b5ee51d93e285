"""Lesson 10, attention: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from tests.learn.lessons import SEEDS, lesson, score, told, trained, trainer, viewed
from ui.explore import attention, values_of

ATTENTION = "10_attention"
SMALL, GATE = "Look by a small network", "A choice without attention"
LONG, MEAN, ALONE = "Four times as long", "No choice of where to look", "Attention on its own"
MINUTE = {"": 130_000, LONG: 26_000, MEAN: 1_400_000, GATE: 540_000, SMALL: 200_000,
          ALONE: 220_000}                       # steps that Play makes in a minute at most: a core does no more


def on_marks(run, name: str) -> np.ndarray:
    """The weights (30, 2) of the last query on the two marked steps of 30 test series."""
    weights = [viewed(run, name, example)[0, 0, -1] for example in range(30)]
    marked = run.dataset.x_test[:30, :, 1] > 0
    return np.array(weights)[marked].reshape(-1, 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_attention_finds_the_marks(seed):
    run = trained(ATTENTION, "", 600, seed=seed)
    assert score(run) > 0.95
    assert on_marks(run, "1.attention") == pytest.approx(0.5, abs=0.1)
    start = viewed(trainer(lesson(ATTENTION), seed=seed), "1.attention")[0, 0, -1]
    assert start == pytest.approx(1 / 20, abs=0.03)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mean_of_all_says_little_about_two(seed):
    assert told(ATTENTION, MEAN, 10_000, seed=seed).train_loss.min() > 0.8


@pytest.mark.parametrize("seed", SEEDS)
def test_a_layer_before_the_mean_learns_to_be_a_gate(seed):
    assert told(ATTENTION, GATE, 1000, seed=seed).train_loss.min() > 0.7
    run = trained(ATTENTION, GATE, 10_000, seed=seed)
    assert run.evaluate()["train"]["loss"] < 0.1
    x, W = run.dataset.x_test, run.network.parameters()["2.W"]
    run.network.forward(x)
    told_by = (run.network.layers[0].a @ W)[..., 0]                      # what each step adds to the answer
    marked = x[..., 1] > 0
    assert told_by[~marked].std() < 0.1 * told_by[marked].std()


@pytest.mark.parametrize("seed", SEEDS)
def test_four_times_as_long_is_as_easy(seed):
    run = trained(ATTENTION, LONG, 400, seed=seed)
    assert run.dataset.input_shape == (80, 2)
    assert score(run) > 0.95


@pytest.mark.parametrize("seed", SEEDS)
def test_the_additive_score_answers_well_wherever_it_looks(seed):
    run = trained(ATTENTION, SMALL, 400, seed=seed)
    assert score(run) > 0.9
    assert viewed(run, "1.attention").shape[2] == 1                                    # one query


def test_the_additive_score_does_not_always_look_at_the_marks_but_does_so_more_and_more():
    early, later = ([on_marks(trained(ATTENTION, SMALL, steps, seed=seed), "1.attention").sum(axis=1).mean()
                     for seed in SEEDS] for steps in (400, 3000))
    assert max(early) > 0.95
    assert min(early) < 0.5
    assert all(then > min(now + 0.1, 0.95) for now, then in zip(early, later, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_attention_on_its_own_is_slower_at_first(seed):
    run = trained(ATTENTION, ALONE, 600, seed=seed)
    assert run.network.theta.size == 27
    assert score(run) > 0.9
    alone, behind = (told(ATTENTION, name, 100, seed=seed).train_loss[-1] for name in (ALONE, ""))
    assert alone > behind


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_in_a_minute_of_play_nothing_of_this_changes(seed):
    assert told(ATTENTION, MEAN, MINUTE[MEAN], seed=seed).train_loss.min() > 0.8
    assert told(ATTENTION, GATE, MINUTE[GATE], seed=seed).between(10_000, MINUTE[GATE]).train_loss.max() < 0.1
    assert told(ATTENTION, "", MINUTE[""], seed=seed).between(600, MINUTE[""]).test_score.min() > 0.95
    for name, first in ((LONG, 400), (SMALL, 400), (ALONE, 600)):
        assert np.median(told(ATTENTION, name, MINUTE[name], seed=seed).between(first, MINUTE[name]).test_score) > 0.9
    assert on_marks(trained(ATTENTION, SMALL, MINUTE[SMALL], seed=seed), "1.attention").sum(axis=1).mean() > 0.9


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
