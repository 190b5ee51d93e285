"""One step under the microscope: what the next step would do to one weight, from its examples to its new value."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from engine import SpecError
from explain.factors import Factors
from explain.next_step import Rehearsal, rehearse
from explain.optimizer_lines import explain_step
from explain.titles import parameter_title, titles
from live.instruments.registry import Answer, instrument

SHOWN = 8                 # products of a gradient that are listed


@instrument("microscope")
def microscope(run, command: Mapping[str, Any]) -> Iterator[Answer]:
    """The next step for the weight at "index" of "parameter"; with "check", its finite difference as a second answer.

    Answer: `parameters` {name, title, shape}; the weight's name, index, value, gradient; `chain` (see
    `describe_factors`); `pull` (l1, l2, and the gradient with them), `clip`; `lines` of the optimizer's arithmetic,
    and the new value.
    """
    trainer = run.trainer
    rehearsal = rehearse(trainer)
    weights = rehearsal.network.parameters()
    if not weights:
        raise SpecError("This network has no weights. Add a layer that has some, such as a dense one.")
    name = command.get("parameter") if command.get("parameter") in weights else next(iter(weights))
    index = place_in(rehearsal.network.gradients()[name], command.get("index"))
    called = titles(rehearsal.network, run.spec["network"])
    listed = [{"name": n, "title": parameter_title(n, called), "shape": list(w.shape)} for n, w in weights.items()]
    about = {"step": trainer.steps, "parameters": listed,
             "parameter": name, "index": list(index), "means": meaning(run, rehearsal, name, index),
             "batch": len(rehearsal.batch.x), "loss": rehearsal.value,
             "loss_label": trainer.loss.label, "loss_formula": trainer.loss.formula}
    with np.errstate(all="ignore"):
        about |= describe_step(rehearsal, name, index)
    yield about, {}
    if command.get("check") is True:
        analytic, numeric = rehearsal.finite_difference(name, index)
        larger = max(abs(analytic), abs(numeric))
        error = abs(analytic - numeric) / larger if larger > 1e-10 else abs(analytic - numeric)
        yield {"step": trainer.steps, "parameter": name, "index": list(index), "check": {
            "analytic": analytic, "numeric": numeric, "error": error}}, {}


def place_in(gradient: np.ndarray, wanted: Any) -> tuple[int, ...]:
    """The wanted index, or the nearest to it that the parameter has; without one, that of the largest gradient."""
    if not isinstance(wanted, list) or len(wanted) != gradient.ndim:
        return tuple(int(i) for i in np.unravel_index(np.nanargmax(np.abs(np.nan_to_num(gradient))), gradient.shape))
    numbers = [i if isinstance(i, int) and not isinstance(i, bool) else 0 for i in wanted]
    return tuple(min(max(i, 0), size - 1) for i, size in zip(numbers, gradient.shape, strict=True))


def meaning(run, rehearsal: Rehearsal, name: str, index: tuple[int, ...]) -> str:
    """What the place of a weight stands for, where its numbers alone don't say it: a word, or a gate."""
    layer, data = rehearsal.layers[name.rpartition(".")[0]], run.trainer.dataset
    gates = getattr(layer, "gates", ())
    if gates and index[-1] < len(gates) * layer.units and not name.endswith(".bn"):
        return f"{gates[index[-1] // layer.units]}, unit {index[-1] % layer.units + 1}"
    vocabulary = data.written if name.startswith("decoder.") else data.vocabulary
    if layer.takes_tokens and vocabulary is not None:
        return f"the token “{vocabulary.tokens[index[0]]}”"
    return ""


def describe_step(rehearsal: Rehearsal, name: str, index: tuple[int, ...]) -> dict[str, Any]:
    """From the weight's gradient to its new value."""
    trainer, network = rehearsal.trainer, rehearsal.network
    part = network.slices[name]
    flat = part.start + int(np.ravel_multi_index(index, network.parameters()[name].shape))
    optimizer, settings, decay = trainer.optimizer, trainer.training, float(network.decay[flat])
    weight = float(network.theta[flat])
    memory = optimizer.memory(flat)
    frozen = any(held.start <= flat < held.stop for held in network.frozen())
    lines = [] if frozen else explain_step(optimizer, weight, float(rehearsal.used[flat]), rehearsal.lr, memory, decay)
    limit = settings.clip_norm
    found = rehearsal.factors(name, index)
    return {
        "weight": weight, "gradient": float(rehearsal.raw[flat]),
        "chain": describe_factors(found, rehearsal.layers[name.rpartition(".")[0]].a.shape) if found else None,
        "pull": {"l1": settings.l1 * decay, "l2": settings.l2 * decay, "gradient": float(rehearsal.pulled[flat])},
        "clip": {"limit": limit, "norm": rehearsal.norm, "clipped": limit is not None and rehearsal.norm > limit,
                 "gradient": float(rehearsal.used[flat])},
        "optimizer": optimizer.label, "t": optimizer.t + 1, "lr": rehearsal.lr, "memory": memory,
        "lines": [dataclasses.asdict(line) for line in lines], "frozen": frozen,
        "new": weight if frozen else lines[-1].value,
    }


def describe_factors(found: Factors, shape: tuple[int, ...]) -> dict[str, Any]:
    """The factors of a weight of a layer whose answers have this shape.

    `rows`: products, what they are made of, and where; `rest`: the sum of those not listed; `sum`: of all. With one
    place in each example these are the first examples of the batch, else the largest products.
    """
    products = found.products
    examples, places = products.shape
    order = np.arange(min(SHOWN, examples)) if places == 1 else np.argsort(
        -np.abs(products), axis=None, kind="stable")[:SHOWN]
    columns = {"x": found.left, "z": found.z, "a": found.a, "upstream": found.upstream, "slope": found.slope,
               "dz": found.right, "product": products}
    rows = [{"where": where(shape, *divmod(int(i), places), places), **{
        name: float(values.ravel()[i]) for name, values in columns.items() if values is not None}} for i in order]
    total = float(products.sum(dtype=np.float64))
    return {"rows": rows, "places": places, "left_out": products.size - len(order), "sum": total,
            "rest": total - sum(row["product"] for row in rows)}


def where(shape: tuple[int, ...], example: int, place: int, places: int) -> str:
    """In words, where in the batch a weight was used."""
    if places == 1:
        return f"example {example + 1}"
    if len(shape) == 4 and places == shape[1] * shape[2]:
        return f"example {example + 1}, row {place // shape[2] + 1}, column {place % shape[2] + 1}"
    return f"example {example + 1}, place {place + 1}"
