"""What the playground's presets tell is so, whatever the seed and for as long as Play runs."""

from functools import cache

import numpy as np
import pytest

import datasets
from engine import Trainer, metrics
from live.watch.probe import Probe
from runs.presets import PRESETS
from runs.spec import complete
from tests.learn.lessons import SEEDS, Told, score
from ui.lesson import changed

#: Steps that Play makes in a minute while nothing else runs, rounded up.
MINUTE = {"First steps": 1_800_000, "XOR needs a hidden layer": 2_700_000, "Spiral": 900_000,
          "Too high a learning rate": 1_800_000, "All weights begin at zero": 2_000_000, "Overfitting": 1_300_000,
          "Regularisation": 800_000, "Many classes": 800_000, "Regression": 1_000_000, "Iris": 1_000_000,
          "Breast cancer": 1_100_000, "Digits": 800_000}
DENSE = [{"kind": "dense"}]                       # what + adds


def playing(name: str, quick: int):
    """A test of every seed at a short horizon and, marked slow, at what Play reaches in a minute."""
    cases = [pytest.param(seed, horizon, marks=[pytest.mark.slow] * (horizon > quick))
             for horizon in (quick, MINUTE[name]) for seed in SEEDS]
    return pytest.mark.parametrize(("seed", "horizon"), cases)


def trainer(name: str, seed: int, **change) -> Trainer:
    """A preset's run at its beginning; `data__noise=0.2` changes a setting."""
    change = {path.replace("__", "."): value for path, value in change.items()} | {"seed": seed}
    spec = complete(changed(complete(PRESETS[name].spec), change))
    return Trainer(spec, datasets.load(spec["data"], seed))


def play(run: Trainer, steps: int) -> Trainer:
    while run.steps < steps:
        run.step()
    return run


@cache
def shared(name: str, seed: int) -> Trainer:
    """The preset's own run, as far as any test has played it."""
    return trainer(name, seed)


def told(run: Trainer, first: int, last: int) -> Told:
    """The curves of a run from one step to another; it is played on where it has to be."""
    play(run, last)
    return Told(*(run.history.column(column) for column in Told.__dataclass_fields__)).between(first, last)


def of(name: str, seed: int, first: int, last: int) -> Told:
    return told(shared(name, seed), first, last)


def bend(run: Trainer) -> float:
    """How far the boundary is from straight: the share of the plane that lies on the other side of its best line."""
    x = Probe(run.dataset).many.x
    said, sides = run.task.classes(run.network.forward(x)).ravel(), np.c_[x, np.ones(len(x))]
    line = np.linalg.lstsq(sides, 2.0 * said - 1, rcond=None)[0]
    for _ in range(300):                          # logistic regression on the network's answers
        p = 1 / (1 + np.exp(-np.clip(sides @ line, -30, 30)))
        line += 0.5 * sides.T @ (said - p) / len(p)
    return float(np.mean((sides @ line > 0) != said))


def confusion(run: Trainer) -> np.ndarray:
    data = run.dataset
    return metrics.confusion(run.task.classes(run.network.forward(data.x_test)), data.y_test, len(data.class_names))


def test_every_preset_is_told_of_here():
    assert set(MINUTE) == set(PRESETS)


@playing("First steps", 8_000)
def test_four_neurons_close_a_boundary_and_so_do_three_but_not_two(seed, horizon):
    assert of("First steps", seed, 4000, horizon).test_score.min() > 0.95
    three, two = (trainer("First steps", seed, network__layers=[{"kind": "dense", "units": n}]) for n in (3, 2))
    assert told(three, 6000, horizon).test_score.min() > 0.95
    assert told(two, 0, horizon).test_score.max() < 0.9


@playing("XOR needs a hidden layer", 5_000)
def test_a_line_is_hardly_better_than_guessing_at_xor_and_a_hidden_layer_learns_it(seed, horizon):
    line = of("XOR needs a hidden layer", seed, 500, horizon)
    assert np.median(line.test_score) < 0.65
    assert line.test_score.max() < 0.8
    assert told(trainer("XOR needs a hidden layer", seed, network__layers=DENSE), 2000, horizon).test_score.min() > 0.95


@playing("Spiral", 4_000)
def test_the_boundary_winds_up_with_the_spiral(seed, horizon):
    scores = of("Spiral", seed, 2000, horizon).test_score
    assert np.median(scores) > 0.95
    line = told(trainer("Spiral", seed, network__layers=[]), 500, 2000)
    assert line.test_score.max() < 0.75


