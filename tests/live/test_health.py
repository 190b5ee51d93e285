"""Every check finds the run that was made sick on purpose, its remedies can be used, and healthy runs are silent."""

import numpy as np
import pytest

from engine.paths import set_path
from explain.health import LayerHealth, Measured, checks, examine
from explain.remedies import Remedy
from live.instruments import instruments
from live.instruments.health import layers as measured_layers
from live.worker.commands import handle
from runs.spec import complete
from tests.live.runs import session, spec, step
from tests.live.test_layer_measures import RUNS


def deep(activation: str, layers: int, **more) -> dict:
    return {"layers": [{"kind": "dense", "units": 8, "activation": activation}] * layers, **more}


def findings(of: dict, steps: int = 200) -> tuple[dict, dict[str, dict]]:
    """A run of this spec, and what is found after so many steps, by its kind."""
    run = session(of)
    assert run.trainer is not None, run.notice
    while run.trainer.steps < steps and run.status != "diverged":
        step(run, min(100, steps - run.trainer.steps))
    *_, (answer, _) = instruments["health"](run, {})
    return run.spec, {finding["kind"]: finding for finding in answer["findings"]}


SGD = {"optimizer": {"kind": "sgd", "lr": 0.1}}
SICK = {
    "diverged": (spec(data={"kind": "reg_plane"}, network=deep("relu", 2),
                      training={"optimizer": {"kind": "sgd", "lr": 100.0}}), 200),
    "alike": (spec(network=deep("tanh", 2, initializer="zeros")), 100),
    "dead": (spec(network=deep("relu", 2), training={"optimizer": {"kind": "sgd", "lr": 30.0}}), 300),
    "saturated": (spec(network=deep("tanh", 2), training={"optimizer": {"kind": "sgd", "lr": 30.0}}), 300),
    "vanishing": (spec(network=deep("sigmoid", 7)), 100),
    "exploding": (spec(data={"kind": "diabetes"}, network=deep("linear", 1),
                       training={"optimizer": {"kind": "sgd", "lr": 1.0}}), 2),
    "fast": (spec(training={"optimizer": {"kind": "adam", "lr": 3.0}}), 3),
    "slow": (spec(training={"optimizer": {"kind": "sgd", "lr": 1e-6}}), 400),
    "plateau": (spec(network={"layers": []}), 1000),
    "overfitting": (spec(data={"kind": "circle", "noise": 0.5, "samples": 60}, network=deep("tanh", 3),
                         training={"optimizer": {"kind": "adam", "lr": 0.02}}), 2000),
    "forgetting": (spec(data={"kind": "parity"}, network={"layers": [{"kind": "rnn", "units": 6}]}), 100),
}


@pytest.mark.parametrize("kind", SICK)
def test_a_sick_run_is_found(kind):
    of, steps = SICK[kind]
    run, found = findings(of, steps)
    assert kind in found, list(found)
    finding = found[kind]
    assert finding["where"]
    assert finding["why"].endswith(".")
    assert finding["remedies"]
    for remedy in finding["remedies"]:
        cured = complete(set_path(run, remedy["path"], remedy["value"]))
        assert cured != run
        assert remedy["restarts"] == (cured["network"] != run["network"])


def test_every_check_has_its_sick_run():
    assert set(SICK) == set(checks)


HEALTHY = {
    "xor": (spec(network=deep("tanh", 2)), 500),
    "xor with relu": (spec(network=deep("relu", 2)), 500),
    "circle with adam": (spec(data={"kind": "circle"}, training={"optimizer": {"kind": "adam", "lr": 0.01}}), 500),
    "regression": (spec(data={"kind": "reg_plane"}, training={"optimizer": {"kind": "sgd", "lr": 0.03}}), 500),
    "iris": (spec(data={"kind": "iris"}), 300),
    "digits": (spec(data={"kind": "digits"}, network={"layers": [
        {"kind": "conv2d", "filters": 4}, {"kind": "max_pool2d"}, {"kind": "flatten"}]}), 200),
    "reviews": (spec(data={"kind": "reviews"}, network={"layers": [
        {"kind": "embedding", "dim": 8}, {"kind": "lstm", "units": 8}]},
        training={"optimizer": {"kind": "adam", "lr": 0.003}}), 100),
}


@pytest.mark.parametrize("kind", HEALTHY)
@pytest.mark.parametrize("share", [0, 1], ids=["at the start", "later"])
def test_a_healthy_run_is_left_alone(kind, share):
    of, steps = HEALTHY[kind]
    assert findings(of, share * steps)[1] == {}


def sick(kind: str):
    of, *steps = SICK[kind]
    run, until = session(of), steps[0] if steps else 200
    while run.trainer.steps < until:
        step(run, min(100, until - run.trainer.steps))
    return run


