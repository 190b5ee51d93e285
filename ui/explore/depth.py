"""How far gradients come in a plain deep network and in one with shortcuts, before anything is trained."""

from functools import cache
from typing import Any

import numpy as np

import datasets
from engine import Trainer
from figures.palette import NEGATIVE, POSITIVE
from ui.explore import Pick, Slide, explorer

CONTROLS = (
    Slide("depth", "Depth (hidden layers)", 4, 40, 1, 20),
    Pick("activation", "Activation", (("tanh", "tanh"), ("relu", "ReLU"), ("sigmoid", "Sigmoid")), "tanh"),
    Pick("initializer", "Initial weights", (("default", "Default"), ("he_normal", "He normal"),
                                            ("glorot_uniform", "Glorot uniform"), ("orthogonal", "Orthogonal")),
         "default"),
)


def flow() -> None:
    """Gradient norms by layer, plain and residual."""
    explorer("flow", "lines", CONTROLS, gradient_by_layer,
             "One forward and one backward pass of each network on 64 points of the spiral, before the first step. "
             "Read from right to left, as the gradient goes. The scale is logarithmic.")


def layers_of(depth: int, residual: bool, activation: str = "tanh", units: int = 8) -> list[dict]:
    """A deep network: the first layer widens, the others keep the width, with or without a shortcut past each."""
    dense = {"kind": "dense", "units": units, "activation": activation}
    return [dense, *[{"kind": "residual", "layers": [dense]} if residual else dense for _ in range(depth - 1)]]


def gradient_by_layer(depth: float, activation: str, initializer: str) -> dict:
    """‖∂L/∂W‖ of each layer in both networks."""
    plain, shortcut = (list(norms(int(depth), residual, activation, initializer)) for residual in (False, True))
    return {"lines": [{"name": "Plain", "values": plain, "color": NEGATIVE},
                      {"name": "With shortcuts", "values": shortcut, "color": POSITIVE}],
            "at": [str(i + 1) for i in range(int(depth))], "x": "layer", "y": "norm of dL/dW", "log": True,
            "range": [1e-16, 1e4],
            "facts": [["first layer, plain", f"{plain[0]:.1e}"], ["first layer, with shortcuts", f"{shortcut[0]:.1e}"]]}


@cache
def norms(depth: int, residual: bool, activation: str, initializer: str) -> tuple[float, ...]:
    """‖∂L/∂W‖ of every hidden layer before the first step."""
    data = datasets.load({"kind": "spiral"})
    trainer = Trainer({"network": {"layers": layers_of(depth, residual, activation), "initializer": initializer}}, data)
    network: Any = trainer.network
    _, dlogits = trainer.loss(network.forward(data.x_train[:64]), data.y_train[:64])
    network.backward(dlogits)
    found = [norm for name, gradient in network.gradients().items() if name.endswith("W")
             for norm in [float(np.linalg.norm(gradient.astype(float)))]]
    return tuple(found[:-1])
