"""What a layer is called wherever a person reads of it: counted from 1, as on the cards; the task's own is "Output"."""

from engine import Layer


def layer_title(name: str, layer: Layer, own: bool) -> str:
    """"Layer 3: Dense", in a stack "Decoder layer 1: GRU", and "Output" for the layer that the task adds.

    name: what the layer's parameters begin with, as `named_layers` gives it. own: whether it is the person's.
    """
    stack, _, place = name.rpartition(".")
    where = f"{stack.capitalize()} layer" if stack else "Layer"
    return f"{where} {int(place) + 1}: {layer.label}" if own else "Output"


def short_title(name: str, layer: Layer, own: bool) -> str:
    """The same where there is little room: "3 Dense", "Decoder 1 GRU", "Output"."""
    stack, _, place = name.rpartition(".")
    return f"{stack.capitalize()} {int(place) + 1} {layer.label}".strip() if own else "Output"


def part_title(layer: Layer, path: str) -> str:
    """What the part of a layer is called that a name inside it ("attention.Wq", "1.ff2.W") leads to; "" for itself.

    Parts of the same kind are counted: "Layer normalisation 2"; in a list of layers each has its place: "2 Dense".
    """
    words = []
    for key in path.split("."):
        parts = layer.children()
        if key not in parts:
            break
        layer = parts[key]
        alike = [name for name, part in parts.items() if part.label == layer.label]
        if key.isdigit():
            words.append(f"{int(key) + 1} {layer.label}")
        else:
            words.append(f"{layer.label} {alike.index(key) + 1}" if len(alike) > 1 else layer.label)
    return ", ".join(words)
