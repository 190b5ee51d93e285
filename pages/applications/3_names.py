"""Application: a language model that invents names, letter by letter."""

from ui.application import Application, recipe

GPT = recipe("names")
EMBED = GPT["network"]["layers"][0]
STEPS = {"optimizer": {"kind": "adamw", "lr": 0.003}, "batch_size": 32}


def recurrent(kind: str) -> dict:
    return {"data": GPT["data"], "training": STEPS,
            "network": {"layers": [EMBED, {"kind": kind, "units": 64, "return_sequences": True}]}}


Application(
    page=__file__,
    models={"GPT": GPT, "LSTM": recurrent("lstm"), "RNN": recurrent("rnn")},
    controls=("training.optimizer.lr", "training.batch_size", "data.names"),
    panel="Invent",
).show()
