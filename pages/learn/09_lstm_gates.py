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
    parts=("charts", "instruments"),
    panel="Series",
    figures={"Open and shut the gates": by_hand, "What the forget gate's bias does": forget_bias},
    tries=(
        Try("Thirty steps", "24 units each, the same series. After 1,200 steps the losses of the LSTM and the GRU are "
            "below 0.05, and the RNN's is still above 0.9. Look at the LSTM's input gate: some units open it at the "
            "two marked steps."),
        Try("Ten steps", "Now the RNN manages as well, but it is the last of the three: after 300 steps the other two "
            "are below 0.1, and it is still above 0.7. Gates matter most when something must be kept for long.",
            {"data.length": 10, "training.optimizer.lr": 0.01}),
        Try("Sixty steps", "After 200 steps nobody has learned anything: the forget gate begins half open, and 60 "
            "factors of one half leave nothing. The gated ones have to learn to keep first; then they add as well "
            "as before, the GRU within 1,000 steps, the LSTM within 3,000.", {"data.length": 60}),
    ),
    source=("engine/layers/lstm.py:LSTM.gates_at", "engine/layers/lstm.py:LSTM.step",
            "engine/layers/lstm.py:LSTM.step_back", "engine/layers/gru.py:GRU.gates_at",
            "engine/layers/gru.py:GRU.step"),
).show()
