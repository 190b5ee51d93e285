"""What the applications' pages say of trained networks is so, seed by seed; each prints what it measured."""

import datetime

import numpy as np
import pytest
from babel.dates import format_date

import datasets
import engine
from datasets.text.dates import LOCALES, STYLES, plain
from datasets.text.words import filled_up, numbers_of
from engine import Trainer
from tests.datasets.applications import passes, trainer

pytestmark = pytest.mark.slow
SEEDS = range(5)


# -- dates -------------------------------------------------------------------------------------------------------------


def share_right(run: Trainer, x: np.ndarray, answers: list[str]) -> float:
    """How many dates x (N, T) it writes without a mistake, greedily."""
    data, written = run.dataset, run.dataset.written
    said = engine.greedy(run.network, x, written.start, written.end, 11, mask=x != data.vocabulary.pad)
    return float(np.mean([datasets.decode(row, written) == answer for row, answer in zip(said, answers, strict=True)]))


def of_form(run: Trainer, form: str, first: int, last: int, count: int = 300) -> float:
    """The share of dates of one form, from these years, that comes out right."""
    rng, begin = np.random.default_rng(7), datetime.date(first, 1, 1)
    days = rng.integers(0, (datetime.date(last, 12, 31) - begin).days + 1, count)
    dates = [begin + datetime.timedelta(days=int(day)) for day in days]
    texts = [plain(format_date(date, form, locale=LOCALES[rng.integers(5)])) for date in dates]
    length = run.dataset.x_train.shape[1]
    x = filled_up((numbers_of(text, run.dataset.vocabulary) for text in texts), count, length)
    return share_right(run, x, [date.isoformat() for date in dates])


def year_looks(run: Trainer, count: int = 200) -> np.ndarray:
    """The weight (4,) that each character of the year gives to the year's digits in the text, on average."""
    data = run.dataset
    batch = run.task.prepare(data.x_test[:count], data.y_test[:count], data, np.random.default_rng(0))
    run.network.forward(batch.x, **batch.inputs)
    looks = next(view.data for view in run.network.views() if "source" in view.axes).mean(axis=1)
    found = []
    for i in range(count):
        text, year = datasets.decode(data.x_test[i], data.vocabulary), datasets.decode(data.y_test[i], data.written)[:4]
        at = text.index(year)
        found.append(looks[i, :4, at:at + 4].sum(axis=1))
    return np.mean(found, axis=0)


@pytest.mark.parametrize("seed", SEEDS)
def test_dates_of_every_form_come_out_right_and_of_other_years_do_not(seed):
    run = passes(trainer("5_dates", seed=seed), 6)
    data = run.dataset
    held_out = share_right(run, data.x_test, [datasets.decode(y, data.written) for y in data.y_test])
    forms = {form: of_form(run, form, 1900, 2099) for form in STYLES}
    strange = {"before 1900": of_form(run, "long", 1800, 1899), "after 2099": of_form(run, "long", 2100, 2199),
               "two digits": of_form(run, "d.M.yy", 1900, 2099)}
    print(seed, round(held_out, 4), forms, strange, year_looks(run).round(2))
    assert held_out >= 0.98
    assert min(forms.values()) >= 0.99
    assert max(strange.values()) < 0.4
    assert year_looks(run).min() > 0.9


@pytest.mark.parametrize("seed", SEEDS)
def test_the_transformer_learns_dates_in_more_passes(seed):
    run, told = trainer("5_dates", "Transformer with cross-attention", seed), []
    answers = [datasets.decode(y, run.dataset.written) for y in run.dataset.y_test]
    for count in (6, 18):
        told.append(share_right(passes(run, count), run.dataset.x_test, answers))
    print(seed, np.round(told, 4), year_looks(run).round(2))
    assert told[0] < 0.97 <= told[1]
    assert year_looks(run).min() > 0.6


# -- digits ------------------------------------------------------------------------------------------------------------


def moved(x: np.ndarray, by: int) -> list[np.ndarray]:
    """Pictures x (N, H, W, 1) moved by so many pixels in eight directions, with empty paper behind them."""
    room = np.pad(x, ((0, 0), (by, by), (by, by), (0, 0)), constant_values=x.min())
    height, width = x.shape[1:3]
    return [room[:, by + down:by + down + height, by + right:by + right + width]
            for down in (-by, 0, by) for right in (-by, 0, by) if down or right]


