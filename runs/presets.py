"""Presets: runs that tell a story, each with the sentence that says what to look for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """A named run. `spec` may be partial: everything else takes its default."""

    name: str
    story: str
    spec: dict


def dense(*units: int, activation: str = "tanh") -> dict:
    return {"layers": [{"kind": "dense", "units": n, "activation": activation} for n in units]}


def training(kind: str, lr: float, batch_size: int = 10, **more) -> dict:
    return {"optimizer": {"kind": kind, "lr": lr}, "batch_size": batch_size, **more}


FEW = {"kind": "gaussian", "noise": 0.5, "samples": 400, "train_fraction": 0.25}  # and noisy

PRESETS = {preset.name: preset for preset in (
    Preset("First steps", "A disc inside a ring. Press Play and watch four neurons close a boundary around the disc; "
           "then take neurons away with −: three still close it, two can't any more.",
           {"data": {"kind": "circle"}, "network": dense(4), "training": training("sgd", 0.1)}),
    Preset("XOR needs a hidden layer", "With no hidden layer the network can only draw a straight line, and that "
           "is hardly better than guessing. Press Play, see it fail, then add a dense layer with + and play again.",
           {"data": {"kind": "xor"}, "network": {"layers": []}, "training": training("sgd", 0.1)}),
    Preset("Spiral", "Watch the boundary wind up between the two arms. Each neuron of the first layer draws a straight "
           "line; the second and third layers join lines into curves.",
           {"data": {"kind": "spiral", "noise": 0.0, "train_fraction": 0.7}, "network": dense(16, 16, 8),
            "training": training("adam", 0.01, 32)}),
    Preset("Too high a learning rate", "Each step overshoots, so the loss jumps about and does not come to rest. While "
           "it plays, drag the learning rate down to 0.1 and watch the loss fall and settle.",
           {"data": {"kind": "gaussian", "noise": 0.5}, "network": dense(8),
            "training": training("sgd", 8.0)}),
    Preset("All weights begin at zero", "Every neuron computes the same and gets the same gradient, so they stay the "
           "same for ever. Play, then set Initial weights to He normal (in the Training panel) and play again.",
           {"data": {"kind": "circle"}, "network": {**dense(6, 6), "initializer": "zeros"},
            "training": training("sgd", 0.1)}),
    Preset("Overfitting", "Few, noisy examples and a large network: the train loss falls towards zero while the test "
           "loss rises. A straight line would do here, but the boundary bends around single points: it learns them by "
           "heart.",
           {"data": FEW, "network": dense(32, 32),
            "training": training("adam", 0.01)}),
    Preset("Regularisation", "The same data and network as Overfitting, but L2 pulls the weights towards zero. The "
           "boundary stays almost straight, and the test loss stays low. Drag L2 (in the Training panel) to feel it.",
           {"data": FEW, "network": dense(32, 32),
            "training": training("adam", 0.01, l2=0.01)}),
    Preset("Many classes", "Five arms, five outputs: the softmax shares one answer between them. The background is "
           "pale where the network is unsure.",
           {"data": {"kind": "multi_spiral", "classes": 5}, "network": dense(16, 16),
            "training": training("adam", 0.01)}),
    Preset("Regression", "No classes here: the network predicts a number, and the colour is the number. A good fit "
           "makes the dots vanish into the background.",
           {"data": {"kind": "waves", "samples": 1000, "train_fraction": 0.7}, "network": dense(16, 16),
            "training": training("adam", 0.01, 32)}),
    Preset("Iris", "Real data: 150 flowers, four measurements each, three species. Look at the confusion matrix: "
           "setosa is easy, the other two overlap.",
           {"data": {"kind": "iris"}, "network": dense(8), "training": training("adam", 0.01)}),
    Preset("Breast cancer", "Thirty measurements of a cell sample, malignant or benign. Even a small network is right "
           "more than 95 times in 100; the confusion matrix shows which mistakes remain. The worse one is to "
           "take a malignant sample for benign.",
           {"data": {"kind": "breast_cancer"}, "network": dense(8, activation="relu"),
            "training": training("adam", 0.001, 32, l2=0.01)}),
    Preset("Digits", "1,797 handwritten digits of 8 by 8 pixels. Each square in a hidden layer shows one neuron's "
           "answers to 64 digits in order from 0 to 9: it lights up in stripes, for the digits that it answers to.",
           {"data": {"kind": "digits"},
            "network": {"layers": [{"kind": "flatten"}, *dense(32, activation="relu")["layers"]]},
            "training": training("adam", 0.003, 32)}),
)}
FIRST = "First steps"
