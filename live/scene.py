"""The scene: what a page must know once to draw a run's frames, from the layers' cards to the data's points."""

from typing import Any

import numpy as np

from engine import Dataset, Network, ShapeError, tasks
from engine.trainer import full_network
from live.protocol import pack

POINTS_SHOWN = 1000          # of each split


def pack_scene(session) -> bytes:
    """The scene of a session's spec and data as one message."""
    dataset: Dataset = session.trainer.dataset if session.trainer else session.dataset
    task = tasks[dataset.task]
    network = session.trainer.network if session.trainer else Network(
        full_network(session.spec["network"], dataset), dataset.input_shape)
    header = {
        "type": "scene", "generation": session.generation, "spec": session.spec,
        "data": describe_data(dataset), "task": dataset.task, "metric": task.metric,
        "loss": session.trainer.loss.label if session.trainer else "",
        "layers": describe_layers(network, own=len(session.spec["network"]["layers"])),
        "parameters": int(network.theta.size),
    }
    return pack(header, points(dataset))


def describe_data(dataset: Dataset) -> dict[str, Any]:
    return {
        "name": dataset.name, "features": list(dataset.feature_names), "classes": list(dataset.class_names),
        "target": dataset.target_name, "image": list(dataset.image_shape), "outputs": dataset.outputs,
        "domain": list(dataset.plane.domain) if dataset.plane else None, "notes": list(dataset.notes),
        "train": len(dataset.x_train), "test": len(dataset.x_test), "input_shape": list(dataset.input_shape),
    }


def describe_layers(network: Network, own: int) -> list[dict[str, Any]]:
    """One card a layer; those from `own` on were added by the task."""
    counts = network.parameter_counts() if network.error is None else [None] * len(network.layers)
    cards = []
    for i, (layer, shape, count) in enumerate(zip(network.layers, network.shapes(), counts, strict=True)):
        fits = not isinstance(shape, ShapeError)
        cards.append({
            "index": i, "kind": layer.kind, "label": layer.label, "own": i < own, "settings": layer.to_dict(),
            "size": layer.size_knob, "shape": list(shape) if fits else None, "error": "" if fits else str(shape),
            "parameters": count,
        })
    return cards


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