def early_gradient(run) -> float:
    return next(layer.through_time for layer in measured_layers(run) if layer.through_time is not None)


@pytest.mark.parametrize("kind", [kind for kind in SICK if kind != "diverged"])        # that one: test_cures.py
def test_every_remedy_cures_what_it_is_offered_for(kind):
    run = sick(kind)
    *_, (answer, _) = instruments["health"](run, {})
    before = run.trainer.evaluate()
    remedies = next(finding["remedies"] for finding in answer["findings"] if finding["kind"] == kind)
    for remedy in remedies:
        cured = sick(kind)
        *_, (_, _) = instruments["health"](cured, {})
        forgot = early_gradient(cured) if kind == "forgetting" else None
        handle(cured, {"op": "spec", "spec": Remedy(**remedy).applied(cured.spec)})
        if remedy["rewinds"]:
            handle(cured, {"op": "rewind"})
        for _ in range(20):
            if not cured.trainer.ended:
                step(cured, 100)
        *_, (answer, _) = instruments["health"](cured, {})
        assert kind not in {finding["kind"] for finding in answer["findings"]}, remedy["label"]
        after, split = cured.trainer.evaluate(), "test" if kind == "overfitting" else "train"
        if kind == "forgetting":
            assert early_gradient(cured) > 2 * forgot
        else:
            assert after[split]["loss"] < before[split]["loss"], remedy["label"]


@pytest.mark.parametrize("seed", range(200))
def test_remedies_never_contradict_each_other(seed):
    """Over all that may be measured: no setting is given two values by two findings, nor a rate raised and lowered."""
    rng = np.random.default_rng(seed)
    of = complete(spec(
        network=deep(str(rng.choice(["tanh", "relu", "sigmoid"])), 3),
        training={"optimizer": {"kind": str(rng.choice(["sgd", "adam", "momentum"])), "lr": 10 ** rng.uniform(-5, 1)}}))
    layers = [LayerHealth(str(i), f"Layer {i + 1}: Dense", ["network", "layers", i], slope=10 ** rng.uniform(-9, 3),
                          ratio=10 ** rng.uniform(-7, 1), dead=rng.choice([0.0, 0.5]), units=8,
                          flat=rng.choice([0.0, 0.9])) for i in range(3)]
    curve = np.geomspace(1, rng.choice([0.01, 0.99, 1.0]), 100)
    run = Measured(of, layers, gradient=10 ** rng.uniform(-2, 4), train_loss=curve,
                   test_loss=curve + np.linspace(0, rng.choice([0.0, 5.0]), 100))
    advised: dict = {}
    ways = set()
    for finding in examine(run):
        for path, value in [claim for remedy in finding.remedies for claim in remedy.claims(of).items()]:
            kind, earlier = advised.setdefault(path, (finding.kind, value))
            assert kind == finding.kind or earlier == value, path
        ways |= {remedy.value > of["training"]["optimizer"]["lr"] for remedy in finding.remedies
                 if remedy.path[-1] == "lr"}
    assert len(ways) <= 1


def test_what_contradicts_a_graver_finding_is_left_out():
    layers = [LayerHealth("0", "Layer 1: Dense", ["network", "layers", 0], slope=1.0, flat=1.0)]
    of = complete(spec(network=deep("tanh", 1), training={"optimizer": {"kind": "sgd", "lr": 0.1}}))
    flat = Measured(of, layers, train_loss=np.ones(100), test_loss=np.ones(100))
    found = {finding.kind: [remedy.label for remedy in finding.remedies] for finding in examine(flat)}
    assert "Lower the learning rate to 0.03" in found["saturated"]
    assert not any("aise" in label or "Adam" in label for label in found["plateau"])


def test_the_root_of_all_is_named_alone():
    sick = Measured(complete(spec()), [LayerHealth("0", "layer 1", dead=1.0, units=4)], diverged=True, gradient=1e9)
    assert [finding.kind for finding in examine(sick)] == ["diverged"]


def test_remedies_that_are_in_use_are_not_offered():
    of = complete(spec(training={"clip_norm": 1.0, "optimizer": {"kind": "sgd", "lr": 0.2}}))
    (found,) = examine(Measured(of, [LayerHealth("0", "layer 1", slope=1.0)], gradient=1e3))
    assert found.remedies == [Remedy("Lower the learning rate to 0.02", ["training", "optimizer", "lr"], 0.02)]


def test_numbers_that_are_missing_are_no_findings():
    empty = Measured(complete(spec()), [LayerHealth("0", "layer 1")], train_loss=np.array([np.nan] * 50),
                     test_loss=np.array([np.nan] * 50))
    assert examine(empty) == []


def test_an_encoder_and_a_decoder_are_examined_too():
    assert findings(RUNS["pairs"], 30)[1] == {}
