"""The next step taken apart: untouched run, factors that add up, arithmetic that ends where the engine does."""

import copy

import numpy as np
import pytest

from engine import Dataset, Trainer, Vocabulary, layers, optimizers
from explain.factors import chains
from explain.next_step import planned_update, rehearse
from explain.optimizer_lines import explain_step, line, rules
from tests.engine.examples import EXAMPLES

OPTIMIZERS = [
    {"kind": "sgd"}, {"kind": "sgd", "momentum": 0.8, "weight_decay": 0.1}, {"kind": "momentum"},
    {"kind": "nesterov", "weight_decay": 0.01}, {"kind": "rmsprop"}, {"kind": "rmsprop", "momentum": 0.5},
    {"kind": "adagrad", "weight_decay": 0.05}, {"kind": "adam", "weight_decay": 0.1}, {"kind": "adamw"},
    {"kind": "adamw", "weight_decay": 0.0},
]
VECTORS = [{"kind": "dense", "units": 5, "activation": "relu"}, {"kind": "batch_norm"},
           {"kind": "dropout", "rate": 0.2},
           {"kind": "residual", "layers": [{"kind": "dense", "units": 5, "activation": "gelu"}]},
           {"kind": "dense", "units": 4, "activation": "softmax"}, {"kind": "layer_norm"}]
PICTURES = [{"kind": "conv2d", "filters": 3, "activation": "tanh"}, {"kind": "max_pool2d"},
            {"kind": "conv2d", "filters": 2, "padding": "valid", "stride": 2}, {"kind": "batch_norm"},
            {"kind": "flatten"}]
SERIES = [{"kind": "rnn", "units": 4, "return_sequences": True}, {"kind": "lstm", "units": 3, "return_sequences": True},
          {"kind": "gru", "units": 3}]
TEXTS = [{"kind": "embedding", "dim": 6, "vocab": 9}, {"kind": "positional", "encoding": "learned"},
         {"kind": "transformer_block", "heads": 2, "ff": 8, "dropout": 0.1}, {"kind": "additive_attention", "units": 4}]
STACKS = {"vectors": VECTORS, "pictures": PICTURES, "series": SERIES, "texts": TEXTS}


def data(kind: str) -> Dataset:
    rng = np.random.default_rng(5)
    y = rng.integers(0, 3, 60)
    x = {"vectors": lambda: rng.normal(size=(60, 4)), "pictures": lambda: rng.normal(size=(60, 8, 8, 2)),
         "series": lambda: rng.normal(size=(60, 70, 3)), "texts": lambda: rng.integers(0, 9, (60, 7))}[kind]()
    x = x if kind == "texts" else x.astype(np.float32)
    words = Vocabulary(tuple("-abcdefgh"), pad=0) if kind == "texts" else None
    return Dataset(kind, "multiclass", x[:40], y[:40], x[40:], y[40:], class_names=("a", "b", "c"), vocabulary=words)


def trainer(kind: str = "vectors", steps: int = 3, **training) -> Trainer:
    spec = {"network": {"layers": STACKS[kind]}, "training": {"batch_size": 12} | training}
    made = Trainer(spec, data(kind))
    for _ in range(steps):
        made.step()
    return made


