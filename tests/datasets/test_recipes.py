"""Recipes: each is a run that can begin; and, marked slow, each reaches what is known to be reachable."""

import importlib.util

import numpy as np
import pytest

import datasets
import engine
from bench.known.results import RESULTS
from datasets.recipes import RECIPES
from datasets.split import with_validation
from live.specs import complete


@pytest.mark.parametrize("name", [name for name in RECIPES if name != "sentiment"])
def test_a_recipe_can_begin(name):
    spec = complete(RECIPES[name].spec)
    assert complete(spec) == spec
    trainer = engine.Trainer(spec, datasets.load(spec["data"], spec["seed"]))
    assert np.isfinite(trainer.step())
    assert RECIPES[name].epochs > 0


def test_validation_is_taken_from_what_trains():
    data = datasets.load("iris", 3)
    held = with_validation(data, 0.2, 3)
    assert len(held.x_test) == round(0.2 * len(data.x_train))
    both = np.concatenate([held.x_train, held.x_test])
    assert sorted(map(tuple, both.tolist())) == sorted(map(tuple, data.x_train.tolist()))
    assert not {*map(tuple, held.x_test.tolist())} & {*map(tuple, data.x_test.tolist())} - {
        *map(tuple, data.x_train.tolist())}
    np.testing.assert_array_equal(with_validation(data, 0.2, 3).x_test, held.x_test)


@pytest.mark.slow
@pytest.mark.parametrize("name", RESULTS)
def test_what_is_known_to_be_reachable_is_reached(name):
    if "pytorch" in name and not importlib.util.find_spec("torch"):
        pytest.skip("needs PyTorch")
    result = RESULTS[name](0)
    assert result.reached, result.measured
