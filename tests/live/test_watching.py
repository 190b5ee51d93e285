"""Looking at a run changes nothing, costs nothing that isn't looked at, and waits for a page that draws."""

import copy
import dataclasses
import math

import numpy as np
import pytest

import engine
from live.protocol import unpack
from live.watch.picture import pictures
from live.worker.commands import handle
from tests.live.runs import frame, losses, messages, session, spec, step, theta

WATCHED = {"neurons": "neurons.input", "weights": "weights.0.W", "boundary": "boundary", "predictions": "confusion"}


# -- watching ----------------------------------------------------------------------------------------------------------

WITH_CHANCE = spec(
    data={"kind": "circle", "noise": 0.2, "samples": 200},
    network={
        "layers": [
            {"kind": "dense", "units": 8},
            {"kind": "batch_norm"},
            {"kind": "dropout", "rate": 0.3},
            {"kind": "dense", "units": 4},
        ]
    },
)
TABLE = spec(data={"kind": "iris"}, training={"optimizer": {"kind": "adam", "lr": 0.01}, "batch_size": 7})


@pytest.mark.parametrize("of", [spec(), WITH_CHANCE, TABLE], ids=["xor", "dropout and batch norm", "iris"])
def test_watching_changes_nothing(of):
    alone, watched, now_and_then = (session(copy.deepcopy(of)) for _ in range(3))
    handle(watched, {"op": "watch", "views": list(pictures)})
    for i in range(120):
        step(alone)
        step(watched)
        assert len(frame(watched)[1]) > 3
        step(now_and_then)
        if i % 17 == 0:
            handle(now_and_then, {"op": "watch", "views": list(pictures)[: i % 4 + 1]})
            frame(now_and_then)
    trainer = engine.Trainer(copy.deepcopy(alone.spec), alone.trainer.dataset)
    for _ in range(120):
        trainer.step()
    assert losses(alone) == losses(watched) == losses(now_and_then) == trainer.history.rows(0).tobytes()
    assert theta(alone) == theta(watched) == theta(now_and_then) == trainer.network.theta.tobytes()


@pytest.mark.parametrize("view", list(pictures))
def test_only_what_is_watched_is_computed(view, monkeypatch):
    asked = []
    for name, known in list(pictures.items()):
        noted = lambda observer, name=name, make=known.make: (asked.append(name), make(observer))[1]  # noqa: E731
        monkeypatch.setitem(pictures, name, dataclasses.replace(known, make=noted))
    run = session()
    handle(run, {"op": "watch", "views": [view]})
    _, arrays = frame(run)
    assert asked == [view]
    if view in WATCHED:
        assert WATCHED[view] in arrays
        assert not any(name in arrays for other, name in WATCHED.items() if other != view)
    handle(run, {"op": "watch", "views": []})
    asked.clear()
    assert set(frame(run)[1]) == {"history", "timeline"}
    assert asked == []


@pytest.mark.parametrize("views", [None, "neurons", 3, {"neurons": 1}, ["no such", 3, None, [], {}]])
def test_absurd_views_are_no_views(views):
    run = session()
    handle(run, {"op": "watch", "views": views})
    assert run.views == []
    frame(run)


@pytest.mark.parametrize("kind", ["xor", "multi_spiral", "reg_plane", "iris", "diabetes", "digits"])
def test_every_picture_suits_every_kind_of_data(kind):
    run = session(spec(data={"kind": kind}, network={"layers": [{"kind": "flatten"}, {"kind": "dense", "units": 4}]}))
    handle(run, {"op": "watch", "views": list(pictures)})
    step(run, 3)
    header, arrays = frame(run)
    assert math.isfinite(header["test_loss"])
    assert math.isfinite(header["test_score"])
    assert arrays["neurons.1"].dtype == np.uint8
    assert arrays["neurons.1"].shape[0] == len(arrays["neurons.1.scale"]) == 4
    assert ("confusion" in arrays) == (run.trainer.dataset.task != "regression")
    assert ("boundary" in arrays) == (run.trainer.dataset.plane is not None)
    if "confusion" in arrays:
        assert arrays["confusion"].sum() == min(len(run.trainer.dataset.x_test), 2048)


def test_scores_on_a_frame_are_the_run_s_own():
    run = session(spec(data={"kind": "xor", "samples": 100}))
    step(run, 10)
    header, _ = frame(run)
    scores = run.trainer.evaluate()
    assert header["train_loss"] == pytest.approx(scores["train"]["loss"], rel=1e-5)
    assert header["test_score"] == pytest.approx(scores["test"]["accuracy"])


# -- credits -----------------------------------------------------------------------------------------------------------


def test_a_page_that_does_not_draw_gets_two_frames_and_no_more():
    run = session()
    got = []
    for _ in range(20):
        step(run)
        while (message := run.message()) is not None:
            got.append(unpack(message)[0]["type"])
    assert got == ["scene", "frame", "frame"]
    handle(run, {"op": "credit"})
    assert unpack(run.message())[0]["step"] == 20  # the newest, not the next
    assert run.message() is None


def test_credits_do_not_pile_up():
    run = session()
    messages(run)
    for _ in range(50):
        handle(run, {"op": "credit"})
    sent = 0
    for _ in range(10):
        step(run)
        sent += run.message() is not None
    assert sent == 2


def test_a_page_that_comes_back_gets_everything_again():
    run = session()
    step(run, 30)
    rows = len(messages(run)[-1][1]["history"])
    assert rows > 1
    step(run, 30)
    assert 0 < len(frame(run)[1]["history"]) < rows + 10
    handle(run, {"op": "attach"})
    found = messages(run)
    assert found[0][0]["type"] == "scene"
    assert found[-1][0]["first_row"] == 0
    assert found[-1][1]["history"].tobytes() == losses(run)


def test_the_history_arrives_in_pieces_that_fit_together():
    run, rows = session(), []
    for _ in range(10):
        step(run, 13)
        header, arrays = frame(run)
        assert header["first_row"] == len(rows)
        rows += arrays["history"].tolist()
    assert np.array(rows).tobytes() == losses(run)
