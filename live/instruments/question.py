"""What a page asks of an instrument, as knobs: checked here, and the page's controls are made of the same."""

from collections.abc import Mapping
from typing import Any, ClassVar

from engine import Dataset
from engine.knobs import Declared


class Question(Declared):
    """What may be asked of one instrument, and of which runs."""

    tasks: ClassVar[tuple[str, ...]] = ()     #: those of which it can be asked; all where there are none

    @classmethod
    def answers(cls, dataset: Dataset) -> bool:
        """Whether the instrument has an answer for such data."""
        return not cls.tasks or dataset.task in cls.tasks

    @classmethod
    def suits(cls, dataset: Dataset) -> bool:
        """Whether a page offers it for such data: where the page shows the same already, it need not."""
        return cls.answers(dataset)

    @classmethod
    def of(cls, command: Mapping[str, Any]) -> "Question":
        """The question in a command; SpecError says which setting makes no sense."""
        return cls(**{name: command[name] for name in cls.knobs if name in command})
