"""Application: which digit was drawn?"""

from ui.application import Application, recipe

FLAT = {"kind": "flatten"}
STEPS = {"optimizer": {"kind": "adam", "lr": 0.002}, "batch_size": 32}

Application(
    page=__file__,
    models={
        "Convolutions": recipe("mnist"),
        "Dense layers": {"data": {"kind": "mnist"}, "training": STEPS, "network": {"layers": [
            FLAT, {"kind": "dense", "units": 64, "activation": "relu"}]}},
    },
    controls=("training.optimizer.lr", "training.batch_size"),
).show()
