"""A run as a state machine: what each command does, and that watching and nonsense change nothing."""

import copy
import json
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import engine
from live.observe import pictures
from live.protocol import unpack
from live.session import Session
from tests.live.runs import everything, frame, losses, messages, scene, session, spec, step, theta

WATCHED = {"neurons": "neurons.input", "weights": "weights.0.W", "boundary": "boundary", "predictions": "confusion"}


def train(run: Session, steps: int) -> None:
    """Play until at least so many steps are done."""
    run.handle({"op": "speed", "steps": None})
    run.handle({"op": "play"})
    while run.trainer.steps < steps and run.status == "playing":
        run.advance(lambda: False)


# -- commands ----------------------------------------------------------------------------------------------------------


def test_a_run_waits_at_its_beginning():
    run = session()
    run.advance(lambda: False)
    assert (run.status, run.trainer.steps, run.notice) == ("paused", 0, "")
    assert [header["type"] for header, _ in messages(run)] == ["scene", "frame"]
    assert run.wait() is None


def test_play_trains_and_pause_holds():
    run = session()
    train(run, 50)
    assert frame(run)[0]["status"] == "playing"
    run.handle({"op": "pause"})
    at = run.trainer.steps
    run.advance(lambda: False)
    assert run.trainer.steps == at >= 50
    assert frame(run)[0]["status"] == "paused"


def test_a_command_interrupts_a_burst_of_training():
    run = session()
    run.handle({"op": "speed", "steps": None})
    run.handle({"op": "play"})
    run.advance(interrupted=lambda: run.trainer.steps >= 3)
    assert run.trainer.steps == 3


def test_steps_are_counted():
    run = session()
    step(run)
    step(run, 9)
    assert run.trainer.steps == 10
    header, _ = frame(run)
    assert (header["step"], header["status"], header["lr"]) == (10, "paused", 0.1)


@pytest.mark.parametrize("count", [0, -1, 10**9, 2.5, "10", None, [3], math.nan])
def test_an_absurd_count_of_steps_is_one_step(count):
    run = session()
    step(run, count)
    assert run.trainer.steps == 1


def test_step_pauses_a_run_that_plays():
    run = session()
    train(run, 20)
    at = run.trainer.steps
    step(run)
    assert (run.status, run.trainer.steps) == ("paused", at + 1)


def test_rewind_leads_back_to_the_same_beginning():
    run = session()
    at_first, first_frame = theta(run), frame(run)[0]
    step(run, 100)
    once = losses(run)
    run.handle({"op": "rewind"})
    assert (run.trainer.steps, run.status, theta(run)) == (0, "paused", at_first)
    header, arrays = frame(run)
    assert header["train_loss"] == first_frame["train_loss"]
    assert (header["first_row"], len(arrays["history"])) == (0, 1)
    step(run, 100)
    assert losses(run) == once


def test_a_speed_is_kept():
    run = session()
    run.handle({"op": "speed", "steps": 10})
    run.handle({"op": "play"})
    assert 0 < run.wait() <= 0.1
    run.advance(lambda: False)
    assert run.trainer.steps <= 1


@pytest.mark.parametrize("steps", ["fast", -3, 0, math.nan, math.inf, 1e300, None, [], True, {}])
def test_an_absurd_speed_is_full_speed(steps):
    run = session()
    run.handle({"op": "speed", "steps": steps})
    train(run, 30)
    assert run.trainer.steps >= 30


def test_a_setting_changes_in_the_middle_of_a_run():
    run = session()
    step(run, 20)
    before = theta(run)
    run.handle({"op": "set", "path": ["training", "optimizer", "lr"], "value": 0.02})
    assert (run.trainer.lr, run.trainer.steps, theta(run)) == (0.02, 20, before)
    assert frame(run)[0]["lr"] == 0.02
    assert run.spec["training"]["optimizer"]["lr"] == 0.02


