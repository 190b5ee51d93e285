"""How reliable a network is, while it learns: of all it is tested on, and of short pieces of texts."""

import numpy as np
import pytest

from engine import metrics
from live.watch.reliability import confidence, reliability
from live.worker.commands import handle
from tests.live.runs import frame, losses, session, spec, step
from tests.live.test_instruments import RUNS


def test_how_sure_an_answer_is():
    assert confidence(np.array([[0.9], [0.2], [0.5]])) == pytest.approx([0.9, 0.8, 0.5])
    assert confidence(np.array([[0.2, 0.5, 0.3]])) == pytest.approx([0.5])


@pytest.mark.parametrize("kind", ["xor", "iris"])
def test_classes_of_a_plane_or_a_table_have_a_reliability_but_no_pieces(kind):
    run = session(spec(data={"kind": kind}))
    handle(run, {"op": "watch", "views": ["predictions"]})
    step(run, 20)
    arrays = frame(run)[1]
    trainer = run.trainer
    logits = trainer.network.forward(trainer.dataset.x_test)
    right = trainer.task.classes(logits) == trainer.dataset.y_test
    error = metrics.calibration(confidence(trainer.task.answers(logits)).astype(float), right)[3]
    assert arrays["calibrated"][0] == pytest.approx(error)
    assert len(arrays["calibrated"]) == 2
    assert arrays["calibrated"][1] == arrays["reliability.test.count"].sum() == len(right)
    weights = arrays["reliability.test.count"] / len(right)
    assert (weights * arrays["reliability.test.right"]).sum() == pytest.approx(right.mean())
    assert not any(name.startswith("reliability.short") for name in arrays)


def test_a_regression_has_none():
    run = session(spec(data={"kind": "diabetes"}))
    handle(run, {"op": "watch", "views": ["predictions"]})
    assert "calibrated" not in frame(run)[1]


def test_short_pieces_of_the_test_reviews_are_judged_too_and_watching_changes_nothing():
    watched, alone = session(RUNS["reviews"]), session(RUNS["reviews"])
    handle(watched, {"op": "watch", "views": ["predictions"]})
    for run in (watched, alone):
        step(run, 30)
    arrays = frame(watched)[1]
    assert arrays["reliability.short.count"].sum() == arrays["reliability.test.count"].sum() == arrays["calibrated"][1]
    assert 0 <= min(arrays["calibrated"][[0, 2]]) <= max(arrays["calibrated"][[0, 2]]) <= 1
    step(watched, 30)
    step(alone, 30)
    assert losses(watched) == losses(alone)


def test_bins_without_answers_are_left_out():
    task = session(spec()).trainer.task
    found, error = reliability(task, np.array([[10.0], [-10.0]]), np.array([1, 1]))
    assert found["count"].tolist() == [2]
    assert found["right"].tolist() == [0.5]
    assert error == pytest.approx(0.5, abs=1e-3)
