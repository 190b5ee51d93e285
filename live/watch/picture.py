"""What a picture is: something that a page can watch beside the layers' own views; and all of them by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.evaluation import Parts
from live.protocol import Arrays

Make = Callable[[Any], Arrays | Parts]        # of the observer that looks


@dataclass(frozen=True)
class Picture:
    """A picture and what there is to know of it before it is made."""

    make: Make
    of_one: bool          # shows the example in detail: where another is looked at, it comes first
    in_parts: bool        # asks many examples: it is made part by part, over several frames


pictures: dict[str, Picture] = {}


def picture(name: str, *, of_one: bool = False, in_parts: bool = False) -> Callable[[Make], Make]:
    """Register a function (observer -> named arrays) as something that a page can watch."""

    def add(make: Make) -> Make:
        pictures[name] = Picture(make, of_one, in_parts)
        return make

    return add
