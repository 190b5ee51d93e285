"""The forward pass by hand: three layers on one point, and why linear ones are a single layer in disguise."""

from typing import Any

import numpy as np

from engine import Network
from ui.explore import Pick, Slide, explorer

SIZES = (2, 3, 2, 1)
STACK = (
    Pick("activation", "Activation of the two hidden layers", (("linear", "None: linear"), ("tanh", "tanh"),
                                                               ("relu", "ReLU")), "linear"),
    Slide("x1", "x₁", -3, 3, 0.1, 1.0),
    Slide("x2", "x₂", -3, 3, 0.1, -2.0),
    Slide("seed", "Other weights (seed)", 0, 9, 1, 0),
)


def stack() -> None:
    """Every number of three layers, and the one layer that their matrices multiply to."""
    explorer("stack", "rows", STACK, three_and_one,
             "With linear layers both answers are the same, whatever the point and the weights. Choose tanh: the one "
             "layer can no longer say what the three say. Only with a bend in between does depth add anything.")


def three_and_one(activation: str, x1: float, x2: float, seed: float) -> dict:
    """A point through three dense layers, and through one with W = W₁W₂W₃ and b = (b₁W₂ + b₂)W₃ + b₃."""
    layers = [{"kind": "dense", "units": units, "activation": activation} for units in SIZES[1:-1]]
    net = Network({"layers": [*layers, {"kind": "dense", "units": 1, "activation": "linear"}]}, (2,), int(seed))
    one = Network({"layers": [{"kind": "dense", "units": 1, "activation": "linear"}]}, (2,))
    (W1, b1, W2, b2, W3, b3), (W, b) = net.parameters().values(), one.parameters().values()
    W[...], b[...] = W1 @ W2 @ W3, (b1 @ W2 + b2) @ W3 + b3
    x = np.array([[x1, x2]], np.float32)
    three, single = float(net.forward(x)[0, 0]), float(one.forward(x)[0, 0])
    passes, reaching = [], x
    layer: Any
    for i, layer in enumerate(net.layers):
        bend = "" if i == len(SIZES) - 2 or activation == "linear" else activation
        passes.append({"title": f"Layer {i + 1}", "parts": [
            shown("x" if i == 0 else f"a{sub(i)}", reaching), "·", shown(f"W{sub(i + 1)}", layer.W), "+",
            shown(f"b{sub(i + 1)}", layer.b[None]), "=", shown(f"z{sub(i + 1)}", layer.z),
            *(["→", shown(f"a{sub(i + 1)} = {bend}(z{sub(i + 1)})", layer.a)] if bend else [])]})
        reaching = layer.a
    product = {"title": "The three matrices as one", "parts": [
        shown("x", x), "·", shown("W₁ · W₂ · W₃", W), "+", shown("b", b[None]), "=", shown("z", one.forward(x))]}
    return {"groups": [*passes, product],
            "facts": [["three layers say", f"{three:.5f}"], ["one layer says", f"{single:.5f}"],
                      ["difference", f"{abs(three - single):.5f}"]]}


def shown(name: str, values: np.ndarray) -> dict:
    return {"name": name, "shape": f"({' × '.join(map(str, values.shape))})", "values": values.tolist(), "digits": 3,
            "full": 2}


def sub(number: int) -> str:
    return "₀₁₂₃₄₅₆₇₈₉"[number]
