"""Every message that a run sends is declared in live/messages, key by key; the page's types are made of the same."""

import json
from typing import get_args

import numpy as np
import pytest

from live.instruments import instruments
from live.messages import ANSWERS, FROM_PAGE
from live.protocol import pack, unpack
from live.server.hub import DIED
from live.watch.picture import pictures
from live.worker.commands import handle
from scripts.wire import PLACE, types
from tests.live.asking import ask
from tests.live.declared import faults, wrong
from tests.live.runs import frame, scene, session, spec, step
from tests.live.test_instruments import RUNS as MORE
from tests.live.test_layer_measures import RUNS

ALL = {name: RUNS[name] for name in ("dense", "conv", "recurrent", "pairs")} | {
    name: MORE[name] for name in ("names", "blank", "reviews")} | {
    "table": spec(data={"kind": "diabetes"}), "classes": spec(data={"kind": "iris"}),
    "pool": spec(data={"kind": "digits"}, network={"layers": [
        {"kind": "max_pool2d"}, {"kind": "flatten"}, {"kind": "dense", "units": 4}]})}
QUESTIONS = {
    "blank": [{"text": "a ___ film"}, {"text": "no blank"}],
    "forward": [{"layer": 0}, {"layer": 1}, {"layer": 2}, {"layer": 99}],
    "microscope": [{"check": True}],
    "landscape": [{"resolution": 21}, {"directions": "path", "resolution": 21}, {"resolution": 5}],
    "race": [{"racers": [{"kind": "sgd", "lr": 0.1}, {"kind": "adam", "lr": 0.01}], "steps": 10},
             {"racers": [{"kind": "sgd", "lr": 1e6}], "steps": 20}, {}],
    "invent": [{"count": 2}, {"temperature": "hot"}],
    "sentences": [{"texts": ["a fine film"]}, {"texts": 3}],
}
LONG = {"landscape", "race"}          # asked of small networks only: their answers know nothing of the data
SMALL = {"dense", "table"}
#: What none of the runs above is asked for in vain: each of these must have been answered.
SUITS = {"blank": "blank", "invent": "names", "translate": "pairs", "words": "reviews", "sentences": "reviews",
         "mistakes": "classes", "window": "conv"}


@pytest.fixture(scope="module", params=ALL)
def run(request):
    made = session(ALL[request.param])
    assert made.notice == ""
    made.name = request.param
    step(made, 3)
    return made


def test_scene_and_frames_are_as_declared(run):
    header, arrays = scene(run)
    assert faults(header, arrays) == []
    views = [f"view:{view['name']}" for card in header["layers"] for view in card["views"]]
    for watched in (list(pictures), views):
        for start in range(0, len(watched), 20):
            handle(run, {"op": "watch", "views": watched[start:start + 20]})
            assert faults(*frame(run)) == []
    handle(run, {"op": "watch", "views": []})
    for look in ({"index": 2}, {"own": {"no": "example"}}):
        handle(run, {"op": "probe", **look})
        assert faults(*frame(run)) == []


@pytest.mark.parametrize("instrument", list(ANSWERS))
def test_answers_are_as_declared(run, instrument):
    if instrument in LONG and run.name not in SMALL:
        return
    answers = [answer for details in QUESTIONS.get(instrument, [{}]) for answer in ask(run, instrument, **details)]
    assert [fault for answer in answers for fault in faults(*answer)] == []
    if SUITS.get(instrument, run.name) == run.name:
        assert any("error" not in header for header, _ in answers)


def test_what_is_sent_where_nothing_trains_is_as_declared():
    made = session(spec(network={"layers": [{"kind": "conv2d", "filters": 2}]}))
    assert made.trainer is None
    assert faults(*scene(made)) == faults(*frame(made)) == faults(*unpack(DIED)) == []


def test_what_diverges_is_as_declared():
    made = session(spec(data={"kind": "diabetes"}, training={"optimizer": {"kind": "sgd", "lr": 10.0}}))
    step(made, 500)
    assert made.status == "diverged"
    assert faults(*frame(made)) == []
    assert [fault for answer in ask(made, "health") for fault in faults(*answer)] == []


def test_every_instrument_is_declared():
    assert set(ANSWERS) == set(instruments)


@pytest.mark.parametrize(("header", "says"), [
    ({"type": "died", "why": "x"}, "not declared"), ({"type": "answer", "instrument": "past"}, "missing"),
    ({"type": "answer", "instrument": "past", "start": "1"}, "not <class 'int'>"),
    ({"type": "answer", "instrument": "past", "start": True}, "not <class 'int'>"),
])
def test_what_is_not_as_declared_is_seen(header, says):
    assert says in " ".join(faults(*unpack(pack(header))))


def test_an_array_that_is_not_declared_is_seen():
    header = {"type": "answer", "instrument": "past", "start": 0}
    for name, array in (("flaw", np.zeros((1, 1, 1), np.float32)), ("flow", np.zeros((1, 1, 1))),
                        ("flow", np.zeros((1, 1), np.float32))):
        assert len(faults(header, {name: array})) == 1
    assert faults(header, {"flow": np.zeros((1, 1, 1), np.float32)}) == []
    assert wrong([1, None], list[int]) != []


def test_the_page_s_types_are_fresh():
    assert PLACE.read_text(encoding="utf-8") == types(), "Run `python -m scripts.wire`."


def test_the_page_s_types_know_every_command_and_instrument():
    text = types()
    assert all(f'op: {json.dumps(name)};' in text for name in FROM_PAGE)
    assert all(f'instrument: {json.dumps(name)};' in text for name in ANSWERS)
    assert get_args(ANSWERS["race"])
