"""Lesson 10: attention."""

from ui.explore.attention import root_d, vectors
from ui.lesson import Lesson, Try

EACH = {"kind": "dense", "units": 16, "activation": "tanh"}
ADDITIVE = [EACH, {"kind": "additive_attention", "units": 16}]
DOT = [EACH, {"kind": "self_attention", "heads": 1}, {"kind": "last_step"}]

Lesson(
    page=__file__,
    spec={
        "data": {"kind": "adding", "length": 20, "samples": 1000},
        "network": {"layers": ADDITIVE},
        "training": {"optimizer": {"kind": "adam", "lr": 0.003}, "batch_size": 32},
    },
    controls=("training.optimizer.lr", "data.length", "network.layers.1.units", "training.batch_size"),
    numbers=(("L (1 is a guess)", "train_loss", 0), ("R² on test series", "test_score", 0)),
    panel="Views: attention",
    select=1,
    figures={"Move the vectors": vectors, "Why √d?": root_d},
    tries=(
        Try("Look by dot product", "Scaled dot-product attention instead of the additive score. Every step asks now; "
            "look at the last row of the heatmap, which is the one that the answer is read from: two bright cells, "
            "at the two marks.", {"network.layers": DOT}),
        Try("No choice of where to look", "The same network with a plain mean over time in place of attention. "
            "Marked and unmarked numbers count alike, and the loss stays above 0.5.",
            {"network.layers": [EACH, {"kind": "mean_over_time"}]}),
        Try("Four times as long", "80 steps, in which the LSTM of the last lesson is lost for long. Attention doesn't "
            "mind: from the question to any step it is one step.", {"data.length": 80}),
        Try("Attention on its own", "No layer before it: 83 parameters in all, attention straight on the pairs of "
            "number and mark. It learns where to look all the same, but takes longer.",
            {"network.layers": [{"kind": "additive_attention", "units": 16}], "training.optimizer.lr": 0.01}, select=0),
    ),
    source=("engine/layers/additive_attention.py:Additive.attend", "engine/kernels_attention.py:attend_plain",
            "engine/layers/self_attention.py:SelfAttention"),
).show()