def scribbles(run: Trainer, count: int = 100) -> np.ndarray:
    """Random walks of a pen, as the drawing field hands them to the network."""
    rng, found = np.random.default_rng(3), []
    for _ in range(count):
        paper, place = np.zeros((28, 28)), rng.uniform(8, 20, 2)
        for step in rng.normal(0, 1.2, (40, 2)):
            place = np.clip(place + step, 2, 25)
            row, column = place.astype(int)
            paper[row:row + 2, column:column + 2] = 1
        found.append(datasets.encode_input({"kind": "mnist"}, paper.tolist(), run.spec.seed))
    return np.concatenate(found)


def right(run: Trainer, x: np.ndarray) -> float:
    return float(np.mean(run.task.classes(run.network.forward(x)) == run.dataset.y_test))


@pytest.mark.parametrize("seed", SEEDS)
def test_digits_that_are_moved_are_read_better_by_maps(seed):
    told = {}
    for model in ("Convolutions", "Dense layers"):
        run = passes(trainer("2_digits", model, seed), 25)
        x = run.dataset.x_test
        told[model] = right(run, x), float(np.mean([right(run, found) for found in moved(x, 3)]))
        sure = run.task.answers(run.network.forward(scribbles(run))).max(axis=1)
        print(seed, model, [round(share, 4) for share in told[model]], "scribbles, mean and share above 90 %:",
              sure.mean().round(2), (sure > 0.9).mean().round(2), "steps", run.steps)
        assert (sure > 0.9).mean() > 0.05
    (maps, maps_moved), (dense, dense_moved) = told.values()
    assert maps > 0.965 > 0.95 > dense > 0.9
    assert 0.75 > maps_moved > 0.55 > 0.32 > dense_moved > 0.2


# -- names -------------------------------------------------------------------------------------------------------------


def likeness(run: Trainer, count: int = 300) -> float:
    """Of the letters' triples in invented names, ends included, the share that real names have as well."""
    words = run.dataset.vocabulary
    known = {triple for row in run.dataset.x_train for triple in triples(datasets.decode(row, words))}
    rows = engine.generate(run.network, np.full((count, 1), words.start), run.dataset.input_shape[0],
                           np.random.default_rng(0), end=words.end, at_least=1)
    return float(np.mean([triple in known for row in rows for triple in triples(datasets.decode(row, words))]))


def triples(name: str) -> list[str]:
    name = f"^{name}$"
    return [name[i:i + 3] for i in range(len(name) - 2)]


@pytest.mark.parametrize("seed", SEEDS)
def test_inventions_look_more_like_names_step_by_step(seed):
    run, told = trainer("3_names", seed=seed), []
    for steps in (0, 60, 250, 1500):
        while run.steps < steps:
            run.step()
        told.append(likeness(run))
    print(seed, "likeness", np.round(told, 3), "perplexity", run.evaluate()["test"]["perplexity"])
    assert np.all(np.diff(told) > 0)
    assert told[0] < 0.5 < 0.9 < told[-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_perplexities_of_the_three_networks(seed):
    told = {model: passes(trainer("3_names", model, seed), 6).evaluate()["test"]["perplexity"]
            for model in ("GPT", "LSTM", "RNN")}
    print(seed, {model: round(value, 2) for model, value in told.items()})
    assert max(told.values()) < 12


# -- blanks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_the_candidates_for_a_blank_sharpen_and_are_not_always_the(seed):
    run = trainer("4_blank", seed=seed, sentences=10_000)
    data, told = run.dataset, []
    batch = run.task.prepare(data.x_test[:200], data.y_test[:200], data, np.random.default_rng(0))
    for steps in (0, 200, 800):
        while run.steps < steps:
            run.step()
        logits = run.network.forward(batch.x, **batch.inputs)[batch.counts]
        shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        told.append(float(-(shares * np.log(shares + 1e-12)).sum(axis=-1).mean()))
    likeliest = np.bincount(shares.argmax(axis=-1)) / len(shares)
    print(seed, "entropy", np.round(told, 2), "words", np.count_nonzero(likeliest), likeliest.max().round(2))
    assert np.all(np.diff(told) < 0)
    assert likeliest.max() < 0.5
