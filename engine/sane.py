"""Where a run goes back to when its numbers have grown without bound: the last of its states that was still sane."""

from dataclasses import dataclass, field

from engine.snapshot import Run, Snapshot, restore, take

LARGE = 50_000            # parameters beyond which states are kept, and weights looked at, less often
STRETCH = 128             # steps between two kept states,
LONG_STRETCH = 256        # and of a large network
NEAR = 2.0                # a sane state's loss is at most so many times the lowest that the run has reached
DENSE = 3                 # kept states for each doubling of their age
BUDGET = 32 * 2**20       # bytes of all kept states, beyond which older ones go; never the first, last two, last sane


@dataclass
class State:
    """A run at the beginning of a stretch, and its loss: the median over that stretch, once it is complete."""

    snapshot: Snapshot
    loss: float = float("inf")


@dataclass
class Sane:
    """States of a run at growing distances back, one each stretch of steps.

    A state is sane if the median batch loss of the stretch that it begins is at most NEAR times the lowest of any kept
    state. So one that the run has left for higher and higher losses is not, however finite its weights are; where none
    is left, the run goes back to its beginning, whose loss is that of its first batch if that is lower. What is kept
    depends on the number of steps and on the losses alone; where a run has gone back in time and taken another way, a
    state from before that keeps the loss that it had on the first way.
    """

    stretch: int = STRETCH
    losses: list[float] = field(default_factory=list)           # of the stretch under way, by step % stretch
    states: list[State] = field(default_factory=list)

    def begin(self, run: Run) -> None:
        """The run begins, or goes on with other data or other layers at work: what was before is no measure."""
        self.stretch = LONG_STRETCH if run.network.theta.size > LARGE else STRETCH
        self.losses = [float("inf")] * self.stretch
        self.states = [State(take(run))]

    def keep(self, run: Run) -> None:
        """A stretch is complete: its losses tell how well its first state was. The next stretch begins here."""
        self._forget_from(run.steps)
        if not self.states:
            return self.begin(run)
        newest = self.states[-1]
        newest.loss = sorted(self.losses)[self.stretch // 2]
        if len(self.states) == 1:
            newest.loss = min(newest.loss, self._first_loss)
        self.states.append(State(take(run)))
        self._thin_out(run.steps // self.stretch)

    def branch(self, run: Run) -> None:
        """The run goes on from an earlier step than it was at: what was kept of later steps is of another way."""
        self._forget_from(run.steps + 1)
        if not self.states:
            self.begin(run)

    def back(self, run: Run) -> float:
        """Put the run back to the last sane state, with all that it needs to go on from there, and its history; returns
        that state's loss."""
        self._forget_from(run.steps + 1)
        if len(self.states) == 1:
            self.states[0].loss = min(self.states[0].loss, self._first_loss)
        at = self._last_sane()
        self.states = self.states[:at + 1]
        restore(run, self.states[at].snapshot)
        run.history.truncate(self.states[at].snapshot.rows)
        return self.states[at].loss

    @property
    def _first_loss(self) -> float:
        return self.losses[self.states[0].snapshot.step % self.stretch]

    def _forget_from(self, step: int) -> None:
        """The run has gone back in time: what was kept of later steps is of another way that it took."""
        self.states = [state for state in self.states if state.snapshot.step < step]

    def _last_sane(self) -> int:
        limit = NEAR * min(state.loss for state in self.states)
        return max((i for i, state in enumerate(self.states) if state.loss <= limit), default=0)

    def _thin_out(self, now: int) -> None:
        """Of older stretches keep fewer: the number of a stretch says how often it can be divided by two."""
        first, *later = self.states
        room, sane = max(2, BUDGET // later[-1].snapshot.nbytes - 1), self.states[self._last_sane()]
        later = [state for i, state in enumerate(later) if state is sane or (
            i >= len(later) - room and now - (k := state.snapshot.step // self.stretch) < DENSE * (k & -k))]
        self.states = [first, *later]
