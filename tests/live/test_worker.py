"""The worker's loop: what is asked while it computes is answered soon, and in its order."""

import io
import queue

import pytest

import engine.trainer
from engine import evaluation
from live.protocol import unpack
from live.worker import __main__ as loop
from live.worker.run import Run
from tests.live.runs import spec


class Recorder:
    """Stands in for a session: remembers what it is told, and is asked more in the middle of its one evaluation."""

    urgent = False

    def __init__(self, inbox: queue.SimpleQueue, meanwhile: list[dict | None]):
        self.inbox, self.meanwhile, self.heard = inbox, meanwhile, []

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


def heard(monkeypatch, *meanwhile: str) -> list[str]:
    inbox: queue.SimpleQueue = queue.SimpleQueue()
    session = Recorder(inbox, [*({"op": op} for op in meanwhile), None])
    monkeypatch.setattr(loop, "handle", lambda run, command: run.heard.append(command["op"]))
    inbox.put({"op": "attach"})
    loop.serve(session, inbox, io.BytesIO())
    return session.heard


@pytest.mark.parametrize("look", ["credit", "probe", "watch", "ask"])
def test_looking_does_not_wait_for_an_evaluation_to_end(monkeypatch, look):
    assert heard(monkeypatch, look) == ["attach", look, "evaluated"]


@pytest.mark.parametrize("change", ["spec", "set", "pause", "rewind", "poke"])
def test_what_changes_the_run_waits_and_keeps_its_order(monkeypatch, change):
    assert heard(monkeypatch, "credit", change, "probe") == ["attach", "credit", "evaluated", change, "probe"]


def test_frames_are_sent_in_the_middle_of_an_evaluation(monkeypatch):
    """A real run whose evaluation has many parts, and a page that draws at once."""
    inbox, session, evaluating, sent = queue.SimpleQueue(), Run(), [], []

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
    loop.serve(session, inbox, Pipe())
    assert any(sent)
    assert not all(sent)


@pytest.mark.parametrize("question", [{"op": "probe", "index": 3}, {"op": "ask", "instrument": "cost"}])
def test_what_a_person_asks_is_answered_before_training_goes_on(monkeypatch, question):
    inbox, session, happened, questions = queue.SimpleQueue(), Run(), [], [question]
    handle, advance = loop.handle, session.advance

    def handled(run, command):
        if command == question:
            happened.append("asked")
        handle(run, command)

    def advanced(interrupted):
        happened.append("trained")
        advance(interrupted)

    class Pipe(io.BytesIO):
        def write(self, data):
            header = unpack(data)[0] if len(data) > 4 else {}
            if header.get("probe", {}).get("index") == 3 or header.get("type") == "answer":
                happened.append("answered")
                inbox.put(None)
            elif header and len(happened) > 20 and questions:
                inbox.put(questions.pop())
            inbox.put({"op": "credit"})
            return len(data)

    session.advance = advanced
    monkeypatch.setattr(loop, "handle", handled)
    for command in ({"op": "attach"}, {"op": "spec", "spec": spec()}, {"op": "play"}):
        inbox.put(command)
    loop.serve(session, inbox, Pipe())
    assert happened[happened.index("asked") + 1] == "answered"
