"""Lesson 11: the transformer, and what breaks without each of its parts."""

from ui.lesson import Lesson, Try

WIDTH = 16
IN, WHERE, MEAN = {"kind": "dense", "units": WIDTH, "activation": "linear"}, {"kind": "positional"}, {
    "kind": "mean_over_time"}
BLOCK = {"kind": "transformer_block", "heads": 2, "ff": 32, "causal": False, "norm_first": True}
NORM, LOOK = {"kind": "layer_norm"}, {"kind": "self_attention", "heads": 2}
THINK = [{"kind": "dense", "units": 32, "activation": "gelu"}, IN]


def block(shortcut: bool = True, norm: bool = True, look: bool = True, think: bool = True) -> list[dict]:
    """A block from its parts, some of them left out."""
    branches = [[NORM] * norm + part for part in [[LOOK]] * look + [THINK] * think]
    if shortcut:
        return [{"kind": "residual", "layers": branch} for branch in branches]
    return [part for branch in branches for part in branch]


def stack(blocks: list[dict]) -> dict:
    return {"network.layers": [IN, WHERE, *blocks, MEAN]}


NAMES = [{"kind": "embedding", "dim": 32, "vocab": 29}, WHERE, BLOCK | {"heads": 4, "ff": 64, "causal": True}]

Lesson(
    page=__file__,
    spec={
        "data": {"kind": "parity", "length": 8, "counted": 3, "samples": 1000},
        "network": {"layers": [IN, WHERE, BLOCK, BLOCK, MEAN]},
        "training": {"optimizer": {"kind": "adam", "lr": 0.005}, "batch_size": 32},
    },
    controls=("training.optimizer.lr", "network.layers.2.heads", "network.layers.2.causal", "data.counted"),
    numbers=(("L (a guess: 0.693; names: 3.37)", "train_loss", 0),
             ("test accuracy (names: perplexity)", "test_score", 0)),
    panel="Views: attention.attention",
    select=2,
    tries=(
        Try("Without positions", "The network knows which bits there are but not where. A bag of bits can't tell the "
            "last three from the rest: the test accuracy stays below 65 in 100, however long it plays.",
            {"network.layers": [IN, BLOCK, BLOCK, MEAN]}, select=1),
        Try("Without attention", "Every place thinks for itself, and nothing passes between them. The mean at the end "
            "adds up eight separate opinions, and parity isn't a sum of opinions: the test accuracy stays below 65 in "
            "100.", stack(block(look=False) * 2)),
        Try("Without feed-forward", "Two blocks that only look, and the parity is learned all the same, within 600 "
            "steps: norms and softmax bend enough for three bits. Not every part is needed for every task.",
            stack(block(think=False) * 2), select=2),
        Try("Without residuals", "Four blocks in a row with no shortcut past their parts. They don't learn at all: the "
            "loss stays above 0.6. With shortcuts the same four are right within 1,000 steps.",
            stack(block(shortcut=False) * 4), select=3),
        Try("Without norms, at speed", "Four blocks without layer norms, at ten times the learning rate: within 1,000 "
            "steps the loss leaps to hundreds and beyond. The run that this page opens with is too fast to learn well "
            "at this rate (try it), but nothing runs away: what enters each part has deviation 1, however large the "
            "weights are.", stack(block(norm=False) * 4) | {"training.optimizer.lr": 0.05}),
        Try("A mask: the tiny GPT", "Names, letter by letter: each place has to say the next letter. The heatmaps are "
            "triangles, since no place may look ahead. *Perplexity* says among how many letters it is undecided: a "
            "guess has 29, and after 200 steps it is below 11. Switch *Causal* off above and the run refuses, and "
            "says why: the answer would stand in the input.",
            {"data": {"kind": "name_letters", "count": 2000}, "network.layers": NAMES,
             "training.optimizer.lr": 0.003}),
    ),
    source=("engine/layers/transformer.py:Branch", "engine/layers/transformer.py:TransformerBlock",
            "engine/layers/positional.py:sinusoids"),
).show()
