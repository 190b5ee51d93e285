"""Lesson 11, transformer: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from engine import Diverged, SpecError
from engine.layers.residual import Shortcut
from tests.learn.lessons import lesson, loss, score, task, trained, trainer

TRANSFORMER = "11_transformer"


@pytest.mark.parametrize("seed", [0, 1])
def test_a_transformer_tells_the_parity_of_the_last_three(seed):
    run = trainer(lesson(TRANSFORMER), seed=seed) if seed else trainer(lesson(TRANSFORMER))
    for _ in range(400):
        run.step()
    assert score(run) > 0.95


@pytest.mark.parametrize("name", ["Without positions", "Without attention", "Without residuals"])
def test_each_part_is_needed(name):
    run = trained(TRANSFORMER, name, 500)
    assert score(run) < 0.6
    assert loss(run) > 0.67


def test_the_block_from_its_parts_with_shortcuts_learns_what_it_does_not_without():
    of = lesson(TRANSFORMER)
    run = trainer(of, "With norms, at speed", training__optimizer__lr=0.005)
    assert sum(isinstance(layer, Shortcut) for layer in run.network.layers) == 8
    for _ in range(500):
        run.step()
    assert score(run) > 0.95
    assert loss(trained(TRANSFORMER, "Without residuals", 500)) == pytest.approx(0.693, abs=0.003)


def test_a_block_is_its_parts():
    of = lesson(TRANSFORMER)
    ready = trainer(of).network.parameter_counts()[2]
    parts = trainer(of, "With norms, at speed").network.parameter_counts()
    assert parts[2] + parts[3] == ready


def peak(name: str, steps: int = 150) -> float:
    run, most = trainer(lesson(TRANSFORMER), name), 0.0
    try:
        for _ in range(steps):
            most = max(most, run.step())
    except Diverged:
        return np.inf
    return most


def test_norms_keep_a_fast_run_from_running_away():
    assert peak("Without norms, at speed") > 100
    assert peak("With norms, at speed") < 10


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
