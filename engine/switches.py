"""Switches are knobs that can be turned on a network that has learned something: it stays the same network.

A frozen layer, a unit that is off, a path that is cut: each is a setting of the spec like any other, so that links,
undo and panels know it; what makes it a switch is that no weight has to be made anew for it.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.knobs import Choice, Knob, Stack

HIGHEST = 16_383          # an index; as large as a layer may be
LONGEST = 512             # indices in one list


def switch(knob: Knob) -> Knob:
    """Mark a knob as a switch."""
    knob.switch = True
    return knob


class Indices(Knob):
    """A list of places, counted from 0, in ascending order: which units are off.

    `of` names the knob that says how many there are. Those beyond it are kept and do nothing, so that a layer can be
    made smaller and larger again.
    """

    control = "indices"

    def __init__(self, of: str, label: str, help: str):
        super().__init__([], label, help)
        self.of = of

    def check(self, value: Any) -> list[int]:
        expected = f"a list of at most {LONGEST} whole numbers from 0 to {HIGHEST}"
        if not isinstance(value, list | tuple) or len(value) > LONGEST:
            raise self.refuse(value, expected)
        if any(isinstance(v, bool) or not isinstance(v, int) or not 0 <= v <= HIGHEST for v in value):
            raise self.refuse(value, expected)
        return sorted(set(value))

    def describe(self) -> dict:
        return super().describe() | {"default": [], "of": self.of}


def paths_knob() -> Choice:
    """Which paths of a residual connection are open."""
    return switch(Choice("both", ("both", "shortcut", "layers"), "Paths",
                         "Cuts one of the two paths: only what goes past the layers, or only the layers."))


def through(paths: str, path: str, values: np.ndarray) -> np.ndarray:
    """The values that come along a path, zeros where it is cut."""
    return values if paths in ("both", path) else np.zeros_like(values)


def hold(network, parts: list[slice]) -> list[np.ndarray]:
    """The weights of frozen layers, which lie at these parts of theta, before a step; their gradient becomes zero."""
    for part in parts:
        network.grad[part] = 0
    return [network.theta[part].copy() for part in parts]


def put_back(network, parts: list[slice], kept: list[np.ndarray]) -> None:
    """Undo what a step has done to them: momentum and decay move weights without a gradient, too."""
    for part, weights in zip(parts, kept, strict=True):
        network.theta[part] = weights


def without_switches(stack: list[Mapping], registry: Mapping) -> list[dict]:
    """The specs of a stack of layers, those inside others included, with every switch left out."""
    plain = []
    for spec in stack:
        knobs = registry[spec["kind"]].knobs
        settings = {name: value for name, value in spec.items() if name not in knobs or not knobs[name].switch}
        for name, knob in knobs.items():
            if isinstance(knob, Stack) and name in settings:
                settings[name] = without_switches(settings[name], knob.registry)
        plain.append(settings)
    return plain


class Off:
    """Keeps some units of a layer at zero: they add nothing to what comes behind and learn nothing.

    It stands around the layer's own forward and backward, which are as they would be without it; so a layer all of
    whose units are on runs at full speed.
    """

    def __init__(self, layer, units: list[int]):
        self.layer, self.units = layer, units
        self.forward_whole, self.backward_whole = layer.forward, layer.backward
        layer.forward, layer.backward = self.forward, self.backward

    def forward(self, x, ctx):
        y = self.forward_whole(x, ctx).copy(order="K")
        y[..., self.units] = 0
        self.whole, self.layer.a = self.layer.a, y
        return y

    def backward(self, dy):
        masked, self.layer.a = self.layer.a, self.whole
        dy = np.array(dy, order="K")
        dy[..., self.units] = 0
        dx = self.backward_whole(dy)
        self.layer.a = masked
        return dx
