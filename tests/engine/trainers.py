"""Small runs for tests of the Trainer."""

import numpy as np

import engine

LAYERS = [{"kind": "dense", "units": 6, "activation": "tanh"}, {"kind": "dropout", "rate": 0.2}]


def xor(n=50, seed=0, noise=0.3) -> engine.Dataset:
    """Points of the plane whose class says whether their signs agree; half of them for testing."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, (2 * n, 2)).astype(np.float32)
    y = (x[:, 0] * x[:, 1] > 0).astype(np.int64)
    x += noise * rng.standard_normal(x.shape).astype(np.float32)
    return engine.Dataset("xor", "binary", x[:n], y[:n], x[n:], y[n:])


def wave(n=40) -> engine.Dataset:
    x = np.linspace(-2, 2, 2 * n, dtype=np.float32)[:, None]
    y = np.sin(2 * x)
    return engine.Dataset("wave", "regression", x[::2], y[::2], x[1::2], y[1::2])


def trainer(dataset=None, layers=LAYERS, seed=0, initializer="default", **training) -> engine.Trainer:
    spec = {"network": {"layers": layers, "initializer": initializer}, "training": training, "seed": seed}
    return engine.Trainer(spec, dataset or xor())


def run(tr: engine.Trainer, steps: int) -> list[float]:
    return [tr.step() for _ in range(steps)]


def same(a: engine.Trainer, b: engine.Trainer) -> bool:
    """Bit for bit: history, weights and where they stand."""
    return (np.array_equal(a.history.rows(), b.history.rows(), equal_nan=True)
            and np.array_equal(a.network.theta, b.network.theta) and (a.steps, a.epoch) == (b.steps, b.epoch))
