"""One example on its way through the network, layer by layer, with the numbers that go in and come out."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from engine import Layer
from explain.factors import tap
from explain.titles import is_own, layer_title, part_titles, short_title
from live.instruments.answer_numbers import describe_answer
from live.instruments.registry import Answer, instrument
from live.watch.probe import words

MOST = 4_096              # numbers of one array that are sent
TERMS = 12                # products of a sum that are listed


@instrument("forward")
def forward(run, command: Mapping[str, Any]) -> Iterator[Answer]:
    """Where the example in detail stands at "layer": 0 is what goes in, 1 the first layer, the last one the answer.

    A layer: its name, title, formula, shapes, parts, and arrays "in" and "out"; of a dense layer "sum", one unit's
    arithmetic. The answer: see `describe_answer`.
    """
    network, one = run.observer.network.copy(), run.observer.probe.one
    parts = dict(network.named_layers(inner=True))
    taps = {name: tap(layer) for name, layer in parts.items()}
    with np.errstate(all="ignore"):
        logits = network.forward(one.x, **one.inputs)
    stops = list(network.named_layers())
    place = min(max(number(command.get("layer")), 0), len(stops) + 1)
    header: dict[str, Any] = {"step": run.trainer.steps, "layer": place, "stops": [
        "Input", *(short_title(name, layer, is_own(name, run.spec["network"])) for name, layer in stops), "Answer"]}
    if place == 0:
        read = tokens(run, one.x[0])
        yield header | {"what": "input", "shape": list(one.x.shape[1:]), "tokens": read}, {} if read else {
            "out": cut(one.x[0])}
    elif place > len(stops):
        yield header | {"what": "answer"} | describe_answer(run, logits), {}
    else:
        name, layer = stops[place - 1]
        own = is_own(name, run.spec["network"])
        x = taps[name].x
        unit, names = number(command.get("unit")), run.observer.dataset.feature_names
        read = tokens(run, x[0], name.startswith("decoder.")) if layer.takes_tokens else []
        yield header | {
            "what": "layer", **describe(name, layer, layer_title(name, layer, own)), "tokens": read,
            "in_shape": list(x.shape[1:]), "shape": list(layer.a.shape[1:]),
            "parts": [describe(part, parts[part], title) for part, title in part_titles(name, layer).items()],
            "sum": unit_sum(layer, x[0], unit, names if place == 1 else ()) if sums(layer) else None,
        }, {"out": cut(layer.a[0])} | ({} if read else {"in": cut(x[0])})


def describe(name: str, layer: Layer, title: str) -> dict[str, Any]:
    """A layer's name, title and formulas."""
    f = getattr(layer, "f", None)
    return {"name": name, "title": title, "formula": layer.formula,
            "bend": f.formula if f is not None else "", "function": f.label if f is not None else ""}


def sums(layer: Layer) -> bool:
    """Whether each of its units is one weighted sum of what comes in."""
    return getattr(layer, "W", np.zeros(0)).ndim == 2


def unit_sum(layer: Layer, x: np.ndarray, unit: int, names: tuple[str, ...]) -> dict[str, Any]:
    """z = sum of x·w + b and a = f(z) of one unit; of a sequence at its last step. The largest products are listed."""
    unit, x = min(max(unit, 0), layer.units - 1), x.reshape(-1, x.shape[-1])[-1]
    w = layer.W[:, unit]
    products = x * w
    order = np.sort(np.argsort(-np.abs(products), kind="stable")[:TERMS])
    last = (0, *(-1,) * (layer.a.ndim - 2), unit)
    names = names if len(names) == len(x) else [f"x{i + 1}" for i in range(len(x))]
    return {"unit": unit, "units": layer.units, "terms": [
        {"name": names[i], "x": float(x[i]), "w": float(w[i]), "product": float(products[i])} for i in order],
        "rest": float(np.delete(products, order).sum()), "left_out": len(x) - len(order),
        "bias": None if layer.b is None else float(layer.b[unit]), "z": float(layer.z.reshape(layer.a.shape)[last]),
        "a": float(layer.a[last])}


def tokens(run, x: np.ndarray, written: bool = False) -> list[str]:
    """The words of a text (T,); none where the data is no text."""
    data = run.observer.dataset
    vocabulary = data.written if written else data.vocabulary
    return words(x, vocabulary) if vocabulary is not None else []


def cut(values: np.ndarray) -> np.ndarray:
    """As float32, and no more than MOST numbers: the first rows."""
    values = np.asarray(values, np.float32)
    while values.size > MOST and len(values) > 1:
        values = values[:len(values) // 2]
    return values


def number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