def some_weights(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    rng = np.random.default_rng(1)
    return [tuple(int(i) for i in rng.integers(0, shape)) for _ in range(4)]


@pytest.mark.parametrize("kind", STACKS)
def test_a_rehearsal_is_the_next_step_and_leaves_no_trace(kind):
    settings = {"l1": 0.01, "l2": 0.02, "clip_norm": 0.5, "optimizer": {"kind": "adam", "lr": 0.01}}
    one, other = trainer(kind, **settings), trainer(kind, **settings)
    for _ in range(7):
        rehearsal = rehearse(one)
        before = one.network.theta.copy()
        update = planned_update(one, before, rehearsal.raw)
        value = one.step()
        assert value == pytest.approx(rehearsal.value, rel=1e-5)
        np.testing.assert_allclose(one.network.grad, rehearsal.used, rtol=1e-3, atol=1e-6)
        np.testing.assert_allclose(one.network.theta, before + update, rtol=1e-4, atol=2e-5)
        other.step()
        assert one.network.theta.tobytes() == other.network.theta.tobytes()


@pytest.mark.parametrize("kind", STACKS)
def test_the_factors_add_up_to_the_gradient(kind):
    rehearsal = rehearse(trainer(kind))
    gradients = rehearsal.network.gradients()
    parts = dict(rehearsal.network.named_layers(inner=True))
    for name, parameter in rehearsal.network.parameters().items():
        owner = parts[name.rpartition(".")[0]]
        for index in some_weights(parameter.shape):
            factors = rehearsal.factors(name, index)
            assert (factors is not None) == (owner.kind in chains), (name, index)
            if factors is None:
                continue
            assert len(factors.left) == len(rehearsal.batch.x)
            assert factors.products.sum() == pytest.approx(gradients[name][index], rel=1e-4, abs=1e-7), name
            if factors.slope is not None:
                np.testing.assert_allclose(factors.upstream * factors.slope, factors.right, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_layer_with_weights_says_how_their_gradients_are_composed(kind):
    for shape, knobs, options in EXAMPLES[kind]:
        layer = layers.build({"kind": kind, **knobs})
        layer.memory_shape = options.get("memory")
        layer.build(shape)
        assert kind in chains or not layer.plan.parameters


def test_factors_are_withheld_where_another_layer_has_a_share():
    made = Trainer({"network": {"layers": [{"kind": "embedding", "dim": 4, "vocab": 9}], "tie_embedding": True}},
                   Dataset("t", "next_token", *(np.random.default_rng(i).integers(1, 9, (30, 5)) for i in range(4)),
                           vocabulary=Vocabulary(tuple("-abcdefgh"), pad=0)))
    assert rehearse(made).factors("0.E", (3, 1)) is None


@pytest.mark.parametrize("kind", STACKS)
def test_finite_differences_agree_with_backpropagation(kind):
    rehearsal = rehearse(trainer(kind))
    single = rehearsal.network.gradients()
    rounding = 1e-5 * max(float(np.abs(gradient).max()) for gradient in single.values())     # of float32, in any order
    for name, parameter in rehearsal.network.parameters().items():
        for index in some_weights(parameter.shape)[:2]:
            analytic, numeric = rehearsal.finite_difference(name, index)
            assert numeric == pytest.approx(analytic, rel=1e-5, abs=1e-8), (name, index)
            assert single[name][index] == pytest.approx(analytic, rel=2e-3, abs=rounding), (name, index)


def test_what_is_frozen_or_off_is_rehearsed_so():
    stack = [{"kind": "dense", "units": 5, "frozen": True}, {"kind": "dense", "units": 4, "off": [1]}]
    made = Trainer({"network": {"layers": stack}, "training": {"clip_norm": 0.1, "l2": 0.1}}, data("vectors"))
    rehearsal, before = rehearse(made), made.network.theta.copy()
    update = planned_update(made, before, rehearsal.raw)
    assert not update[made.network.slices["0.W"]].any()
    assert rehearsal.factors("1.W", (0, 1)) is None
    assert rehearsal.factors("1.W", (0, 2)).products.sum() == pytest.approx(
        rehearsal.network.gradients()["1.W"][0, 2], rel=1e-4)
    made.step()
    np.testing.assert_allclose(made.network.theta, before + update, rtol=1e-5, atol=1e-7)


def test_every_optimizer_explains_itself():
    assert set(rules) == set(optimizers)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: "-".join(map(str, o.values())))
def test_the_explained_weight_is_the_engine_s(optimizer):
    made = trainer(optimizer=optimizer, clip_norm=0.7, l2=0.03)
    for _ in range(3):
        rehearsal, network = rehearse(made), made.network
        before, chosen, lr = network.theta.copy(), copy.deepcopy(made.optimizer), made.lr
        made.step()
        for i in range(0, len(before), 5):
            lines = explain_step(chosen, float(before[i]), float(rehearsal.used[i]), lr, chosen.memory(i),
                                 float(network.decay[i]))
            assert lines[-1].symbol == "w"
            assert lines[-1].value == pytest.approx(float(network.theta[i]), rel=1e-6, abs=1e-6)
            assert all("nan" not in each.numbers for each in lines)


def test_a_line_puts_numbers_in_the_place_of_symbols():
    assert line("m", "β₁·m + (1 − β₁)·g", 1, {"β₁": 0.9, "m": -2.0, "g": 0.25}).numbers == "0.9·(−2) + (1 − 0.9)·0.25"
    assert line("w", "w − lr·d", 1, {"w": 1.0, "lr": 0.1, "d": 3.0}).numbers == "1 − 0.1·3"
    assert line("d", "m̂ / (√ŝ + ε)", 1, {"m̂": 1.0, "ŝ": 4.0, "ε": 1e-8}).numbers == "1 / (√4 + 1e−08)"
    assert line("m̂", "m / (1 − β₁ᵗ)", 1, {"m": 1.0, "β₁ᵗ": 0.81}).numbers == "1 / (1 − 0.81)"
    assert line("s", "α·s + (1 − α)·g²", 1, {"α": 0.9, "s": 1.0, "g": -3.0}).numbers == "0.9·1 + (1 − 0.9)·(−3)²"
