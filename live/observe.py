"""What a page can watch. Each picture is computed from a copy of the weights, and only while a page shows it.

Observing runs a fixed probe through a network of its own: it never touches the training network, its generator or
its running statistics, so that watching changes nothing.
"""

from collections.abc import Callable

import numpy as np

from engine import Dataset, Network, Trainer, metrics

GRID = 64                 # the input plane is probed on GRID x GRID points
EXAMPLES = 64             # other data is probed with this many examples, sorted by what is true of them
SCORED = 512              # examples of each split behind the live scores
EDGES = 20_000            # weights sent for the edges of the diagram, at most

Arrays = dict[str, np.ndarray]
pictures: dict[str, Callable[["Observer"], Arrays]] = {}


def picture(name: str) -> Callable:
    """Register a function (observer -> named arrays) as something that a page can watch."""

    def add(function: Callable[["Observer"], Arrays]) -> Callable[["Observer"], Arrays]:
        pictures[name] = function
        return function

    return add


class Observer:
    """A second network that follows the trainer's weights and looks at fixed probes."""

    def __init__(self, trainer: Trainer):
        self.trainer, self.task = trainer, trainer.task
        net = trainer.network
        self.network = Network({"layers": [layer.to_dict() for layer in net.layers]}, net.input_shape)
        self.set_data(trainer.dataset)

    def set_data(self, dataset: Dataset) -> None:
        """Take the probes from other data."""
        self.dataset = dataset
        self.probe = grid_inputs(dataset) if dataset.plane else sorted_examples(dataset)

    def observe(self, names: list[str]) -> Arrays:
        """The arrays of the named pictures, for the weights as they are now."""
        self.network.load_state(self.trainer.network)
        self._seen: dict[str, np.ndarray] = {}
        arrays: Arrays = {}
        with np.errstate(all="ignore"):
            for name in names:
                arrays |= pictures[name](self)
        return arrays

    def outputs(self) -> np.ndarray:
        """Logits (P, outputs) for the probe, computed once for all pictures of a frame."""
        if "probe" not in self._seen:
            self._seen["probe"] = self.network.forward(self.probe)
            self._seen |= {f"{i}.a": layer.a for i, layer in enumerate(self.network.layers)}
        return self._seen["probe"]

    def scores(self) -> dict[str, float]:
        """Loss and score now, on up to SCORED examples of each split."""
        self.network.load_state(self.trainer.network)
        data, values = self.dataset, {}
        with np.errstate(all="ignore"):
            for split, x, y in (("train", data.x_train, data.y_train), ("test", data.x_test, data.y_test)):
                logits = self.network.forward(x[:SCORED], copy=False)
                values[f"{split}_loss"] = self.trainer.loss(logits, y[:SCORED])[0]
                values[f"{split}_score"] = self.task.scores(logits, y[:SCORED])[self.task.metric]
        return values


def grid_inputs(dataset: Dataset) -> np.ndarray:
    """Inputs (GRID², F) over the plane, row by row from the top left."""
    low, high = dataset.plane.domain
    half = (high - low) / GRID / 2
    ticks = np.linspace(low + half, high - half, GRID)
    x1, x2 = np.meshgrid(ticks, ticks[::-1])
    return dataset.plane.inputs(np.stack([x1.ravel(), x2.ravel()], axis=1))


def sorted_examples(dataset: Dataset) -> np.ndarray:
    """Up to EXAMPLES test examples, evenly chosen and sorted by class or target."""
    truth = dataset.y_test.reshape(len(dataset.y_test), -1)[:, 0]
    order = np.argsort(truth, kind="stable")
    chosen = np.linspace(0, len(order) - 1, min(EXAMPLES, len(order))).round().astype(int)
    return dataset.x_test[order[chosen]]


def quantise(maps: np.ndarray, floor: float = 0.2) -> tuple[np.ndarray, np.ndarray]:
    """(P, units) signed values as uint8, 128 for zero, and each unit's scale (the value of 255).

    A unit's scale is its own largest value, but at least `floor` of the layer's, so that a faint unit looks faint.
    """
    maps = np.nan_to_num(maps, nan=0.0, posinf=3e38, neginf=-3e38)
    scale = np.maximum(maps.max(axis=0), -maps.min(axis=0))
    scale = np.maximum(scale, max(floor * float(scale.max(initial=0)), 1e-12)).astype(np.float32)
    return (maps * (127 / scale) + 128.5).astype(np.uint8), scale


@picture("neurons")
def neurons(observer: Observer) -> Arrays:
    """For each layer "neurons.i" (units, P) uint8 with "neurons.i.scale" (units,); "neurons.input" for the inputs."""
    observer.outputs()
    arrays: Arrays = {}
    plane = observer.dataset.plane is not None
    flat = {"input": observer.probe}
    flat |= {str(i): observer._seen[f"{i}.a"] for i in range(len(observer.network.layers))}
    for name, values in flat.items():
        if values.ndim != 2:
            continue
        if plane:
            values = values.reshape(GRID // 2, 2, GRID // 2, 2, -1)[:, 0, :, 0].reshape((GRID // 2) ** 2, -1)
        maps, scale = quantise(values)
        arrays |= {f"neurons.{name}": maps.T, f"neurons.{name}.scale": scale}
    return arrays


@picture("weights")
def weights(observer: Observer) -> Arrays:
    """The matrices and biases that the diagram draws, by parameter name, as float32."""
    arrays: Arrays = {}
    total = 0
    for name, value in observer.network.parameters().items():
        if name.split(".", 1)[1] in ("W", "b") and value.ndim <= 2 and total + value.size <= EDGES:
            arrays[f"weights.{name}"] = value.astype(np.float32)
            total += value.size
    return arrays


@picture("boundary")
def boundary(observer: Observer) -> Arrays:
    """What the network answers over the plane: "boundary" (GRID², ) uint8 and, for several classes, "boundary.class".

    Two classes: 128 is undecided, 255 sure of the second. Several: confidence in the likeliest class.
    Regression: 128 is zero, 255 is one, in the target's standardised units.
    """
    if observer.dataset.plane is None:
        return {}
    logits = np.nan_to_num(observer.outputs(), nan=0.0)
    if observer.dataset.task == "multiclass":
        p = observer.task.answers(logits)
        return {"boundary": (p.max(axis=1) * 255).astype(np.uint8), "boundary.class": p.argmax(axis=1).astype(np.uint8)}
    value = logits[:, 0] if observer.dataset.task == "regression" else observer.task.answers(logits)[:, 0] * 2 - 1
    return {"boundary": (np.clip(value, -1, 1) * 127 + 128.5).astype(np.uint8)}


@picture("predictions")
def predictions(observer: Observer) -> Arrays:
    """On the test split: "confusion" (C, C) counts, or "predicted" and "true" (N,) in the target's own units."""
    data = observer.dataset
    logits = observer.network.forward(data.x_test[:SCORED * 4], copy=False)
    truth = data.y_test[:SCORED * 4]
    if data.task != "regression":
        counts = metrics.confusion(observer.task.classes(logits), truth, max(data.outputs, 2))
        return {"confusion": counts.astype(np.int32)}
    mean, std = data.target_scale
    std = std or 1.0
    return {"predicted": (logits[:, 0] * std + mean).astype(np.float32),
            "true": (truth.reshape(len(truth), -1)[:, 0] * std + mean).astype(np.float32)}
