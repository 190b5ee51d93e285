"""Lesson 12: residual networks."""

from ui.explore.depth import flow, layers_of
from ui.lesson import Lesson, Switch, Try


def deep(depth: int) -> dict:
    return {"network.layers": layers_of(depth, residual=False)}


def with_shortcuts(spec: dict) -> dict:
    """The same layers, each but the first with a shortcut past it."""
    first, *others = spec["network"]["layers"]
    return {"network.layers": [first, *(other if other["kind"] == "residual" else
                                        {"kind": "residual", "layers": [other]} for other in others)]}


Lesson(
    page=__file__,
    spec={
        "data": {"kind": "spiral", "noise": 0.1},
        "network": {"layers": layers_of(20, residual=False), "initializer": "default"},
        "training": {"optimizer": {"kind": "adam", "lr": 0.005}, "batch_size": 32},
    },
    sides={"Plain": {}, "With shortcuts": with_shortcuts},
    switches=(Switch("Depth", {str(depth): deep(depth) for depth in (4, 8, 12, 16, 20, 30, 40)},
                     "How many hidden layers both networks have."),),
    controls=("training.optimizer.lr", "network.initializer", "data.noise", "training.batch_size"),
    numbers=(("L (a guess: 0.693)", "train_loss", 0), ("accuracy on test points", "test_score", 0)),
    parts=("output", "charts", "instruments"),
    panel="Gradients",
    figures={"How far gradients come": flow},
    tries=(
        Try("Four layers", "Shallow enough for both: within 5,000 steps the spiral takes shape on the two sides "
            "alike.", deep(4)),
        Try("Twenty layers", "The same layers, more of them. The plain network, which could do all that the small one "
            "does, is worse on the very points it trains on: this isn't overfitting, it is optimisation that fails. "
            "The other, with not one parameter more, gets its train loss below 0.2 within 600 steps.", deep(20)),
        Try("Forty layers", "The plain loss doesn't move from 0.693: at the start the gradient in its first layer "
            "is about a ten-trillionth. With shortcuts forty layers learn, to below 0.2 within 600 steps: each only "
            "has to say what to *add*.", deep(40)),
        Try("A gradient that arrives", "Orthogonal initial weights: at the start the gradient of the plain network's "
            "first layer is as long as that of its last. And still its loss is above 0.5 after 1,000 steps, and the "
            "other's has been below 0.1. Vanishing gradients aren't the whole story: copying is hard to "
            "learn, adding nothing is easy.",
            deep(20) | {"network.initializer": "orthogonal"}),
    ),
    source=("engine/layers/residual.py:Shortcut.forward", "engine/layers/residual.py:Shortcut.backward",
            "engine/layers/residual.py:BasicBlock"),
).show()
