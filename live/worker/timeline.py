"""The past of a run: snapshots that cover all of it, within a fixed budget of memory, and the way back to them."""

import math
import time
from collections import deque

import numpy as np

from engine import Trainer
from engine.snapshot import Snapshot, restore, size_of, take
from live.moments import following, least, level

BUDGET = 48 * 2**20       # bytes of snapshots that one run may keep, however long it is
MOST = 200                # snapshots that cover the run: as many as a slider can tell apart
RECENT = 12               # snapshots of the newest bursts of training, for small steps back
RECENT_SHARE = 0.25       # of the budget
RECENT_EVERY = 0.02       # seconds between them while the run plays,
RECENT_COST = 0.01        # or more where they take long: at most this share of the time


class Timeline:
    """Snapshots of one run: `spread` over all of it, evenly in the logarithm of the step, and the last few bursts of
    training densely.

    Where there is no room for another, the one that can best be spared makes it, one for one: what is spread depends
    only on the number of steps and the room. Neighbours are consecutive, or at most 2.5 times as far apart as they
    would be if they were spread perfectly. Looking back puts the trainer itself back, so that every view, instrument
    and score follows; the present is kept aside until the run goes on from somewhere else.
    """

    def __init__(self):
        self.begin(None)

    def begin(self, trainer: Trainer | None) -> None:
        """Forget everything; a run begins."""
        self.due, self._largest = 0, 1                          # a step and the bytes of a snapshot
        self.spread: dict[int, Snapshot] = {}
        self.recent: deque[Snapshot] = deque()
        self._next_burst = 0.0
        self.present: Snapshot | None = None                    # kept while the trainer is back at an earlier step
        if trainer is not None:
            self.passed(trainer)

    # -- while it trains -----------------------------------------------------------------------------------------------

    def passed(self, trainer: Trainer) -> None:
        """A step that was due has been made: keep it, and make room for the next."""
        room = min(MOST, self._room(trainer, 1 - RECENT_SHARE))
        if room:
            self.spread[trainer.steps] = take(trainer)
        while len(self.spread) > room:
            del self.spread[least(list(self.spread))]
        self._plan(trainer.steps, room)

    def _room(self, trainer: Trainer, share: float) -> int:
        """How many snapshots fit into a share of the budget: with another optimizer or other data they may grow."""
        self._largest = max(self._largest, size_of(trainer))
        return int(BUDGET * share / self._largest)

    def _plan(self, step: int, room: int) -> None:
        """The next step to keep: any while there is room, then one that is as hard to spare as those that are there."""
        if len(self.spread) < room:
            self.due = step + 1
        else:
            self.due = following(step, level(least(list(self.spread)))) if room else math.inf

    def burst(self, trainer: Trainer, by_hand: bool = False) -> None:
        """A burst of training begins: some steps by hand, or as many as fit between two looks at the page."""
        now = time.perf_counter()
        if not by_hand and now < self._next_burst:
            return
        room = self._room(trainer, RECENT_SHARE)
        if room:
            before = (kept for kept in self.recent if kept.step < trainer.steps)
            self.recent = deque(before, min(room, RECENT))
            self.recent.append(take(trainer))
            self._next_burst = now + max(RECENT_EVERY, (time.perf_counter() - now) / RECENT_COST)

    def changed(self, trainer: Trainer) -> None:
        """The weights of this very step have been changed by hand: what was kept of it is no longer so."""
        if trainer.steps in self.spread:
            self.spread[trainer.steps] = take(trainer)

    @property
    def nbytes(self) -> int:
        """The memory that all snapshots take, in bytes."""
        return sum(kept.nbytes for kept in (*self.spread.values(), *self.recent))

    # -- looking back --------------------------------------------------------------------------------------------------

    @property
    def scrubbing(self) -> bool:
        """Whether the trainer is back at an earlier step."""
        return self.present is not None

    def steps(self, trainer: Trainer) -> np.ndarray:
        """The steps that can be shown, (N,) int32, the present last."""
        newest = self.present.step if self.present else trainer.steps
        return np.array(sorted({*self.kept(), newest}), np.int32)

    def kept(self) -> dict[int, Snapshot]:
        return {**self.spread, **{kept.step: kept for kept in self.recent}}

    def show(self, trainer: Trainer, step: int | None) -> None:
        """Put the trainer back to the snapshot nearest to a step, or to the present (None)."""
        present = self.present or take(trainer)
        if step is None:
            nearest = present
        else:
            nearest = min([*self.kept().values(), present], key=lambda kept: abs(kept.step - step))
            if nearest.step == present.step:
                nearest = present
        if nearest is not present or self.scrubbing:
            restore(trainer, nearest)
        self.present = None if nearest is present else present

    def branch(self, trainer: Trainer) -> None:
        """The run goes on from where it is: what came later, of snapshots and history, is dropped."""
        if not self.scrubbing:
            return
        here = self.kept()[trainer.steps]
        trainer.history.truncate(here.rows)
        trainer.branch()
        self.present = None
        self.cut(trainer)

    def cut(self, trainer: Trainer) -> None:
        """The run is back at an earlier step: what was kept of later ones is dropped."""
        step = trainer.steps
        self.spread = {at: kept for at, kept in self.spread.items() if at <= step}
        self.recent = deque(kept for kept in self.recent if kept.step <= step)
        self._plan(step, min(MOST, self._room(trainer, 1 - RECENT_SHARE)))
