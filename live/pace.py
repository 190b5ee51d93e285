"""How fast a run trains: flat out, so many steps a second, or flat out after a gentle start that the eye can follow."""

import math

GENTLE = "gentle"
FIRST = 100.0            # steps a second at a gentle start
DOUBLES = 0.4            # seconds in which the rate doubles
GENTLE_FOR = 3.2         # seconds until a gentle start has become full speed: 25,000 steps a second


class Pace:
    """Counts the steps that are due since play was pressed. Times are seconds on any one clock."""

    def __init__(self):
        self.speed: float | str | None = GENTLE
        self.begin(0.0, 0)

    def begin(self, now: float, steps: int) -> None:
        """Play begins now, at this step of the run: only a run's beginning is gentle."""
        self._since, self._done = now, 0
        self._limit = None if self.speed is None or (self.speed == GENTLE and steps > 0) else self.speed

    def take(self, now: float) -> int | None:
        """How many steps are due, counted as done from here on; None for as many as there is time for."""
        elapsed = now - self._since
        if self._limit is None or (self._limit == GENTLE and elapsed > GENTLE_FOR):
            self._limit = None
            return None
        due = max(0, int(self._target(elapsed)) - self._done)
        self._done += due
        return due

    def wait(self, now: float) -> float:
        """Seconds until the next step is due."""
        if self._limit is None:
            return 0.0
        return max(0.0, self._since + self._time(self._done + 1) - now)

    def _target(self, elapsed: float) -> float:
        """Steps that should have been made after so many seconds."""
        if self._limit == GENTLE:
            return FIRST * DOUBLES / math.log(2) * (2 ** (elapsed / DOUBLES) - 1)
        return elapsed * self._limit

    def _time(self, steps: int) -> float:
        """Seconds after which so many steps should have been made: the inverse of `_target`."""
        if self._limit == GENTLE:
            return DOUBLES * math.log2(1 + steps * math.log(2) / (FIRST * DOUBLES))
        return steps / self._limit
