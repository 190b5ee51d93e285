"""Losses: the curve of each over the prediction, its slope, and what softmax and cross-entropy make of each other."""

from typing import Any

import numpy as np

from engine import activations, losses
from figures import palette
from ui.explore import Pick, Slide, explorer

REACH = np.linspace(-4, 4, 161)
NUMBERS = (
    Pick("kind", "Loss", tuple((kind, losses.lookup(kind).label) for kind in ("mse", "mae", "huber")), "mse"),
    Slide("p", "p, the prediction", -4, 4, 0.05, 1.5),
    Slide("y", "y, the truth", -4, 4, 0.1, 0.0),
    Slide("delta", "δ (Huber)", 0.1, 3, 0.1, 1.0),
)
SIDES = (
    Slide("z", "z, the logit", -8, 8, 0.1, -5.0),
    Pick("y", "y, the truth", (("1", "1: yes"), ("0", "0: no")), "1"),
)


def numbers() -> None:
    """A loss for numbers, with the prediction to drag."""
    explorer("loss_numbers", "curve", NUMBERS, loss_of_number,
             "Drag the point. The thin line's steepness is dL/dp, the push that the prediction gets. With the squared "
             "loss an outlier pushes without limit; with Huber's no harder than δ.")


def loss_of_number(kind: str, p: float, y: float, delta: float) -> dict:
    """Loss and slope over the prediction, and at the point."""
    loss = losses.build({"kind": kind, **({"delta": delta} if kind == "huber" else {})})
    value, slope = at(loss, p, y)
    lines = np.array([at(loss, float(other), y) for other in REACH])
    return {"at": REACH.tolist(), "x": "prediction p", "range": [-4, 8],
            "lines": [{"name": "L", "values": lines[:, 0].tolist(), "color": palette.POSITIVE},
                      {"name": "dL/dp", "values": lines[:, 1].tolist(), "color": palette.NEGATIVE, "dash": "dash"}],
            "marker": {"control": "p", "step": 0.05, "x": p, "y": [value, slope], "slope": slope},
            "facts": [["p − y", f"{p - y:.2f}"], ["L", f"{value:.4f}"], ["dL/dp", f"{slope:.4f}"]]}


def at(loss, prediction: float, y: float) -> tuple[float, float]:
    """A loss and its slope for one prediction (or logit), from the engine."""
    value, slope = loss(np.array([[prediction]]), np.array([y]))
    return value, float(slope[0, 0])


def two_classes() -> None:
    """Cross-entropy and squares over the logit of a yes or no."""
    explorer("loss_classes", "curve", SIDES, loss_of_logit,
             "Drag the point to the wrong end. The more wrong the answer, the harder cross-entropy pushes, up to 1. "
             "The square of the probability's error hardly pushes there: the sigmoid is flat, and its slope is a "
             "factor.")


def loss_of_logit(z: float, y: str) -> dict:
    """Both losses over the logit, their slopes at the point."""
    entropy, brier, truth, reach = losses["binary_cross_entropy"], losses["brier"], float(y), 2 * REACH
    rows = {name: np.array([at(loss, float(other), truth) for other in reach])
            for name, loss in (("cross-entropy", entropy), ("square", brier))}
    here = {name: at(loss, z, truth) for name, loss in (("cross-entropy", entropy), ("square", brier))}
    p = float(activations["sigmoid"]().forward(np.array([z]))[0])
    return {"at": reach.tolist(), "x": "logit z", "range": [-1.2, 6],
            "lines": [{"name": "L, cross-entropy", "values": rows["cross-entropy"][:, 0].tolist(),
                       "color": palette.POSITIVE},
                      {"name": "its slope dL/dz", "values": rows["cross-entropy"][:, 1].tolist(),
                       "color": palette.CLASSES[4], "dash": "dash"},
                      {"name": "L, square", "values": rows["square"][:, 0].tolist(), "color": palette.NEGATIVE},
                      {"name": "its slope dL/dz", "values": rows["square"][:, 1].tolist(), "color": palette.CLASSES[5],
                       "dash": "dash"}],
            "marker": {"control": "z", "step": 0.1, "x": z, "slope": here["cross-entropy"][1],
                       "y": [*here["cross-entropy"], *here["square"]]},
            "facts": [["p = σ(z)", f"{p:.4f}"], ["cross-entropy: L", f"{here['cross-entropy'][0]:.4f}"],
                      ["dL/dz = p − y", f"{here['cross-entropy'][1]:.4f}"], ["square: L", f"{here['square'][0]:.4f}"],
                      ["dL/dz = 2(p − y) p (1 − p)", f"{here['square'][1]:.4f}"]]}


CLASSES = (
    *(Slide(f"z{i + 1}", f"z{'₁₂₃'[i]}", -5, 5, 0.1, start) for i, start in enumerate((1.0, 2.0, -1.0))),
    Pick("y", "The true class", (("0", "1"), ("1", "2"), ("2", "3")), "0"),
)


def classes() -> None:
    """Softmax with cross-entropy: three logits and a true class."""
    explorer("loss_shares", "rows", CLASSES, loss_of_shares,
             "The slope is the share minus the truth: the true class is pulled up by what it lacks, every other one "
             "pushed down by what it has too much. The row adds up to zero.")


def loss_of_shares(y: str, **z: float) -> dict:
    """Shares, loss and slopes of three classes."""
    logits, truth = np.array([list(z.values())]), int(y)
    loss: Any = losses["cross_entropy"]
    value, slopes = loss(logits, np.array([truth]))
    p = activations["softmax"]().forward(logits)
    columns = ["1", "2", "3"]
    return {"groups": [{"title": "One example, three classes", "parts": [
        {"name": "z", "shape": "logits", "columns": columns, "values": logits.tolist(), "full": 5}, "→",
        {"name": "p", "shape": "= softmax(z)", "columns": columns, "values": p.tolist(), "digits": 4, "full": 1}, "−",
        {"name": "y", "shape": "truth", "columns": columns, "values": [np.eye(3)[truth].tolist()], "full": 1}, "=",
        {"name": "∂L/∂z", "shape": "", "columns": columns, "values": slopes.tolist(), "digits": 4, "full": 1}]}],
        "facts": [["share of the true class", f"{p[0, truth]:.4f}"], ["L = −ln of it", f"{value:.4f}"],
                  ["sum of the slopes", f"{abs(slopes.sum()):.4f}"]]}
