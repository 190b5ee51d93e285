"""What would help a run: each remedy is a change of its spec, applied like any other setting and undone like one.

Each function returns what it has to offer: nothing, where the spec has it already or has no place for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from engine import layers
from engine.optimizers import optimizers
from engine.paths import at, set_path

MUCH = 10                 # times an optimizer's usual learning rate: beyond it, the rate is to blame


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


def calmer(spec: dict) -> list[Remedy]:
    """From the beginning at a rate that this optimizer is used with; nothing where the rate is not far above that."""
    of = spec["training"]["optimizer"]
    most = MUCH * optimizers[of["kind"]].knobs["lr"].default
    return list(map(from_the_beginning, learning_rate(spec, most / of["lr"]))) if of["lr"] > most else []


def faster(spec: dict, factor: float) -> list[Remedy]:
    """A higher learning rate: the optimizer's usual one at least."""
    of = spec["training"]["optimizer"]
    return learning_rate(spec, max(factor, optimizers[of["kind"]].knobs["lr"].default / of["lr"])) if of["lr"] else []


def adaptive(spec: dict) -> bool:
    """Whether the optimizer divides by the size of the gradient, so that shortening that changes nothing."""
    return spec["training"]["optimizer"]["kind"] in ("adam", "adamw", "rmsprop", "adagrad")


def clipping(spec: dict, limit: float = 1.0) -> list[Remedy]:
    now = spec["training"]["clip_norm"]
    return [Remedy(f"Clip the gradient at {limit:g}", ["training", "clip_norm"], limit)] if now is None else []


def pull(spec: dict, factor: float) -> list[Remedy]:
    """A weaker pull of the weights towards zero: times the learning rate it may overshoot zero by itself."""
    l2 = float(f"{spec['training']['l2'] * factor:.2g}")
    return [Remedy(f"Lower L2 to {l2:g}", ["training", "l2"], l2)] if l2 else []


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


def straighten(spec: dict) -> list[Remedy]:
    """ReLU for all layers that bend to both sides, with the initial weights that go with it."""
    stack = spec["network"].get("layers")
    new = [layer | {"activation": "relu"} if layer.get("activation") in ("sigmoid", "tanh") else layer
           for layer in stack or []]
    if new == (stack or []):
        return []
    he = start(spec, "he_normal", "He's initial weights")
    relu = Remedy("Give all layers ReLU", ["network", "layers"], new, restarts=True)
    return [together(relu, replace(he[0], label="begin with He's initial weights"))] if he else [relu]


def start(spec: dict, initializer: str, label: str) -> list[Remedy]:
    if spec["network"]["initializer"] == initializer:
        return []
    return [Remedy(f"Begin with {label}", ["network", "initializer"], initializer, restarts=True)]


def adam(spec: dict, lr: float = 0.01) -> list[Remedy]:
    if spec["training"]["optimizer"]["kind"].startswith("adam"):
        return []
    return [Remedy(f"Use Adam, learning rate {lr:g}", ["training", "optimizer"],
                   optimizers.build({"kind": "adam", "lr": lr}).to_dict())]


def hidden(spec: dict) -> list[Remedy]:
    """A first hidden layer for a network that has none, and so can only draw a straight line."""
    if spec["network"].get("layers") != []:
        return []
    return [Remedy("Add a hidden layer of 8 units", ["network", "layers"], [
        layers.build({"kind": "dense", "units": 8, "activation": "tanh"}).to_dict()], restarts=True)]


def stopping(spec: dict, patience: int = 5) -> list[Remedy]:
    if spec["training"]["patience"]:
        return []
    return [from_the_beginning(Remedy("Stop early, with its best weights", ["training", "patience"], patience))]


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
