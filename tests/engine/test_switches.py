"""Frozen layers, units that are off, paths that are cut: on a network that is learning, and back."""

import numpy as np
import pytest

import datasets
import engine
from engine.spec import same_but_switches
from tests.engine.examples import EXAMPLES

DATA = {"kind": "circle", "samples": 120, "noise": 0.1}
THREE = [{"kind": "dense", "units": 6}, {"kind": "dense", "units": 5, "activation": "relu"}, {"kind": "dense"}]


def trainer(layers=THREE, data=DATA, **training) -> engine.Trainer:
    run = {"data": data, "network": {"layers": layers}, "seed": 3, "training": {
        "optimizer": {"kind": "adamw", "lr": 0.02, "weight_decay": 0.1}, "batch_size": 10, **training}}
    return engine.Trainer(run, datasets.load(data, 3))


def go(run: engine.Trainer, steps: int) -> list[float]:
    return [run.step() for _ in range(steps)]


def changed(layers, **settings) -> list[dict]:
    """The layers with other settings for some of them, by index: layer_1={"frozen": True}."""
    return [layer | settings.get(f"layer_{i}", {}) for i, layer in enumerate(layers)]


def weights(run: engine.Trainer) -> dict[str, bytes]:
    return {name: array.tobytes() for name, array in run.network.parameters().items()}


def moved(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {name.split(".")[0] for name in before if before[name] != after[name]}


# -- frozen ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", list(engine.optimizers))
def test_a_frozen_layer_keeps_its_weights_to_the_bit(optimizer):
    settings = {"kind": optimizer, "lr": 0.02}
    if "momentum" in engine.optimizers[optimizer].knobs:
        settings["momentum"] = 0.9
    run = trainer(optimizer=settings | {"weight_decay": 0.1} if optimizer != "adagrad" else settings, l2=0.01, l1=0.01,
                  clip_norm=0.5)
    go(run, 20)                                                       # there is momentum by now
    before = weights(run)
    run.set_switches({"layers": changed(THREE, layer_1={"frozen": True})})
    assert weights(run) == before
    go(run, 30)
    assert moved(before, weights(run)) == {"0", "2", "3"}
    run.set_switches({"layers": THREE})
    go(run, 5)
    assert "1" in moved(before, weights(run))


def test_what_is_inside_a_frozen_layer_is_frozen():
    layers = [{"kind": "residual", "frozen": True, "layers": [
        {"kind": "dense", "units": 4}, {"kind": "residual", "layers": [{"kind": "dense", "units": 4}]}]},
              {"kind": "dense", "units": 3}]
    run = trainer(layers)
    before = weights(run)
    go(run, 10)
    assert moved(before, weights(run)) == {"1", "2"}


def test_a_single_layer_inside_another_can_be_frozen():
    layers = [{"kind": "residual", "layers": [{"kind": "dense", "units": 4, "frozen": True},
                                              {"kind": "dense", "units": 4}]}]
    run = trainer(layers)
    before = weights(run)
    go(run, 10)
    still = {name for name, value in weights(run).items() if value == before[name]}
    assert still == {"0.0.W", "0.0.b"}


def test_a_frozen_layer_of_a_decoder_lies_where_it_is_looked_for():
    net = engine.Seq2Seq({"encoder": [{"kind": "embedding", "dim": 4, "vocab": 7}],
                          "decoder": [{"kind": "embedding", "dim": 4, "vocab": 7, "frozen": True},
                                      {"kind": "decoder_block", "heads": 2, "ff": 5}]}, (5,), (6,))
    (part,) = net.frozen()
    np.testing.assert_array_equal(net.theta[part], net.parameters()["decoder.0.E"].ravel())


@pytest.mark.parametrize("kind", list(engine.layers))
def test_every_layer_with_weights_can_be_frozen_and_no_other(kind):
    has_weights = False
    for shape, knobs, options in EXAMPLES[kind]:
        stack = [*options.get("after", []), {"kind": kind, **knobs}]
        net = engine.Network({"layers": stack}, shape, memory_shape=options.get("memory"))
        has_weights = has_weights or bool(net.parameter_counts()[-1])
    assert ("frozen" in engine.layers.lookup(kind).knobs) == has_weights


# -- off ---------------------------------------------------------------------------------------------------------------


def test_a_unit_that_is_off_answers_zero_and_learns_nothing():
    run = trainer()
    go(run, 10)
    run.set_switches({"layers": changed(THREE, layer_1={"off": [0, 3]})})
    net, x = run.network, run.dataset.x_train[:20]
    net.forward(x)
    answers = net.layers[1].a
    assert not answers[:, [0, 3]].any()
    assert answers[:, [1, 2, 4]].any()
    y = net.forward(x, train=True)
    net.backward(np.ones_like(y))
    gradients = net.gradients()
    assert not gradients["1.W"][:, [0, 3]].any()
    assert not gradients["1.b"][[0, 3]].any()
    assert not gradients["2.W"][[0, 3]].any()
    assert gradients["1.W"][:, [1, 2, 4]].any()


def test_off_is_as_if_the_weights_behind_were_zero():
    run = trainer()
    x = run.dataset.x_test
    run.network.parameters()["2.W"][[1, 4]] = 0
    expected = run.network.forward(x)
    run = trainer(changed(THREE, layer_1={"off": [1, 4]}))
    np.testing.assert_allclose(run.network.forward(x), expected, rtol=1e-5, atol=1e-6)


def test_a_filter_that_is_off_answers_zero_everywhere():
    net = engine.Network({"layers": [{"kind": "conv2d", "filters": 3, "off": [1]}]}, (6, 5, 2))
    net.theta += 0.1
    y = net.forward(np.random.default_rng(0).standard_normal((4, 6, 5, 2)))
    assert not y[..., 1].any()
    assert y[..., 0].any()


@pytest.mark.parametrize(("kind", "prefix"), [("self_attention", ""), ("transformer_block", "attention.")])
def test_a_head_that_is_off_adds_nothing(kind, prefix):
    spec = {"kind": kind, "heads": 3, **({"ff": 5} if kind != "self_attention" else {})}
    whole = engine.Network({"layers": [spec]}, (5, 6))
    cut = engine.Network({"layers": [spec | {"off": [2]}]}, (5, 6))
    x = np.random.default_rng(0).standard_normal((4, 5, 6)).astype(np.float32)
    whole.parameters()[f"0.{prefix}Wo"][4:6] = 0                    # what the third head of width 2 is read with
    np.testing.assert_allclose(cut.forward(x), whole.forward(x), rtol=1e-5, atol=1e-6)
    cut.backward(np.ones((4, 5, 6)))
    gradients = cut.gradients()
    assert not gradients[f"0.{prefix}Wo"][4:6].any()
    assert not gradients[f"0.{prefix}Wv"][:, 4:6].any()
    assert gradients[f"0.{prefix}Wv"][:, :4].any()


def test_units_beyond_the_layer_do_nothing():
    plain, more = trainer(), trainer(changed(THREE, layer_1={"off": [77]}))
    assert go(plain, 20) == go(more, 20)


# -- cut ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outer", [{"kind": "residual", "layers": [{"kind": "dense", "units": 6}]},
                                   {"kind": "transformer_block", "heads": 2, "ff": 4}], ids=lambda spec: spec["kind"])
