"""Lesson 11, transformer: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from engine import Diverged, SpecError
from engine.layers.residual import Shortcut
from tests.learn.lessons import SEEDS, lesson, score, task, told, trainer

TRANSFORMER = "11_transformer"
MINUTE = {"": 50_000, "Without feed-forward": 75_000, "Without residuals": 25_000,
          "Without attention": 120_000}         # steps that Play makes in a minute at most: a core does no more


@pytest.mark.parametrize("seed", SEEDS)
def test_a_transformer_tells_the_parity_of_the_last_three(seed):
    assert told(TRANSFORMER, "", 600, seed=seed).test_score[-1] > 0.95


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "steps"), [("Without positions", 500), ("Without attention", 500),
                                             ("Without residuals", 300)])
def test_a_part_that_is_needed(name, steps, seed):
    run = told(TRANSFORMER, name, steps, seed=seed)
    assert run.test_score.max() < 0.65
    assert run.train_loss.min() > 0.6


@pytest.mark.parametrize("seed", SEEDS)
def test_feed_forward_is_not_needed_for_this(seed):
    assert told(TRANSFORMER, "Without feed-forward", 600, seed=seed).test_score[-1] > 0.95


def test_without_feed_forward_there_are_only_attention_and_norms():
    run = trainer(lesson(TRANSFORMER), "Without feed-forward")
    inner = [spec["kind"] for layer in run.spec.network["layers"] for spec in layer.get("layers", ())]
    assert set(inner) == {"layer_norm", "self_attention"}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_block_from_its_parts_with_shortcuts_learns_what_it_does_not_without(seed):
    run = trainer(lesson(TRANSFORMER), seed=seed, network__layers=with_norms())
    assert sum(isinstance(layer, Shortcut) for layer in run.network.layers) == 8
    while run.steps < 1000 and run.history.column("test_score")[-1] < 0.95:
        run.step()
    assert score(run) > 0.9


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_in_a_minute_of_play_no_ablation_learns(seed):
    for name in ("Without attention", "Without residuals"):
        run = told(TRANSFORMER, name, MINUTE[name], seed=seed)
        assert run.test_score.max() < 0.65, name
        assert run.train_loss.min() > 0.6, name
    for name in ("", "Without feed-forward"):
        assert np.median(told(TRANSFORMER, name, MINUTE[name], seed=seed).between(600, MINUTE[name]).test_score) > 0.95


@pytest.mark.parametrize("seed", SEEDS)
def test_no_bag_of_bits_and_no_sum_of_opinions_tells_the_parity_however_long_it_learns(seed):
    data = trainer(lesson(TRANSFORMER), seed=seed).dataset
    (x, y), (x_test, y_test) = ((x[..., 0] > 0, y.ravel()) for x, y in ((data.x_train, data.y_train),
                                                                        (data.x_test, data.y_test)))
    assert bag(x.sum(axis=1), y)[0] > 0.6                                          # the train loss of the best of all
    assert bag(x_test.sum(axis=1), y_test)[1] < 0.65                               # and the test accuracy
    assert opinions(x, y) > 0.6


def bag(ones: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Loss and accuracy of the best answer for each number of ones."""
    shares = np.array([y[ones == n].mean() for n in ones])
    return float(-np.log(np.where(y == 1, shares, 1 - shares)).mean()), float(np.maximum(shares, 1 - shares).mean())


def opinions(x: np.ndarray, y: np.ndarray) -> float:
    """The least loss of a sum of one opinion a place, found by Newton's method (the loss is convex)."""
    x = np.column_stack([np.ones(len(x)), x])
    w = np.zeros(x.shape[1])
    for _ in range(20):
        p = 1 / (1 + np.exp(-x @ w))
        w += np.linalg.solve(x.T * (p * (1 - p)) @ x, x.T @ (y - p))
    assert x.T @ (y - p) == pytest.approx(0, abs=1e-6)
    return float(-np.log(np.where(y == 1, p, 1 - p)).mean())


def with_norms() -> list[dict]:
    """The four blocks of "Without norms, at speed" with the norms put back."""
    def back(layer: dict) -> dict:
        return layer | {"layers": [{"kind": "layer_norm"}, *layer["layers"]]} if layer["kind"] == "residual" else layer

    return [back(layer) for layer in task(lesson(TRANSFORMER), "Without norms, at speed").change["network.layers"]]


def test_a_block_is_its_parts():
    of = lesson(TRANSFORMER)
    ready = trainer(of).network.parameter_counts()[2]
    parts = trainer(of, network__layers=with_norms()).network.parameter_counts()
    assert parts[2] + parts[3] == ready


def peak(name: str, seed: int, steps: int = 1000, **change) -> float:
    """The largest loss of a batch within so many steps, or the first above 100."""
    run, most = trainer(lesson(TRANSFORMER), name, seed=seed, **change), 0.0
    try:
        while run.steps < steps and most <= 100:
            most = max(most, run.step())
    except Diverged:
        return np.inf
    return most


@pytest.mark.parametrize("seed", SEEDS)
def test_norms_keep_a_fast_run_from_running_away(seed):
    assert peak("Without norms, at speed", seed) > 100
    assert peak("", seed, 300, training__optimizer__lr=0.05) < 10


@pytest.mark.parametrize("seed", SEEDS)
def test_the_tiny_gpt_is_undecided_among_fewer_letters(seed):
    assert told(TRANSFORMER, "A mask: the tiny GPT", 200, seed=seed).test_score[-1] < 11            # 29 is a guess
    assert np.log(29) == pytest.approx(3.37, abs=0.005)


def test_a_mask_hides_the_future_and_without_it_the_run_refuses():
    of, name = lesson(TRANSFORMER), "A mask: the tiny GPT"
    run = trainer(of, name)
    batch = run.task.prepare(run.dataset.x_test[:1], run.dataset.y_test[:1], run.dataset, np.random.default_rng(0))
    run.network.forward(batch.x, **batch.inputs)
    weights = next(view.data for view in run.network.views() if view.kind == "attention")
    assert np.triu(weights[0, 0], 1).max() == 0
    layers = task(of, name).change["network.layers"]
    with pytest.raises(SpecError, match="causal"):
        trainer(of, name, network__layers=[*layers[:2], layers[2] | {"causal": False}])


def test_without_positions_and_mask_two_orders_are_one():
    run = trainer(lesson(TRANSFORMER), "Without positions")
    x = run.dataset.x_test[:8]
    assert run.network.forward(x) == pytest.approx(run.network.forward(x[:, ::-1]), abs=1e-5)
    ordered = trainer(lesson(TRANSFORMER))
    assert np.abs(ordered.network.forward(x) - ordered.network.forward(x[:, ::-1])).max() > 1e-3
