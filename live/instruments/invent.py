"""Texts that a language model invents: drawn letter by letter, and held against what it has learned from."""

import math
from collections.abc import Iterator

import numpy as np

import datasets
from engine import SpecError
from engine.decoding import generate
from live.instruments.registry import Answer, instrument

AT_ONCE = 20
MOST = 1_000


@instrument("invent")
def invent(run, command) -> Iterator[Answer]:
    """{"texts": [{text, new}], "done"} for "count" texts from "prefix", with "temperature", "top_k" and "top_p"."""
    trainer = run.trainer
    data = trainer.dataset
    if data.task != "next_token":
        return
    settings = chosen(command)
    network = trainer.network.copy()
    known = {datasets.decode(row, data.vocabulary) for row in data.x_train} | {
        datasets.decode(row, data.vocabulary) for row in data.x_test}
    start = prefix_tokens(run, command.get("prefix", ""))
    rng = np.random.default_rng(command["seed"] if isinstance(command.get("seed"), int) else 0)
    count = command.get("count")
    count = min(max(count, 1), MOST) if isinstance(count, int) else AT_ONCE
    for done in range(0, count, AT_ONCE):
        n = min(AT_ONCE, count - done)
        tokens = generate(network, np.repeat(start, n, axis=0), data.input_shape[0] - start.shape[1], rng,
                          end=data.vocabulary.end, at_least=int(start.shape[1] == 1), **settings)
        texts = [datasets.decode(row, data.vocabulary) for row in tokens]
        marked = [{"text": text, "new": text not in known} for text in texts]
        yield {"texts": marked, "done": done + n, "count": count}, {}


def chosen(command) -> dict:
    """Temperature, top-k and top-p as asked for, None where they are off; SpecError where they make no sense."""
    settings = {name: command.get(name) for name in ("temperature", "top_k", "top_p")}
    for name, value in settings.items():
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if value is not None and not number:
            raise SpecError(f"The {name.replace('_', '-')} must be a number.")
    settings["temperature"] = 1.0 if settings["temperature"] is None else settings["temperature"]
    settings["top_k"] = None if settings["top_k"] is None else int(settings["top_k"])
    return settings


def prefix_tokens(run, prefix) -> np.ndarray:
    """What an invented text begins with, (1, T): the start token, then the person's own letters."""
    vocabulary = run.trainer.dataset.vocabulary
    tokens = datasets.encode_input(run.spec["data"], str(prefix), run.spec["seed"])[0]
    kept = tokens[tokens != vocabulary.pad] if vocabulary.pad is not None else tokens
    if vocabulary.start is not None and (not len(kept) or kept[0] != vocabulary.start):
        kept = np.concatenate([[vocabulary.start], kept])
    return kept[None, :run.trainer.dataset.input_shape[0] - 1].astype(np.int64)
