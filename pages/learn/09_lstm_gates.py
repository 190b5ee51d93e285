"""Lesson 9: the gates of an LSTM."""

from ui.explore.gates import by_hand, forget_bias
from ui.lesson import Lesson, Try


def memory(kind: str) -> list[dict]:
    return [{"kind": kind, "units": 24}]


Lesson(
    page=__file__,
    spec={
        "data": {"kind": "adding", "length": 30, "samples": 2000},
        "network": {"layers": memory("lstm")},
        "training": {"optimizer": {"kind": "adam", "lr": 0.005}, "batch_size": 32},
    },
    controls=("training.optimizer.lr", "data.length", "network.layers.0.units", "training.batch_size"),
    numbers=(("L (1 is a guess)", "train_loss", 0), ("R² on test series", "test_score", 0)),
    panel="Views: gates",
    figures={"Open and shut the gates": by_hand, "What the forget gate's bias does": forget_bias},
    tries=(
        Try("The same task: RNN", "24 units without gates. Play as long as the LSTM took, about 1,200 steps: the loss "
            "stays at 1, a guess.", {"network.layers": memory("rnn")}),
        Try("The same task: GRU", "Two gates and no separate cell: about a quarter fewer parameters than the LSTM. It "
            "is through the plateau even sooner.", {"network.layers": memory("gru")}),
        Try("The same task: LSTM", "Look at the input gate as it learns: the units that store something open it at the "
            "two marked steps. After 1,200 steps the loss is below 0.05.", {"network.layers": memory("lstm")}),
        Try("A short series is easier", "With 10 steps the RNN manages too, though more slowly and less exactly. "
            "Gates matter when something must be kept for long.",
            {"data.length": 10, "network.layers": memory("rnn"), "training.optimizer.lr": 0.01}),
    ),
    source=("engine/layers/lstm.py:LSTM.step", "engine/layers/lstm.py:LSTM.run_back", "engine/layers/gru.py:GRU.step"),
).show()
