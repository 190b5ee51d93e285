"""Which examples a run learns from next: pass after pass over its data, each in another order."""

import copy
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

SHUFFLE_BELOW = 4_000_000         # bytes of examples that are copied in shuffled order once a pass

Targets = Callable[[np.ndarray], np.ndarray]                      # y as the run's loss wants it


class Place(NamedTuple):
    """Where a run is in its data: all that it needs to go on with the same batches and random numbers.

    order: the examples in the order of the pass that is under way, which nobody writes to; None between two passes.
    """

    passes: int
    at: int
    order: np.ndarray | None
    generator: dict


class Batches:
    """The examples x, y that train, batch by batch; the last batch of a pass may be smaller.

    held: (x, y) of those that are held back from training, or None. passes: how many passes are complete; at: how many
    examples of the next one have been had. generator: of all that is random in the run, dropout and hidden tokens, too.
    """

    def __init__(self, seed: int):
        self.seed = seed

    def rewind(self) -> None:
        """Back to the first batch and the same random numbers."""
        self.generator = np.random.default_rng([self.seed, 2])
        self.passes, self.at, self.order = 0, 0, None

    def take(self, x: np.ndarray, y: np.ndarray, held: tuple[np.ndarray, np.ndarray] | None) -> None:
        """These examples from the next batch on, which begins a new pass over them."""
        self.x, self.y, self.held = x, y, held
        self.at, self.order = 0, None

    @property
    def epoch(self) -> float:
        """How many passes have been made, as a fraction."""
        return self.passes + self.at / len(self.x)

    def next(self, size: int, targets: Targets) -> tuple[np.ndarray, np.ndarray]:
        """The next x and y, `size` of them or what is left of the pass."""
        if self.at == 0:
            self.order = self.generator.permutation(len(self.x))
            self.lay_out(targets)
        start, stop = self.at, min(self.at + size, len(self.order))
        if stop == len(self.order):
            self.at, self.passes = 0, self.passes + 1
        else:
            self.at = stop
        if self.shuffled is None:
            rows = self.order[start:stop]
            return self.x.take(rows, axis=0), self.y.take(rows, axis=0)
        return self.shuffled[0][start:stop], self.shuffled[1][start:stop]

    def lay_out(self, targets: Targets) -> None:
        """Copy the examples in the order of this pass: slices of a copy cost less than picking each batch."""
        self.shuffled = None
        if self.x.nbytes < SHUFFLE_BELOW:
            self.shuffled = self.x[self.order], targets(self.y[self.order])

    def peek(self) -> "Batches":
        """A copy to look ahead with: what it hands out and draws leaves no trace here."""
        twin = copy.copy(self)
        twin.generator = copy.deepcopy(self.generator)
        return twin

    def state(self) -> Place:
        """Where the run is now. Nothing is drawn."""
        return Place(self.passes, self.at, self.order if self.at else None, self.generator.bit_generator.state)

    def restore(self, place: Place, targets: Targets) -> None:
        """Go on from there; where the number of examples has changed, with a new pass over them."""
        self.generator.bit_generator.state = place.generator
        fits = place.order is not None and len(place.order) == len(self.x)
        self.passes, self.at, self.order = (place.passes, place.at, place.order) if fits else (place.passes, 0, None)
        if fits:
            self.lay_out(targets)
