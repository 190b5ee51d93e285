"""Lesson 9, LSTM gates: what its tasks claim, and the numbers of its figures."""

import numpy as np
import pytest

from tests.learn.lessons import lesson, loss, ratio, trained, trainer, viewed
from ui.explore import gates, values_of

GATES = "09_lstm_gates"


def kinds(name: str, steps: int) -> list:
    """The RNN, the LSTM and the GRU of a task after so many steps."""
    return [trained(GATES, name, steps, side) for side in ("RNN", "LSTM", "GRU")]


def test_gates_remember_thirty_steps_and_a_plain_state_does_not():
    rnn, lstm, gru = kinds("Thirty steps", 1200)
    assert loss(lstm) < 0.05
    assert loss(gru) < 0.05
    assert loss(rnn) > 0.9
    _, lstm, gru = kinds("Thirty steps", 400)
    assert loss(gru) < 0.2 < loss(lstm)


def test_the_input_gate_opens_at_the_marks():
    run = trained(GATES, "Thirty steps", 1200, "LSTM")
    opened = []
    for example in range(5):
        gate = viewed(run, "0.gates", example)[0, :, 0]                                # (T, H), the input gate
        marked = run.dataset.x_test[example, :, 1] > 0
        opened.append(gate[marked].mean(axis=0) - gate[~marked].mean(axis=0))
    assert np.mean(opened, axis=0).max() > 0.2


def test_ten_steps_are_within_an_rnns_reach_but_last():
    rnn, lstm, gru = kinds("Ten steps", 600)
    assert max(loss(lstm), loss(gru)) < 0.1 < 0.6 < loss(rnn)
    assert loss(kinds("Ten steps", 1500)[0]) < 0.3


@pytest.mark.slow
def test_sixty_steps_take_the_lstm_longer():
    assert loss(trained(GATES, "Sixty steps", 500, "GRU")) < 0.2
    run = trained(GATES, "Sixty steps", 500, "LSTM")
    assert loss(run) > 0.8
    for _ in range(1500):
        run.step()
    assert loss(run) < 0.1
    trained.cache_clear()


def test_four_units_let_the_gradient_through():
    assert max(map(loss, kinds("Four units", 2000))) < 0.2
    few, many = (ratio(trainer(lesson(GATES), name, "RNN")) for name in ("Four units", "Thirty steps"))
    assert few > 100 * many


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
