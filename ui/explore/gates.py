"""An LSTM's gates set by hand: one cell, its gates step by step, and what is left in it at the end."""

from typing import Any

import numpy as np

from engine import Network
from ui.explore import Numbers, Slide, explorer

STEPS = 8
FIRM = 12.0                # a gate that is opened by hand is σ(12) = 0.999994
WRITTEN = (0.8, -0.5, 0.3, 0.9, -0.7, 0.2, -0.4, 0.6)
CONTROLS = (
    Numbers("input", (1, 0, 0, 0, 0, 0, 0, 0), 0, 1),
    Numbers("forget", (1, 1, 1, 1, 1, 1, 1, 1), 0, 1),
    Numbers("output", (0, 0, 0, 0, 0, 0, 0, 1), 0, 1),
)


def by_hand() -> None:
    """The figure with a cell whose gates one opens and shuts."""
    explorer("gates", "steps", CONTROLS, one_cell,
             "Click a gate to open it (1), half open it (0.5) or shut it (0). The input gate takes the candidate into "
             "the cell, the forget gate keeps what is there, the output gate shows it.")


def one_cell(input: list, forget: list, output: list) -> dict:
    """Cell and state of the engine's LSTM with one unit, whose gates are told what to be by its four inputs."""
    network = Network({"layers": [{"kind": "lstm", "units": 1}]}, (STEPS, 4))
    named = network.parameters()
    named["0.Wx"][...], named["0.Wh"][...], named["0.b"][...] = np.eye(4), 0, 0
    x = np.stack([logit(input), logit(forget), np.arctanh(WRITTEN), logit(output)], axis=1)       # order i, f, g, o
    network.forward(x[None].astype(np.float32))
    network.backward(np.ones((1, 1), np.float32))
    lstm: Any = network.layers[0]
    tape = lstm.tape
    rows = [("g", "candidate g", WRITTEN, False), ("input", "input gate i", input, True),
            ("forget", "forget gate f", forget, True), ("c", "cell c", tape.c[1:, 0, 0], False),
            ("output", "output gate o", output, True), ("h", "shown, h", tape.h[1:, 0, 0], False)]
    c = tape.c[:, 0, 0]
    t = STEPS - 1
    return {"rows": [{"name": name, "label": label, "values": [float(v) for v in values], "editable": editable}
                     for name, label, values, editable in rows],
            "facts": [["c₈ = f₈ c₇ + i₈ g₈", f"{forget[t]:g} · {c[t]:.3f} + {input[t]:g} · {WRITTEN[t]:g} "
                                                 f"= {c[t + 1]:.3f}"],
                      ["h₈ = o₈ tanh(c₈)", f"{tape.h[t + 1, 0, 0]:.3f}"]]}


def logit(shares: list) -> np.ndarray:
    """What a gate must be told to be open by this share."""
    p = np.asarray(shares, float)
    with np.errstate(divide="ignore"):
        return np.log(p / (1 - p)).clip(-FIRM, FIRM)


MOST = 60
BIAS = (Slide("bias", "Forget bias", -2, 6, 0.1, 0.0),)


def forget_bias() -> None:
    """What is left of a cell's content over the steps, for a bias of the forget gate."""
    explorer("forget_bias", "lines", BIAS, kept,
             "A cell is filled with 1 at step 0 and nothing more is written. What the bias of the forget gate is at "
             "the start decides how far back the network can learn anything at all.")


def kept(bias: float) -> dict:
    """The cell of the engine's LSTM over MOST steps with its input gate shut, and its gradient."""
    def cell(b: float) -> tuple[np.ndarray, float]:
        network = Network({"layers": [{"kind": "lstm", "units": 1}]}, (MOST, 1))
        named = network.parameters()
        named["0.Wx"][...], named["0.Wh"][...] = 0, 0
        named["0.Wx"][0, 0], named["0.Wx"][0, 2] = 2 * FIRM, FIRM          # x = 1 opens the gate and writes 1
        named["0.b"][...] = (-FIRM, b, 0, FIRM)
        x = np.zeros((1, MOST, 1), np.float32)
        x[0, 0] = 1
        network.forward(x)
        layer: Any = network.layers[0]
        return layer.tape.c[1:, 0, 0].astype(float), float(layer.gate_values()[0, -1, 1, 0])

    (now, f), (one, _) = cell(bias), cell(1.0)
    left = now[-1]
    return {"lines": [{"name": "Your forget bias", "values": now.tolist()},
                      {"name": "Forget bias 1, a common start", "values": one.tolist()}],
            "at": [str(t) for t in range(MOST)], "x": "steps later", "y": "what is left in the cell", "log": False,
            "range": [0, 1],
            "facts": [["f = σ(b)", f"{f:.4f}"], [f"left after {MOST - 1} steps, f to the power {MOST - 1}",
                                                 f"{left:.2g}"]]}
