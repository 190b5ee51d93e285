"""Lesson 9: the gates of an LSTM."""

from ui.explore.gates import by_hand, forget_bias
from ui.lesson import Lesson, Try

SERIES = {"kind": "adding", "length": 30, "samples": 2000}

Lesson(
    page=__file__,
    spec={
        "data": SERIES,
        "network": {"layers": [{"kind": "lstm", "units": 24}]},
        "training": {"optimizer": {"kind": "adam", "lr": 0.005}, "batch_size": 32},
    },
    sides={name: {"network.layers.0.kind": name.lower()} for name in ("RNN", "LSTM", "GRU")},
    controls=("training.optimizer.lr", "data.length", "network.layers.0.units", "training.batch_size"),
    numbers=(("L (1 is a guess)", "train_loss", 0), ("R² on test series", "test_score", 0)),
    parts=("charts", "inspect"),
    panel="Series",
    figures={"Open and shut the gates": by_hand, "What the forget gate's bias does": forget_bias},
    tries=(
        Try("Thirty steps", "24 units each, the same series. After 400 steps the GRU is through its plateau, after "
            "1,200 the LSTM too, with a loss below 0.05. The RNN stays at 1. Look at the LSTM's input gate: some units "
            "open it at the two marked steps."),
        Try("Ten steps", "Now the RNN manages as well, but it stays on its plateau long after the other two are done. "
            "Gates matter when something must be kept for long.",
            {"data.length": 10, "training.optimizer.lr": 0.01}),
        Try("Sixty steps", "The GRU takes about as long as before, the LSTM three times as long; its forget gate "
            "begins half open, and 60 factors of one half leave nothing. It has to learn to keep, first.",
            {"data.length": 60}),
        Try("Four units", "A surprise: with 4 units instead of 24 even the RNN gets through. Its weights begin as "
            "U(±1/√H), so with H = 4 they are larger, and at the start far more of the gradient comes through 30 "
            "steps. Not gates alone decide, but what one factor a step is.", {"network.layers.0.units": 4}),
    ),
    source=("engine/layers/lstm.py:LSTM.step", "engine/layers/lstm.py:LSTM.run_back", "engine/layers/gru.py:GRU.step"),
).show()
