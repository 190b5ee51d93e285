"""The picture "flow" of a run's past, measured afterwards: as it was to be seen then, and without a trace."""

import pytest

from live.moments import level
from live.protocol import unpack
from live.worker.commands import handle
from live.worker.run import Run
from tests.live.asking import ask, taken
from tests.live.runs import everything, frame, losses, session, spec, step, theta
from tests.live.test_layer_measures import RUNS

SCHEDULED = {"optimizer": {"kind": "adam"}, "schedule": {"kind": "cosine", "length": 5}, "l2": 0.01, "clip_norm": 0.2}


def past(run) -> dict[int, bytes]:
    """The flow of each kept step."""
    found, expected = {}, 0
    for header, arrays in ask(run, "past"):
        assert header["start"] == expected
        expected += len(arrays["steps"])
        for at, rows in zip(arrays["steps"].tolist(), arrays["flow"], strict=True):
            found[at] = rows.tobytes()
    return found


def seen(run) -> bytes:
    return frame(run)[1]["flow"].tobytes()


@pytest.mark.parametrize("of", [
    *RUNS.values(),
    spec(training=SCHEDULED, network={"layers": [{"kind": "dense", "units": 5}, {"kind": "batch_norm"}]}),
    spec(training={"optimizer": {"kind": "sgd", "momentum": 0.9}, "patience": 3})], ids=[*RUNS, "scheduled", "patient"])
def test_the_past_is_what_was_to_be_seen(of):
    run, then = session(of), {}
    handle(run, {"op": "watch", "views": ["flow"]})
    for _ in range(12):
        then[run.trainer.steps] = seen(run)
        step(run)
    then[run.trainer.steps] = seen(run)
    assert past(run) == then


def test_settings_of_each_moment_are_those_of_then():
    run, then = session(), {}
    handle(run, {"op": "watch", "views": ["flow"]})
    changes = ((["optimizer", "lr"], 0.01), (["optimizer"], {"kind": "adam"}), (["l2"], 0.5), (["patience"], 2))
    for path, value in changes:
        for _ in range(4):
            then[run.trainer.steps] = seen(run)
            step(run)
        handle(run, {"op": "set", "path": ["training", *path], "value": value})
    then[run.trainer.steps] = seen(run)
    assert past(run) == then


def test_a_long_run_is_covered_from_its_beginning_coarse_first():
    run = session()
    for _ in range(4):
        step(run, 700)
    steps = [at for _, arrays in ask(run, "past") for at in arrays["steps"].tolist()]
    assert sorted(steps) == run.timeline.steps(run.trainer).tolist()[:-1]
    assert {0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048} <= set(steps)
    assert [level(at) for at in steps] == sorted(level(at) for at in steps)


def test_asking_changes_nothing_while_the_run_goes_on():
    of = spec(training=SCHEDULED)
    asked, alone = session(of), session(of)
    step(asked, 300), step(alone, 300)
    handle(asked, {"op": "ask", "instrument": "past"})
    while asked.jobs:
        asked.work()
        step(asked), step(alone)
    assert (theta(asked), losses(asked)) == (theta(alone), losses(alone))
    taken(asked)
    before = everything(asked)
    past(asked)
    assert everything(asked) == before


def test_a_run_that_plays_is_drawn_while_its_past_is_measured(monkeypatch):
    monkeypatch.setattr("explain.landscape.SLICE", 0)
    run = session(RUNS["text"])
    step(run, 60)
    handle(run, {"op": "play"})
    handle(run, {"op": "ask", "instrument": "past"})
    kinds = []
    while run.jobs:
        run.advance(lambda: False)
        run.work()
        if (message := run.message()) is not None:
            kinds.append(unpack(message)[0]["type"])
            handle(run, {"op": "credit"})
    first, last = kinds.index("answer"), len(kinds) - 1 - kinds[::-1].index("answer")
    assert "frame" in kinds[first:last]
    assert run.trainer.steps > 61


def test_while_scrubbed_the_later_moments_are_there_and_after_branching_they_are_not():
    run = session()
    step(run, 60)
    handle(run, {"op": "scrub", "step": 30})
    assert max(past(run)) > 50
    step(run)
    assert sorted(past(run)) == list(range(32))


def test_before_any_run_there_is_no_past():
    assert ask(Run(), "past") == []