def test_each_neuron_of_the_spirals_first_layer_draws_a_straight_line():
    run = play(trainer("Spiral", 0), 1500)
    x = Probe(run.dataset).many.x
    run.network.forward(x)
    z, sides = run.network.layers[0].z, np.c_[x, np.ones(len(x))]
    flat = z - sides @ np.linalg.lstsq(sides, z, rcond=None)[0]
    assert np.abs(flat).max() < 1e-3 * np.abs(z).max()


@playing("Too high a learning rate", 5_000)
def test_the_loss_jumps_about_until_the_rate_is_dragged_down(seed, horizon):
    wild = of("Too high a learning rate", seed, horizon // 2, horizon).train_loss
    assert wild.std() > 0.03
    run = play(trainer("Too high a learning rate", seed), horizon)
    run.set_training({**run.spec.training, "optimizer": {"kind": "sgd", "lr": 0.1}})
    calm = told(run, horizon + 4000, horizon + 8000).train_loss
    assert calm.std() < 0.1 * wild.std()
    assert calm.max() < 0.8 * wild.mean()


@playing("All weights begin at zero", 3_000)
def test_neurons_that_begin_alike_stay_alike(seed, horizon):
    name = "All weights begin at zero"
    run = play(trainer(name, seed), horizon)
    for parameter in run.network.parameters().values():
        assert np.ptp(parameter) == 0 or parameter.size == 1
    assert run.history.column("train_loss").min() > 0.68
    assert told(trainer(name, seed, network__initializer="he_normal"), 1500, horizon).test_score.min() > 0.95


@playing("Overfitting", 5_000)
def test_the_train_loss_falls_towards_zero_while_the_test_loss_rises(seed, horizon):
    run = of("Overfitting", seed, 0, horizon)
    late = run.between(horizon // 2, horizon)
    assert np.median(late.train_loss) < 0.02
    assert np.median(late.test_loss) > 2 * run.test_loss.min()
    assert np.median(late.train_score) == 1
    assert bend(shared("Overfitting", seed)) > 0.009
    line = told(trainer("Overfitting", seed, network__layers=[]), 1000, 2000)
    assert np.median(line.test_score) >= np.median(late.test_score) - 0.01
    assert np.median(line.test_loss) < 0.5 * np.median(late.test_loss)


@playing("Regularisation", 5_000)
def test_l2_keeps_the_boundary_almost_straight_and_the_test_loss_low(seed, horizon):
    late, learned = of("Regularisation", seed, 1000, horizon), of("Overfitting", seed, 2500, 5000)
    assert np.quantile(late.test_loss, 0.95) < 0.2
    assert np.median(late.test_loss) < 0.5 * np.median(learned.test_loss)
    assert bend(shared("Regularisation", seed)) < 0.009


@playing("Many classes", 4_000)
def test_five_outputs_share_one_answer(seed, horizon):
    assert np.median(of("Many classes", seed, 3000, horizon).test_score) > 0.93
    run = shared("Many classes", seed)
    shares = run.task.answers(run.network.forward(run.dataset.x_test))
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert run.dataset.outputs == 5


@playing("Regression", 10_000)
def test_a_good_fit_comes_of_itself(seed, horizon):
    scores = of("Regression", seed, 8000, horizon).test_score
    assert np.median(scores) > 0.93
    assert scores.min() > 0.8


@playing("Iris", 3_000)
def test_setosa_is_easy_and_the_other_two_overlap(seed, horizon):
    for steps in (1000, horizon):
        counts = confusion(play(trainer("Iris", seed), steps))
        assert counts[0].tolist() == [15, 0, 0]
        assert counts[1:, 0].sum() == 0
        assert 1 <= counts[1, 2] + counts[2, 1] <= 6


@playing("Breast cancer", 5_000)
def test_a_small_network_is_right_more_than_95_times_in_100(seed, horizon):
    scores = of("Breast cancer", seed, 1000, horizon).test_score
    assert scores.min() > 0.95
    assert score(shared("Breast cancer", seed)) < 1                                 # some mistakes remain


@playing("Digits", 3_000)
def test_a_neuron_answers_to_some_digits_and_not_to_others(seed, horizon):
    assert np.median(of("Digits", seed, 1000, horizon).test_score) > 0.93
    run = shared("Digits", seed)
    probe = Probe(run.dataset)
    digits = np.sort(run.dataset.y_test)[np.linspace(0, len(run.dataset.y_test) - 1, 64).round().astype(int)]
    run.network.forward(probe.many.x)
    answers = run.network.layers[1].a
    between = sum((digits == digit).sum() * (answers[digits == digit].mean(axis=0) - answers.mean(axis=0)) ** 2
                  for digit in range(10))
    explained = between / np.maximum(((answers - answers.mean(axis=0)) ** 2).sum(axis=0), 1e-9)
    assert explained.mean() > 0.4
