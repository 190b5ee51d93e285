"""The worker's loop: what is asked while it computes is answered soon, and in its order."""

import io
import queue

import pytest

import engine.trainer
from engine import evaluation
from live.session import Session
from live.worker import serve
from tests.live.runs import spec


class Recorder:
    """Stands in for a session: remembers what it is told, and is asked more in the middle of its one evaluation."""

    def __init__(self, inbox: queue.SimpleQueue, meanwhile: list[dict | None]):
        self.inbox, self.meanwhile, self.heard = inbox, meanwhile, []

    def handle(self, command):
        self.heard.append(command["op"])

    def wait(self):
        return None

    def advance(self, interrupted):
        for command in self.meanwhile:
            self.inbox.put(command)
        self.meanwhile = []
        self.glance()
        self.glance()
        self.heard.append("evaluated")

    def work(self):
        pass

    def message(self):
        return None


def heard(*meanwhile: str) -> list[str]:
    inbox: queue.SimpleQueue = queue.SimpleQueue()
    session = Recorder(inbox, [*({"op": op} for op in meanwhile), None])
    inbox.put({"op": "attach"})
    serve(session, inbox, io.BytesIO())
    return session.heard


@pytest.mark.parametrize("look", ["credit", "probe", "watch", "ask"])
def test_looking_does_not_wait_for_an_evaluation_to_end(look):
    assert heard(look) == ["attach", look, "evaluated"]


@pytest.mark.parametrize("change", ["spec", "set", "pause", "rewind", "poke"])
def test_what_changes_the_run_waits_and_keeps_its_order(change):
    assert heard("credit", change, "probe") == ["attach", "credit", "evaluated", change, "probe"]


def test_frames_are_sent_in_the_middle_of_an_evaluation(monkeypatch):
    """A real run whose evaluation has many parts, and a page that draws at once."""
    inbox, session, evaluating, sent = queue.SimpleQueue(), Session(), [], []

    def finish(*given):
        evaluating.append(True)
        found = evaluation.finish(*given)
        evaluating.pop()
        return found

    class Pipe(io.BytesIO):
        def flush(self):
            sent.append(bool(evaluating))
            session.frame_due = True
            inbox.put({"op": "credit"} if len(sent) < 100 else None)

    monkeypatch.setattr(evaluation, "AT_ONCE", 8)
    monkeypatch.setattr(engine.trainer, "finish", finish)
    for command in ({"op": "attach"}, {"op": "spec", "spec": spec()}, {"op": "play"}):
        inbox.put(command)
    serve(session, inbox, Pipe())
    assert any(sent)
    assert not all(sent)
