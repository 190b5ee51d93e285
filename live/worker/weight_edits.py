"""Weights that a person changes by hand, and takes back."""

import math
from collections import deque
from collections.abc import Mapping
from typing import Any

from engine import SpecError, Trainer
from explain.titles import parameter_title, titles

MOST = 200                # changes that can be taken back
LARGEST = 1e6             # beyond it a weight could only make the run diverge


class WeightEdits:
    """Changes single parameters of a run at once; the run goes on from there."""

    def __init__(self):
        #: (step, name, index, value before) of each change
        self.done: deque[tuple[int, str, tuple[int, ...], float]] = deque(maxlen=MOST)

    def count(self, step: int) -> int:
        """How many changes had been made by this step: while an earlier one is shown, later ones are not there."""
        return sum(at <= step for at, *_ in self.done)

    def forget_after(self, step: int) -> None:
        """The run goes on from this step: changes that were made later did not happen."""
        self.done = deque((change for change in self.done if change[0] <= step), maxlen=MOST)

    def poke(self, trainer: Trainer, command: Mapping[str, Any]) -> None:
        """Set the parameter `name` at `index` to `value`; SpecError says what is wrong with them.

        While a slider moves, one place is changed again and again: `again` says that it is still the same change.
        """
        name, value = command.get("name"), number(command.get("value"))
        array = trainer.network.parameters().get(name) if isinstance(name, str) else None
        if array is None:
            raise SpecError(f"This network has no weights called '{str(name)[:60]}'.")
        called = parameter_title(name, titles(trainer.network, trainer.spec.network))
        index = place(called, command.get("index"), array.shape)
        self.forget_after(trainer.steps)
        if not (command.get("again") is True and self.done and self.done[-1][1:3] == (name, index)):
            self.done.append((trainer.steps, name, index, float(array[index])))
        array[index] = value

    def undo(self, trainer: Trainer) -> None:
        """Give the parameter that was changed last, by the step that is shown, the value it had before."""
        self.forget_after(trainer.steps)
        _, name, index, value = self.done.pop()
        trainer.network.parameters()[name][index] = value


def number(value: Any) -> float:
    """A weight that a person may set."""
    fine = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not fine or abs(value) > LARGEST:
        raise SpecError(f"A weight must be a number from {-LARGEST:,.0f} to {LARGEST:,.0f}, not {str(value)[:40]}.")
    return float(value)


def place(called: str, index: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Where in an array of this name and shape a list of indices leads."""
    whole = isinstance(index, list) and all(isinstance(i, int) and not isinstance(i, bool) for i in index)
    if not whole or len(index) != len(shape) or any(not 0 <= i < size for i, size in zip(index, shape, strict=True)):
        raise SpecError(f"There is no weight at {str(index)[:40]} of {called}, which has the shape "
                        f"{' × '.join(map(str, shape))}.")
    return tuple(index)
