"""How weights begin. Each takes (shape, fan_in, fan_out, rng) and returns an array; biases begin as the layer says."""

import math
from collections.abc import Callable

import numpy as np

Initializer = Callable[[tuple[int, ...], int, int, np.random.Generator], np.ndarray]


def zeros(shape, fan_in, fan_out, rng):
    """All zero: every unit of a layer computes the same and gets the same gradient, so nothing tells them apart."""
    return np.zeros(shape)


def ones(shape, fan_in, fan_out, rng):
    """All one: how the scale of a normalisation begins."""
    return np.ones(shape)


def uniform_fan_in(shape, fan_in, fan_out, rng):
    """Uniform within ±1/√fan_in: what PyTorch gives a linear or convolution layer."""
    bound = 1 / math.sqrt(max(fan_in, 1))
    return rng.uniform(-bound, bound, shape)


def uniform_over(count: int) -> Initializer:
    """Uniform within ±1/√count, whatever the fans: what PyTorch gives a recurrent layer, for its count of units."""
    return lambda shape, fan_in, fan_out, rng: uniform_fan_in(shape, count, fan_out, rng)


def standard_normal(shape, fan_in, fan_out, rng):
    """Normal with deviation 1: what PyTorch gives an embedding."""
    return rng.standard_normal(shape)


def normal(shape, fan_in, fan_out, rng):
    """Normal with deviation 0.02, whatever the layer's size (as in GPT-2)."""
    return 0.02 * rng.standard_normal(shape)


def glorot_uniform(shape, fan_in, fan_out, rng):
    """Keeps the variance of activations and gradients for tanh (Glorot and Bengio, 2010)."""
    bound = math.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, shape)


def he_normal(shape, fan_in, fan_out, rng):
    """Keeps the variance through ReLU layers: deviation √(2/fan_in) (He et al., 2015)."""
    return math.sqrt(2 / max(fan_in, 1)) * rng.standard_normal(shape)


def lecun_normal(shape, fan_in, fan_out, rng):
    """Deviation √(1/fan_in) (LeCun et al., 1998)."""
    return math.sqrt(1 / max(fan_in, 1)) * rng.standard_normal(shape)


def orthogonal(shape, fan_in, fan_out, rng):
    """Orthonormal rows or columns, so that lengths are kept (Saxe et al., 2014)."""
    rows, columns = math.prod(shape[:-1]), shape[-1]
    q, r = np.linalg.qr(rng.standard_normal((max(rows, columns), min(rows, columns))))
    q *= np.sign(np.diag(r))
    return (q if rows >= columns else q.T).reshape(shape)


#: What a network's `initializer` may be. "default" leaves each layer the start that PyTorch gives it.
initializers: dict[str, Initializer | None] = {
    "default": None,
    "zeros": zeros,
    "normal": normal,
    "glorot_uniform": glorot_uniform,
    "he_normal": he_normal,
    "lecun_normal": lecun_normal,
    "orthogonal": orthogonal,
}
