"""What pages say of data sets is so: which dates are written, and how often a name or a word occurs."""

import datetime
import re

import numpy as np
import pytest

import datasets
from datasets.text.dates import STYLES, Dates
from datasets.text.names import NameLetters, shares
from engine.tasks.text import corrupt
from runs.recipes import RECIPES
from tests.datasets.applications import trainer

SEEDS = range(5)


@pytest.mark.parametrize("seed", SEEDS)
def test_dates_are_of_two_centuries_with_the_year_in_full(seed):
    texts, answers = Dates().write(np.random.default_rng(seed))
    assert min(answers) >= "1900-01-01"
    assert max(answers) <= "2099-12-31"
    assert len({answer[:4] for answer in answers}) == 200
    assert all(answer[:4] in text for text, answer in zip(texts, answers, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_each_form_of_a_date_is_a_sixth_and_none_has_slashes(seed):
    texts, answers = Dates().write(np.random.default_rng(seed))
    iso = np.mean([text == answer for text, answer in zip(texts, answers, strict=True)])
    numeric = np.mean([bool(re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}", text)) for text in texts])
    assert iso == pytest.approx(1 / len(STYLES), abs=0.02)
    assert numeric > 2 / len(STYLES) - 0.02  # German writes its short form so as well
    assert not any("/" in text for text in texts)


@pytest.mark.parametrize("seed", SEEDS)
def test_digits_alone_put_the_day_first(seed):
    for text, answer in zip(*Dates().write(np.random.default_rng(seed)), strict=True):
        if re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}", text):
            day, month, year = map(int, text.split("."))
            assert datetime.date(year, month, day).isoformat() == answer


@pytest.mark.parametrize("kind", ["first", "surnames"])
def test_a_name_occurs_once_however_many_people_bear_it(kind):
    names = NameLetters(names=kind).chosen()
    assert len(names) == len(set(names))


def test_there_are_three_and_a_half_times_as_many_women_s_names():
    female, male = shares("female"), shares("male")
    women = sum(female[name] >= male.get(name, 0) for name in female)
    men = sum(male[name] > female.get(name, 0) for name in male)
    assert women / men == pytest.approx(3.5, abs=0.05)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_commonest_hidden_word_is_the(seed):
    data = datasets.load(RECIPES["blank"].spec["data"] | {"sentences": 10_000}, seed)
    _, chosen = corrupt(data.x_train, data.vocabulary, np.random.default_rng(seed))
    counts = np.bincount(data.x_train[chosen])
    assert data.vocabulary.tokens[counts.argmax()] == "the"


def test_of_the_words_15_percent_are_chosen_and_of_these_80_hidden_10_swapped_10_left():
    data = datasets.load(RECIPES["blank"].spec["data"] | {"sentences": 10_000}, 0)
    seen, chosen = corrupt(data.x_train, data.vocabulary, np.random.default_rng(0))
    words = data.x_train != data.vocabulary.pad
    hidden = seen[chosen] == data.vocabulary.mask
    left = seen[chosen] == data.x_train[chosen]
    assert chosen[words].mean() == pytest.approx(0.15, abs=0.005)
    assert hidden.mean() == pytest.approx(0.8, abs=0.02)
    assert left.mean() == pytest.approx(0.1, abs=0.01)
    assert (~hidden & ~left).mean() == pytest.approx(0.1, abs=0.01)
    assert np.array_equal(seen[~chosen], data.x_train[~chosen])


def test_a_causal_head_never_looks_ahead():
    run = trainer("3_names")
    run.step()
    run.network.forward(run.dataset.x_test[:50])
    heads = [view.data for view in run.network.views() if view.name.endswith("attention")]
    assert heads
    for looks in heads:
        assert np.allclose(np.triu(looks, 1), 0)
        assert np.allclose(looks.sum(axis=-1), 1, atol=1e-5)


def test_the_maps_have_a_quarter_of_the_weights_and_the_dense_layer_behind_them_most():
    sizes = {}
    for model in ("Convolutions", "Dense layers"):
        for layer in trainer("2_digits", model).network.layers:
            sizes.setdefault((model, layer.kind), []).append(sum(p.size for p in layer.own_parameters().values()))
    assert sum(sizes["Convolutions", "conv2d"]) == 13_248
    assert sizes["Convolutions", "dense"][0] == 200_832
    assert sizes["Dense layers", "dense"][0] == 50_240
