"""What an instrument is, and all of them by name."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from engine import Dataset
from live.instruments.question import Question
from live.messages import ANSWERS

Answer = tuple[Mapping[str, Any], Mapping[str, np.ndarray]]
Instrument = Callable[[Any, Any], Iterator[Answer | None]]

instruments: dict[str, Instrument] = {}
questions: dict[str, type[Question]] = {}          # of the instruments that declare what may be asked


def instrument(name: str, asks: type[Question] | None = None) -> Callable[[Instrument], Instrument]:
    """Register a generator function (run, question) as something that a page can ask for.

    It is called with what `asks` makes of the command, for runs of which it has an answer; without `asks`, with the
    command itself.
    """
    if name not in ANSWERS:
        raise ValueError(f"live/messages declares no answers of an instrument '{name}'.")

    def add(function: Instrument) -> Instrument:
        instruments[name] = function if asks is None else answering(asks, function)
        if asks is not None:
            questions[name] = asks
        return function

    return add


def answering(asks: type[Question], function: Instrument) -> Instrument:
    """The same for commands as they come."""

    def answer(run: Any, command: Mapping[str, Any]) -> Iterator[Answer | None]:
        if asks.answers(run.trainer.dataset):
            yield from function(run, asks.of(command))

    return answer


def describe_questions(dataset: Dataset) -> dict[str, dict[str, Any]]:
    """For the page: what may be asked of each instrument, and whether it suits such data."""
    return {name: {"suits": asks.suits(dataset), "knobs": asks.describe()["knobs"]} for name, asks in questions.items()}
