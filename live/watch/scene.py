"""The scene: what a page must know once to draw a run's frames, from the layers' cards to the data's points."""

from collections.abc import Callable
from typing import Any

import numpy as np

from engine import Dataset, Layer, Network, ShapeError, Trainer, View, tasks
from engine.data import Vocabulary
from engine.evaluation import enough
from engine.seq2seq import Seq2Seq
from engine.trainer import COLUMNS as HISTORY
from engine.trainer import network_for
from explain.titles import is_own, layer_title, part_titles, short_title
from live.protocol import pack
from live.watch.layer_measures import MEASURES
from live.watch.pictures import LOGIT, MEASURED
from live.watch.reliability import CALIBRATED

#: What the columns of the arrays are called, and how far "boundary" reaches.
COLUMNS = {"history": list(HISTORY), "flow": list(MEASURES), "measured": list(MEASURED),
           "calibrated": list(CALIBRATED), "logit": LOGIT}
SIGNED = {"state", "cell", "candidate"}     # of what a recurrent layer shows; its gates lie between shut and open
MOST_WORDS = 5000            # of a vocabulary, for the map of an embedding
POINTS_SHOWN = 1000          # of each split
UNFIT = "Does not fit"       # on a card; why, the notice says


def pack_scene(run, ask: Callable[[Dataset], dict]) -> bytes:
    """The scene of a run's spec and data as one message; `ask` tells what the instruments can be asked of such data."""
    dataset: Dataset = run.trainer.dataset if run.trainer else run.dataset
    network = run.trainer.network if run.trainer else network_for(run.spec["network"], dataset)
    views = run.observer.views() if run.observer else []
    task = tasks[dataset.task]
    cards = describe_layers(network, run.spec["network"], views)
    if run.trainer is None and not any(card["error"] for card in cards):
        cards[run.unfit]["error"] = UNFIT                   # the layers fit each other, but not the task
    header = {
        "type": "scene", "generation": run.generation, "spec": run.spec,
        "data": describe_data(dataset) | trained_on(run.trainer), "task": dataset.task, "metric": task.metric,
        "loss": run.trainer.loss.label if run.trainer else "",
        "layers": cards,
        "parameters": int(network.theta.size),
        "probe": run.observer.probe.describe() if run.observer else None,
        "columns": COLUMNS, "questions": ask(dataset),
    }
    return pack(header, points(dataset))


def describe_data(dataset: Dataset) -> dict[str, Any]:
    return {
        "name": dataset.name, "features": list(dataset.feature_names), "classes": list(dataset.class_names),
        "target": dataset.target_name, "image": list(dataset.image_shape), "outputs": dataset.outputs,
        "domain": list(dataset.plane.domain) if dataset.plane else None, "notes": list(dataset.notes),
        "train": len(dataset.x_train), "test": len(dataset.x_test), "evaluated": enough(dataset),
        "input_shape": list(dataset.input_shape), "target_scale": list(dataset.target_scale),
        "continues": dataset.continues,
        "text": dataset.vocabulary is not None,
    } | describe_text(dataset)


def trained_on(trainer: Trainer | None) -> dict[str, int]:
    """How many examples train, where some are held back."""
    return {} if trainer is None else {"train": trainer.learned}


def describe_text(dataset: Dataset) -> dict[str, Any]:
    """For texts: whether tokens are letters, the words that an answer may be, all words, and special ones: what fills
    up, what ends an answer, what hides a word."""
    if dataset.vocabulary is None:
        return {}
    plain = [dataset.vocabulary.tokens[i] for i in dataset.vocabulary.words[:50]]
    return {"pad": name_of(dataset.vocabulary, "pad"),
            "letters": all(len(token) == 1 for token in plain),
            "vocabulary": list(dataset.vocabulary.tokens[:MOST_WORDS]),
            "words": list(dataset.written.tokens) if dataset.written is not None else [],
            "end": name_of(dataset.written, "end"), "mask": name_of(dataset.vocabulary, "mask")}


def name_of(vocabulary: Vocabulary | None, special: str) -> str | None:
    """The token that a vocabulary has for something special, None where it has none."""
    place = getattr(vocabulary, special, None)
    return None if place is None else vocabulary.tokens[place]


def describe_layers(network: Network | Seq2Seq, spec: dict, views: list[View]) -> list[dict[str, Any]]:
    """One card a layer; `own` says that it is the person's and not the task's, `index` its place in the spec.

    `title` and `short` are what it is called wherever a person reads of it. `error` marks the layer that doesn't fit
    and those that wait for it.
    """
    counts = network.parameter_counts() if network.error is None else [None] * len(network.layers)
    cards, inner = [], dict(network.named_layers(inner=True))
    for (name, layer), shape, count in zip(network.named_layers(), network.shapes(), counts, strict=True):
        stack, _, place = name.rpartition(".")
        fits, own = not isinstance(shape, ShapeError), is_own(name, spec)
        parts = part_titles(name, layer)
        cards.append({
            "title": layer_title(name, layer, own), "short": short_title(name, layer, own),
            "name": name, "index": int(place), "stack": stack, "kind": layer.kind, "label": layer.label,
            "own": own, "settings": layer.to_dict(), "size": layer.size_knob,
            "shape": list(shape) if fits else None, "parameters": count,
            "error": "" if fits else UNFIT if shape is network.error else str(shape),
            "views": [describe_view(view, parts, inner) for view in views if view.name.startswith(f"{name}.")],
        })
    return cards


def describe_view(view: View, parts: dict[str, str], layers: dict[str, Layer]) -> dict[str, Any]:
    """A view for the page; `part` names what inside the layer it is of, "" for the layer itself."""
    part = next((title for name, title in reversed(parts.items()) if view.name.startswith(f"{name}.")), "")
    return {"name": view.name, "kind": view.kind, "title": view.title, "part": part, "axes": list(view.axes),
            "gates": gates(view, layers), "note": view.note, "parameter": view.parameter, "causal": view.causal}


def gates(view: View, layers: dict[str, Layer]) -> list[dict[str, Any]]:
    """What a recurrent layer shows over time, in the order of the array; nothing for other views."""
    if view.kind != "gates":
        return []
    layer, _, shown = view.name.rpartition(".")
    names = layers[layer].gates if shown == "gates" else view.axes[2:3]
    return [{"name": name, "signed": name in SIGNED} for name in names]


def points(dataset: Dataset) -> dict[str, np.ndarray]:
    """For data on a plane: "points.train" and "points.test", (N, 3) float32 of x1, x2 and the target."""
    if dataset.plane is None:
        return {}
    found = {}
    for split, where, y in (("train", dataset.plane.points_train, dataset.y_train),
                            ("test", dataset.plane.points_test, dataset.y_test)):
        rows = np.column_stack([where, y.reshape(len(y), -1)[:, 0]])[:POINTS_SHOWN]
        found[f"points.{split}"] = rows.astype(np.float32)
    return found
