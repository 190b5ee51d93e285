"""What would let a run that diverged go on: each remedy is tried out on a copy before it is offered."""

import time
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import numpy as np

from engine import Diverged, Trainer
from engine.snapshot import Snapshot, restore, take
from explain.remedies import Remedy, adam, clipping, from_the_beginning, learning_rate, pull, together

STEPS = 2000                               # a remedy must keep the run sane for so many steps,
SECONDS = 2.0                              # or as many as there is time for
FACTORS = (1 / 3, 0.1, 0.03, 0.01, 0.003, 0.001, 1e-4, 1e-5)
LIMITS = (1.0, 0.1)                        # lengths at which a gradient is clipped
BETTER = 0.98                              # of the loss at the beginning: a cured run is below; later, below the loss
SLICE = 0.03                               # seconds of work between two looks at the page


class Cures:
    """Tries remedies on a copy of a run that has gone back, part by part; the run itself is not touched.

    First from the step where it is now: of the lower learning rates the highest that cures, of the clippings the
    mildest, and of weaker pulls of L2 the strongest; slower and clipped together if none cures alone. If nothing helps
    there, the same from the beginning, then Adam.
    found: what cured the copy, complete once `done`.
    """

    def __init__(self, spec: dict, trainer: Trainer):
        self.spec, self.found, self.done = spec, [], False
        self._work = self._search(trainer)

    def work(self) -> None:
        """Go on for SLICE seconds."""
        until = time.perf_counter() + SLICE
        with np.errstate(all="ignore"):
            while not self.done and time.perf_counter() < until:
                self.done = next(self._work, True) is True

    def _search(self, trainer: Any) -> Generator[None, None, None]:
        copy: Any = Trainer(self.spec, trainer.dataset)
        here = take(trainer)
        starts, spec = [(here, False)] + [(take(copy), True)] * bool(here.step), self.spec
        slower = [remedy for factor in FACTORS for remedy in learning_rate(spec, factor)]
        clipped = [remedy for limit in LIMITS for remedy in clipping(spec, limit)]
        weaker = [remedy for factor in FACTORS for remedy in pull(spec, factor)]
        both = [together(lower, clip) for lower in slower for clip in clipped[:1]]
        for start in starts:
            for group in slower, clipped, weaker, both:
                if group is not both or not self.found:
                    yield from self._first(copy, *start, group)
            if self.found:
                return
        yield from self._first(copy, *starts[-1], adam(spec, 0.01) + adam(spec, 0.001))

    def _first(self, copy: Trainer, start: Snapshot, rewinds: bool, group: list[Remedy]) -> Generator:
        """Offer the first of these remedies that cures the copy from there."""
        for remedy in group:
            hint = yield from rehearse(copy, start, remedy.applied(self.spec)["training"])
            if hint:
                self.found.append(replace(from_the_beginning(remedy) if rewinds else remedy, hint=hint))
                return


def rehearse(copy: Any, start: Snapshot, training: dict) -> Generator[None, None, str]:
    """Train a copy from a snapshot with other settings: what came of it in a sentence, empty if it is no cure.

    It is one where the loss of all training examples is lower than it was, halfway and at the end.
    """
    copy.set_training(training)
    restore(copy, start._replace(next_evaluation=float("inf")))
    before = yield from train_loss(copy)
    spent, done = 0.0, 0
    for share in 0.5, 1.0:
        while done < STEPS * share and spent < SECONDS * share:
            began = time.perf_counter()
            try:
                copy.step()
            except Diverged:
                return ""
            spent, done = spent + time.perf_counter() - began, done + 1
            yield
        loss = yield from train_loss(copy)
        if not loss < before * (1.0 if start.step else BETTER):
            return ""
    return f"Tried on a copy: after {done:,} steps from there its loss was {loss:.3g}, down from {before:.3g}."


def train_loss(copy: Trainer) -> Generator[None, None, float]:
    return (yield from copy.evaluating(copy.network))["train"]["loss"]
