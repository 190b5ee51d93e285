"""Recipes: whole runs that learn a real task well, as plain specs. `bench/known` measures what they reach.

Vocabularies are left to be filled in from the data (`runs.spec.complete` does it).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """A run and how many epochs it trains, or fewer where it stops early."""

    title: str
    spec: dict
    epochs: int


def conv(filters: int, kernel: int = 3) -> dict:
    return {"kind": "conv2d", "filters": filters, "kernel": kernel, "activation": "relu"}


def dense(units: int) -> dict:
    return {"kind": "dense", "units": units, "activation": "relu"}


def dropout(rate: float) -> dict:
    return {"kind": "dropout", "rate": rate}


def adam(lr: float, batch_size: int, kind: str = "adam", **more) -> dict:
    return {"optimizer": {"kind": kind, "lr": lr}, "batch_size": batch_size, **more}


def cosine(epochs: int) -> dict:
    return {"kind": "cosine", "length": epochs}


POOL = {"kind": "max_pool2d", "size": 2}
FLAT = {"kind": "flatten"}

RECIPES = {
    "digits": Recipe(
        "A convolutional network on the 8×8 digits",
        {"data": {"kind": "digits"},
         "network": {"layers": [conv(16), conv(32), POOL, dropout(0.25), FLAT, dense(64), dropout(0.5)]},
         "training": adam(0.002, 32, schedule=cosine(40))}, epochs=40),
    "mnist": Recipe(
        "A convolutional network on 5,000 digits of MNIST",
        {"data": {"kind": "mnist"},
         "network": {"layers": [conv(16, 5), POOL, conv(32, 5), POOL, dropout(0.4), FLAT, dense(128), dropout(0.5)]},
         "training": adam(0.002, 32, schedule=cosine(25))}, epochs=25),
    "sentiment": Recipe(
        "The mean of word vectors on IMDB reviews",
        {"data": {"kind": "reviews", "reviews": 25_000, "vocabulary": 20_000, "length": 400, "crops": 0.7},
         "network": {"layers": [{"kind": "embedding", "dim": 20}, {"kind": "mean_over_time"}, dropout(0.3),
                                dense(16) | {"activation": "tanh"}]},
         "training": adam(0.005, 64, patience=1)}, epochs=12),
    "names": Recipe(
        "A small GPT on first names",
        {"data": {"kind": "name_letters"},
         "network": {"layers": [{"kind": "embedding", "dim": 48}, {"kind": "positional", "encoding": "learned"},
                                *(2 * [{"kind": "transformer_block", "heads": 4, "ff": 96, "causal": True}]),
                                {"kind": "layer_norm"}]},
         "training": adam(0.002, 32, "adamw", schedule=cosine(12))}, epochs=12),
    "blank": Recipe(
        "A small BERT on sentences from reviews",
        {"data": {"kind": "review_words", "sentences": 60_000, "vocabulary": 1000, "length": 16},
         "network": {"layers": [{"kind": "embedding", "dim": 64}, {"kind": "positional", "encoding": "learned"},
                                *(2 * [{"kind": "transformer_block", "heads": 4, "ff": 128}]), {"kind": "layer_norm"}]},
         "training": adam(0.002, 64, "adamw")}, epochs=8),
    "dates": Recipe(
        "An encoder and a decoder with attention on dates of five languages",
        {"data": {"kind": "dates", "locales": 5},
         "network": {"encoder": [{"kind": "embedding", "dim": 32}, {"kind": "gru", "units": 64,
                                                                    "return_sequences": True}],
                     "decoder": [{"kind": "embedding", "dim": 16}, {"kind": "gru", "units": 64,
                                                                    "return_sequences": True},
                                 {"kind": "additive_cross_attention", "units": 32}]},
         "training": adam(0.005, 32, clip_norm=1.0)}, epochs=6),
}
