"""A source is a data set that can be asked for by name: knobs, a group, a task, and `load(seed)`."""

from typing import ClassVar

from engine.data import Dataset
from engine.knobs import Declared
from engine.registry import Registry

sources = Registry("data set")


class Source(Declared):
    """One data set. Its docstring's first sentence is the help that a learner reads."""

    group: ClassVar[str] = ""  # where it stands in the gallery: plane, table, image or own
    task: ClassVar[str | None] = None  # a key of `engine.tasks`; None when it depends on what the person brings

    def load(self, seed: int) -> Dataset:
        """The examples, split and ready for a network. The same settings and seed give the same arrays."""
        raise NotImplementedError

    @classmethod
    def describe(cls) -> dict:
        return super().describe() | {"group": cls.group, "task": cls.task}
