"""Lessons 2 to 6: every task loads a state in which what it says is to be seen, and every figure is the engine's."""

import json
from functools import cache

import numpy as np
import pytest

import datasets
from engine import Trainer, activations, losses
from live.specs import complete
from tests.learn.lessons import lesson, loss, score, task, trained, trainer
from ui.explore import chain, descent, functions, stacks, values_of, wrongness

ACTIVATIONS, FORWARD, LOSSES, BACK, DESCENT = (
    "02_activations", "03_forward_pass", "04_losses", "05_backpropagation", "06_gradient_descent")


# -- 2: activations ----------------------------------------------------------------------------------------------------

def gradients(run: Trainer) -> list[float]:
    """‖∂L/∂W‖ of each layer on all training examples."""
    data = run.dataset
    _, dlogits = run.loss(run.network.forward(data.x_train), data.y_train)
    run.network.backward(dlogits)
    return [float(np.linalg.norm(g.astype(float))) for name, g in run.network.gradients().items() if name.endswith("W")]


def hidden(run: Trainer) -> list[np.ndarray]:
    """What each hidden layer answers to the training examples."""
    run.network.forward(run.dataset.x_train)
    return [layer.a.copy() for layer in run.network.layers[:-1]]


def test_six_layers_of_sigmoids_do_not_learn():
    run = trained(ACTIVATIONS, "", 2000)
    assert loss(run) == pytest.approx(np.log(2), abs=0.005)
    first, *_, last = gradients(trainer(lesson(ACTIVATIONS)))
    assert first < 1e-3 * last


def test_tanh_closes_the_ring():
    assert score(trained(ACTIVATIONS, "Tanh", 500)) > 0.97


def test_relu_learns_as_fast_and_answers_exactly_zero_on_one_side():
    run = trained(ACTIVATIONS, "ReLU", 500)
    assert score(run) > 0.95
    assert all((a == 0).any(axis=0).mean() > 0.5 for a in hidden(run))


def test_relus_die_and_then_nothing_is_learned():
    run = trained(ACTIVATIONS, "Dead ReLUs", 1500)
    assert (hidden(run)[-1] == 0).all()
    assert gradients(run)[0] == 0
    assert loss(run) == pytest.approx(np.log(2), abs=0.01)


def test_leaky_relus_come_back():
    start, other = (task(lesson(ACTIVATIONS), name).spec({**lesson(ACTIVATIONS).spec})["training"]
                    for name in ("Dead ReLUs", "Leaky ReLU, the same steps"))
    assert start == other
    assert score(trained(ACTIVATIONS, "Leaky ReLU, the same steps", 1500)) > 0.98


def test_three_layers_of_sigmoids_learn_after_a_wait():
    assert loss(trained(ACTIVATIONS, "Sigmoid, three layers fewer", 900)) > 0.6
    assert loss(trained(ACTIVATIONS, "Sigmoid, three layers fewer", 2500)) < 0.1


def shown(controls, compute, **values) -> dict:
    found = compute(**values_of(controls, values))
    json.dumps(found, allow_nan=False)
    return found


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


# -- 3: the forward pass -----------------------------------------------------------------------------------------------

def test_three_units_close_the_ring():
    run = trained(FORWARD, "", 3000)
    assert run.network.theta.size == 13
    assert score(run) > 0.97


def test_linear_layers_stay_a_line_however_many():
    run = trained(FORWARD, "Five linear layers", 1500)
    assert loss(run) > 0.68
    points = np.random.default_rng(0).uniform(-2, 2, (20, 2))
    middle, ends = run.network.forward(points[::2] / 2 + points[1::2] / 2), run.network.forward(points)
    assert np.allclose(middle, (ends[::2] + ends[1::2]) / 2, atol=1e-4)


def test_bent_they_close_the_ring():
    assert score(trained(FORWARD, "The same five, bent", 600)) > 0.97
    assert (trainer(lesson(FORWARD), "The same five, bent").network.theta.size
            == trainer(lesson(FORWARD), "Five linear layers").network.theta.size)


def test_two_clouds_need_no_bend():
    assert score(trained(FORWARD, "When a line is enough", 300)) == 1.0


