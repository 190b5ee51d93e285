"""What a layer is called wherever a person reads of it: counted from 1, as on the cards; the task's own is "Output"."""

from collections.abc import Mapping

from engine import Layer, Network, ShapeError, SpecError
from engine.seq2seq import Seq2Seq

WORDS = {"ff": "feed-forward", "cross": "cross-attention"}       # of parts whose names are shorter than their words


def is_own(name: str, spec: Mapping) -> bool:
    """Whether a layer of this name is the person's, among those that the network's spec lists, or the task's."""
    stack, _, place = name.rpartition(".")
    return int(place) < len(spec[stack or "layers"])


def layer_title(name: str, layer: Layer | type[Layer], own: bool) -> str:
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


def part_titles(name: str, layer: Layer) -> dict[str, str]:
    """What the parts inside a layer are called there, by the names that their parameters begin with: "0.attention" is
    "attention", "0.norm1" is "norm 1", and of a residual's layers "0.1" is "part 2 Dense".
    """
    found: dict[str, str] = {}
    for part, inner in layer.named(name):
        outer, _, own = part.rpartition(".")
        if part != name:
            found[part] = f"{found[outer]}, {words_of(own, inner)}" if outer in found else words_of(own, inner)
    return found


def words_of(prefix: str, part: Layer) -> str:
    """A part's name among its siblings, as words."""
    word = prefix.rstrip("0123456789")
    number = prefix[len(word):]
    return f"{WORDS.get(word, word)} {number}".strip() if word else f"part {int(number) + 1} {part.label}"


def titles(network: Network | Seq2Seq, spec: Mapping) -> dict[str, str]:
    """The title of every layer, by the name that its parameters begin with, and of the parts inside it:
    "Layer 1: Transformer block, attention". spec: of the network, without the layers that the task adds.
    """
    found = {}
    for name, layer in network.named_layers():
        found[name] = title = layer_title(name, layer, is_own(name, spec))
        found |= {part: f"{title}, {words}" for part, words in part_titles(name, layer).items()}
    return found


def parameter_title(name: str, titled: Mapping[str, str]) -> str:
    """Of the parameter "0.W", where `titled` is what `titles` gives: "Layer 1: Dense · W"."""
    owner, _, own = name.rpartition(".")
    return f"{titled[owner]} · {own}"


def refusal(network: Network | Seq2Seq, spec: Mapping, error: ShapeError | SpecError) -> str:
    """Why a network can't be used, beginning with the layer that doesn't fit where it is one."""
    named = zip(network.named_layers(), network.shapes(), strict=True)
    for i, ((name, layer), shape) in enumerate(named):
        if shape is error or i == getattr(error, "place", -1):
            return f"{layer_title(name, layer, is_own(name, spec))} does not fit. {error}"
    return str(error)
