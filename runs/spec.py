"""What both ends of the live path do with a plain spec: fill in its defaults, admit it or say why not."""

from typing import Any

import datasets
from engine import Dataset, RunSpec, SpecError
from engine.trainer import loss_for
from runs.size import check_size


def complete(spec: Any) -> dict:
    """The spec with every default filled in, its data included; SpecError says what is wrong."""
    try:
        checked = RunSpec.from_dict(spec).to_dict()
        checked["data"] = datasets.sources.build(checked["data"]).to_dict()
    except RecursionError as error:
        raise SpecError("This run is nested too deeply to be read.") from error
    fill_vocabulary(checked)
    return checked


def admit(spec: dict) -> Dataset:
    """The data of a completed spec; SpecError says why a run would refuse it.

    Layers that don't fit are no such reason: they are shown with what is wrong, so that it can be mended.
    """
    dataset = datasets.load(spec["data"], spec["seed"])
    check_size(spec, dataset)
    loss_for(spec["training"]["loss"], dataset)
    return dataset


def fill_vocabulary(spec: dict) -> None:
    """Make every embedding as large as its text's vocabulary, which only the data knows."""
    stacks = {name: spec["network"][name] for name in ("layers", "encoder", "decoder") if name in spec["network"]}
    embeddings = [(name, layer) for name, stack in stacks.items() for layer in stack if layer["kind"] == "embedding"]
    if not embeddings:
        return
    data = datasets.load(spec["data"], spec["seed"])
    for name, layer in embeddings:
        vocabulary = data.written if name == "decoder" else data.vocabulary
        if vocabulary is not None:
            layer["vocab"] = len(vocabulary)
