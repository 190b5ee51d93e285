"""Application: dates in many languages, translated to ISO."""

from ui.application import Application, recipe

RECURRENT = recipe("dates")
EMBED = {"kind": "embedding", "dim": 48}
HEADS = {"heads": 4, "ff": 96}

Application(
    page=__file__,
    models={
        "GRU with additive attention": RECURRENT,
        "Transformer with cross-attention": {
            "data": RECURRENT["data"],
            "training": {"optimizer": {"kind": "adam", "lr": 0.002}, "batch_size": 32, "clip_norm": 1.0},
            "network": {"encoder": [EMBED, {"kind": "positional"}, {"kind": "transformer_block", **HEADS}],
                        "decoder": [EMBED, {"kind": "positional"}, {"kind": "decoder_block", **HEADS}]}},
    },
    controls=("training.optimizer.lr", "training.batch_size", "data.locales"),
    panel="Translate",
).show()