def test_noise_changes_the_points_and_keeps_the_weights():
    run = session()
    step(run, 20)
    before, points = theta(run), scene(run)[1]["points.train"]
    run.handle({"op": "set", "path": ["data", "noise"], "value": 0.4})
    header, arrays = scene(run)
    assert (theta(run), run.trainer.steps) == (before, 20)
    assert not np.array_equal(arrays["points.train"], points)
    assert header["spec"]["data"]["noise"] == 0.4


@pytest.mark.parametrize(
    "change",
    [
        {"network": {"layers": [{"kind": "dense", "units": 5}]}},
        {"seed": 4},
        {"data": {"kind": "circle"}},
        {"data": {"kind": "xor", "samples": 100, "features": ["x1", "x2", "x1²"]}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_network_seed_or_input_begins_anew(change):
    run = session()
    step(run, 20)
    run.handle({"op": "spec", "spec": spec(**change)})
    assert (run.trainer.steps, run.status, run.notice) == (0, "paused", "")
    assert theta(run) == theta(session(spec(**change)))
    assert frame(run)[0]["generation"] == run.generation


def test_a_run_that_plays_goes_on_with_another_network():
    run = session()
    train(run, 20)
    run.handle({"op": "spec", "spec": spec(network={"layers": []})})
    assert run.status == "playing"
    run.handle({"op": "spec", "spec": spec(), "fresh": True})
    assert (run.status, run.trainer.steps) == ("paused", 0)


def test_the_same_spec_again_changes_nothing():
    run = session()
    step(run, 20)
    before = everything(run)
    run.handle({"op": "spec", "spec": spec()})
    assert everything(run) == before


# -- what doesn't fit, and what flies off ------------------------------------------------------------------------------


def test_a_layer_that_does_not_fit_is_shown_with_its_reason_and_nothing_trains():
    run = session()
    step(run, 5)
    run.handle({"op": "spec", "spec": spec(network={"layers": [{"kind": "dense", "units": 3}, {"kind": "conv2d"}]})})
    header, _ = scene(run)
    fine, wrong, _ = header["layers"]
    assert (fine["error"], fine["shape"]) == ("", [3])
    assert wrong["error"]
    assert wrong["shape"] is None
    assert run.notice
    for command in ("play", "step", "rewind"):
        run.handle({"op": command})
        run.advance(lambda: False)
    header, arrays = frame(run)
    assert (header["status"], "step" in header, arrays) == ("paused", False, {})
    run.handle({"op": "set", "path": ["training", "batch_size"], "value": 20})
    run.handle({"op": "spec", "spec": spec()})
    assert run.notice == ""
    step(run)
    assert frame(run)[0]["step"] == 1


def flies_off() -> Session:
    run = session(
        spec(
            data={"kind": "reg_plane"},
            network={"layers": [{"kind": "dense", "units": 8, "activation": "relu"}]},
            training={"optimizer": {"kind": "sgd", "lr": 10.0}},
        )
    )
    train(run, 10_000)
    return run


def test_a_run_that_diverges_stops_and_says_why():
    run = flies_off()
    header, _ = frame(run)
    assert header["status"] == run.status == "diverged"
    assert "learning rate" in header["notice"]
    assert np.isfinite(run.trainer.network.theta).all()
    json.dumps(header, allow_nan=False)
    at = run.trainer.steps
    run.advance(lambda: False)
    assert run.trainer.steps == at


def test_a_diverged_run_goes_on_with_a_lower_learning_rate():
    run = flies_off()
    at = run.trainer.steps
    run.handle({"op": "set", "path": ["training", "optimizer", "lr"], "value": 1e-4})
    assert (run.status, run.notice) == ("paused", "")
    step(run)
    assert run.trainer.steps == at + 1


# -- nonsense ----------------------------------------------------------------------------------------------------------

WRONG = [
    "a",
    "",
    -1,
    1e300,
    10**30,
    None,
    [],
    {},
    [[]],
    True,
    math.nan,
    -math.inf,
    "NaN",
    {"kind": "sgd"},
    "x" * 10_000,
]
PATHS = [
    ["training", "optimizer", "lr"],
    ["training", "batch_size"],
    ["data", "noise"],
    ["data", "samples"],
    ["network", "layers", 0, "units"],
    ["network", "layers", 0, "activation"],
    ["training", "loss"],
    ["seed"],
    ["data", "kind"],
    ["training", "optimizer", "kind"],
    ["network", "layers"],
    ["training"],
    ["data"],
    ["network"],
]
EMPTY_IS_FINE = {"network", "data", "training"}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[-1])
def test_an_absurd_value_leaves_a_sentence_and_changes_nothing(path):
    run = session()
    step(run, 5)
    before = everything(run)
    for value in WRONG:
        if (path[-1] in EMPTY_IS_FINE and not value) or (path[-1] == "layers" and value == []):
            continue  # nothing given is the default
        run.handle({"op": "set", "path": path, "value": value})
        assert everything(run) == before, value
        assert 10 < len(run.notice) < 1_500, value
        assert frame(run)[0]["notice"] == run.notice
        run.notice = ""


@pytest.mark.parametrize(
    "given",
    [
        None,
        3,
        "spec",
        [],
        {"data": 3},
        {"network": 3},
        {"network": {"layers": [3]}},
        {"network": {"layers": [{"kind": "dense", "units": 10**9}]}},
        {"data": {"kind": "no"}},
        {"training": {"optimizer": "no"}},
        {"seed": -1},
        {"extra": 1},
        {"data": {}},
        {"training": {"loss": "mae"}, "data": {"kind": "xor"}},
        {"network": {"layers": [{"kind": "dense"}] * 10_000}},
        {"data": {"kind": "csv", "upload": "../../etc/passwd"}},
        {"data": {"kind": "csv", "upload": "0" * 32}},
    ],
)
def test_a_spec_that_cannot_be_used_leaves_a_sentence_and_changes_nothing(given):
    run = session()
    step(run, 5)
    before = everything(run)
    run.handle({"op": "spec", "spec": given})
    assert everything(run) == before
    assert 10 < len(run.notice) < 1_500


@pytest.mark.parametrize(
    "command",
    [
        {},
        {"op": None},
        {"op": "no such"},
        {"op": ["play"]},
        {"op": "_train"},
        {"op": "play "},
        {"op": {"a": 1}},
        {"op": 3},
    ],
)
def test_an_unknown_command_is_ignored(command):
    run = session()
    before = everything(run)
    run.handle(command)
    assert everything(run) == before
    assert run.notice == ""


def test_commands_before_any_spec_are_harmless():
    run = Session()
    for op in ("attach", "credit", "watch", "speed", "set", "play", "pause", "step", "rewind", "spec"):
        run.handle({"op": op})
        run.advance(lambda: False)
    assert run.trainer is None
    assert run.spec is None
    assert [header["type"] for header, _ in messages(run)] == ["frame"]


@pytest.mark.parametrize("depth", [50, 500, 900])
def test_deeply_nested_values_are_refused_not_followed(depth):
    nested: object = 1
    for _ in range(depth):
        nested = [nested] if depth % 100 else {"kind": "residual", "layers": [nested]}
    run = session()
    before = everything(run)
    for path in PATHS:
        run.handle({"op": "set", "path": path, "value": nested})
        assert everything(run) == before, path
        assert run.notice


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.sampled_from(
        ["dense", "sgd", "relu", "xor", "circle", "training", "network", "layers", "data", "lr", "units"]
    ),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "op",
                    "kind",
                    "layers",
                    "units",
                    "data",
                    "network",
                    "training",
                    "seed",
                    "spec",
                    "path",
                    "value",
                    "optimizer",
                    "views",
                    "steps",
                    "count",
                    "noise",
                    "samples",
                    "fresh",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
OPS = st.sampled_from(["attach", "credit", "watch", "speed", "spec", "set", "play", "pause", "step", "rewind"])
COMMANDS = st.fixed_dictionaries(
    {"op": OPS},
    optional={
        "views": ANYTHING,
        "steps": ANYTHING,
        "spec": ANYTHING,
        "path": st.sampled_from(PATHS) | ANYTHING,
        "value": ANYTHING,
        "count": ANYTHING,
        "fresh": ANYTHING,
    },
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(COMMANDS, max_size=8))
def test_no_sequence_of_commands_breaks_a_run(commands):
    run = session()
    for command in commands:
        run.handle(command)
        run.advance(lambda: run.trainer.steps % 3 == 0)
        for header, _ in messages(run):
            json.dumps(header, allow_nan=False)
    run.handle({"op": "spec", "spec": spec()})
    run.handle({"op": "rewind"})
    step(run, 3)
    assert run.trainer.steps == 3


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
    watched.handle({"op": "watch", "views": list(pictures)})
    for i in range(120):
        step(alone)
        step(watched)
        assert len(frame(watched)[1]) > 3
        step(now_and_then)
        if i % 17 == 0:
            now_and_then.handle({"op": "watch", "views": list(pictures)[: i % 4 + 1]})
            frame(now_and_then)
    trainer = engine.Trainer(copy.deepcopy(alone.spec), alone.trainer.dataset)
    for _ in range(120):
        trainer.step()
    assert losses(alone) == losses(watched) == losses(now_and_then) == trainer.history.rows(0).tobytes()
    assert theta(alone) == theta(watched) == theta(now_and_then) == trainer.network.theta.tobytes()


@pytest.mark.parametrize("view", list(pictures))
def test_only_what_is_watched_is_computed(view, monkeypatch):
    asked = []
    for name, make in list(pictures.items()):
        monkeypatch.setitem(
            pictures, name, lambda observer, name=name, make=make: (asked.append(name), make(observer))[1]
        )
    run = session()
    run.handle({"op": "watch", "views": [view]})
    _, arrays = frame(run)
    assert asked == [view]
    if view in WATCHED:
        assert WATCHED[view] in arrays
        assert not any(name in arrays for other, name in WATCHED.items() if other != view)
    run.handle({"op": "watch", "views": []})
    asked.clear()
    assert set(frame(run)[1]) == {"history", "timeline"}
    assert asked == []


@pytest.mark.parametrize("views", [None, "neurons", 3, {"neurons": 1}, ["no such", 3, None, [], {}]])
def test_absurd_views_are_no_views(views):
    run = session()
    run.handle({"op": "watch", "views": views})
    assert run.views == []
    frame(run)


@pytest.mark.parametrize("kind", ["xor", "multi_spiral", "reg_plane", "iris", "diabetes", "digits"])
def test_every_picture_suits_every_kind_of_data(kind):
    run = session(spec(data={"kind": kind}, network={"layers": [{"kind": "flatten"}, {"kind": "dense", "units": 4}]}))
    run.handle({"op": "watch", "views": list(pictures)})
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
    run.handle({"op": "credit"})
    assert unpack(run.message())[0]["step"] == 20  # the newest, not the next
    assert run.message() is None


def test_credits_do_not_pile_up():
    run = session()
    messages(run)
    for _ in range(50):
        run.handle({"op": "credit"})
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
    run.handle({"op": "attach"})
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


# -- early stopping ----------------------------------------------------------------------------------------------------


def test_a_run_with_patience_ends_by_itself_says_so_and_goes_on_when_played():
    run = session(spec(training={"optimizer": {"kind": "adam", "lr": 0.1}, "batch_size": 10, "patience": 1}))
    train(run, 50_000)
    header, _ = frame(run)
    assert header["status"] == "ended"
    assert "Stopped early" in header["notice"]
    at = run.trainer.steps
    run.advance(lambda: False)
    assert run.trainer.steps == at
    run.handle({"op": "play"})
    assert (run.status, run.notice) == ("playing", "")
    run.advance(lambda: run.trainer.steps > at)
    assert run.trainer.steps == at + 1
    run.handle({"op": "rewind"})
    assert (run.status, run.trainer.steps) == ("paused", 0)
