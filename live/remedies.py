"""What would help a run: each remedy is one change of its spec, applied like any other setting and undone like one.

Each function returns what it has to offer: nothing, where the spec has it already or has no place for it.
"""

import copy
from dataclasses import dataclass
from typing import Any

from engine import layers


@dataclass(frozen=True)
class Remedy:
    """A change of one setting; `restarts` where it makes another network, which begins anew."""

    label: str
    path: list
    value: Any
    restarts: bool = False


def learning_rate(spec: dict, factor: float, then: str = "") -> list[Remedy]:
    lr = spec["training"]["optimizer"]["lr"] * factor
    lr = float(f"{lr:.2g}")
    verb = "Lower" if factor < 1 else "Raise"
    if not 0 < lr <= 10:
        return []
    return [Remedy(f"{verb} the learning rate to {lr:g}{then}", ["training", "optimizer", "lr"], lr)]


def clipping(spec: dict, limit: float = 1.0) -> list[Remedy]:
    now = spec["training"]["clip_norm"]
    return [Remedy(f"Clip the gradient at {limit:g}", ["training", "clip_norm"], limit)] if now is None else []


def bend(spec: dict, path: list | None, function: str, label: str) -> list[Remedy]:
    """Another activation for one layer, where it has one to choose."""
    if path is None:
        return []
    layer = at(spec, path)
    knobs = layers[layer["kind"]].knobs
    return [Remedy(f"Give it {label}", [*path, knob], function, restarts=True) for knob in ("activation", "function")
            if knob in knobs and function in knobs[knob].options and layer[knob] not in ("linear", function)]


def bend_all(spec: dict, function: str, label: str) -> list[Remedy]:
    stack = spec["network"].get("layers")
    if stack is None:
        return []
    new = copy.deepcopy(stack)
    for layer in new:
        if layer.get("activation") in ("sigmoid", "tanh"):
            layer["activation"] = function
    return [] if new == stack else [Remedy(f"Give all layers {label}", ["network", "layers"], new, restarts=True)]


def start(spec: dict, initializer: str, label: str) -> list[Remedy]:
    if spec["network"]["initializer"] == initializer:
        return []
    return [Remedy(f"Begin with {label}", ["network", "initializer"], initializer, restarts=True)]


def adam(spec: dict) -> list[Remedy]:
    if spec["training"]["optimizer"]["kind"].startswith("adam"):
        return []
    return [Remedy("Use Adam", ["training", "optimizer"], {"kind": "adam", "lr": 0.01})]


def dropout(spec: dict) -> list[Remedy]:
    stack = spec["network"].get("layers")
    if not stack or any(layer["kind"] == "dropout" for layer in stack):
        return []
    return [Remedy("Add dropout behind the last layer", ["network", "layers"],
                   [*stack, {"kind": "dropout", "rate": 0.2}], restarts=True)]


def at(spec: Any, path: list) -> Any:
    for key in path:
        spec = spec[key]
    return spec
