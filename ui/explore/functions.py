"""Activations: curve and slope of each, the shares of softmax, and what many layers of them do to a gradient."""

from functools import cache
from typing import Any

import numpy as np

import datasets
from engine import Trainer, activations
from figures.palette import NEGATIVE, POSITIVE
from ui.explore import Pick, Slide, explorer

Z = np.linspace(-5, 5, 201)
FUNCTIONS = tuple((kind, activations.lookup(kind).label) for kind in activations if kind != "softmax")
CURVE = (
    Pick("function", "Function f", FUNCTIONS, "sigmoid"),
    Slide("z", "z, the sum", -5, 5, 0.05, 1.5),
    Slide("alpha", "α (leaky ReLU, ELU)", 0.01, 1, 0.01, 0.2),
)


def curve() -> None:
    """f and f′, with a point to drag."""
    explorer("activation", "curve", CURVE, curve_and_slope,
             "Drag the point along the curve. The thin line touches it: its steepness is f′(z), the height of the "
             "orange curve. Where that is near zero, hardly any gradient comes back.")


def curve_and_slope(function: str, z: float, alpha: float) -> dict:
    """f(z), and f′(z) as what `backward` makes of a gradient of one."""
    kind = activations.lookup(function)
    f = kind(alpha=alpha) if "alpha" in kind.knobs else kind()

    def both(at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a = f.forward(at)
        return a, f.backward(np.ones_like(at), at, a)

    (a, slope), (here, steep) = both(Z), both(np.array([z]))
    return {"at": Z.tolist(), "x": "z", "range": [-1.5, 3.5],
            "lines": [{"name": "f(z)", "values": a.tolist(), "color": POSITIVE},
                      {"name": "f′(z)", "values": slope.tolist(), "color": NEGATIVE, "dash": "dash"}],
            "marker": {"control": "z", "step": 0.05, "x": z, "y": [here[0], steep[0]], "slope": steep[0]},
            "facts": [["f(z)", f"{here[0]:.4f}"], ["f′(z)", f"{steep[0]:.4f}"],
                      ["ten such factors, f′(z)¹⁰", f"{steep[0] ** 10:.2g}"]]}


SOFTMAX = tuple(Slide(f"z{i + 1}", f"z{'₁₂₃'[i]}", -5, 5, 0.1, start) for i, start in enumerate((2.0, 1.0, -1.0)))


def softmax() -> None:
    """Three logits and their shares."""
    explorer("softmax", "rows", SOFTMAX, shares,
             "Raise all three by the same amount: nothing changes. Raise one: the others lose what it wins, so every "
             "row of the slopes adds up to zero.")


def shares(**z: float) -> dict:
    """Logits, their shares, and the slopes ∂aᵢ/∂zⱼ."""
    f, logits = activations["softmax"](), np.array([list(z.values())])
    a = f.forward(logits)
    slopes = [f.backward(row[None], logits, a)[0].tolist() for row in np.eye(logits.size)]
    names = ["1", "2", "3"]
    return {"groups": [
        {"title": "Shares", "parts": [
            {"name": "z", "shape": "the logits", "columns": names, "values": logits.tolist(), "full": 5},
            "→",
            {"name": "a", "shape": "= softmax(z)", "columns": names, "values": a.tolist(), "digits": 4, "full": 1}]},
        {"title": "Slopes: by how much share i changes with logit j", "parts": [
            {"name": "∂aᵢ/∂zⱼ", "columns": [f"z{j}" for j in names], "rows": [f"a{i}" for i in names],
             "values": slopes, "digits": 4, "full": 0.25}]}],
            "facts": [["sum of the shares", f"{a.sum():.4f}"]]}


LAYERS, UNITS = 8, 32
DEEP = (
    Pick("function", "Activation of all eight layers", FUNCTIONS, "sigmoid"),
    Slide("scale", "Scale of the initial weights", 0.2, 20, 0.1, 1.0, log=True),
    Slide("bias", "Added to every bias", -6, 2, 0.1, 0.0),
)


def deep() -> None:
    """Eight layers before anything is learned."""
    explorer("deep", "lines", DEEP, through_layers,
             "Read the gradient from right to left, as it goes back; the scale is logarithmic. A unit is flat where "
             "|f′(z)| < 0.05 for an example, and dead where it answers exactly 0 to all of them.")


@cache
def trainer(function: str) -> tuple[Trainer, np.ndarray]:
    """A deep network before its first step, and its initial weights."""
    layers = [{"kind": "dense", "units": UNITS, "activation": function}] * LAYERS
    run = Trainer({"network": {"layers": layers, "initializer": "glorot_uniform"}}, datasets.load({"kind": "spiral"}))
    return run, run.network.theta.copy()


def through_layers(function: str, scale: float, bias: float) -> dict:
    """Norms of ∂L/∂a in each layer, and how many units are flat or dead, on 64 points of the spiral."""
    run, start = trainer(function)
    network: Any = run.network.copy()
    data = run.dataset
    network.theta[...] = start
    for name, array in network.parameters().items():
        own = int(name.split(".")[0]) < LAYERS
        array[...] = array * scale if name.endswith("W") and own else array + bias * own
    logits = network.forward(data.x_train[:64])
    _, dy = run.loss(logits, data.y_train[:64])
    norms, flat, dead = [], [], []
    for layer in reversed(network.layers):
        if layer is not network.layers[-1]:
            norms.append(float(np.linalg.norm(dy.astype(float))))
            slope = layer.f.backward(np.ones_like(layer.z), layer.z, layer.a.reshape(layer.z.shape))
            flat.append(float((np.abs(slope) < 0.05).mean()))
            dead.append(float((layer.a == 0).all(axis=0).mean()))
        dy = layer.backward(dy).copy()
    return {"lines": [{"name": "‖∂L/∂a‖", "values": norms[::-1], "color": POSITIVE}], "log": True,
            "range": [1e-12, 1e4], "at": [str(i + 1) for i in range(LAYERS)], "x": "layer", "y": "norm of the gradient",
            "facts": [["first layer ÷ last layer", f"{norms[-1] / norms[0]:.1e}" if norms[0] else "no gradient left"],
                      ["flat", f"{100 * np.mean(flat):.0f} %"], ["dead", f"{100 * np.mean(dead):.0f} %"]]}
