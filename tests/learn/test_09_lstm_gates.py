"""Lesson 9, LSTM gates: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from tests.learn.lessons import SEEDS, loss, told, trained, viewed
from ui.explore import gates, values_of

GATES = "09_lstm_gates"
KINDS = ("RNN", "LSTM", "GRU")
MINUTE = 6000                    # steps that Play makes in a minute: runs beside each other begin at 100 steps a second


def losses(name: str, steps: int, seed: int) -> list:
    """The training losses of the RNN, the LSTM and the GRU up to a step."""
    return [told(GATES, name, steps, side, seed).train_loss for side in KINDS]


@pytest.mark.parametrize("seed", SEEDS)
def test_gates_remember_thirty_steps_and_a_plain_state_does_not(seed):
    rnn, gru = (told(GATES, "Thirty steps", 1200, side, seed).train_loss for side in ("RNN", "GRU"))
    assert loss(trained(GATES, "Thirty steps", 1200, "LSTM", seed)) < 0.05
    assert gru[-1] < 0.05
    assert rnn.min() > 0.9


@pytest.mark.parametrize("seed", SEEDS)
def test_the_input_gate_opens_at_the_marks(seed):
    run = trained(GATES, "Thirty steps", 1200, "LSTM", seed)
    opened = []
    for example in range(5):
        gate = viewed(run, "0.gates", example)[0, :, 0]                                # (T, H), the input gate
        marked = run.dataset.x_test[example, :, 1] > 0
        opened.append(gate[marked].mean(axis=0) - gate[~marked].mean(axis=0))
    assert np.mean(opened, axis=0).max() > 0.2


@pytest.mark.parametrize("seed", SEEDS)
def test_ten_steps_are_within_an_rnns_reach_but_last(seed):
    rnn, lstm, gru = losses("Ten steps", 300, seed)
    assert max(lstm[-1], gru[-1]) < 0.1 < 0.7 < rnn.min()
    assert told(GATES, "Ten steps", 1500, "RNN", seed).train_loss.min() < 0.2


@pytest.mark.parametrize("seed", SEEDS)
def test_sixty_steps_teach_nothing_at_first(seed):
    assert min(values.min() for values in losses("Sixty steps", 200, seed)) > 0.8


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_sixty_steps_take_longer(seed):
    assert told(GATES, "Sixty steps", 1000, "GRU", seed).train_loss.min() < 0.05
    assert told(GATES, "Sixty steps", 3000, "LSTM", seed).train_loss.min() < 0.05


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("steps", [MINUTE, 30_000])                                      # and at full speed
def test_in_a_minute_of_play_the_gated_ones_stay_ahead(steps, seed):
    for name in ("Thirty steps", "Ten steps"):
        rnn, lstm, gru = (np.median(values[-100:]) for values in losses(name, steps, seed))
        assert max(lstm, gru) < 0.05, name
        assert rnn > 2 * max(lstm, gru), name


def cells(**values):
    shown = gates.one_cell(**values_of(gates.CONTROLS, values))
    return {row["name"]: row["values"] for row in shown["rows"]}


def test_by_hand_a_value_is_stored_kept_shown_replaced_and_added_to():
    start = cells()
    assert start["c"] == pytest.approx([0.8] * 8, abs=1e-3)
    assert start["h"][:7] == pytest.approx([0] * 7, abs=1e-3)
    assert start["h"][7] == pytest.approx(np.tanh(0.8), abs=1e-3)
    both = [1, 0, 0, 1, 0, 0, 0, 0]
    assert cells(input=both, forget=[1, 1, 1, 0, 1, 1, 1, 1])["c"][-1] == pytest.approx(0.9, abs=1e-3)
    assert cells(input=both)["c"][-1] == pytest.approx(1.7, abs=1e-3)
    assert cells(forget=[1, 0.5, 0.5, 1, 1, 1, 1, 1])["c"][-1] == pytest.approx(0.2, abs=1e-3)


@pytest.mark.parametrize(("bias", "left"), [(0.0, 0.5 ** 59), (3.0, 0.0567), (6.0, 0.864)])
def test_what_is_left_is_the_forget_gate_to_the_power_of_the_steps(bias, left):
    line = gates.kept(bias)["lines"][0]["values"]
    assert line[0] == pytest.approx(1, abs=1e-3)
    assert line[-1] == pytest.approx(left, rel=0.01)
