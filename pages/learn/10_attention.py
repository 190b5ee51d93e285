"""Lesson 10: attention."""

from ui.explore.attention import root_d, vectors
from ui.lesson import Lesson, Try

EACH = {"kind": "dense", "units": 16, "activation": "tanh"}
DOT = [{"kind": "self_attention", "heads": 1}, {"kind": "last_step"}]
MEAN = {"kind": "mean_over_time"}

Lesson(
    page=__file__,
    spec={
        "data": {"kind": "adding", "length": 20, "samples": 1000},
        "network": {"layers": [EACH, *DOT]},
        "training": {"optimizer": {"kind": "adam", "lr": 0.003}, "batch_size": 32},
    },
    controls=("training.optimizer.lr", "data.length", "network.layers.0.units", "training.batch_size"),
    numbers=(("L (1 is a guess)", "train_loss", 0), ("R² on test series", "test_score", 0)),
    panel="Views: attention",
    select=1,
    figures={"Move the vectors": vectors, "Why √d?": root_d},
    tries=(
        Try("Four times as long", "80 steps instead of 20, and R² is above 0.95 within 400 steps all the same. The way "
            "from the question to any step is one step, however long the series is.", {"data.length": 80}),
        Try("No choice of where to look", "A plain mean over time in place of attention. Marked and unmarked numbers "
            "count alike, and the mean of twenty numbers says little about two of them: the loss stays above 0.8, "
            "however long it plays.", {"network.layers": [MEAN, EACH]}),
        Try("A choice without attention", "The mean again, but *behind* the dense layer. After 1,000 steps the loss is "
            "still above 0.7, but after 10,000 it is below 0.1: the layer has learned to say the same of every number "
            "without a mark. A gate is a choice, too.", {"network.layers": [EACH, MEAN]}),
        Try("Look by a small network", "The additive score, asked by the last step only: one row of weights. R² is "
            "above 0.9 after 400 steps whatever the seed. But stop there and try other seeds: some have put all weight "
            "on the two marks, others less than half, and their answers are nearly as good. Weights say where a "
            "network looks, not all that it does. Play on, and more of the weight moves to the marks.",
            {"network.layers": [EACH, {"kind": "additive_attention", "units": 16}], "training.optimizer.lr": 0.02}),
        Try("Attention on its own", "No layer before it: 27 parameters in all, attention straight on the pairs of "
            "number and mark. It is slower at first, and then R² is above 0.9 all the same, within 600 steps.",
            {"network.layers": DOT, "training.optimizer.lr": 0.01}, select=0),
    ),
    source=("engine/kernels/attention.py:attend_plain", "engine/layers/self_attention.py:SelfAttention",
            "engine/layers/additive_attention.py:Additive.attend"),
).show()
