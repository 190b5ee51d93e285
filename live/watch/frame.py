"""A frame: what a page draws of one moment of a run, from the numbers of the step to the pictures that it watches."""

import time
from typing import Any

from live.protocol import pack


def pack_frame(session) -> bytes:
    """The run as it is now as one message; where nothing trains, only its status and the reason.

    "timeline" holds the steps that can be shown, the newest last; "history" the rows that the page does not have yet.
    "ready" says whether all that is watched is of this step, or some of it still of an earlier one.
    """
    header: dict[str, Any] = {"type": "frame", "generation": session.generation, "status": session.status,
                              "notice": session.notice}
    trainer = session.trainer
    if trainer is None:
        return pack(header)
    playing = session.status == "playing"
    arrays = session.observer.observe(session.views, playing)
    arrays["history"] = trainer.history.rows(session.sent_rows)
    arrays["timeline"] = session.timeline.steps(trainer)
    header |= {"step": trainer.steps, "epoch": trainer.epoch, "lr": trainer.lr, "first_row": session.sent_rows,
               "steps_per_second": session.rate.read(time.perf_counter(), trainer.steps, playing),
               "scrubbing": session.timeline.scrubbing, "pokes": session.hands.count(trainer.steps),
               **session.observer.scores(playing), **session.observer.news(), "ready": not session.observer.unfinished}
    session.sent_rows = len(trainer.history)
    return pack(header, arrays)
