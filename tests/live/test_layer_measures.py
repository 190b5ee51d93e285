"""What flows through each layer: against numbers worked out in another way, on every kind of network."""

import numpy as np
import pytest

from engine import activations
from live.watch.layer_measures import MEASURES, squashes
from live.worker.commands import handle
from tests.live.runs import frame, session, spec, step, theta

TEXT = [{"kind": "embedding", "dim": 8}, {"kind": "transformer_block", "heads": 2, "ff": 8}, {"kind": "mean_over_time"}]
RUNS = {
    "dense": spec(network={"layers": [{"kind": "dense", "units": 6, "activation": "relu"}, {"kind": "dense"}]}),
    "conv": spec(data={"kind": "digits"}, network={"layers": [
        {"kind": "conv2d", "filters": 3}, {"kind": "max_pool2d"}, {"kind": "flatten"}]}),
    "recurrent": spec(data={"kind": "sine_mix"}, network={"layers": [
        {"kind": "lstm", "units": 5, "return_sequences": True}, {"kind": "rnn", "units": 4}]}),
    "pairs": spec(data={"kind": "dates"}, network={
        "encoder": [{"kind": "embedding", "dim": 6}, {"kind": "gru", "units": 5, "return_sequences": True}],
        "decoder": [{"kind": "embedding", "dim": 6}, {"kind": "gru", "units": 5, "return_sequences": True},
                    {"kind": "additive_cross_attention", "units": 4}]}),
    "text": spec(data={"kind": "reviews"}, network={"layers": TEXT}),
}


def measured(run) -> dict[str, np.ndarray]:
    handle(run, {"op": "watch", "views": ["flow"]})
    rows = frame(run)[1]["flow"]
    assert rows.shape == (len(run.observer.layers), len(MEASURES))
    return dict(zip(MEASURES, rows.T, strict=True))


@pytest.mark.parametrize("kind", RUNS)
def test_the_gradient_and_the_ratio_are_those_of_the_next_step_on_the_sample(kind):
    run = session(RUNS[kind])
    step(run, 3)
    found = measured(run)
    network = run.trainer.network.copy()
    sample = run.observer.probe.sample
    _, dlogits = run.trainer.loss(network.forward(sample.x, **sample.inputs), *sample.targets)
    network.backward(dlogits)
    for i, name in enumerate(run.observer.layers):
        own = [g for p, g in network.gradients().items() if p.startswith(f"{name}.")]
        if not own:
            assert np.isnan(found["gradient"][i])
            assert np.isnan(found["ratio"][i])
            continue
        length = np.sqrt(sum((g ** 2).sum() for g in own))
        weights = np.sqrt(sum((w ** 2).sum() for p, w in network.parameters().items() if p.startswith(f"{name}.")))
        assert found["gradient"][i] == pytest.approx(length, rel=1e-4)
        assert found["ratio"][i] == pytest.approx(run.trainer.lr * length / weights, rel=1e-3)      # plain SGD
    assert np.isfinite(found["mean"]).all()
    assert (found["deviation"] >= 0).all()


def test_zeros_and_flat_parts_are_counted():
    run = session(RUNS["dense"])
    found = measured(run)
    network, sample = run.trainer.network, run.observer.probe.sample
    network.forward(sample.x)
    relu, tanh, _ = network.layers
    assert found["zeros"][0] == pytest.approx((relu.a == 0).mean())
    assert np.isnan(found["flat"][0])
    assert found["flat"][1] == pytest.approx((1 - tanh.a ** 2 < 0.05).mean(), abs=1e-6)


def test_flow_holds_its_numbers_whatever_else_is_watched():
    run = session(RUNS["dense"])
    alone = measured(run)
    handle(run, {"op": "watch", "views": ["view:0.activations", "answer", "maps", "view:1.neurons", "flow"]})
    beside = frame(run)[1]["flow"]
    np.testing.assert_array_equal(np.stack(list(alone.values()), axis=1), beside)


def test_watching_the_flow_changes_nothing():
    of = spec(training={"optimizer": {"kind": "adam"}, "clip_norm": 0.1, "l2": 0.01})
    alone, watched = session(of), session(of)
    for _ in range(20):
        step(alone)
        step(watched)
        measured(watched)
    assert theta(alone) == theta(watched)


def test_only_squashing_functions_have_flat_parts():
    assert {kind for kind in activations if kind != "softmax" and squashes(activations[kind]())} == {"sigmoid", "tanh"}