def test_two_units_leave_the_ring_open():
    assert 0.7 < score(trained(FORWARD, "Two units", 3000)) < 0.9


def test_flowers_have_other_shapes():
    run = trainer(lesson(FORWARD), "Other shapes")
    assert run.network.input_shape == (4,)
    assert run.network.shapes() == [(5,), (3,)]


@pytest.mark.parametrize("seed", range(4))
def test_linear_layers_collapse_and_bent_ones_do_not(seed):
    def said(activation):
        found = shown(stacks.STACK, stacks.three_and_one, activation=activation, seed=seed, x1=1.5, x2=-2)
        return [float(value) for _, value in found["facts"]]

    three, one, difference = said("linear")
    assert three == pytest.approx(one, abs=1e-5)
    assert difference < 1e-5
    assert said("tanh")[2] > 1e-3


# -- 4: losses ---------------------------------------------------------------------------------------------------------

@cache
def sides(name: str, steps: int) -> list[Trainer]:
    """Cross-entropy and squares, after so many steps."""
    of, found = lesson(LOSSES), []
    for spec in of.specs(task(of, name) if name else None).values():
        spec = complete(spec)
        found.append(Trainer(spec, datasets.load(spec["data"], spec["seed"])))
        for _ in range(steps):
            found[-1].step()
    return found


def test_both_sides_start_alike():
    entropy, squares = sides("", 0)
    assert (entropy.loss.kind, squares.loss.kind) == ("cross_entropy", "brier")
    assert np.array_equal(entropy.network.theta, squares.network.theta)
    assert loss(entropy) == pytest.approx(np.log(6), abs=0.2)
    assert loss(squares) == pytest.approx(5 / 6, abs=0.05)


def test_squares_stay_on_a_plateau_and_arrive_in_the_end():
    entropy, squares = sides("", 400)
    assert score(entropy) > 0.95
    assert score(squares) < 0.7
    assert score(sides("", 1200)[1]) > 0.95


def test_three_arms():
    entropy, squares = sides("Three arms", 800)
    assert score(entropy) > 0.9
    assert score(squares) < score(entropy) - 0.05
    assert score(sides("Three arms", 1600)[1]) > 0.9


def test_handwritten_digits():
    entropy, squares = sides("Handwritten digits", 200)
    assert score(entropy) > 0.75
    assert 0.15 < score(squares) < 0.35


def test_ten_times_the_steps():
    assert all(score(side) > 0.95 for side in sides("Ten times the steps", 400))


def test_digits_with_adam():
    assert all(score(side) > 0.94 for side in sides("Digits with Adam", 800))


@pytest.mark.parametrize("kind", ["mse", "mae", "huber"])
def test_the_curve_of_a_loss_has_the_slope_beside_it(kind):
    found = shown(wrongness.NUMBERS, wrongness.loss_of_number, kind=kind, p=1.5, y=-0.5, delta=1.2)
    at, (value, slope) = np.array(found["at"]), (np.array(line["values"]) for line in found["lines"])
    smooth = np.abs(at[1:-1] + 0.5) > 0.2
    assert np.allclose(((value[2:] - value[:-2]) / (at[2] - at[0]))[smooth], slope[1:-1][smooth], atol=0.03)
    assert found["marker"]["y"][0] == pytest.approx({"mse": 4.0, "mae": 2.0, "huber": 1.2 * (2 - 0.6)}[kind])
    assert found["marker"]["slope"] == pytest.approx({"mse": 4.0, "mae": 1.0, "huber": 1.2}[kind])


@pytest.mark.parametrize(("z", "y"), [(-5.0, "1"), (0.0, "0"), (3.0, "0")])
def test_the_slopes_of_yes_or_no_are_the_formulas(z, y):
    found = dict(shown(wrongness.SIDES, wrongness.loss_of_logit, z=z, y=y)["facts"])
    p = 1 / (1 + np.exp(-z))
    assert float(found["dL/dz = p − y"]) == pytest.approx(p - float(y), abs=1e-4)
    assert float(found["dL/dz = 2(p − y) p (1 − p)"]) == pytest.approx(2 * (p - float(y)) * p * (1 - p), abs=1e-4)


