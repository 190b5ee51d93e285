"""Lesson 2: activations."""

from ui.explore.functions import curve, deep, softmax
from ui.lesson import Lesson, Switch, Try, dense

NAMES = {"Sigmoid": "sigmoid", "Tanh": "tanh", "ReLU": "relu", "Leaky ReLU": "leaky_relu", "ELU": "elu", "GELU": "gelu",
         "SiLU": "silu"}
LARGE = {"optimizer": {"kind": "sgd", "lr": 2.0}, "clip_norm": 3.0, "batch_size": 10}

Lesson(
    page=__file__,
    spec={
        "data": {"kind": "circle"},
        "network": {"layers": dense(6, 12, "sigmoid"), "initializer": "he_normal"},
        "training": {"optimizer": {"kind": "sgd", "lr": 0.1}, "batch_size": 10},
    },
    switches=(Switch("Activation of all six hidden layers",
                     {label: {"network.layers": dense(6, 12, kind)} for label, kind in NAMES.items()}),),
    controls=("training.optimizer.lr", "data.noise", "network.initializer", "training.batch_size"),
    numbers=(("L (a guess: 0.693)", "train_loss", 0), ("accuracy on test points", "test_score", 0)),
    panel="Gradients",
    figures={"Curve and slope": curve, "Softmax": softmax, "Eight layers, not one step": deep},
    tries=(
        Try("Tanh", "The same six layers with tanh, whose slope reaches 1 where the sigmoid's reaches ¼. It closes the "
            "ring within 500 steps, and it stays closed.", {"network.layers": dense(6, 12, "tanh")}),
        Try("ReLU", "Slope 1 wherever a unit is on. It learns as fast; look at the pictures of the units: most have a "
            "side on which they answer exactly 0.", {"network.layers": dense(6, 12, "relu")}),
        Try("Dead ReLUs", "ReLU with a learning rate of 2. (The gradient is clipped, so that nothing explodes.) Within "
            "1,500 steps all twelve units of the last hidden layer answer 0 to every point. No gradient passes a dead "
            "unit, so the network stays at a guess, whatever the learning rate is now.",
            {"network.layers": dense(6, 12, "relu"), "training": LARGE}),
        Try("Leaky ReLU, the same steps", "As before, but 1 % of what is negative passes. No unit is ever quite dead, "
            "and some gradient always reaches the first layer: the loss leaps about at first, and yet most runs learn "
            "the ring within 2,000 steps and keep it. Try other seeds.",
            {"network.layers": dense(6, 12, "leaky_relu"), "training": LARGE}),
        Try("Sigmoid, three layers fewer", "Three layers of sigmoids instead of six, and a learning rate of 0.3. A "
            "little of the gradient does arrive: the loss waits above 0.6 for a thousand steps, and by 5,000 it is "
            "gone. How much harm flat slopes do is a matter of depth.",
            {"network.layers": dense(3, 12, "sigmoid"), "training.optimizer.lr": 0.3}),
    ),
    source=("engine/activations.py:Sigmoid", "engine/activations.py:ReLU", "engine/activations.py:LeakyReLU",
            "engine/activations.py:GELU", "engine/activations.py:Softmax"),
).show()
