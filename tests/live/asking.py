"""Asking a session's instruments, as a page does."""

from live.protocol import unpack
from live.worker.commands import handle
from live.worker.run import Run

Answers = list[tuple[dict, dict]]


def ask(run: Run, instrument: str, **details) -> Answers:
    """Every answer, once the instrument has ended."""
    handle(run, {"op": "ask", "instrument": instrument, **details})
    return finish(run)


def finish(run: Run) -> Answers:
    answers = []
    while run.jobs:
        run.work()
        answers += [unpack(message) for message in taken(run)]
    return [(header, arrays) for header, arrays in answers if header["type"] == "answer"]


def taken(run: Run) -> list[bytes]:
    """The answers that wait to be sent."""
    waiting = list(run._outbox)
    run._outbox.clear()
    return waiting