def test_softmax_and_cross_entropy_leave_the_difference():
    _, p, y, slopes = (part["values"][0] for part in
                       shown(wrongness.CLASSES, wrongness.loss_of_shares)["groups"][0]["parts"][::2])
    assert np.allclose(np.array(p) - y, slopes)


def test_what_the_answer_says_of_being_sure_and_wrong():
    for p, entropy, square in ((0.001, 6.9, 0.998), (0.000001, 13.8, 1.0)):
        logit, truth = np.array([[np.log(p / (1 - p))]]), np.array([1.0])
        assert losses["binary_cross_entropy"](logit, truth)[0] == pytest.approx(entropy, abs=0.05)
        assert losses["brier"](logit, truth)[0] == pytest.approx(square, abs=5e-4)


# -- 5: backpropagation ------------------------------------------------------------------------------------------------

def test_the_lessons_own_run_learns_the_ring():
    assert score(trained(BACK, "", 3000)) > 0.95


def test_one_example_is_one_product():
    run = trainer(lesson(BACK), "A single example")
    before = run.network.theta.copy()
    run.step()
    first, dz = run.network.layers[0], run.network.layers[0].db
    x = run.network.layers[0].dW[:, 0] / dz[0]
    assert np.allclose(first.dW, np.outer(x, dz), atol=1e-6)                  # rank one: x · ∂L/∂z, nothing added up
    moved = run.network.theta - before
    assert np.array_equal(np.sign(moved[moved != 0]), -np.sign(run.network.grad[moved != 0]))


def test_all_examples_at_once_fall_at_every_step():
    run = trainer(lesson(BACK), "All examples at once")
    values = [run.step() for _ in range(200)]
    assert len(run.dataset.x_train) <= 250
    assert np.all(np.diff(values) < 0)


def test_zero_weights_have_zero_gradients():
    run = trainer(lesson(BACK), "Every weight at zero")
    run.step()
    largest = {name: float(np.abs(g).max()) for name, g in run.network.gradients().items()}
    assert largest.pop("2.b") > 0
    assert set(largest.values()) == {0.0}
    run = trained(BACK, "Every weight at zero", 500)
    assert not any(array.any() for name, array in run.network.parameters().items() if name != "2.b")


def test_six_layers_of_sigmoids_shrink_the_gradient():
    first, *_, last = gradients(trainer(lesson(BACK), "Six layers of sigmoids"))
    assert first < 1e-4 * last


def test_the_slopes_of_relu_are_zero_and_one():
    run = trainer(lesson(BACK), "ReLU: factors of 0 and 1")
    run.step()
    for layer in run.network.layers[:-1]:
        slopes = layer.f.backward(np.ones_like(layer.z), layer.z, layer.a)
        assert set(np.unique(slopes)) <= {0.0, 1.0}


@pytest.mark.parametrize("activation", [kind for kind, _ in chain.BENDS])
def test_the_graph_ends_where_the_engines_backward_does(activation):
    found = shown(chain.GRAPH, chain.walk_back, activation=activation, x=0.7, w1=1.2, w2=-0.4, y=0.3, step=9)
    facts, last = dict(found["facts"]), {name: found["steps"][i]["done"].split(" = ")[-1]
                                         for name, i in (("v₁", 5), ("w₁", 6), ("w₂", 7), ("x", 8))}
    assert {name: facts[f"engine: ∂L/∂{name}"] for name in last} == last
    assert max(edge["step"] for edge in found["edges"]) == len(found["steps"]) == 9
    assert next(node for node in found["nodes"] if node["name"] == "x")["gradient"] == last["x"]


def test_the_best_nudge_is_in_between():
    found = shown(chain.NUDGE, chain.errors)
    gaps, facts = found["lines"][0]["values"], dict(found["facts"])
    assert 2 <= int(np.argmin(gaps)) <= 7
    assert gaps[0] / gaps[1] == pytest.approx(100, rel=0.1)                            # the error falls with h²
    assert float(facts["worst relative error of all parameters (gradcheck)"]) < 1e-7
    assert min(shown(chain.NUDGE, chain.errors, dtype="float32")["lines"][0]["values"]) > min(gaps)