def test_a_path_that_is_cut_carries_nothing(outer):
    x = np.random.default_rng(0).standard_normal((4, 5, 6)).astype(np.float32)

    def of(paths):
        net = engine.Network({"layers": [outer | {"paths": paths}]}, (5, 6), seed=1)
        y = net.forward(x)
        return y, net.backward(np.ones_like(y)), net.grad.copy()

    y, dx, grad = of("shortcut")
    np.testing.assert_array_equal(y, x)
    np.testing.assert_array_equal(dx, np.ones_like(x))
    assert not grad.any()
    y, dx, grad = of("layers")
    assert grad.any()
    if outer["kind"] == "residual":
        np.testing.assert_allclose(y, of("both")[0] - x, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(dx, of("both")[1] - 1, rtol=1e-5, atol=1e-6)


# -- on a network that is learning ------------------------------------------------------------------------------------


def test_off_and_on_again_is_the_same_run():
    plain, switched = trainer(), trainer()
    go(plain, 15), go(switched, 15)
    switched.set_switches({"layers": changed(THREE, layer_0={"off": [1], "frozen": True})})
    switched.set_switches({"layers": THREE})
    assert go(plain, 15) == go(switched, 15)
    assert weights(plain) == weights(switched)
    assert plain.history.rows(0).tobytes() == switched.history.rows(0).tobytes()


@pytest.mark.parametrize("layers", [
    changed(THREE, layer_1={"units": 4}), THREE[:2], [*THREE, {"kind": "dropout"}],
    changed(THREE, layer_0={"activation": "relu"}), [THREE[1], THREE[0], THREE[2]]])
def test_what_is_no_switch_is_refused(layers):
    run = trainer()
    with pytest.raises(engine.SpecError, match="another network"):
        run.set_switches({"layers": layers})
    go(run, 3)


def test_switches_are_told_from_other_settings_at_any_depth():
    def network(**inner):
        return engine.RunSpec.from_dict({"network": {"layers": [{"kind": "residual", "layers": [
            {"kind": "residual", "layers": [{"kind": "dense", "units": 3, **inner}]}]}]}}).network

    assert same_but_switches(network(), network(frozen=True, off=[1]))
    assert not same_but_switches(network(), network(bias=False))
    assert not same_but_switches(network(), network(frozen=True) | {"tie_embedding": True})
