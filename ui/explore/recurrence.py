"""Recurrence by hand: one unit unrolled in time, and how gradients fade or grow on their way back."""

from typing import Any

import numpy as np

from engine import Network
from ui.explore import Pick, Slide, explorer

STEPS = 10
INPUTS = {"impulse": [1.0] + [0.0] * (STEPS - 1), "steady": [0.5] * STEPS,
          "alternating": [1.0, -1.0] * (STEPS // 2), "late": [0.0] * (STEPS - 3) + [1.0, 0.0, 0.0]}
UNROLLED = (
    Slide("wx", "Wx, weight of the input", -2, 2, 0.05, 1.0),
    Slide("wh", "Wh, weight of the state", -2.5, 2.5, 0.05, 0.8),
    Slide("b", "b, bias", -1, 1, 0.05, 0.0),
    Pick("inputs", "Input", (("impulse", "One impulse, then nothing"), ("steady", "The same at every step"),
                             ("alternating", "Plus and minus by turns"), ("late", "An impulse near the end")),
         "impulse"),
)


def unrolled() -> None:
    """One unit, step by step."""
    explorer("unrolled", "steps", UNROLLED, one_unit,
             "One column is one step in time; the same Wx, Wh and b work in every one. The lowest row says how much "
             "the last state would change if the state of this step did.")


def one_unit(wx: float, wh: float, b: float, inputs: str) -> dict:
    """States and gradients of a recurrent layer with one unit."""
    network = Network({"layers": [{"kind": "rnn", "units": 1}]}, (STEPS, 1))
    for name, value in (("Wx", wx), ("Wh", wh), ("b", b)):
        network.parameters()[f"0.{name}"][...] = value
    network.forward(np.array(INPUTS[inputs], np.float32).reshape(1, STEPS, 1))
    network.backward(np.ones((1, 1), np.float32))
    rnn: Any = network.layers[0]
    tape = rnn.tape
    h, slopes = tape.h[1:, 0, 0], tape.dh[:, 0, 0]
    rows = [("x", "input x", INPUTS[inputs]), ("h", "state h", h.tolist()),
            ("g", "∂h₁₀ / ∂hₜ", slopes.tolist())]
    return {"rows": [{"name": name, "label": label, "values": [float(v) for v in values], "editable": False,
                      "tiny": name == "g"}
                     for name, label, values in rows],
            "facts": [["∂h₁₀ / ∂h₁", f"{slopes[0]:.2g}"], ["each step back", "× Wh (1 − h²)"]]}


LENGTH, UNITS = 50, 32
THROUGH = (
    Slide("scale", "Scale of Wh (its largest eigenvalue)", 0.5, 2.0, 0.05, 0.9),
    Pick("start", "Input", (("none", "None: all states are 0"), ("usual", "Ordinary numbers"),
                            ("loud", "Large: states near ±1")), "none"),
)


def through_time() -> None:
    """Gradient norms over 50 steps for a scale of Wh."""
    explorer("through_time", "lines", THROUGH, gradients_back,
             "Read from right to left: the gradient begins at step 50 and goes back. The scale is logarithmic, so a "
             "straight line means the same factor at every step. Move the scale of Wh across 1.")


def gradients_back(scale: float, start: str) -> dict:
    """‖∂L/∂hₜ‖ of a recurrent layer of 32 units, an LSTM of the same size beside it."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1, LENGTH, 4)).astype(np.float32)
    matrix = rng.standard_normal((UNITS, UNITS))
    matrix *= scale / np.abs(np.linalg.eigvals(matrix)).max()
    dy = np.ones((1, UNITS), np.float32)
    found = {}
    for kind in ("rnn", "lstm"):
        network = Network({"layers": [{"kind": kind, "units": UNITS}]}, (LENGTH, 4), seed=0)
        named = network.parameters()
        if kind == "rnn":
            named["0.Wh"][...], named["0.b"][...] = matrix, 0
            named["0.Wx"][...] *= {"none": 0, "usual": 1, "loud": 20}[start]
        else:
            named["0.b"][UNITS:2 * UNITS] = 3.0                            # the forget gate, wide open at the start
        network.forward(x)
        network.backward(dy)
        layer = network.layers[0]
        view = "gradient_through_time" if kind == "rnn" else "cell_gradient_through_time"
        found[kind] = next(view_.data for view_ in layer.views() if view_.name == view).astype(float)
    rnn, lstm = found["rnn"], found["lstm"]
    factor = (rnn[0] / rnn[-1]) ** (1 / (LENGTH - 1))
    return {"lines": [{"name": "RNN: ‖∂L/∂h‖", "values": rnn.tolist()},
                      {"name": "LSTM, forget bias 3: ‖∂L/∂c‖", "values": lstm.tolist()}],
            "at": [str(t + 1) for t in range(LENGTH)], "x": "step", "y": "norm of the gradient", "log": True,
            "range": [1e-10, 1e10],
            "facts": [["RNN, step 50 back to 1", f"× {rnn[0] / rnn[-1]:.1e}"], ["per step", f"× {factor:.3f}"]]}
