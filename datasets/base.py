"""A source is a data set that can be asked for by name: knobs, a group, a task, and `load(seed)`."""

from typing import Any, ClassVar

import numpy as np

from datasets.example_input import as_numbers
from engine.data import Dataset
from engine.knobs import Declared
from engine.registry import Registry

sources = Registry("data set")


class Source(Declared):
    """One data set. Its docstring's first sentence is the help that a learner reads."""

    group: ClassVar[str] = ""  # where it stands in the gallery: plane, table, image, series, text or own
    task: ClassVar[str | None] = None  # a key of `engine.tasks`; None when it depends on what the person brings

    def load(self, seed: int) -> Dataset:
        """The examples, split and ready for a network. The same settings and seed give the same arrays."""
        raise NotImplementedError

    def encode(self, value: Any, data: Dataset) -> np.ndarray:
        """A person's own input as one example (1, *input_shape) for a network that learned from `data`.

        Here: a point of the plane, or measurements in their own units where `data` says how they were standardised.
        SpecError when the value is not usable.
        """
        if data.plane is not None:
            return data.plane.inputs(as_numbers(value, (2,)).astype(np.float64))
        numbers = as_numbers(value, data.input_shape)
        if data.input_scale is None:
            return numbers
        mean, std = data.input_scale
        return ((numbers - mean) / std).astype(np.float32)

    @classmethod
    def describe(cls) -> dict:
        return super().describe() | {"group": cls.group, "task": cls.task}
