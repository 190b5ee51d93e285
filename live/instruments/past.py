"""What flowed through each layer at the moments that are kept of a run: the picture "flow", measured afterwards."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from engine.snapshot import Snapshot
from explain.landscape import in_slices
from explain.next_step import as_it_was
from live.instruments.registry import Answer, instrument
from live.moments import level
from live.watch.layer_measures import flow
from live.watch.observer import Observer

REST = 2.0                # times as long as a slice took, a run that plays has the time for itself


@instrument("past")
def past(run, command: Mapping[str, Any]) -> Iterator[Answer | None]:
    """"steps" (K,) and "flow" (K, layers, measures), slice by slice, a coarse view of the whole run before finer ones.

    Each slice has its `start`. Training was set then as the journal says; the sample and what is frozen or switched off
    are those of now. Nothing of it is remembered: a run of which nobody asks this does no work for it.
    """
    trainer, timeline, journal = run.trainer, run.timeline, run.journal
    observer, steps, start = Observer(trainer), [], 0

    def measured() -> Iterator[np.ndarray]:
        for step in sorted(timeline.kept(), key=lambda step: (level(step), step)):
            snapshot = timeline.kept().get(step)
            if snapshot is not None:                              # it may have been dropped in the meantime
                steps.append(step)
                yield flow_at(observer, as_it_was(trainer, snapshot, journal.at(step)["training"]), snapshot)

    began = time.perf_counter()
    for part in in_slices(measured()):
        until = time.perf_counter() + REST * (time.perf_counter() - began)
        yield {"start": start}, {"steps": np.array(steps[start:start + len(part)], np.int32), "flow": part}
        start += len(part)
        while run.status == "playing" and time.perf_counter() < until:
            yield None
        began = time.perf_counter()


@np.errstate(all="ignore")
def flow_at(observer: Observer, trainer, snapshot: Snapshot) -> np.ndarray:
    """The picture "flow" (layers, measures) of an earlier moment, as it was to be seen then."""
    observer.trainer = trainer
    observer.look(snapshot)
    return flow(observer)["flow"]
