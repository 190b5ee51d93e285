"""Tied weights: one table serves the embedding and the output layer, and learns from both."""

import numpy as np

import engine

STACK = [{"kind": "embedding", "dim": 6, "vocab": 9}, {"kind": "self_attention", "heads": 2, "causal": True},
         {"kind": "dense", "units": 9, "activation": "linear"}]
X = np.random.default_rng(0).integers(0, 9, (3, 5))


def network(**knobs):
    return engine.Network({"layers": STACK, **knobs}, (5,), seed=1, dtype=np.float64)


def test_the_output_layer_has_no_weights_of_its_own_but_a_bias():
    tied, free = network(tie_embedding=True), network()
    assert free.theta.size - tied.theta.size == 6 * 9
    assert "2.W" not in tied.parameters()
    assert np.shares_memory(tied.layers[-1].W, tied.theta)
    assert sum(tied.parameter_counts()) == tied.theta.size
    assert tied.copy().theta.size == tied.theta.size


def test_the_gradient_adds_up_from_both_uses():
    net = network(tie_embedding=True)
    assert engine.gradcheck(net, X).ok(1e-6)
    free = network()
    for name, array in net.parameters().items():
        free.parameters()[name][...] = array
    free.parameters()["2.W"][...] = net.parameters()["0.E"].T
    dy = np.random.default_rng(1).standard_normal((3, 5, 9))
    for each in (net, free):
        each.forward(X)
        each.backward(dy, needs_dx=False)
    both = free.gradients()["0.E"] + free.gradients()["2.W"].T
    np.testing.assert_allclose(net.gradients()["0.E"], both, rtol=1e-12)


def test_backward_still_overwrites():
    net = network(tie_embedding=True)
    y = net.forward(X)
    net.backward(y)
    first = net.grad.copy()
    net.backward(y)
    np.testing.assert_array_equal(net.grad, first)


def test_the_table_begins_small_so_that_the_first_guess_is_near_even():
    assert network(tie_embedding=True).parameters()["0.E"].std() < 0.03


def test_what_cannot_be_tied_says_why():
    for stack, words in [(STACK[:2], "dense layer as the last"),
                         ([*STACK[:2], {"kind": "dense", "units": 8, "activation": "linear"}], "Make these equal"),
                         ([{"kind": "dense", "units": 8}], "embedding as the first")]:
        shape = (5,)
        net = engine.Network({"layers": stack, "tie_embedding": True}, shape)
        assert words in str(net.error)
        assert len(net.shapes()) == len(stack)


def test_a_run_with_tied_weights_round_trips():
    spec = engine.RunSpec.from_dict({"network": {"layers": STACK, "tie_embedding": True}})
    assert spec.network["tie_embedding"] is True
    assert engine.RunSpec.from_dict(spec.to_dict()) == spec
