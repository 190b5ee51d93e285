"""Numbers that PyTorch computed (see tests/golden/make.py), repeated by the engine to the last digits."""

import json
from pathlib import Path

import numpy as np
import pytest

import engine

GOLDEN = Path(__file__).parents[1] / "golden"
EXACT = {"rtol": 1e-10, "atol": 1e-12}
SINGLE = {"rtol": 1e-5, "atol": 1e-6}


def golden(family: str) -> dict[str, np.ndarray]:
    with np.load(GOLDEN / f"{family}.npz", allow_pickle=False) as file:
        return dict(file)


ACTIVATIONS, LOSSES, OPTIMIZERS = golden("activations"), golden("losses"), golden("optimizers")
TRAJECTORIES, FULL_BATCH = golden("trajectories"), golden("full_batch")


def cases(found: dict, ending: str) -> list[str]:
    return [name.removesuffix(ending) for name in found if name.endswith(ending)]


@pytest.mark.parametrize(("registry", "compared"), [
    (engine.activations, cases(ACTIVATIONS, ".a")),
    (engine.losses, [name.split()[0] for name in cases(LOSSES, ".value")]),
    (engine.optimizers, cases(OPTIMIZERS, ".path"))], ids=["activations", "losses", "optimizers"])
def test_everything_registered_is_compared_with_pytorch(registry, compared):
    assert set(registry) <= set(compared)


@pytest.mark.parametrize("kind", cases(ACTIVATIONS, ".a"))
@pytest.mark.parametrize(("dtype", "close"), [(np.float64, EXACT), (np.float32, SINGLE)], ids=["float64", "float32"])
def test_activations(kind, dtype, close):
    z, dy, f = ACTIVATIONS["z"].astype(dtype), ACTIVATIONS["dy"].astype(dtype), engine.activations[kind]()
    a = f.forward(z)
    dz = f.backward(dy, z, a)
    assert a.dtype == dz.dtype == dtype
    np.testing.assert_allclose(a, ACTIVATIONS[f"{kind}.a"], **close)
    np.testing.assert_allclose(dz, ACTIVATIONS[f"{kind}.dz"], **close)
    into = np.full_like(z, np.nan)
    assert f.forward(z, out=into) is into
    np.testing.assert_array_equal(into, a)
    into = np.full_like(z, np.nan)
    assert f.backward(dy, z, a, out=into) is into
    np.testing.assert_array_equal(into, dz)


@pytest.mark.parametrize("name", cases(LOSSES, ".value"))
@pytest.mark.parametrize(("dtype", "close"), [(np.float64, EXACT), (np.float32, SINGLE)], ids=["float64", "float32"])
def test_losses(name, dtype, close):
    knobs = {"delta": 0.3} if "delta" in name else {}
    loss = engine.losses.build({"kind": "cross_entropy" if name == "masked" else name.split()[0], **knobs})
    logits, y = LOSSES[f"{name}.logits"].astype(dtype), LOSSES[f"{name}.y"]
    extra = {"mask": LOSSES["mask"]} if name == "masked" else {}
    value, dlogits = loss(logits, y, **extra)
    assert isinstance(value, float)
    assert dlogits.dtype == dtype
    assert value == pytest.approx(float(LOSSES[f"{name}.value"]), rel=close["rtol"])
    np.testing.assert_allclose(dlogits, LOSSES[f"{name}.dlogits"], **close)


@pytest.mark.parametrize("name", cases(OPTIMIZERS, ".path"))
@pytest.mark.parametrize(("dtype", "close"), [(np.float64, EXACT), (np.float32, {"rtol": 2e-5, "atol": 1e-5})],
                         ids=["float64", "float32"])
def test_optimizers_for_25_steps(name, dtype, close):
    optimizer = engine.optimizers.build(json.loads(str(OPTIMIZERS[f"{name}.spec"])))
    theta = OPTIMIZERS["theta"].astype(dtype)
    for grad, expected in zip(OPTIMIZERS["grads"].astype(dtype), OPTIMIZERS[f"{name}.path"], strict=True):
        kept = grad.copy()
        optimizer.step(theta, grad)
        np.testing.assert_array_equal(grad, kept)
        np.testing.assert_allclose(theta, expected, **close)
    assert theta.dtype == dtype


@pytest.mark.parametrize(("name", "shape"), [("vectors", (5,)), ("sequences", (3, 5))])
def test_a_dense_network_forward_and_backward(name, shape):
    found = {key.split(".")[1]: value for key, value in golden("dense").items() if key.startswith(name)}
    net = engine.Network({"layers": [{"kind": "dense", "units": 4, "activation": "tanh"},
                                     {"kind": "dense", "units": 3, "activation": "linear"}]}, shape, dtype=np.float64)
    net.theta[...] = found["theta"]
    np.testing.assert_allclose(net.forward(found["x"]), found["y"], **EXACT)
    np.testing.assert_allclose(net.backward(found["dy"]), found["dx"], **EXACT)
    np.testing.assert_allclose(net.grad, found["grad"], **EXACT)


@pytest.mark.parametrize("name", cases(TRAJECTORIES, ".losses"))
def test_training_follows_pytorch_for_20_steps(name):
    t = TRAJECTORIES
    net = engine.Network({"layers": [{"kind": "dense", "units": 6, "activation": "tanh"},
                                     {"kind": "dense", "units": 3, "activation": "linear"}]}, (4,), dtype=np.float64)
    net.theta[...] = t["theta"]
    optimizer, loss = engine.optimizers.build(json.loads(str(t[f"{name}.spec"]))), engine.losses["cross_entropy"]
    optimizer.decay = net.decay
    for step, expected in enumerate(t[f"{name}.losses"]):
        rows = slice(12 * (step % 5), 12 * (step % 5) + 12)
        value, dlogits = loss(net.forward(t["x"][rows], train=True), t["y"][rows])
        net.backward(dlogits, needs_dx=False)
        optimizer.step(net.theta, net.grad)
        assert value == pytest.approx(expected, rel=1e-9), step
    np.testing.assert_allclose(net.theta, t[f"{name}.theta"], rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("task", ["regression", "binary", "multiclass"])
def test_the_trainer_follows_pytorch_with_penalties_and_clipping(task):
    found = {key.split(".")[1]: value for key, value in FULL_BATCH.items() if key.startswith(task)}
    x, y = found["x"].astype(np.float32), found["y"]
    y = y.astype(np.float32) if task == "regression" else y.astype(np.int64)
    training = {"batch_size": len(x), "l1": 0.01, "l2": 0.02, "clip_norm": 0.3,
                "optimizer": {"kind": "adam", "lr": 0.03}}
    trainer = engine.Trainer({"network": {"layers": [{"kind": "dense", "units": 8, "activation": "silu"}] * 2},
                              "training": training}, engine.Dataset("waves", task, x, y, x[:5], y[:5]))
    trainer.network.theta[...] = found["theta"]
    values = [trainer.step() for _ in found["losses"]]
    np.testing.assert_allclose(values, found["losses"], rtol=2e-5)
    np.testing.assert_allclose(trainer.network.theta, found["final"], rtol=1e-3, atol=2e-5)


@pytest.mark.parametrize(("name", "knobs"), [("step", {"every": 7, "gamma": 0.5}), ("exponential", {"gamma": 0.9}),
                                         ("cosine", {"length": 30, "floor": 0.1})])
def test_schedules(name, knobs):
    schedule = engine.schedules.build({"kind": name, **knobs})
    np.testing.assert_allclose([schedule.factor(epoch) for epoch in range(30)], golden("schedules")[name], rtol=1e-12)
