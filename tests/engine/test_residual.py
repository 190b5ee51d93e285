"""Layers inside layers: names, limits, and what a shortcut hands through."""

import json

import numpy as np
import pytest

import engine
from engine.knobs import Stack
from tests.engine.small import conv, network


def test_a_residual_without_weights_hands_its_input_through():
    net = network({"kind": "residual", "layers": [{"kind": "dense", "units": 4}]}, shape=(4,))
    net.theta[...] = 0
    x = np.random.default_rng(0).standard_normal((3, 4))
    np.testing.assert_array_equal(net.forward(x), x)
    np.testing.assert_array_equal(net.backward(x), x)


def test_parameters_are_named_by_their_place_in_the_list():
    inner = [{"kind": "residual", "layers": [{"kind": "dense", "units": 3}]}, conv(5, 3, 2)]
    net = network({"kind": "residual", "layers": inner}, shape=(6, 5, 2))
    assert list(net.parameters()) == ["0.0.0.W", "0.0.0.b", "0.0.projection.W", "0.0.projection.b", "0.1.W", "0.1.b",
                                      "0.projection.W", "0.projection.b"]
    assert net.parameters()["0.projection.W"].shape == (1, 1, 2, 5)
    assert net.shapes() == [(3, 3, 5)]


def test_specs_of_nested_layers_round_trip_as_plain_data():
    spec = {"kind": "residual", "layers": [{"kind": "residual", "layers": ["dense"]}], "projection": False}
    plain = engine.layers.build(spec).to_dict()
    assert plain["layers"][0]["layers"][0]["units"] == 8
    assert json.loads(json.dumps(plain)) == plain
    assert engine.layers.build(plain).to_dict() == plain
    described = engine.layers["residual"].describe()["knobs"][0]
    assert (described["control"], described["longest"], described["deepest"]) == ("stack", 16, 3)
    assert json.loads(json.dumps(described)) == described


def nest(depth: int) -> list:
    return [{"kind": "residual", "layers": nest(depth - 1)}] if depth > 1 else ["dense"]


@pytest.mark.parametrize("layers", [nest(4), nest(300), ["dense"] * 17, "dense", 3, None, [3], ["nothing"],
                                    [{"kind": "dense", "units": 0}], {"kind": "dense"}, [["dense"]]])
def test_stacks_that_are_too_deep_too_long_or_malformed_are_refused(layers):
    with pytest.raises(engine.SpecError, match=r"\."):
        engine.layers.build({"kind": "residual", "layers": layers})


def test_a_stack_takes_what_is_within_its_limits():
    stack = Stack((), engine.layers, "Layers", "Help.", longest=2, deepest=1)
    assert stack.check(["flatten"]) == [{"kind": "flatten"}]
    assert engine.layers.build({"kind": "residual", "layers": nest(3)})


def test_a_residual_as_first_layer_may_leave_out_its_input_gradient():
    for inner in (["layer_norm", {"kind": "dense", "units": 2}], [conv(3)], []):
        shape = (4, 4, 2) if inner and inner[0] != "layer_norm" else (4,)
        net = network({"kind": "residual", "layers": inner}, shape=shape)
        y = net.forward(np.random.default_rng(0).standard_normal((3, *shape)), train=True)
        net.backward(np.ones_like(y))
        grad = net.grad.copy()
        net.backward(np.ones_like(y), needs_dx=False)
        np.testing.assert_array_equal(net.grad, grad)
