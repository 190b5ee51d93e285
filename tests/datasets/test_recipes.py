"""Recipes: each is a run that can begin; and, marked slow, each reaches what is known to be reachable."""

import importlib.util

import numpy as np
import pytest

import datasets
import engine
from bench.known.results import RESULTS
from datasets.recipes import RECIPES
from live.specs import complete


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
