"""Lesson 12: residual networks."""

from ui.explore.depth import flow, layers_of
from ui.lesson import Lesson, Try

Lesson(
    page=__file__,
    spec={
        "data": {"kind": "spiral", "noise": 0.1},
        "network": {"layers": layers_of(12, residual=True), "initializer": "default"},
        "training": {"optimizer": {"kind": "adam", "lr": 0.005}, "batch_size": 32},
    },
    controls=("training.optimizer.lr", "network.initializer", "data.noise", "training.batch_size"),
    numbers=(("L (a guess: 0.693)", "train_loss", 0), ("accuracy on test points", "test_score", 0)),
    panel="Gradients",
    figures={"How far gradients come": flow},
    tries=(
        Try("Plain, 4 layers", "Shallow enough to learn: the spiral takes shape, slowly.",
            {"network.layers": layers_of(4, residual=False)}),
        Try("Plain, 20 layers", "The same layers, more of them. A larger network that *could* do all the small one "
            "does is worse on the very points it trains on: this isn't overfitting, it is optimisation that fails.",
            {"network.layers": layers_of(20, residual=False)}),
        Try("Shortcuts, 20 layers", "The same 20 layers with a shortcut past each, not one parameter more. The train "
            "loss falls below 0.2 within 600 steps.", {"network.layers": layers_of(20, residual=True)}),
        Try("Plain, 40 layers", "The loss doesn't move from 0.693: the gradient in the first layer is thirteen orders "
            "of magnitude smaller than 1.", {"network.layers": layers_of(40, residual=False)}),
        Try("Shortcuts, 40 layers", "Forty layers, and it learns. Every layer only has to say what to *add*.",
            {"network.layers": layers_of(40, residual=True)}),
    ),
    source=("engine/layers/residual.py:Shortcut.forward", "engine/layers/residual.py:Shortcut.backward",
            "engine/layers/residual.py:BasicBlock"),
).show()
