"""How fast a run trains: flat out, so many steps a second, or flat out after a gentle start for the eye; and how fast
it does."""

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


class Rate:
    """How fast a run has trained of late, in steps a second."""

    def __init__(self):
        self._since, self._steps, self._rate = 0.0, 0, 0.0

    def read(self, now: float, steps: int, playing: bool) -> float:
        """The rate at this step; 0 while it rests, and until there is enough to tell."""
        if steps < self._steps or not playing:
            self._since, self._steps, self._rate = now, steps, 0.0
        elif now - self._since > 0.5:
            self._since, self._steps, self._rate = now, steps, (steps - self._steps) / (now - self._since)
        return self._rate
