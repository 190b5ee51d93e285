"""Texts that a language model invents: drawn letter by letter, and held against what it has learned from."""

from collections.abc import Iterator

import numpy as np

import datasets
from engine.decoding import generate
from engine.knobs import Float, Int, Text
from live.instruments.question import Question
from live.instruments.registry import Answer, instrument

AT_ONCE = 20


class Invention(Question):
    """How texts are drawn."""

    tasks = ("next_token",)
    count = Int(20, 1, 1_000, "Texts", "How many.")
    prefix = Text("", "Begins with", "The first letters of each.")
    temperature = Float(0.9, 0.01, 100.0, "Temperature", "A low one plays safe, a high one dares more.",
                        slider=(0.1, 2.0), step=0.05)
    top_k = Int(None, 1, 10_000, "Top-k", "Only so many of the likeliest letters.", slider=(1, 30), step=1,
                optional=True)
    top_p = Float(None, 1e-6, 1.0, "Top-p", "Only the likeliest letters that have this share together.",
                  slider=(0.1, 1.0), step=0.05, optional=True)
    seed = Int(0, 0, 2**32 - 1, "Seed", "Another one draws other texts.")


@instrument("invent", Invention)
def invent(run, asked: Invention) -> Iterator[Answer]:
    """{"texts": [{text, new}], "done"}, some texts at a time."""
    trainer = run.trainer
    data = trainer.dataset
    network = trainer.network.copy()
    known = {datasets.decode(row, data.vocabulary) for row in data.x_train} | {
        datasets.decode(row, data.vocabulary) for row in data.x_test}
    start = prefix_tokens(run, asked.prefix)
    rng = np.random.default_rng(asked.seed)
    count = asked.count
    for done in range(0, count, AT_ONCE):
        n = min(AT_ONCE, count - done)
        tokens = generate(network, np.repeat(start, n, axis=0), data.input_shape[0] - start.shape[1], rng,
                          end=data.vocabulary.end, at_least=int(start.shape[1] == 1),
                          temperature=asked.temperature, top_k=asked.top_k, top_p=asked.top_p)
        texts = [datasets.decode(row, data.vocabulary) for row in tokens]
        marked = [{"text": text, "new": text not in known} for text in texts]
        yield {"texts": marked, "done": done + n, "count": count}, {}


def prefix_tokens(run, prefix: str) -> np.ndarray:
    """What an invented text begins with, (1, T): the start token, then the person's own letters."""
    vocabulary = run.trainer.dataset.vocabulary
    tokens = datasets.encode_input(run.spec["data"], prefix, run.spec["seed"])[0]
    kept = tokens[tokens != vocabulary.pad] if vocabulary.pad is not None else tokens
    if vocabulary.start is not None and (not len(kept) or kept[0] != vocabulary.start):
        kept = np.concatenate([[vocabulary.start], kept])
    return kept[None, :run.trainer.dataset.input_shape[0] - 1].astype(np.int64)
