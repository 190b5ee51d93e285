"""Lesson 11, transformer: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from engine import Diverged, SpecError
from engine.layers.residual import Shortcut
from tests.learn.lessons import SEEDS, lesson, score, task, told, trainer

TRANSFORMER = "11_transformer"


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
    for name, steps in (("Without positions", 30_000), ("Without attention", 60_000), ("Without residuals", 18_000)):
        run = told(TRANSFORMER, name, steps, seed=seed)
        assert run.test_score.max() < 0.65, name
        assert run.train_loss.min() > 0.6, name
    assert np.median(told(TRANSFORMER, "", 30_000, seed=seed).between(600, 30_000).test_score) > 0.95


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


def test_a_mask_hides_the_future_and_without_it_the_run_refuses():
    of, name = lesson(TRANSFORMER), "A mask: the tiny GPT"
    run = trainer(of, name)
    batch = run.task.prepare(run.dataset.x_test[:1], run.dataset.y_test[:1], run.dataset, np.random.default_rng(0))
    run.network.forward(batch.x, **batch.inputs)
    weights = next(view.data for view in run.network.views() if view.kind == "attention")
    assert np.triu(weights[0, 0], 1).max() == 0
    for _ in range(200):
        run.step()
    assert score(run) < 11                                                             # perplexity; 29 is a guess
    layers = task(of, name).change["network.layers"]
    with pytest.raises(SpecError, match="causal"):
        trainer(of, name, network__layers=[*layers[:2], layers[2] | {"causal": False}])


def test_without_positions_and_mask_two_orders_are_one():
    run = trainer(lesson(TRANSFORMER), "Without positions")
    x = run.dataset.x_test[:8]
    assert run.network.forward(x) == pytest.approx(run.network.forward(x[:, ::-1]), abs=1e-5)
    ordered = trainer(lesson(TRANSFORMER))
    assert np.abs(ordered.network.forward(x) - ordered.network.forward(x[:, ::-1])).max() > 1e-3
