"""Lesson 4: losses."""

from ui.explore.wrongness import classes, numbers, two_classes
from ui.lesson import Lesson, Try, dense

DIGITS = {"data": {"kind": "digits"}, "network.layers": [{"kind": "flatten"}, *dense(1, 32, "sigmoid")]}

Lesson(
    page=__file__,
    spec={
        "data": {"kind": "blobs", "classes": 6},
        "network": {"layers": dense(2, 8, "sigmoid")},
        "training": {"loss": "cross_entropy", "optimizer": {"kind": "sgd", "lr": 0.3}, "batch_size": 10},
    },
    sides={"Cross-entropy": {"training.loss": "cross_entropy"},
           "Squares of the probabilities": {"training.loss": "brier"}},
    controls=("training.optimizer.lr", "data.noise", "training.batch_size"),
    parts=("output", "charts"),
    figures={"A number to predict": numbers, "Yes or no": two_classes, "One of several": classes},
    tries=(
        Try("Three arms", "A harder border, and tanh in two layers of 16. With cross-entropy nine in ten are right "
            "within 800 steps. The squares need longer to get there, but within 2,000 steps they do.",
            {"data": {"kind": "multi_spiral"}, "network.layers": dense(2, 16, "tanh")}),
        Try("Handwritten digits", "Ten classes. After 500 steps cross-entropy names nine digits in ten, the squares "
            "less than two in three: ten small probabilities at the beginning mean ten tiny slopes. By 3,000 steps "
            "both are above 94 %.", DIGITS),
        Try("Ten times the steps", "A learning rate of 3 makes up for the flat slope: after 500 steps both are right. "
            "The squares aren't wrong. They are slow where it matters most: at the beginning, and when sure of "
            "the wrong thing.", {"training.optimizer.lr": 3.0}),
        Try("Digits with Adam", "Adam divides by the size of recent gradients, so a small slope is no longer a small "
            "step. After 500 steps both are above 92 %: the choice of a loss and of an optimizer belong together.",
            DIGITS | {"training.optimizer": {"kind": "adam", "lr": 0.01}}),
    ),
    source=("engine/losses.py:MeanSquaredError", "engine/losses.py:Huber", "engine/losses.py:CrossEntropy",
            "engine/losses.py:Brier", "engine/kernels/basic.py:logistic_loss"),
).show()
