"""One example's walk through the layers: what the page is told against the engine."""

import json
import math

import numpy as np
import pytest

from live.instruments import instruments
from live.worker.commands import handle
from tests.live.runs import messages, session, spec, step, theta
from tests.live.test_layer_measures import RUNS


def stop(run, layer, **more):
    return next(instruments["forward"](run, {"layer": layer, **more}))


@pytest.mark.parametrize("kind", RUNS)
def test_what_goes_out_of_a_layer_comes_into_the_next(kind):
    run = session(RUNS[kind])
    step(run, 2)
    before = None
    stops = stop(run, 0)[0]["stops"]
    for place in range(len(stops)):
        header, arrays = stop(run, place)
        json.dumps(header)
        assert header["layer"] == place
        if header["what"] == "layer":
            assert header["formula"]
            assert list(arrays["out"].shape) == header["shape"] or arrays["out"].size <= 4096
            if not header["tokens"]:
                np.testing.assert_array_equal(arrays["in"], before)
        before = arrays.get("out")
    assert header["what"] == "answer"
    assert math.isfinite(header["loss"])


@pytest.mark.parametrize("data", ["xor", "iris", "diabetes", "breast_cancer"])
def test_the_arithmetic_of_a_unit_adds_up(data):
    run = session(spec(data={"kind": data}))
    layers = [place for place in (1, 2) if stop(run, place)[0]["what"] == "layer"]
    for place in layers:
        header, arrays = stop(run, place, unit=1)
        total = header["sum"]
        products = sum(term["x"] * term["w"] for term in total["terms"])
        assert products + total["rest"] + total["bias"] == pytest.approx(total["z"], rel=1e-5, abs=1e-5)
        assert total["a"] == pytest.approx(arrays["out"].ravel()[total["unit"]])


def test_softmax_from_logits_to_the_loss():
    run = session(spec(data={"kind": "iris"}))
    step(run, 5)
    handle(run, {"op": "probe", "index": 7})
    header, _ = stop(run, 99)
    rows = header["rows"]
    assert header["how"] == "softmax"
    assert sum(row["p"] for row in rows) == pytest.approx(1)
    assert sum(row["exp"] for row in rows) == pytest.approx(header["sum"])
    for row in rows:
        assert math.exp(row["logit"] - header["top"]) / header["sum"] == pytest.approx(row["p"])
    (true,) = [row for row in rows if row["truth"]]
    assert true["name"] == run.trainer.dataset.class_names[run.trainer.dataset.y_test[7]]
    assert -math.log(true["p"]) == pytest.approx(header["loss"], rel=1e-5)


def test_sigmoid_and_a_number_in_its_own_units():
    header, _ = stop(session(), 99)
    assert header["how"] == "sigmoid"
    assert 1 / (1 + header["exp"]) == pytest.approx(header["p"])
    assert header["loss"] == pytest.approx(-math.log(header["p"] if header["truth"] else 1 - header["p"]), rel=1e-5)
    run = session(spec(data={"kind": "diabetes"}))
    (row,) = stop(run, 99)[0]["rows"]
    mean, std = run.trainer.dataset.target_scale
    assert row["own"] == pytest.approx(row["value"] * std + mean)
    assert row["truth_own"] == pytest.approx(run.trainer.dataset.y_test.ravel()[0] * std + mean)


def test_one_s_own_example_has_no_loss():
    run = session(spec(data={"kind": "iris"}))
    run.observer.probe.choose_own(run.trainer.dataset.x_test[:1])
    header, _ = stop(run, 99)
    assert header["loss"] is None
    assert not any(row["truth"] for row in header["rows"])


@pytest.mark.parametrize("layer", [None, -3, "1", True, 1.5, 10**9])
def test_an_absurd_stop_is_the_nearest_there_is(layer):
    run = session()
    before = theta(run)
    header, _ = stop(run, layer, unit=layer)
    assert 0 <= header["layer"] < len(header["stops"])
    assert theta(run) == before


def test_a_question_alone_makes_no_frame():
    run = session()
    messages(run)
    handle(run, {"op": "ask", "instrument": "forward", "layer": 1})
    while run.jobs:
        run.work()
    assert [header["type"] for header, _ in messages(run)] == ["answer"]
