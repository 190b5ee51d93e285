"""One number, one truth: what is counted or measured in several places is the same in all of them."""

import numpy as np
import pytest

from engine.evaluation import AT_MOST
from engine.metrics import r2
from live.watch.observer import Observer
from live.worker import run as sessions
from tests.live.asking import ask
from tests.live.runs import frame, session, spec, step

EMBED = {"kind": "embedding", "dim": 8}
FAST = {"optimizer": {"kind": "adam", "lr": 0.01}, "batch_size": 64}
RUNS = {
    "more than is tested": spec(data={"kind": "gaussian", "samples": 5000, "noise": 0.8, "train_fraction": 0.5}),
    "several classes": spec(data={"kind": "digits"}, network={"layers": [{"kind": "flatten"}]}),
    "early stopping": spec(data={"kind": "xor", "samples": 4000, "noise": 1.0, "train_fraction": 0.3},
                           training=FAST | {"patience": 1}),
    "all alike": spec(data={"kind": "circle", "samples": 5000},
                      network={"layers": [{"kind": "dense", "units": 3}], "initializer": "zeros"}),
    "words": spec(data={"kind": "reviews", "collection": "rotten_tomatoes", "reviews": 4000, "vocabulary": 300,
                        "length": 20, "train_fraction": 0.5}, training=FAST,
                  network={"layers": [EMBED, {"kind": "mean_over_time"}]}),
    "a number": spec(data={"kind": "waves", "samples": 5000, "train_fraction": 0.5}),
    "a number of a table": spec(data={"kind": "diabetes"}),
}


@pytest.fixture(params=RUNS)
def run(request):
    made = session(RUNS[request.param])
    assert made.trainer, made.notice
    return made


def pictures(run: sessions.Run) -> dict:
    """The predictions of the weights as they are."""
    observer = Observer(run.trainer)
    made = observer.observe(["predictions"], playing=False)
    while observer.unfinished:
        made = observer.observe(["predictions"], playing=False)
    return made


@pytest.mark.parametrize("steps", [0, 1, 40])
def test_what_the_bar_says_is_what_the_predictions_show(run, steps):
    for _ in range(steps):
        step(run)
    bar, shown = frame(run)[0]["test_score"], pictures(run)
    if "confusion" in shown:
        assert bar == np.trace(shown["confusion"]) / shown["confusion"].sum()
    else:
        mean, std = run.trainer.dataset.target_scale
        assert bar == pytest.approx(r2((shown["predicted"] - mean) / std, (shown["true"] - mean) / std), abs=1e-5)
    if "measured" in shown:
        assert (bar, shown["confusion"].sum()) == (shown["measured"][0], shown["measured"][-1])


def test_the_mistakes_are_those_that_the_bar_counts(run):
    if run.trainer.dataset.task == "regression":
        return
    step(run, 3)
    header = ask(run, "mistakes")[-1][0]
    data = run.trainer.dataset
    assert header["tested"] == min(len(data.x_test), AT_MOST)
    assert frame(run)[0]["test_score"] == (header["tested"] - header["wrong"]) / header["tested"]
    assert header["step"] == run.trainer.steps
    for mistake in header["mistakes"]:
        batch = run.observer.probe.batch(*(split[mistake["index"]][None] for split in (data.x_test, data.y_test)))
        logits = run.trainer.network.copy().forward(batch.x, **batch.inputs)
        assert run.trainer.task.classes(logits)[0] == mistake["said"] != data.y_test[mistake["index"]]


def test_the_bar_the_history_and_its_last_row_agree(run):
    step(run, run.trainer.learned // run.trainer.training.batch_size + 1)
    for _ in range(2):                                    # to the end of a pass, where a row is written
        while run.trainer.history.last()["step"] != run.trainer.steps:
            step(run)
        last, header = run.trainer.history.last(), frame(run)[0]
        assert {name: header[name] for name in ("train_loss", "test_loss", "train_score", "test_score")} == {
            name: last[name] for name in ("train_loss", "test_loss", "train_score", "test_score")}
        step(run)
