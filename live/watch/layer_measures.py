"""What flows through each layer: gradients back, activations forth, and how far the next update would move it."""

from collections.abc import Iterator, Mapping

import numpy as np

from engine import Layer
from engine.activations import Activation
from explain.next_step import planned_update
from live.protocol import Arrays
from live.watch.observer import Observer
from live.watch.picture import picture

#: The columns of the picture "flow".
MEASURES = ("gradient", "ratio", "mean", "deviation", "zeros", "flat")
FLAT = 0.05               # of the steepest slope: where a function is flatter, hardly any gradient gets through


@picture("flow")
def flow(observer: Observer) -> Arrays:
    """"flow" (layers, measures) float32 on a sample of the training examples, NaN where a layer has no such thing.

    gradient: length of dL/dw of all the layer's parameters. ratio: length of the update that the optimizer would make
    now, relative to the weights'. mean, deviation, zeros: of the activations, zeros as a share. flat: the share of
    answers on the flat parts of a squashing function or a gate.
    """
    answers = observer.leave("sample")
    rows = [measure(layer, answers[name], *lengths) for (name, layer), lengths in
            zip(observer.layers.items(), layer_lengths(observer).values(), strict=True)]
    return {"flow": np.array(rows, np.float32).reshape(-1, len(MEASURES))}


def measure(layer: Layer, a: np.ndarray, gradient: float, ratio: float) -> list[float]:
    """One row of the picture."""
    return [gradient, ratio, a.mean(), a.std(), (a == 0).mean(), flat_share(layer)]


def flat_share(layer: Layer) -> float:
    """Share of the answers where a squashing function is flat; NaN where the layer has none."""
    flat = [slope.ravel() < FLAT for slope in slopes(layer)]
    return float(np.concatenate(flat).mean()) if flat else float("nan")


def layer_lengths(observer: Observer) -> Mapping[str, tuple[float, float]]:
    """For each layer (length of the gradient, length of the planned update relative to the weights'), after a pass."""
    network = observer.network
    update = planned_update(observer.trainer, network.theta, network.grad)
    found = {}
    for name in observer.layers:
        parts = [part for parameter, part in network.slices.items() if parameter.startswith(f"{name}.")]
        gradient, moved, weights = (length([vector[part] for part in parts])
                                    for vector in (network.grad, update, network.theta))
        found[name] = (gradient, moved / weights if weights else np.nan) if parts else (np.nan, np.nan)
    return found


def length(parts: list[np.ndarray]) -> float:
    """Euclidean length of several vectors behind each other."""
    return float(np.sqrt(sum(float(np.dot(part, part)) for part in parts)))


def bends(layer: Layer) -> Iterator[tuple]:
    """(f, z, a) of every activation in the layer and its parts that works on each number alone, after a pass."""
    f, z = getattr(layer, "f", None), getattr(layer, "z", None)
    if f is not None and z is not None and f.kind not in ("linear", "softmax"):
        z = np.ascontiguousarray(z)
        yield f, z, f.forward(z)                                  # not layer.a: there, units that are off are zero
    for part in layer.children().values():
        yield from bends(part)


def slopes(layer: Layer) -> Iterator[np.ndarray]:
    """How steep the squashing functions and gates of a layer and its parts are at the answers of the last pass.

    (..., units), 1 where they are steepest. Functions such as ReLU, which go on for ever on one side, have none.
    """
    if hasattr(layer, "gate_values") and getattr(layer, "tape", None) is not None:
        yield from gate_slopes(layer)
    for f, z, a in bends(layer):
        if squashes(f):
            steepest = f.backward(np.ones(1), np.zeros(1), f(np.zeros(1)))[0]
            yield f.backward(np.ones_like(z), z, a) / steepest


def squashes(f: Activation) -> bool:
    """Whether a function is flat far out on both sides."""
    near, far = f(np.array([-50.0, 50.0])), f(np.array([-500.0, 500.0]))
    return bool(np.allclose(near, far))


def gate_slopes(layer: Layer) -> Iterator[np.ndarray]:
    """The slopes of a recurrent layer's gates (σ) and candidates (tanh), of a plain one its state's (tanh)."""
    if not layer.gates:
        h = layer.tape.h[1:].transpose(2, 0, 1)                   # (N, T, units)
        yield 1 - h * h
        return
    values = layer.gate_values()                                  # (N, T, gates, units)
    for i, gate in enumerate(layer.gates):
        a = values[:, :, i]
        yield 1 - a * a if gate == "candidate" else 4 * a * (1 - a)
