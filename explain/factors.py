"""The gradient of one weight as the sum that it is: what the weight multiplied times what the loss asks of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from engine.layers.base import Layer
from engine.layers.norm import from_features


@dataclass
class Tap:
    """What a layer was given in one pass: its input x and dL/dy of its output, copied; and calls of inner products."""

    x: np.ndarray | None = None
    dy: np.ndarray | None = None
    calls: list[tuple] = field(default_factory=list)


@dataclass(frozen=True)
class Factors:
    """dL/dw = sum over examples and places of left · right, both (N, places).

    left: what the weight is multiplied by; right: dL/dz of the sum z that it goes into. Where z only passes through
    an activation a = f(z), also z, a, upstream dL/da and slope f'(z), with right = upstream · slope.
    """

    left: np.ndarray
    right: np.ndarray
    z: np.ndarray | None = None
    a: np.ndarray | None = None
    upstream: np.ndarray | None = None
    slope: np.ndarray | None = None

    @property
    def products(self) -> np.ndarray:
        return self.left * self.right


Chain = Callable[[Layer, str, tuple[int, ...], Tap], Factors | None]
chains: dict[str, Chain] = {}


def chain(*kinds: str) -> Callable[[Chain], Chain]:
    """Register how the gradients of these layers are composed."""

    def add(function: Chain) -> Chain:
        chains.update(dict.fromkeys(kinds, function))
        return function

    return add


def tap(layer: Layer) -> Tap:
    """Listen to a layer from now on: for copies of a network that are thrown away afterwards."""
    heard = Tap()
    forward, backward = layer.forward, layer.backward

    def listening_forward(x, ctx):
        heard.x = x.copy()
        return forward(x, ctx)

    def listening_backward(dy):
        heard.dy = np.array(dy)
        return backward(dy)

    layer.forward, layer.backward = listening_forward, listening_backward
    unrolled = getattr(layer, "unrolled", None)
    for owner, name in ((unrolled, "products"), (layer, "project_backward")):    # of recurrent layers and of attention
        inner = getattr(owner, name, None)
        if inner is not None:
            setattr(owner, name, recorder(inner, heard.calls))
    return heard


def recorder(function: Callable, calls: list[tuple]) -> Callable:
    def record(*given):
        calls.append(tuple(value.copy() if isinstance(value, np.ndarray) else value for value in given))
        return function(*given)

    return record


def factors(layer: Layer, name: str, index: tuple[int, ...], heard: Tap) -> Factors | None:
    """The factors of the weight at `index` of a layer's parameter, after forward and backward on a tapped layer.

    None where the layer doesn't say how its gradient is composed, or where another layer has a share in it.
    """
    if layer.kind not in chains or heard.dy is None:
        return None
    found = chains[layer.kind](layer, name, index, heard)
    if found is None:
        return None
    gradient = float(getattr(layer, "d" + name)[index])
    size = float(np.abs(found.products).sum())
    return found if abs(float(found.products.sum()) - gradient) <= 1e-4 * size + 1e-12 else None


def by_example(values: np.ndarray, n: int) -> np.ndarray:
    """(N, ...) as (N, places)."""
    return np.broadcast_to(values, values.shape).reshape(n, -1)


@chain("dense")
def dense(layer, name, index, heard):
    n, shape, unit = len(heard.x), (*heard.x.shape[:-1], layer.units), index[-1]
    z, a, dy = (array.reshape(shape) for array in (layer.z, layer.a, heard.dy))
    left = heard.x[..., index[0]] if name == "W" else np.ones(shape[:-1], dy.dtype)
    return bent(layer.f, left, z, a, dy, n, unit)


@chain("conv2d")
def conv(layer, name, index, heard):
    z, a, dy = layer.z, layer.a, heard.dy
    n, rows, columns = z.shape[:3]
    left = np.ones(z.shape[:3], dy.dtype)
    if name == "W":
        u, v, channel, _ = index
        x = np.pad(heard.x, ((0, 0), (layer.pad, layer.pad), (layer.pad, layer.pad), (0, 0)))
        left = x[:, u:u + layer.stride * rows:layer.stride, v:v + layer.stride * columns:layer.stride, channel]
        left = left[:, :rows, :columns]
    return bent(layer.f, left, z, a, dy, n, index[-1])


def bent(f, left, z, a, dy, n, unit):
    """Factors of a weight of a sum z with a = f(z)."""
    z, a, dy = (np.ascontiguousarray(array) for array in (z, a, dy))
    right = f.backward(dy, z, a)
    own, sums, answers, upstream = (by_example(array[..., unit], n) for array in (right, z, a, dy))
    if f.kind == "softmax":                                       # each output depends on every sum
        return Factors(by_example(left, n), own, sums, answers)
    slope = by_example(f.backward(np.ones_like(dy), z, a)[..., unit], n)
    return Factors(by_example(left, n), own, sums, answers, upstream, slope)


@chain("rnn", "lstm", "gru")
def recurrent(layer, name, index, heard):
    n, units, unit = len(heard.x), layer.units, index[-1]
    row = {"Wh": index[0], "b": units, "bn": units, "Wx": units + 1 + index[0]}[name]
    if layer.kind == "gru":                                       # its blocks: h Whn + bn, r, z, n
        inner = name == "bn" or (name == "Wh" and unit >= 2 * units)
        unit = unit % units if inner else units + unit
    stretches = [(hx[row].reshape(-1, n), dz[unit].reshape(-1, n)) for hx, dz in reversed(heard.calls)]
    left, right = (np.concatenate(parts).T for parts in zip(*stretches, strict=True))
    return Factors(left, right)                                   # (N, T)


@chain("self_attention", "cross_attention")
def attention(layer, name, index, heard):
    n, letter, d = len(heard.x), name[1], len(layer.bo)
    if letter == "o":
        left, right = layer.mixed, heard.dy.reshape(layer.mixed.shape)[:, index[-1]]
    else:
        x, dz, names = next(call for call in heard.calls if letter in call[2])
        left = x.reshape(len(dz), -1)
        factor = layer.scale if letter == "q" else 1
        right = dz[:, names.index(letter) * d + index[-1]] * dz.dtype.type(factor)
    left = left[:, index[0]] if name[0] == "W" else np.ones_like(right)
    return Factors(by_example(left, n), by_example(right, n))


@chain("additive_attention", "additive_cross_attention")
def additive(layer, name, index, heard):
    n, ((dscores, dzq, dzk),) = len(heard.x), heard.calls
    left, right = {"Wq": (layer.q, dzq), "Wk": (layer.k, dzk), "v": (layer.u, dscores[..., None])}[name]
    return Factors(by_example(left[..., index[0]], n), by_example(right[..., index[1] if name != "v" else 0], n))


@chain("layer_norm", "batch_norm")
def norm(layer, name, index, heard):
    n, dy = len(heard.x), heard.dy
    if layer.kind == "layer_norm":
        hat = layer.hat.reshape(dy.shape)
    else:
        hat = from_features(layer.centred * layer.inverse[:, None], dy.shape)
    left = hat[..., index[0]] if name == "gamma" else np.ones(dy.shape[:-1], dy.dtype)
    return Factors(by_example(left, n), by_example(dy[..., index[0]], n))


@chain("embedding")
def embedding(layer, name, index, heard):
    token, feature = index
    return Factors((layer.tokens == token).astype(heard.dy.dtype), heard.dy[..., feature])


@chain("positional")
def positional(layer, name, index, heard):
    place, feature = index
    right = heard.dy[:, place:place + 1, feature]
    return Factors(np.ones_like(right), right)
