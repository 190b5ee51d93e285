"""Recipes: each is a run that can begin; and, marked slow, each reaches what is known to be reachable."""

import importlib.util

import numpy as np
import pytest

import datasets
import engine
from benchmarks.known.results import RESULTS, judged_sentiment, trained
from datasets.text.reviews import Reviews
from runs.recipes import RECIPES
from runs.spec import complete


@pytest.mark.parametrize("name", [name for name in RECIPES if name != "sentiment"])
def test_a_recipe_can_begin(name):
    spec = complete(RECIPES[name].spec)
    assert complete(spec) == spec
    trainer = engine.Trainer(spec, datasets.load(spec["data"], spec["seed"]))
    assert np.isfinite(trainer.step())
    assert RECIPES[name].epochs > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", RESULTS)
def test_what_is_known_to_be_reachable_is_reached(name):
    if "pytorch" in name and not importlib.util.find_spec("torch"):
        pytest.skip("needs PyTorch")
    result = RESULTS[name](0)
    assert result.reached, result.measured


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_short_sentences_come_out_honest_and_whole_reviews_right(seed):
    """As often right as it is sure, on sentences from elsewhere too; and the page's sentences say what they mean."""
    run = trained("sentiment", seed)
    assert run.trainer.ended, "it stops by itself"
    result = judged_sentiment(run)
    shares = [float(run.trainer.task.answers(run.logits(datasets.encode_input(run.spec["data"], text, seed),
                                                        np.zeros(1, np.int64))[0])[0, 0])
              for text in Reviews.sentences]
    print(seed, {name: round(value, 4) for name, value in result.measured.items()}, [round(p, 2) for p in shares],
          f"{run.epochs} epochs, {run.seconds:.1f} CPU seconds", flush=True)
    assert result.reached, result.measured
    assert result.measured["error"] <= 0.1
    good, bad, mixed = shares
    assert 0.5 < good < 0.99
    assert 0.01 < bad < 0.5
    assert 0.01 < mixed < 0.99
