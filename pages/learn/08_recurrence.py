"""Lesson 8: recurrence."""

from ui.explore.recurrence import through_time, unrolled
from ui.lesson import Lesson, Try

BACK = "view:0.gradient_through_time"

Lesson(
    page=__file__,
    spec={
        "data": {"kind": "adding", "length": 10, "samples": 2000},
        "network": {"layers": [{"kind": "rnn", "units": 32, "truncate": 0}], "initializer": "default"},
        "training": {"optimizer": {"kind": "adam", "lr": 0.01}, "batch_size": 32, "clip_norm": None},
    },
    controls=("training.optimizer.lr", "data.length", "network.initializer", "network.layers.0.truncate"),
    numbers=(("L (1 is a guess)", "train_loss", 0), ("‖∂L/∂h‖ at step 1", BACK, 0), ("… at step 10", BACK, 9)),
    panel="Series",
    figures={"Unrolled": unrolled, "The way back": through_time},
    tries=(
        Try("Twice as long", "20 steps instead of 10. At the start the gradient at step 1 is less than a "
            "ten-thousandth of the one at step 20 (hover over the curve). The loss stays near 1: the sum can't be "
            "learned from what doesn't arrive.", {"data.length": 20}),
        Try("A Wh that keeps lengths", "The same 20 steps, but Wh begins as a rotation: all its eigenvalues have size "
            "1, so the gradient arrives at step 1 with a tenth or more of its size. Now the loss falls.",
            {"data.length": 20, "network.initializer": "orthogonal", "training.optimizer.lr": 0.003}),
        Try("An exploding gradient", "The same start, but plain gradient descent in larger steps. It learns at first; "
            "then, somewhere within 2,000 steps, Wh grows past 1, the gradient leaps to many times its size, and one "
            "step with it is enough to ruin everything. The run stops and says so.",
            {"data.length": 20, "network.initializer": "orthogonal",
             "training.optimizer": {"kind": "sgd", "lr": 0.1}}),
        Try("The same, clipped", "A gradient longer than 1 is shortened to 1, its direction kept. The same run goes on "
            "where the other one broke, and its loss falls below 0.5.",
            {"data.length": 20, "network.initializer": "orthogonal",
             "training.optimizer": {"kind": "sgd", "lr": 0.1}, "training.clip_norm": 1.0}),
        Try("Cut the way back", "The gradient may flow back 3 steps only. Further left it is exactly 0, so a mark "
            "there teaches nothing: most of the loss remains.", {"network.layers.0.truncate": 3}),
    ),
    source=("engine/layers/recurrent.py:RNN", "engine/layers/recurrent.py:norm_by_step"),
).show()
