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
            "pale around it: the neuron says how unsure it is.", {"data.noise": 0.5}),
        Try("No straight line will do", "The same neuron on XOR. Play as long as you like: whichever way the line "
            "lies, it is no better than a guess, and the loss stays at ln 2 ≈ 0.693.", {"data.kind": "xor"}),
        Try("Too large a step", "With a learning rate of 8 each step overshoots: the line jumps about, and the weights "
            "grow until every answer is certain.", {"training.optimizer.lr": 8.0}),
    ),
    source=("engine/layers/dense.py:Dense", "engine/kernels.py:sigmoid"),
).show()
