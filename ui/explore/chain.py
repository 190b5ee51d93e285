"""Backpropagation on a graph of two hidden units: every factor of the chain rule, and what small nudges say."""

from typing import Any

import numpy as np

from engine import Network, gradcheck, losses
from figures.palette import POSITIVE
from ui.explore import Pick, Slide, explorer

BENDS = (("tanh", "tanh"), ("sigmoid", "Sigmoid"), ("relu", "ReLU"), ("linear", "None: linear"))
GRAPH = (
    Slide("step", "Edges passed on the way back", 0, 9, 1, 0),
    Pick("activation", "Activation f", BENDS, "tanh"),
    Slide("x", "x, the input", -2, 2, 0.1, 1.0),
    Slide("w1", "w₁", -2, 2, 0.1, 0.5),
    Slide("w2", "w₂", -2, 2, 0.1, -1.0),
    Slide("y", "y, the truth", -2, 2, 0.1, 1.0),
)
V, B, C = (1.5, -0.8), (0.1, 0.2), 0.3


def graph() -> None:
    """The chain rule, edge by edge."""
    explorer("chain", "graph", GRAPH, walk_back,
             "Move the first slider, or let it walk: each step passes one edge upwards and multiplies by its factor. "
             "Where two ways meet, at x, their products are added. The last line compares with the engine's backward.")


def small(activation: str, w1: float, w2: float) -> Network:
    """x → two units → one output, in double precision."""
    layers = [{"kind": "dense", "units": 2, "activation": activation},
              {"kind": "dense", "units": 1, "activation": "linear"}]
    double: Any = np.float64
    net = Network({"layers": layers}, (1,), dtype=double)
    for name, value in {"0.W": [[w1, w2]], "0.b": B, "1.W": [[V[0]], [V[1]]], "1.b": [C]}.items():
        net.parameters()[name][...] = value
    return net


def walk_back(step: float, activation: str, x: float, w1: float, w2: float, y: float) -> dict:
    """Values, factors and gradients of the whole graph; how many edges the way back has passed."""
    net = small(activation, w1, w2)
    mse: Any = losses["mse"]
    p = net.forward(np.array([[x]]))
    value, dp = mse(p, np.array([y]))
    dx: Any = net.backward(dp)
    hidden: Any = net.layers[0]
    slope, w = float(dp[0, 0]), (w1, w2)
    z, a = hidden.z[0], hidden.a[0]
    bends = hidden.f.backward(np.ones((1, 2)), hidden.z, hidden.a)[0]                     # f′(z)
    da = [slope * v for v in V]
    dz = [d * bend for d, bend in zip(da, bends, strict=True)]
    node, edge = nodes(x, y, w, z, a, float(p[0, 0]), value), edges(slope, bends, w)
    for name, gradient, when in (("L", 1.0, 0), ("p", slope, 1), ("a₁", da[0], 2), ("a₂", da[1], 3), ("z₁", dz[0], 4),
                                 ("z₂", dz[1], 5), ("x", dz[0] * w1 + dz[1] * w2, 9)):
        node[name] |= {"gradient": number(gradient), "step": when}
    named = net.gradients()
    return {"step": int(step), "nodes": list(node.values()), "edges": edge,
            "steps": list(steps(x, y, w, a, float(p[0, 0]), slope, bends, da, dz, named)),
            "facts": [["engine: ∂L/∂w₁", number(named["0.W"][0, 0])], ["engine: ∂L/∂w₂", number(named["0.W"][0, 1])],
                      ["engine: ∂L/∂v₁", number(named["1.W"][0, 0])], ["engine: ∂L/∂x", number(dx[0, 0])]]}


def nodes(x, y, w, z, a, p, value) -> dict[str, dict]:
    places = {"x": (x, 0.5, 0), "z₁": (z[0], 0.2, 1), "z₂": (z[1], 0.8, 1), "a₁": (a[0], 0.2, 2), "a₂": (a[1], 0.8, 2),
              "p": (p, 0.5, 3), "L": (value, 0.5, 4)}
    return {name: {"name": name, "value": number(v), "column": column, "row": row, "given": name == "x"}
            for name, (v, column, row) in places.items()}


def edges(slope, bends, w) -> list[dict]:
    found = [("p", "L", slope, 1), ("a₁", "p", V[0], 2), ("a₂", "p", V[1], 3), ("z₁", "a₁", bends[0], 4),
             ("z₂", "a₂", bends[1], 5), ("x", "z₁", w[0], 9), ("x", "z₂", w[1], 9)]
    return [{"from": start, "to": end, "factor": number(factor), "step": step} for start, end, factor, step in found]


