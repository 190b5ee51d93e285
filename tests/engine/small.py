"""Small networks and inputs for tests of layers."""

import numpy as np

import engine


def network(*stack, shape, dtype=np.float64, seed=0) -> engine.Network:
    net = engine.Network({"layers": list(stack)}, shape, seed=seed, dtype=dtype)
    if net.error:
        raise net.error
    return net


def conv(filters=2, kernel=3, stride=1, padding="same", activation="linear") -> dict:
    return {"kind": "conv2d", "filters": filters, "kernel": kernel, "stride": stride, "padding": padding,
            "activation": activation}


def noise(*shape, seed=0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape)
