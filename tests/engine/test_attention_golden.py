"""Attention and transformers give the numbers that PyTorch gives (see tests/golden/attention.py)."""

import json
from pathlib import Path

import numpy as np
import pytest

import engine

with np.load(Path(__file__).parents[1] / "golden" / "attention.npz", allow_pickle=False) as file:
    GOLDEN = dict(file)
CASES = [name.removesuffix("/spec") for name in GOLDEN if name.endswith("/spec")]
EXACT = {"rtol": 1e-9, "atol": 1e-12}


def case(name: str) -> dict[str, np.ndarray]:
    return {key.removeprefix(name + "/"): value for key, value in GOLDEN.items() if key.startswith(name + "/")}


def named(found: dict, prefix: str) -> dict[str, np.ndarray]:
    return {key.removeprefix(prefix): value for key, value in found.items() if key.startswith(prefix)}


@pytest.mark.parametrize("name", CASES)
def test_outputs_and_gradients(name):
    c = case(name)
    memory = c.get("memory")
    net = engine.Network({"layers": [json.loads(str(c["spec"]))]}, c["x"].shape[1:], dtype=np.float64,
                         memory_shape=None if memory is None else memory.shape[1:])
    assert {key.removeprefix("0.") for key in net.parameters()} == set(named(c, "theta."))
    for key, value in named(c, "theta.").items():
        net.parameters()["0." + key][...] = value
    inputs = {"mask": c["real"]}
    if memory is not None:
        inputs |= {"memory": memory, "memory_mask": np.arange(memory.shape[1]) < np.array([[5], [3], [1]])}
    y = net.forward(c["x"], **inputs)
    np.testing.assert_allclose(y[c["real"]], c["y"][c["real"]], **EXACT)
    np.testing.assert_allclose(net.backward(c["dy"]), c["dx"], **EXACT)
    for key, value in named(c, "grad.").items():
        np.testing.assert_allclose(net.gradients()["0." + key], value, **EXACT)
    if memory is not None:
        (cross,) = [layer for layer in net.walk() if layer.takes_memory]
        np.testing.assert_allclose(cross.dmemory, c["dmemory"], **EXACT)


def test_a_gpt_of_two_blocks_after_twenty_steps():
    c = case("gpt")
    block = {"kind": "transformer_block", "heads": 2, "ff": 12, "causal": True}
    net = engine.Network({"layers": [{"kind": "embedding", "dim": 8, "vocab": 11},
                                     {"kind": "positional", "encoding": "learned"}, block, block, "layer_norm",
                                     {"kind": "dense", "units": 11, "activation": "linear"}]}, (5,), dtype=np.float64)
    assert set(net.parameters()) == set(named(c, "start."))
    for key, value in named(c, "start.").items():
        net.parameters()[key][...] = value
    optimizer, losses = engine.optimizers["adamw"](lr=0.01, weight_decay=0.1), []
    optimizer.decay = net.decay
    for tokens in c["tokens"]:
        x, y = engine.next_token_pairs(tokens)
        value, dlogits = engine.losses["cross_entropy"](net.forward(x, train=True), y)
        net.backward(dlogits, needs_dx=False)
        optimizer.step(net.theta, net.grad)
        losses.append(value)
    np.testing.assert_allclose(losses, c["losses"], rtol=1e-9)
    for key, value in named(c, "end.").items():
        np.testing.assert_allclose(net.parameters()[key], value, rtol=1e-5, atol=1e-8, err_msg=key)
