"""Lesson 6: gradient descent."""

from ui.explore.descent import descents, race, shapes
from ui.lesson import Lesson, Switch, Try

OPTIMIZERS = {"SGD": {"kind": "sgd", "lr": 0.3}, "Momentum": {"kind": "momentum", "lr": 0.03},
              "Nesterov": {"kind": "nesterov", "lr": 0.03}, "RMSProp": {"kind": "rmsprop", "lr": 0.03},
              "Adam": {"kind": "adam", "lr": 0.03}}
SCHEDULES = {"Constant": {"kind": "constant"}, "Steps": {"kind": "step", "every": 10},
             "Exponential": {"kind": "exponential", "gamma": 0.95}, "Cosine": {"kind": "cosine", "length": 40},
             "Warm-up": {"kind": "warmup", "length": 5}}
LR, BATCH = "training.optimizer.lr", "training.batch_size"

Lesson(
    page=__file__,
    spec={
        "data": {"kind": "moons", "noise": 0.25},
        "network": {"layers": [{"kind": "dense", "units": 6, "activation": "tanh"}]},
        "training": {"optimizer": OPTIMIZERS["SGD"], "schedule": SCHEDULES["Constant"], "batch_size": 10},
    },
    switches=(Switch("Optimizer", {name: {"training.optimizer": spec} for name, spec in OPTIMIZERS.items()}),
              Switch("Schedule", {name: {"training.schedule": spec} for name, spec in SCHEDULES.items()})),
    controls=(LR, BATCH, "data.noise", "data.samples"),
    numbers=(("learning rate now", "lr", 0), ("L, train", "train_loss", 0), ("L, test", "test_loss", 0)),
    panel="Landscape",
    figures={"A loss one can see": descents, "Five ways down": race, "Smaller steps with time": shapes},
    tries=(
        Try("Too small", "A learning rate of 0.001. The way is smooth and leads down, but after 500 steps the loss is "
            "still above 0.45, and it would take many thousands more.", {LR: 0.001}),
        Try("Too large", "A learning rate of 30. Each step flies across the valley and lands higher up: after 500 "
            "steps the loss is above 1, worse than a guess.", {LR: 30.0}),
        Try("One example at a time", "Batches of one. The loss falls and jitters, since every example pulls its own "
            "way. From step 1,600 on the jumps are more than five times those of batches of 10.", {BATCH: 1}),
        Try("One at a time, cooling down", "The same with a cosine schedule over 20 epochs. As the learning rate "
            "shrinks, so do the jumps, and after 20 epochs (5,000 steps) the loss is still, and lower than without.",
            {BATCH: 1, "training.schedule": {"kind": "cosine", "length": 20}}),
        Try("Adam", "The same start, and Adam at 0.03. Every weight gets a step of its own size: after 300 steps the "
            "loss is about half of what plain SGD has reached.", {"training.optimizer": OPTIMIZERS["Adam"]}),
    ),
    source=("engine/trainer.py:Trainer.step", "engine/optimizers.py:SGD.update", "engine/optimizers.py:RMSProp.update",
            "engine/optimizers.py:Adam.update", "engine/schedules.py:Cosine"),
).show()
