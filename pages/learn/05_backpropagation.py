"""Lesson 5: backpropagation."""

from ui.explore.chain import graph, nudges
from ui.lesson import Lesson, Try, dense

Lesson(
    page=__file__,
    spec={
        "data": {"kind": "circle"},
        "network": {"layers": dense(2, 3, "tanh"), "initializer": "default"},
        "training": {"optimizer": {"kind": "sgd", "lr": 0.3}, "batch_size": 4},
    },
    controls=("training.optimizer.lr", "training.batch_size", "network.initializer", "network.layers.0.activation"),
    numbers=(("W₁[x₁, 1]", "weights.0.W", 0), ("W₁[x₂, 1]", "weights.0.W", 3), ("b₁[1]", "weights.0.b", 0),
             ("L", "train_loss", 0)),
    panel="Microscope",
    figures={"Edge by edge": graph, "Is it right? Nudge it": nudges},
    tries=(
        Try("A single example", "A batch of one: the gradient of a weight is one product, x · ∂L/∂z, with nothing to "
            "add up. Press Step and the sign of the change is minus that of the product.",
            {"training.batch_size": 1}),
        Try("All examples at once", "A batch of all 250: the gradient is the mean of 250 pushes, many of which cancel. "
            "The loss falls at every one of the first 200 steps.",
            {"training.batch_size": 250, "training.optimizer.lr": 0.1}),
        Try("Every weight at zero", "Look at any weight of the first two layers: its gradient is exactly 0, since "
            "every way back passes a weight that is 0. Only the output's bias learns. Any other number for all of them "
            "is hardly better: the units of a layer stay copies of each other. This is why weights begin at random.",
            {"network.initializer": "zeros"}),
        Try("Six layers of sigmoids", "Look at a weight of layer 1, then of the output layer: f′(z) is at most ¼ in "
            "each layer on the way, and at the beginning the first layer's gradient is less than a ten-thousandth of "
            "the last one's.",
            {"network.layers": dense(6, 8, "sigmoid")}),
        Try("ReLU: factors of 0 and 1", "In the column f′(z) there is nothing but 0 and 1. An example for which the "
            "unit is off adds nothing to the weight's gradient.", {"network.layers": dense(2, 8, "relu")}),
    ),
    source=("engine/network.py:Network.backward", "engine/layers/dense.py:Dense.backward",
            "engine/activations.py:Tanh.backward", "engine/gradcheck.py:slope"),
).show()
