"""What was done to a run since its beginning, so that a script can repeat it."""

from collections.abc import Mapping


class Journal:
    """The spec that a run began with, and its later specs with the step at which each was taken up.

    `broken` says in a sentence why repeating them would not give the same run; empty while it would.
    """

    def __init__(self, spec: Mapping):
        self.first: dict = dict(spec)
        self.changes: list[tuple[int, dict]] = []
        self.broken = ""

    def note(self, steps: int, spec: Mapping) -> None:
        """From this step on the run follows this spec; what was noted of later steps has been undone."""
        undone = [later for at, later in self.changes if at > steps]
        self.changes = [(at, earlier) for at, earlier in self.changes if at < steps]
        if any(later["data"] != spec["data"] for later in [self.now, *undone]) and undone:
            self.broken = "It went back in time across a change of its data."
        if steps == 0:
            self.first = dict(spec)
        elif spec != self.now:
            self.changes.append((steps, dict(spec)))

    def at(self, step: int) -> dict:
        """The spec that the run followed at a step."""
        return next((spec for since, spec in reversed(self.changes) if since <= step), self.first)

    @property
    def now(self) -> dict:
        """The spec that was taken up last."""
        return self.changes[-1][1] if self.changes else self.first
