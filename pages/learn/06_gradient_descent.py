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
            "still above 0.45, and after 10,000 it is still higher than a rate of 0.3 gets in 500.", {LR: 0.001}),
        Try("Too large", "A learning rate of 100. Each step flies across the valley and lands far up on a slope: from "
            "step 500 on the loss is nearly always above 1, worse than a guess.", {LR: 100.0}),
        Try("One example at a time", "Batches of one, and clouds that overlap. The loss falls and jitters, since "
            "every example pulls its own way. From step 2,000 on the jumps are more than three times those of "
            "batches of 10: drag the batch size up, and see.", {BATCH: 1, "data.noise": 0.7}),
        Try("One at a time, cooling down", "The same with a cosine schedule over 40 epochs. As the learning rate "
            "shrinks, so do the jumps. After 40 epochs (10,000 steps) the loss is still, and lower than it is "
            "then on average without.",
            {BATCH: 1, "data.noise": 0.7, "training.schedule": {"kind": "cosine", "length": 40}}),
        Try("Adam", "The same start, and Adam at 0.03. Every weight gets a step of its own size: after 1,000 steps the "
            "loss is less than half of what plain SGD has reached.", {"training.optimizer": OPTIMIZERS["Adam"]}),
    ),
    source=("engine/trainer.py:Trainer.step", "engine/optimizers.py:SGD.update", "engine/optimizers.py:RMSProp.update",
            "engine/optimizers.py:Adam.update", "engine/schedules.py:Cosine"),
).show()
