"""What is offered to a run that diverged cures it: applied as a page does, the run learns and stays sane."""

import pytest

from engine.paths import set_path
from live.instruments import instruments
from live.worker.commands import handle
from live.worker.run import Run
from tests.live.runs import everything, frame, session, step


def dense(units: int, activation: str, times: int = 1) -> list[dict]:
    return [{"kind": "dense", "units": units, "activation": activation}] * times


def spec(data: str, layers: list, optimizer: str, lr: float, **training) -> dict:
    return {"data": {"kind": data}, "network": {"layers": layers},
            "training": {"optimizer": {"kind": optimizer, "lr": lr}, **training}}


GPT = [{"kind": "embedding", "dim": 8}, {"kind": "positional"},
       {"kind": "transformer_block", "causal": True, "heads": 2}]
SHORTCUTS = [*dense(8, "relu"), *[{"kind": "residual", "layers": dense(8, "relu")}] * 4]
CONV = [{"kind": "conv2d", "filters": 4, "activation": "relu"}, {"kind": "max_pool2d"}, {"kind": "flatten"},
        *dense(16, "linear", 2)]
CASES = {
    "waves": spec("waves", dense(16, "tanh", 2), "sgd", 3.0),
    "plane": spec("reg_plane", dense(8, "relu"), "sgd", 3.0),
    "deep linear": spec("reg_plane", dense(8, "linear", 6), "sgd", 1.0),
    "nesterov": spec("reg_gaussian", dense(8, "gelu", 2), "nesterov", 1.0),
    "diabetes": spec("diabetes", dense(8, "linear"), "sgd", 5.0),
    "wine, momentum": spec("wine", dense(16, "leaky_relu", 3), "momentum", 3.0),
    "shortcuts": spec("reg_gaussian", SHORTCUTS, "sgd", 1.0),
    "too strong a pull": spec("circle", dense(8, "tanh"), "sgd", 1.0, l2=5.0),
    "digits": spec("digits", CONV, "sgd", 3.0),
    "sine, RNN": spec("sine_mix", [{"kind": "rnn", "units": 8}], "sgd", 3.0),
    "sine, LSTM": spec("sine_mix", [{"kind": "lstm", "units": 8}], "sgd", 3.0),
    "adding": spec("adding", [{"kind": "rnn", "units": 8}], "momentum", 1.0),
    "reviews": spec("reviews", [{"kind": "embedding", "dim": 8}, {"kind": "mean_over_time"}, *dense(8, "relu")],
                    "sgd", 100.0),
    "names": spec("name_letters", GPT, "sgd", 10.0),
}
QUICK = ["waves", "plane", "deep linear", "nesterov", "diabetes", "wine, momentum", "shortcuts", "too strong a pull"]
RAISED = {"waves": 0.1, "plane": 0.03, "diabetes": 0.01}              # learning rates at which they learn first


def diverged(name: str, seed: int, calm: float | None = None) -> Run | None:
    """The run when it has diverged; with `calm`, it has learned at that rate first. None if it does not diverge."""
    of = CASES[name] | {"seed": seed}
    run = session(of)
    if calm:
        wild = run.spec["training"]["optimizer"]["lr"]
        handle(run, {"op": "set", "path": ["training", "optimizer", "lr"], "value": calm})
        step(run, 1000)
        handle(run, {"op": "set", "path": ["training", "optimizer", "lr"], "value": wild})
    for _ in range(20):
        step(run, 100)
        if run.status == "diverged":
            return run
    return None


def offered(run: Run) -> list[dict]:
    *_, (answer, _) = instruments["health"](run, {})
    assert not answer["trying"]
    (finding,) = answer["findings"]
    return finding["remedies"]


def cured(name: str, seed: int, calm: float | None = None) -> int:
    """Take each remedy that is offered, as the page does; returns how many there were."""
    run = diverged(name, seed, calm)
    if run is None:
        return 0
    sane = run.trainer.evaluate()["train"]["loss"]
    remedies = offered(run)
    assert remedies
    for remedy in remedies:
        again = diverged(name, seed, calm)
        new = again.spec
        for path, value in [(remedy["path"], remedy["value"]), *remedy["also"]]:
            new = set_path(new, path, value)
        handle(again, {"op": "spec", "spec": new})
        if remedy["rewinds"]:
            handle(again, {"op": "rewind"})
        assert again.status == "paused"
        tried = int(remedy["hint"].split(" steps")[0].split()[-1].replace(",", ""))
        for _ in range(100, tried + 1, 100):
            step(again, 100)
        assert again.status == "paused", remedy["label"]
        assert again.trainer.evaluate()["train"]["loss"] < sane, remedy["label"]
    return len(remedies)


@pytest.mark.parametrize("name", QUICK)
def test_each_remedy_that_is_offered_cures(name):
    assert any(cured(name, seed) for seed in range(3))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", CASES)
def test_each_remedy_cures_with_other_seeds_and_larger_networks_too(name, seed):
    if not cured(name, seed):
        assert any(diverged(name, other) for other in range(6)), "a case that never diverges"


@pytest.mark.parametrize("name", RAISED)
@pytest.mark.parametrize("seed", [0, 1])
def test_a_run_that_had_learned_goes_on_from_what_it_had_learned(name, seed):
    run = diverged(name, seed, RAISED[name])
    assert 700 < run.trainer.steps <= 1000
    assert not any(remedy["rewinds"] for remedy in offered(run))
    assert cured(name, seed, RAISED[name])


def test_trying_remedies_does_not_touch_the_run():
    run = diverged("waves", 0)
    before = everything(run)
    assert offered(run)
    assert everything(run) == before
    assert offered(run) == offered(diverged("waves", 0))


def test_it_is_tried_part_by_part_and_what_has_been_tried_is_kept_when_the_page_asks_again():
    run = diverged("waves", 0)
    answers = instruments["health"](run, {})
    first, _ = next(answers)
    assert first["trying"]
    assert first["findings"][0]["remedies"] == []
    for _ in range(3):
        next(answers)
    cures = run.cures
    assert offered(run)
    assert run.cures is cures
    assert len(list(instruments["health"](run, {}))) == 1


def test_the_run_is_really_back_at_an_earlier_step():
    run = diverged("waves", 1, 0.1)
    header, arrays = frame(run)
    assert header["step"] == arrays["timeline"][-1] == run.trainer.steps
    assert arrays["history"][-1, 0] <= header["step"]
    assert f"step {header['step']:,}" in header["notice"]
    assert not run.journal.broken
    assert all(at <= header["step"] for at, _ in run.journal.changes)
    handle(run, {"op": "set", "path": ["training", "optimizer", "lr"], "value": 0.05})
    step(run, 300)
    assert run.trainer.steps == header["step"] + 300
    assert run.journal.changes[-1][0] == header["step"]
