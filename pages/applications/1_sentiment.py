"""Application: is a movie review positive or negative?"""

from ui.application import Application, recipe

MEAN = recipe("sentiment")
SHORT = {"kind": "reviews", "reviews": 8000, "vocabulary": 10_000, "length": 100, "crops": 0.3}
EMBED = {"kind": "embedding", "dim": 32}
STEPS = {"optimizer": {"kind": "adam", "lr": 0.002}, "batch_size": 32, "patience": 2}

Application(
    page=__file__,
    models={
        "Mean of word vectors": MEAN,
        "LSTM": {"data": SHORT, "training": STEPS,
                 "network": {"layers": [EMBED, {"kind": "lstm", "units": 32}]}},
        "Attention pooling": {"data": SHORT, "training": STEPS,
                              "network": {"layers": [EMBED, {"kind": "additive_attention", "units": 32}]}},
        "Transformer": {"data": SHORT, "training": STEPS, "network": {"layers": [
            EMBED, {"kind": "positional"}, {"kind": "transformer_block", "heads": 4, "ff": 64},
            {"kind": "mean_over_time"}]}},
    },
    controls=("training.optimizer.lr", "training.batch_size", "training.patience", "data.reviews",
              "data.crops"),
).show()
