"""A restored run goes on bit for bit as the original did, and taking snapshots changes nothing."""

import itertools

import numpy as np
import pytest

import datasets
import engine
from engine import snapshot

DENSE = {"layers": [{"kind": "dense", "units": 6}, {"kind": "dense", "units": 4, "activation": "relu"}]}
CHANCE = {"layers": [{"kind": "dense", "units": 6}, {"kind": "dropout", "rate": 0.3}, {"kind": "batch_norm"}]}


def trainer(network=DENSE, data="circle", samples=150, **training) -> engine.Trainer:
    given = {"kind": data, "samples": samples, "noise": 0.1}
    run = {"data": given, "network": network, "seed": 3, "training": {
        "optimizer": {"kind": "adam", "lr": 0.01}, "batch_size": 7, **training}}
    return engine.Trainer(run, datasets.load(given, 3))


def go(run: engine.Trainer, steps: int) -> list[float]:
    return [run.step() for _ in range(steps)]


def everything(run: engine.Trainer) -> tuple:
    slots = {name: vector.tobytes() for name, vector in run.optimizer.state.items()}
    return (run.steps, run.epoch, run.lr, run.network.theta.tobytes(), run.network.state.tobytes(), slots,
            run.optimizer.t, run.batches.generator.bit_generator.state, run.history.rows(0).tobytes())


@pytest.mark.parametrize("optimizer", list(engine.optimizers))
def test_a_restored_run_goes_on_as_the_original_did(optimizer):
    run = trainer(optimizer={"kind": optimizer, "lr": 0.01}, schedule="cosine")
    go(run, 33)
    kept = snapshot.take(run)
    losses, after = go(run, 70), everything(run)
    snapshot.restore(run, kept)
    assert run.steps == 33
    run.history.truncate(kept.rows)
    assert go(run, 70) == losses
    assert everything(run) == after


@pytest.mark.parametrize("at", [0, 1, 10, 11, 12, 64])
def test_chance_and_running_statistics_go_on_too(at):
    run = trainer(CHANCE)                                    # 75 examples in batches of 7: a pass takes 11 steps
    go(run, at)
    kept = snapshot.take(run)
    losses, after = go(run, 40), everything(run)
    snapshot.restore(run, kept)
    run.history.truncate(kept.rows)
    assert go(run, 40) == losses
    assert everything(run) == after


def test_a_snapshot_can_be_restored_many_times_and_in_any_order():
    run = trainer(CHANCE)
    kept, thetas = [], []
    for _ in range(6):
        kept.append(snapshot.take(run))
        thetas.append(run.network.theta.tobytes())
        go(run, 9)
    for a, b in itertools.permutations(range(6), 2):
        for i in (a, b):
            snapshot.restore(run, kept[i])
            assert run.network.theta.tobytes() == thetas[i]
            assert run.steps == 9 * i
            go(run, 3)


def test_taking_snapshots_changes_nothing():
    plain, watched = trainer(CHANCE), trainer(CHANCE)
    go(plain, 100)
    for _ in range(100):
        snapshot.take(watched)
        watched.step()
    assert everything(plain) == everything(watched)


def test_the_history_stays_until_somebody_shortens_it():
    run = trainer()
    go(run, 22)
    kept, rows = snapshot.take(run), len(run.history)
    go(run, 55)
    longer = len(run.history)
    snapshot.restore(run, kept)
    assert kept.rows == rows < longer == len(run.history)


def test_another_optimizer_begins_without_memory():
    run = trainer()
    go(run, 20)
    kept = snapshot.take(run)
    run.set_training({"optimizer": "rmsprop", "batch_size": 7})
    go(run, 5)
    snapshot.restore(run, kept)
    assert (run.optimizer.kind, run.optimizer.t, run.optimizer.state) == ("rmsprop", 0, {})
    assert np.isfinite(go(run, 20)).all()


def test_other_examples_begin_a_pass():
    run = trainer()
    go(run, 20)
    kept = snapshot.take(run)
    run.set_data(datasets.load({"kind": "circle", "samples": 300, "noise": 0.1}, 3))
    go(run, 5)
    snapshot.restore(run, kept)
    assert run.epoch == int(run.epoch)
    assert np.isfinite(go(run, 60)).all()


def test_a_run_that_diverged_can_be_restored():
    run = trainer({"layers": [{"kind": "dense", "units": 8, "activation": "relu"}]}, data="reg_plane",
                  optimizer={"kind": "sgd", "lr": 10.0})
    kept = snapshot.take(run)
    with pytest.raises(engine.Diverged):
        go(run, 5000)
    snapshot.restore(run, kept)
    run.set_training({"optimizer": {"kind": "sgd", "lr": 0.001}, "batch_size": 7})
    assert not run.diverged
    assert np.isfinite(go(run, 50)).all()


def test_a_snapshot_knows_its_size():
    run = trainer()
    assert snapshot.size_of(run) >= snapshot.take(run).nbytes
    go(run, 3)
    assert snapshot.take(run).nbytes >= 3 * run.network.theta.nbytes
    assert snapshot.size_of(run) >= snapshot.take(run).nbytes
