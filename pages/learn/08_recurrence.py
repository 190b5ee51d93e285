"""Lesson 8: recurrence."""

from ui.explore.recurrence import through_time, unrolled
from ui.lesson import Lesson, Try

BACK = "view:0.gradient_through_time"
ROTATION = {"network.initializer": "orthogonal"}
FAST = ROTATION | {"data.length": 20, "training.optimizer": {"kind": "sgd", "lr": 0.12}}

Lesson(
    page=__file__,
    spec={
        "data": {"kind": "adding", "length": 10, "samples": 2000},
        "network": {"layers": [{"kind": "rnn", "units": 32, "truncate": 0}], "initializer": "default"},
        "training": {"optimizer": {"kind": "adam", "lr": 0.005}, "batch_size": 32, "clip_norm": 1.0},
    },
    controls=("training.optimizer.lr", "data.length", "network.initializer", "network.layers.0.truncate"),
    numbers=(("L (1 is a guess)", "train_loss", 0), ("‖∂L/∂h‖ at step 1", BACK, 0), ("… at step 10", BACK, 9)),
    panel="Series",
    figures={"Unrolled": unrolled, "The way back": through_time},
    tries=(
        Try("Three times as long", "30 steps instead of 10. At the start the gradient at step 1 is less than a "
            "millionth of the one at step 30 (hover over the curve), and after 1,000 steps the loss is still above "
            "0.9: what doesn't arrive can't teach. Play on: after some thousands of steps it may get through all the "
            "same.", {"data.length": 30}),
        Try("A Wh that keeps lengths", "The same 30 steps, but Wh begins as a rotation: all its eigenvalues have size "
            "1, so at the start about a tenth of the gradient or more arrives at step 1. Now the loss is below 0.5 "
            "after 1,500 steps.", ROTATION | {"data.length": 30, "training.optimizer.lr": 0.003}),
        Try("An exploding gradient", "20 steps, plain gradient descent in large steps, and no clipping. It learns a "
            "little at first; then, somewhere within 3,000 steps, the gradient leaps to many times its size, and a few "
            "steps with it are enough to ruin everything. The run stops and says so.",
            FAST | {"training.clip_norm": None}),
        Try("The same, clipped", "A gradient longer than 1 is shortened to 1, its direction kept. The same run goes on "
            "where the other one broke, and after 2,000 steps its loss is below 0.5.", FAST),
        Try("Cut the way back", "The gradient reaches the last step only. Further left it is exactly 0, and after "
            "800 steps the loss is still above 0.7. Surprisingly it falls later all the same: a state that nobody "
            "taught to remember still holds some of what went by, and the last steps learn to read it.",
            {"network.layers.0.truncate": 1}),
    ),
    source=("engine/layers/recurrent.py:RNN", "engine/layers/recurrent.py:back_through_time",
            "engine/layers/recurrent.py:norm_by_step"),
).show()
