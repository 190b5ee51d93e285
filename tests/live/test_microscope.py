"""One step under the microscope: what the page is told against the engine's own step."""

import numpy as np
import pytest

from engine import optimizers
from live.instruments import instruments
from live.worker.commands import handle
from tests.live.runs import messages, session, spec, step, theta
from tests.live.test_layer_measures import RUNS


def look(run, **details) -> list[dict]:
    return [header for header, _ in instruments["microscope"](run, details)]


def weights(run) -> list[tuple[str, list[int]]]:
    """A few weights of every parameter."""
    rng = np.random.default_rng(2)
    return [(name, [int(i) for i in rng.integers(0, array.shape)])
            for name, array in run.trainer.network.parameters().items() for _ in range(2)]


@pytest.mark.parametrize("kind", RUNS)
def test_the_new_value_is_what_the_next_step_makes(kind):
    run = session(RUNS[kind] | {"training": {"optimizer": {"kind": "adam", "lr": 0.01}, "l2": 0.01, "clip_norm": 0.2}})
    step(run, 2)
    seen = [look(run, parameter=name, index=index)[0] for name, index in weights(run)]
    step(run)
    for answer in seen:
        after = run.trainer.network.parameters()[answer["parameter"]][tuple(answer["index"])]
        assert answer["new"] == pytest.approx(after, rel=1e-6, abs=2e-6)
        if answer["chain"]:
            chain = answer["chain"]
            assert chain["sum"] == pytest.approx(answer["gradient"], rel=1e-4, abs=1e-7)
            assert chain["rest"] + sum(row["product"] for row in chain["rows"]) == pytest.approx(chain["sum"])
            for row in chain["rows"]:
                assert row["x"] * row["dz"] == pytest.approx(row["product"], rel=1e-5, abs=1e-12)


@pytest.mark.parametrize("kind", list(optimizers))
def test_the_lines_lead_from_the_gradient_to_the_new_value(kind):
    run = session(spec(training={"optimizer": {"kind": kind, "lr": 0.01}}))
    for _ in range(4):
        (answer,) = look(run, parameter="0.W", index=[1, 2])
        step(run)
        assert answer["lines"][-1]["value"] == answer["new"]
        assert answer["new"] == pytest.approx(run.trainer.network.parameters()["0.W"][1, 2], rel=1e-6, abs=1e-7)


@pytest.mark.parametrize("kind", RUNS)
def test_finite_differences_agree(kind):
    run = session(RUNS[kind])
    for name, index in weights(run)[::3]:
        _, answer = look(run, parameter=name, index=index, check=True)
        check = answer["check"]
        assert check["numeric"] == pytest.approx(check["analytic"], rel=1e-5, abs=1e-8)


def test_a_frozen_weight_stays():
    run = session(spec(network={"layers": [{"kind": "dense", "units": 4, "frozen": True}]}))
    frozen, free = (look(run, parameter=name)[0] for name in ("0.W", "1.W"))
    assert (frozen["frozen"], frozen["lines"], frozen["new"]) == (True, [], frozen["weight"])
    assert free["new"] != free["weight"]


def test_looking_changes_nothing():
    alone, watched = session(RUNS["dense"]), session(RUNS["dense"])
    for _ in range(30):                                     # over the end of a pass, where batches are drawn anew
        look(watched, check=True)
        step(alone)
        step(watched)
    assert theta(alone) == theta(watched)


@pytest.mark.parametrize("wanted", [None, [], [99, 99], [-5, 0], ["a", True], {"a": 1}, [1.5, 2], [0] * 50])
@pytest.mark.parametrize("parameter", [None, "no such", 3, "0.b"])
def test_an_absurd_place_is_the_nearest_there_is(wanted, parameter):
    run = session()
    (answer,) = look(run, parameter=parameter, index=wanted, check="yes")
    shape = {p["name"]: p["shape"] for p in answer["parameters"]}[answer["parameter"]]
    assert all(0 <= i < size for i, size in zip(answer["index"], shape, strict=True))


def test_without_a_place_it_is_the_largest_gradient():
    run = session(RUNS["text"])
    step(run, 2)
    (answer,) = look(run, parameter="0.E")
    assert answer["gradient"] != 0
    assert answer["means"] == f"the token “{run.trainer.dataset.vocabulary.tokens[answer['index'][0]]}”"
    others = [look(run, parameter="0.E", index=index)[0]["gradient"] for index in ([1, 0], [5, 2], [9, 1])]
    assert abs(answer["gradient"]) >= max(map(abs, others))


def test_a_weight_of_a_gate_says_so():
    (answer,) = look(session(RUNS["recurrent"]), parameter="0.Wh", index=[2, 13])
    assert answer["means"] == "candidate, unit 4"


def test_an_answer_goes_out_as_a_message():
    run = session()
    messages(run)
    handle(run, {"op": "ask", "instrument": "microscope", "check": True})
    while run.jobs:
        run.work()
    answers = [header for header, _ in messages(run) if header["type"] == "answer"]
    assert ["check" in header for header in answers] == [False, True]
