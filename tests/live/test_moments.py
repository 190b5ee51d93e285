"""Which steps of a run are kept: evenly in the logarithm of the step, within the budget, whatever the run's length."""

import itertools
import math

import pytest

import live.worker.timeline
from live.moments import following, level
from live.worker.timeline import MOST, Timeline


class Counter:
    """A run of which only the steps count: a million of them in no time."""

    def __init__(self, monkeypatch, size: int):
        self.steps = 0

        class Kept:
            def __init__(self, step):
                self.step, self.nbytes = step, size

        monkeypatch.setattr(live.worker.timeline, "take", lambda trainer: Kept(trainer.steps))
        monkeypatch.setattr(live.worker.timeline, "size_of", lambda trainer: size)


def count_to(stop: int, run: Counter, burst: int, look=lambda timeline: None) -> Timeline:
    """Go on for so many steps, in bursts, as a session does; `look` sees each state of what is kept."""
    timeline = Timeline()
    timeline.begin(run)
    look(timeline)
    while run.steps < stop:
        timeline.burst(run, by_hand=True)
        end = min(stop, run.steps + burst)
        while timeline.due <= end:
            run.steps = timeline.due
            timeline.passed(run)
            look(timeline)
        run.steps = end
    return timeline


def widest(kept: list[int], now: int) -> float:
    """The largest distance of neighbours that are not consecutive, now at the end: log2((b + 1) / (a + 1))."""
    return max((math.log2((b + 1) / (a + 1)) for a, b in itertools.pairwise([*kept, now]) if b - a > 1), default=0)


@pytest.mark.parametrize("steps", [1, 9, 150, 1_000, 74_000, 1_000_000])
@pytest.mark.parametrize("size", [3_000, 500_000, 5_000_000, 10_000_000])
def test_a_run_of_any_length_is_covered_evenly_in_the_logarithm_of_the_step(monkeypatch, size, steps):
    run = Counter(monkeypatch, size)
    most = min(MOST, int(live.worker.timeline.BUDGET * 0.75 / size))

    def look(timeline):
        kept = sorted(timeline.spread)
        assert timeline.nbytes <= live.worker.timeline.BUDGET
        assert kept[0] == 0
        assert len(kept) == min(most, kept[-1] + 1)                     # all the room there is
        until = min(timeline.due - 1, steps)                            # nothing else is kept before
        assert widest(kept, until) <= 2.5 * math.log2(until + 1) / most

    timeline = count_to(steps, run, 350, look)
    early = list(itertools.takewhile(lambda step: step < 16, sorted(timeline.spread)))
    if most == MOST:
        assert early == list(range(min(16, steps + 1)))
    assert len(timeline.steps(run)) <= MOST + live.worker.timeline.RECENT + 1
    assert max(timeline.kept()) >= steps - 350


@pytest.mark.parametrize("size", [20_000_000, 10**9])
def test_of_a_network_that_hardly_fits_the_beginning_is_kept_or_nothing(monkeypatch, size):
    timeline = count_to(100_000, Counter(monkeypatch, size), 1000)
    assert list(timeline.spread) == ([0] if size < live.worker.timeline.BUDGET else [])
    assert timeline.nbytes <= live.worker.timeline.BUDGET


@pytest.mark.parametrize("size", [3_000, 700_000, 5_000_000])
def test_what_is_kept_depends_on_the_number_of_steps_alone(monkeypatch, size):
    once = [list(count_to(70_001, Counter(monkeypatch, size), burst).spread) for burst in (1, 13, 9_000)]
    assert once[0] == once[1] == once[2]
    finest = max(level(step) for step in once[0])
    assert set(once[0]) >= {step for step in range(70_001) if level(step) < finest}


def test_each_grid_holds_the_coarser_ones_and_is_followed_step_by_step():
    for finest in range(-4, 9):
        grid = [step for step in range(10_000) if level(step) <= finest]
        assert [following(a, finest) for a in grid[:-1]] == grid[1:]
        assert set(grid) >= {step for step in range(10_000) if level(step) <= finest - 1}
        assert widest(grid, grid[-1]) <= (math.log2(1 + 2 ** -finest) if finest > 0 else 2 ** -finest)
    assert following(0, -math.inf) == math.inf


def test_thinning_never_takes_long(monkeypatch):
    run, before = Counter(monkeypatch, 3_000), set()

    def look(timeline):
        nonlocal before
        assert len(before - set(timeline.spread)) <= 1                  # one for one, never half of them at once
        before = set(timeline.spread)

    count_to(300_000, run, 50_000, look)
