"""Lesson 1: one neuron."""

from ui.lesson import Lesson, Try

Lesson(
    page=__file__,
    spec={
        "data": {"kind": "gaussian", "noise": 0.2},
        "network": {"layers": []},
        "training": {"optimizer": {"kind": "sgd", "lr": 0.03}, "batch_size": 10},
    },
    controls=("training.optimizer.lr", "data.noise", "data.samples", "training.batch_size"),
    numbers=(("w₁", "weights.0.W", 0), ("w₂", "weights.0.W", 1), ("b", "weights.0.b", 0), ("L", "train_loss", 0)),
    tries=(
        Try("A harder cloud", "With more noise the clouds overlap. The line still settles, but the background stays "
            "pale around it: the neuron says how unsure it is.", {"data.noise": 0.7}),
        Try("No straight line will do", "The same neuron on XOR. Wherever the line lies, many points are on the wrong "
            "side. The least loss is that of no line at all: the weights shrink to almost nothing, every point gets "
            "about 50 %, and the loss stays near that of a guess, ln 2 ≈ 0.693.", {"data.kind": "xor"}),
        Try("Too large a step", "Clouds that overlap, and a learning rate of 10. Each step overshoots, so the line "
            "swings and the loss jumps for as long as it plays. Drag the learning rate down to 0.03: the line comes to "
            "rest, and the loss is lower than it was on average.",
            {"data.noise": 1.0, "training.optimizer.lr": 10.0}),
    ),
    source=("engine/layers/dense.py:Dense", "engine/kernels/basic.py:sigmoid"),
).show()