def steps(x, y, w, a, p, slope, bends, da, dz, named):
    """What each step says: the rule, and with its numbers once it is done."""
    n, f = number, factor
    yield line("∂L/∂p = 2 (p − y)", f"2 · ({n(p)} − {f(y)}) = {n(slope)}")
    for i in (0, 1):
        k = "₁₂"[i]
        yield line(f"∂L/∂a{k} = ∂L/∂p · v{k}", f"{n(slope)} · {f(V[i])} = {n(da[i])}")
    for i in (0, 1):
        k = "₁₂"[i]
        yield line(f"∂L/∂z{k} = ∂L/∂a{k} · f′(z{k})", f"{n(da[i])} · {f(bends[i])} = {n(dz[i])}")
    yield line("∂L/∂v₁ = ∂L/∂p · a₁", f"{n(slope)} · {f(a[0])} = {n(slope * a[0])}")
    yield line("∂L/∂w₁ = ∂L/∂z₁ · x", f"{n(dz[0])} · {f(x)} = {n(dz[0] * x)}")
    yield line("∂L/∂w₂ = ∂L/∂z₂ · x", f"{n(dz[1])} · {f(x)} = {n(dz[1] * x)}")
    yield line("∂L/∂x = ∂L/∂z₁ · w₁ + ∂L/∂z₂ · w₂",
               f"{n(dz[0])} · {f(w[0])} + {f(dz[1])} · {f(w[1])} = {n(dz[0] * w[0] + dz[1] * w[1])}")


def factor(value: float) -> str:
    """A number behind a sign, in brackets where it is negative."""
    return f"({number(value)})" if number(value).startswith("−") else number(value)


def line(rule: str, numbers: str) -> dict:
    return {"open": rule, "done": f"{rule} = {numbers}"}


def number(value: float) -> str:
    """Four digits behind the point, with a real minus, and no minus zero."""
    return f"{float(value) + 0.0:.4f}".replace("-0.0000", "0.0000").replace("-", "−").rstrip("0").rstrip(".") or "0"


RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
NUDGES = [10.0 ** -k for k in range(1, 13)]
NUDGE = (
    Pick("activation", "Activation f", BENDS, "tanh"),
    Slide("w1", "w₁", -2, 2, 0.1, 0.5),
    Slide("x", "x, the input", -2, 2, 0.1, 1.0),
    Pick("dtype", "Numbers", (("float64", "float64: 16 digits"), ("float32", "float32: 7 digits")), "float64"),
)


def nudges() -> None:
    """How well a difference quotient agrees, by the length of the nudge."""
    explorer("nudges", "lines", NUDGE, errors,
             "From left to right the nudge gets shorter. First the error falls with its square; then rounding takes "
             "over and it rises again. The best nudge is in between, and shorter is not better.")


def errors(activation: str, w1: float, x: float, dtype: str) -> dict:
    """|numeric − backprop| for ∂L/∂w₁ over the length h of the nudge, and the engine's own check of all gradients."""
    net, inputs, truth = small(activation, w1, -1.0), np.array([[x]]), np.array([1.0])
    mse: Any = losses["mse"]
    checked = gradcheck(net, inputs, truth, "mse")
    net.backward(mse(net.forward(inputs), truth)[1])
    exact, net = float(net.gradients()["0.W"][0, 0]), net.copy(np.dtype(dtype))
    weight = net.parameters()["0.W"]

    def loss_at(w: float) -> float:
        weight[0, 0] = w
        return mse(net.forward(inputs), truth)[0]

    found = [(loss_at(w1 + h) - loss_at(w1 - h)) / (2 * h) for h in NUDGES]
    gaps = [max(abs(quotient - exact), 1e-17) for quotient in found]
    best = int(np.argmin(gaps))
    return {"lines": [{"name": "|difference quotient − backpropagation|", "values": gaps, "color": POSITIVE}],
            "at": [f"10{str(-k).translate(RAISED)}" for k in range(1, 13)], "x": "nudge h", "y": "error",
            "log": True, "range": [1e-17, 10],
            "facts": [["backpropagation: ∂L/∂w₁", f"{exact:.10f}"],
                      [f"best nudge, 10{str(-best - 1).translate(RAISED)}", f"{found[best]:.10f}"],
                      ["worst relative error of all parameters (gradcheck)", f"{checked.worst:.1e}"]]}
