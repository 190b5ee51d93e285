"""Networks to start from: what suits the shape of the data, when the present network doesn't fit it."""

from typing import Any

from engine import Dataset, tasks
from engine.trainer import network_for


def fits(network: dict, dataset: Dataset) -> bool:
    """Whether this network, output layer included, takes the data and answers as the task needs."""
    try:
        built = network_for(network, dataset, arrays=False)
        reads = any(layer.takes_tokens for layer in built.layers)
        if reads != (dataset.vocabulary is not None):
            return False                   # whole numbers are no words, and the numbers of words say nothing
        if built.error is None:
            task: Any = tasks[dataset.task]
            task.check(built, dataset)
    except ValueError:                     # a SpecError or ShapeError: it says why, but here only whether counts
        return False
    return built.error is None


def starter(dataset: Dataset) -> dict:
    """A small network of the usual kind for pictures, series, texts or plain numbers."""
    shape = dataset.input_shape
    if dataset.vocabulary is not None:
        embedding = {"kind": "embedding", "dim": 32, "vocab": len(dataset.vocabulary)}
        task: Any = tasks[dataset.task]
        if task.encodes and dataset.written is not None:
            reader = {"kind": "gru", "units": 48, "return_sequences": True}
            written = embedding | {"vocab": len(dataset.written)}
            return {"encoder": [embedding, reader],
                    "decoder": [written, reader, {"kind": "additive_cross_attention", "units": 32}]}
        if dataset.written is None:
            return {"layers": [embedding, {"kind": "mean_over_time"}, {"kind": "dense", "units": 16}]}
        block = {"kind": "transformer_block", "heads": 4, "ff": 64, "causal": dataset.task == "next_token"}
        return {"layers": [embedding, {"kind": "positional"}, block]}
    if len(shape) == 3:
        return {"layers": [{"kind": "conv2d", "filters": 8, "kernel": 3, "activation": "relu"}, {"kind": "max_pool2d"},
                           {"kind": "flatten"}]}
    if len(shape) == 2:
        return {"layers": [{"kind": "lstm", "units": 16}]}
    return {"layers": [{"kind": "dense", "units": 8, "activation": "tanh"}]}