# -- 6: gradient descent -----------------------------------------------------------------------------------------------

def watched(name: str, start: int, stop: int) -> np.ndarray:
    """Train losses every ten steps between two."""
    run, values = trainer(lesson(DESCENT), name), []
    for step in range(stop):
        run.step()
        if step >= start and step % 10 == 0:
            values.append(loss(run))
    return np.array(values)


def test_the_right_rate_gets_down():
    assert loss(trained(DESCENT, "", 1000)) < 0.1
    assert trained(DESCENT, "", 1000).network.theta.size == 25


def test_too_small_a_rate_is_slow():
    assert loss(trained(DESCENT, "Too small", 500)) > 0.45
    assert loss(trained(DESCENT, "Too small", 1000)) < loss(trained(DESCENT, "Too small", 500))


def test_too_large_a_rate_ends_above_a_guess():
    assert loss(trained(DESCENT, "Too large", 500)) > 1


def test_one_example_at_a_time_jitters():
    single, batches = watched("One example at a time", 1600, 2000), watched("", 1600, 2000)
    assert single.std() > 5 * batches.std()


def test_a_schedule_cools_it_down():
    last, warm = (watched(name, 4500, 5000) for name in ("One at a time, cooling down", "One example at a time"))
    assert last.std() < 0.001
    assert last.mean() < warm.mean()


def test_adam_is_ahead():
    assert loss(trained(DESCENT, "Adam", 300)) < 0.6 * loss(trained(DESCENT, "", 300))


@pytest.mark.parametrize("ground", list(descent.GROUNDS))
def test_a_descent_follows_the_gradient_of_the_surface(ground):
    about, (x, y) = descent.GROUNDS[ground], descent.examples(ground)
    net = about.network()

    def at(place) -> float:
        net.theta[...] = place
        return losses["mse"](net.forward(x), y)[0]

    found, h, start = descent.way(ground, "sgd", 0.01, 64, 1), 1e-6, np.array(about.start)
    slope = [(at(start + h * e) - at(start - h * e)) / (2 * h) for e in np.eye(2)]
    assert np.allclose([found["a"][1], found["b"][1]], start - 0.01 * np.array(slope), atol=1e-8)
    assert found["loss"] == pytest.approx([at(start), at((found["a"][1], found["b"][1]))])


def ended(**values) -> float:
    return descent.way(**{"ground": "valley", "kind": "sgd", "lr": 0.05, "batch": 64, "steps": 60} | values)["loss"][-1]


def test_the_valley_has_rates_too_small_right_and_too_large():
    least = ended(lr=0.2, steps=500)
    assert ended(lr=0.002) > 5 * least
    assert ended(lr=0.2) < 1.01 * least
    assert ended(lr=0.5) > 1e6


def test_on_the_plateau_speed_or_division_helps():
    sgd, momentum, rmsprop = (ended(ground="plateau", lr=1.0, kind=kind) for kind in ("sgd", "momentum", "rmsprop"))
    assert sgd > 0.5 > 0.2 > momentum > rmsprop


def test_a_schedule_lets_the_jumps_die_down():
    found = dict(shown(descent.SHAPES, descent.with_schedule)["facts"])
    assert float(found["with the schedule"]) < 0.01 * float(found["above it at the end, constant"])


@pytest.mark.parametrize(("controls", "compute"), [
    (functions.CURVE, functions.curve_and_slope), (functions.SOFTMAX, functions.shares),
    (functions.DEEP, functions.through_layers), (stacks.STACK, stacks.three_and_one),
    (wrongness.NUMBERS, wrongness.loss_of_number), (wrongness.SIDES, wrongness.loss_of_logit),
    (wrongness.CLASSES, wrongness.loss_of_shares), (chain.GRAPH, chain.walk_back), (chain.NUDGE, chain.errors),
    (descent.DESCENT, descent.one_way), (descent.RACE, descent.many_ways), (descent.SHAPES, descent.with_schedule)])
def test_a_figure_survives_whatever_the_page_sends(controls, compute):
    for value in (None, 10**9, -10**9, 1, "?"):
        shown(controls, compute, **{control.name: value for control in controls})
