"""What may be asked of an instrument is declared as knobs: the page reads them in the scene; nothing else passes."""

import pytest

from live.instruments.registry import questions
from tests.live.asking import ask
from tests.live.runs import scene, session, spec
from tests.live.test_instruments import RUNS


def declared(run) -> dict:
    return scene(run)[0]["questions"]


def test_a_scene_says_what_may_be_asked():
    found = declared(session(spec()))
    assert set(found) == set(questions)
    limits = {name: {knob["name"]: knob for knob in of["knobs"]} for name, of in found.items()}
    assert (limits["race"]["racers"]["longest"], limits["race"]["steps"]["high"]) == (4, 2000)
    assert limits["landscape"]["reach"]["slider"] == [0.1, 4.0]
    assert limits["invent"]["top_k"]["optional"] is True


@pytest.mark.parametrize(("name", "suited"), [
    ("names", {"invent"}), ("blank", {"blank"}), ("dates", {"translate"}), ("reviews", {"words", "mistakes"}),
    ("digits", {"mistakes"})])
def test_what_suits_a_run_is_said_and_is_what_answers(name, suited):
    run = session(RUNS[name])
    some = {"blank", "invent", "mistakes", "translate", "words"}
    found = declared(run)
    assert {instrument for instrument in some if found[instrument]["suits"]} == suited
    assert {instrument for instrument in some if ask(run, instrument, text="a ___", count=1)} == suited
    assert found["race"]["suits"]
    assert found["landscape"]["suits"]


@pytest.mark.parametrize(("instrument", "details", "says"), [
    ("landscape", {"resolution": 99}, "Resolution"), ("landscape", {"reach": "far"}, "Range"),
    ("race", {"steps": 5, "racers": [{"kind": "sgd"}]}, "Steps"), ("race", {"racers": [{"kind": "sgd"}] * 5}, "Racers"),
    ("race", {}, "At least one")])
def test_a_question_out_of_its_limits_is_refused_in_a_sentence(instrument, details, says):
    ((header, arrays),) = ask(session(spec()), instrument, **details)
    assert header["error"].startswith(says)
    assert arrays == {}
