"""What would help a run: each remedy is a change of its spec, applied like any other setting and undone like one.

Each function returns what it has to offer: nothing, where the spec has it already or has no place for it.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from engine import layers
from engine.optimizers import optimizers
from live.specs import set_path


@dataclass(frozen=True)
class Remedy:
    """A change of what is at `path`; `restarts` where it makes another network, which begins anew.

    also: changes that go with it, (path, value) each. rewinds: it works from the beginning only, to which the same
    network goes back. hint: what is known of it.
    """

    label: str
    path: list
    value: Any
    restarts: bool = False
    also: list[tuple[list, Any]] = field(default_factory=list)
    rewinds: bool = False
    hint: str = ""

    def applied(self, spec: dict) -> dict:
        """The spec with what it changes."""
        for path, value in [(self.path, self.value), *self.also]:
            spec = set_path(spec, path, value)
        return spec

    def claims(self, spec: dict) -> dict[tuple, Any]:
        """The settings that become another, by their paths in the spec, with what they become."""
        return dict(differences(spec, self.applied(spec)))


def learning_rate(spec: dict, factor: float) -> list[Remedy]:
    lr = spec["training"]["optimizer"]["lr"] * factor
    lr = float(f"{lr:.2g}")
    verb = "Lower" if factor < 1 else "Raise"
    if not 0 < lr <= 10:
        return []
    return [Remedy(f"{verb} the learning rate to {lr:g}", ["training", "optimizer", "lr"], lr)]


def clipping(spec: dict, limit: float = 1.0) -> list[Remedy]:
    now = spec["training"]["clip_norm"]
    return [Remedy(f"Clip the gradient at {limit:g}", ["training", "clip_norm"], limit)] if now is None else []


def together(one: Remedy, other: Remedy) -> Remedy:
    """Two changes as one."""
    return replace(one, label=f"{one.label} and {lower(other.label)}", also=[*one.also, (other.path, other.value)])


def from_the_beginning(remedy: Remedy) -> Remedy:
    return replace(remedy, label=f"Rewind and {lower(remedy.label)}", rewinds=True)


def lower(label: str) -> str:
    return label[0].lower() + label[1:]


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


def adam(spec: dict, lr: float = 0.01) -> list[Remedy]:
    if spec["training"]["optimizer"]["kind"].startswith("adam"):
        return []
    return [Remedy(f"Use Adam, learning rate {lr:g}", ["training", "optimizer"],
                   optimizers.build({"kind": "adam", "lr": lr}).to_dict())]


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


def differences(old: Any, new: Any, path: tuple = ()) -> Iterator[tuple[tuple, Any]]:
    """Each setting of `new` that is another in `old`, down to single values."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in new:
            yield from differences(old.get(key), new[key], (*path, key))
    elif isinstance(old, list) and isinstance(new, list):
        for i, value in enumerate(new):
            yield from differences(old[i] if i < len(old) else None, value, (*path, i))
    elif old != new:
        yield path, new
