"""A frame: what a page draws of one moment of a run, from the numbers of the step to the pictures that it watches."""

import time
from typing import Any

from live.protocol import pack


def pack_frame(run) -> bytes:
    """The run as it is now as one message; where nothing trains, only its status and the reason.

    "timeline" holds the steps that can be shown, the newest last; "history" the rows that the page does not have yet.
    "ready" says whether all that is watched is of this step, or some of it still of an earlier one.
    """
    header: dict[str, Any] = {"type": "frame", "generation": run.generation, "status": run.status,
                              "notice": run.notice}
    trainer = run.trainer
    if trainer is None:
        return pack(header)
    playing = run.status == "playing"
    arrays = run.observer.observe(run.views, playing)
    arrays["history"] = trainer.history.rows(run.sent_rows)
    arrays["timeline"] = run.timeline.steps(trainer)
    header |= {"step": trainer.steps, "epoch": trainer.epoch, "lr": trainer.lr, "first_row": run.sent_rows,
               "steps_per_second": run.rate.read(time.perf_counter(), trainer.steps, playing),
               "scrubbing": run.timeline.scrubbing, "pokes": run.hands.count(trainer.steps),
               **run.observer.scores(playing), **run.observer.news(), "ready": not run.observer.unfinished}
    run.sent_rows = len(trainer.history)
    return pack(header, arrays)
