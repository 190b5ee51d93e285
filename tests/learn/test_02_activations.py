"""Lesson 2, activations: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from engine import Trainer, activations
from tests.learn.lessons import SEEDS, gradients, lesson, shown, task, told, trained, trainer
from ui.explore import functions

ACTIVATIONS, MINUTE = "02_activations", 650_000          # steps that Play makes in a minute, about
LEAKY = "Leaky ReLU, the same steps"
HORIZONS = [8_000, pytest.param(MINUTE, marks=pytest.mark.slow)]


def hidden(run: Trainer) -> list[np.ndarray]:
    """What each hidden layer answers to the training examples."""
    run.network.forward(run.dataset.x_train)
    return [layer.a.copy() for layer in run.network.layers[:-1]]


@pytest.mark.parametrize("horizon", [8_000, pytest.param(20_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("seed", SEEDS)
def test_six_layers_of_sigmoids_do_not_learn_for_long(seed, horizon):
    rest = told(ACTIVATIONS, "", horizon, seed=seed).between(25, horizon)      # after the first pass over the data
    assert rest.train_loss == pytest.approx(np.log(2), abs=0.03)
    first, *_, last = gradients(trainer(lesson(ACTIVATIONS), seed=seed))
    assert first < 1e-3 * last


@pytest.mark.parametrize("seed", SEEDS)
def test_the_last_pictures_of_a_stuck_network_are_plain(seed):
    first, *_, last = hidden(trained(ACTIVATIONS, "", 1000, seed=seed))
    assert last.std(axis=0).max() < 0.01 < first.std(axis=0).mean()


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("name", ["Tanh", "ReLU"])
@pytest.mark.parametrize("seed", SEEDS)
def test_tanh_and_relu_close_the_ring_for_good(seed, name, horizon):
    assert np.all(told(ACTIVATIONS, name, horizon, seed=seed).between(500, horizon).test_score > 0.97)


@pytest.mark.parametrize("seed", SEEDS)
def test_most_units_of_relu_answer_exactly_zero_on_one_side(seed):
    assert np.mean([((a == 0).any(axis=0)) for a in hidden(trained(ACTIVATIONS, "ReLU", 500, seed=seed))]) > 0.5


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_relus_die_and_then_nothing_is_learned(seed, horizon):
    run = trained(ACTIVATIONS, "Dead ReLUs", 1500, seed=seed)
    assert (hidden(run)[-1] == 0).all()
    assert gradients(run)[0] == 0
    assert not viewed_inputs(run).any()
    rest = told(ACTIVATIONS, "Dead ReLUs", horizon, seed=seed).between(1500, horizon)
    assert rest.train_loss.min() > 0.69
    assert rest.train_score.max() < 0.53


def viewed_inputs(run: Trainer) -> np.ndarray:
    """What the last hidden layer answers over the whole plane, at inputs that training never saw."""
    run.network.forward(np.random.default_rng(0).uniform(-1.5, 1.5, (500, 2)).astype(np.float32))
    return run.network.layers[-2].a


def test_leaky_relus_are_never_quite_dead():
    start, other = (task(lesson(ACTIVATIONS), name).spec({**lesson(ACTIVATIONS).spec})["training"]
                    for name in ("Dead ReLUs", LEAKY))
    assert start == other
    for seed in SEEDS:
        run = trained(ACTIVATIONS, LEAKY, 1500, seed=seed)
        assert all((a != 0).all() for a in hidden(run))
        assert gradients(run)[0] > 0


@pytest.mark.parametrize("horizon", HORIZONS)
def test_leaky_relus_leap_at_first_and_mostly_learn_all_the_same(horizon):
    runs = [told(ACTIVATIONS, LEAKY, horizon, seed=seed) for seed in SEEDS]
    assert all(run.between(25, 500).train_loss.max() > np.log(2) for run in runs)
    learned = [run for run in runs if run.first(run.test_score > 0.98) < 2000]
    assert len(learned) > len(runs) / 2
    assert all(np.all(run.between(2000, horizon).test_score > 0.98) for run in learned)


@pytest.mark.parametrize("horizon", HORIZONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_three_layers_of_sigmoids_learn_after_a_wait(seed, horizon):
    run = told(ACTIVATIONS, "Sigmoid, three layers fewer", horizon, seed=seed)
    assert np.all(run.between(0, 1000).train_loss > 0.6)
    assert np.all(run.between(5000, horizon).train_loss < 0.05)


@pytest.mark.parametrize("kind", [kind for kind, _ in functions.FUNCTIONS])
@pytest.mark.parametrize("z", [-3.0, -0.5, 0.5, 4.0])
def test_the_slope_is_the_curves(kind, z):
    found = shown(functions.CURVE, functions.curve_and_slope, function=kind, z=z, alpha=0.3)
    at, (a, slope) = np.array(found["at"]), (np.array(line["values"]) for line in found["lines"])
    middle = np.abs(at[1:-1]) > 0.06
    assert np.allclose(((a[2:] - a[:-2]) / (at[2] - at[0]))[middle], slope[1:-1][middle], atol=2e-3)
    assert found["marker"]["y"] == pytest.approx([np.interp(z, at, a), np.interp(z, at, slope)], abs=2e-3)


def test_the_lessons_table_of_bounds_holds():
    z = np.linspace(-6, 6, 2001)
    for kind, most in (("sigmoid", 0.25), ("tanh", 1), ("relu", 1)):
        f = activations[kind]()
        assert f.backward(np.ones_like(z), z, f.forward(z)).max() == pytest.approx(most, abs=1e-6)


def test_tanh_is_a_sigmoid_of_twice_the_height_and_half_the_width():
    z = np.linspace(-4, 4, 81)
    assert np.allclose(activations["tanh"]()(z), 2 * activations["sigmoid"]()(2 * z) - 1)


@pytest.mark.parametrize("kind", ["gelu", "silu"])
def test_a_round_corner_has_a_slope_just_below_zero_that_fades_far_below(kind):
    f = activations[kind]()
    just_below, far_below = (float(f.backward(np.ones(1), z, f.forward(z))[0]) for z in np.array([[-0.3], [-12.0]]))
    assert abs(just_below) > 0.1
    assert abs(far_below) < 1e-3


def test_softmax_ignores_what_is_added_to_all():
    one, other = (shown(functions.SOFTMAX, functions.shares, z1=1 + up, z2=up, z3=-1 + up) for up in (0, 2))
    shares, again = (found["groups"][0]["parts"][2]["values"] for found in (one, other))
    assert np.allclose(shares, again)
    assert np.allclose(np.sum(one["groups"][1]["parts"][0]["values"], axis=1), 0)


def test_eight_layers_saturate_and_die():
    def facts(**values):
        return dict(shown(functions.DEEP, functions.through_layers, **values)["facts"])

    assert float(facts(function="sigmoid")["first layer ÷ last layer"]) < 1e-3
    assert int(facts(function="tanh", scale=10)["flat"][:-2]) > 50 > int(facts(function="tanh")["flat"][:-2])
    assert int(facts(function="relu", bias=-5)["dead"][:-2]) > 50 > int(facts(function="relu")["dead"][:-2])
    assert float(facts(function="relu")["first layer ÷ last layer"]) > 0.01
