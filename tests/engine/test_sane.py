"""Where a run that diverges goes back to: a step whose loss was sane, as if what came later had not happened."""

import numpy as np
import pytest

import engine
from engine import snapshot
from engine.sane import LARGE, NEAR, STRETCH, Sane
from tests.engine.trainers import run, same, trainer, wave

DENSE = [{"kind": "dense", "units": 8, "activation": "relu"}] * 2
CALM, WILD = {"optimizer": {"kind": "sgd", "lr": 0.05}}, {"optimizer": {"kind": "sgd", "lr": 30.0}}


def ruined(seed: int = 0) -> tuple[engine.Trainer, engine.Diverged, list[float]]:
    """A run that learned for some steps, then took too long ones: the run, what it raised, its losses before."""
    tr = trainer(wave(), layers=DENSE, seed=seed, **CALM)
    losses = run(tr, 1000)
    tr.set_training(WILD)
    with pytest.raises(engine.Diverged) as error:
        run(tr, 3000)
    return tr, error.value, losses


@pytest.mark.parametrize("seed", range(4))
def test_it_goes_back_to_a_step_from_before_the_losses_rose(seed):
    tr, error, losses = ruined(seed=seed)
    assert tr.diverged
    assert error.back == tr.steps < error.step
    assert 1000 - 3 * STRETCH < tr.steps <= 1000
    assert tr.evaluate()["train"]["loss"] < 5 * np.median(losses[900:1000]) < np.median(losses[:50])
    assert tr.history.column("step")[-1] <= tr.steps
    assert f"step {error.back:,}" in str(error)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_from_there_it_goes_on_bit_for_bit_as_if_the_rest_had_not_happened(optimizer):
    tr, error, _ = ruined()
    twin = trainer(wave(), layers=DENSE, **CALM)
    run(twin, error.back)
    for one in tr, twin:
        one.set_training({"optimizer": {"kind": optimizer, "lr": 0.01}})
    assert run(tr, 200) == run(twin, 200)
    assert same(tr, twin)


def test_the_same_run_diverges_at_the_same_step_and_goes_back_to_the_same_state():
    (a, one, _), (b, other, _) = ruined(), ruined()
    assert (one.step, one.back, one.loss) == (other.step, other.back, other.loss)
    assert same(a, b)


def test_looking_back_in_time_changes_nothing_of_it():
    tr = trainer(wave(), layers=DENSE, **CALM)
    run(tr, 90)
    early = snapshot.take(tr)
    run(tr, 910)
    now = snapshot.take(tr)
    snapshot.restore(tr, early)
    snapshot.restore(tr, now)
    tr.set_training(WILD)
    with pytest.raises(engine.Diverged) as error:
        run(tr, 3000)
    other, expected, _ = ruined()
    assert error.value.back == expected.back
    assert np.array_equal(tr.network.theta, other.network.theta)


def test_a_run_that_went_on_from_an_earlier_step_goes_back_no_further_ahead():
    tr = trainer(wave(), layers=DENSE, **CALM)
    run(tr, 300)
    early = snapshot.take(tr)
    run(tr, 700)
    snapshot.restore(tr, early)
    tr.history.truncate(early.rows)
    tr.set_training(WILD)
    with pytest.raises(engine.Diverged) as error:
        run(tr, 3000)
    assert error.value.back <= 300
    assert tr.evaluate()["train"]["loss"] < 1


def test_with_the_same_settings_it_diverges_again_at_the_same_step():
    tr, error, _ = ruined()
    with pytest.raises(engine.Diverged) as again:
        run(tr, 3000)
    assert again.value.back == error.back


def test_a_slow_rise_is_left_far_behind():
    """Losses that grow by a thousandth a step: every state of the rise has finite weights, and none of it is sane."""
    tr, sane = trainer(), Sane()
    sane.begin(tr)
    losses = np.concatenate([np.geomspace(1.0, 0.1, 2000), 0.1 * 1.001 ** np.arange(20_000)])
    for value in losses:
        sane.losses[tr.steps % STRETCH] = value
        tr.steps += 1
        if tr.steps % STRETCH == 0:
            sane.keep(tr)
    assert len(sane.states) < 60
    loss = sane.back(tr)
    assert loss <= NEAR * 0.15
    assert losses[tr.steps] < 0.3
    assert tr.steps > 1000


def test_one_that_was_never_better_than_at_first_goes_back_to_its_beginning():
    tr = trainer(wave(), layers=[{"kind": "dense", "units": 6, "activation": "linear"}],
                 optimizer={"kind": "sgd", "lr": 1000.0})
    with pytest.raises(engine.Diverged) as error:
        run(tr, 3000)
    assert tr.steps == error.value.back == 0
    assert "at its beginning" in str(error.value)
    assert error.value.loss == tr.history.last()["train_loss"]


def test_other_data_are_a_new_measure():
    tr = trainer(wave(), layers=DENSE, **CALM)
    run(tr, 500)
    tr.set_data(wave(41))
    tr.set_training(WILD)
    with pytest.raises(engine.Diverged) as error:
        run(tr, 3000)
    assert error.value.back >= 500


def test_a_large_network_keeps_few_states_within_their_budget(monkeypatch):
    monkeypatch.setattr("engine.sane.BUDGET", 3_000_000)
    monkeypatch.setattr("engine.sane.LONG_STRETCH", 8)
    tr = trainer(layers=[{"kind": "dense", "units": 256}] * 2)
    assert tr.network.theta.size > LARGE
    run(tr, 8 * 30)
    states = tr._sane.states
    assert states[0].snapshot.step == 0
    assert sum(state.snapshot.nbytes for state in states[1:]) <= 3_000_000
    assert len(states) >= 3
