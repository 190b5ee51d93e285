"""What was done to a run since its beginning, so that a script can repeat it."""

from collections.abc import Mapping


class Journal:
    """The spec that a run began with, and its later specs with the step at which each was taken up."""

    def __init__(self, spec: Mapping):
        self.first: dict = dict(spec)
        self.changes: list[tuple[int, dict]] = []
        self._hands: list[int] = []            # steps at which weights were changed by hand
        self._crossed = False                  # whether the run went back in time across a change of its data

    def note(self, steps: int, spec: Mapping) -> None:
        """From this step on the run follows this spec; what was noted of later steps has been undone."""
        undone = [later for at, later in self.changes if at > steps]
        self.changes = [(at, earlier) for at, earlier in self.changes if at < steps]
        if any(later["data"] != spec["data"] for later in [self.now, *undone]) and undone:
            self._crossed = True
        self._hands = [at for at in self._hands if at <= steps]
        if steps == 0:
            self.first = dict(spec)
        elif spec != self.now:
            self.changes.append((steps, dict(spec)))

    def by_hand(self, step: int) -> None:
        """Weights were changed by hand at this step."""
        self._hands.append(step)

    @property
    def broken(self) -> str:
        """Why repeating what is noted would not give the same run, in a sentence; empty while it would."""
        if self._hands:
            return f"Weights were changed by hand at step {self._hands[-1]:,}."
        return "It went back in time across a change of its data." if self._crossed else ""

    def at(self, step: int) -> dict:
        """The spec that the run followed at a step."""
        return next((spec for since, spec in reversed(self.changes) if since <= step), self.first)

    @property
    def now(self) -> dict:
        """The spec that was taken up last."""
        return self.changes[-1][1] if self.changes else self.first
