"""Candidates for the hidden words of a sentence: what a masked language model says of each mask."""

from collections.abc import Iterator

import numpy as np

import datasets
from engine import SpecError
from live.instruments.registry import Answer, instrument
from live.watch.probe import words

CANDIDATES = 6


@instrument("blank")
def blank(run, command) -> Iterator[Answer]:
    """{"words", "blanks": [{place, candidates: [{word, share}]}]} for "text", in which ___ stands for each blank."""
    trainer = run.trainer
    data = trainer.dataset
    if data.task != "masked_token":
        return
    vocabulary = data.vocabulary
    tokens = datasets.encode_input(run.spec["data"], str(command.get("text", "")), run.spec["seed"])
    places = np.flatnonzero(tokens[0] == vocabulary.mask)
    if not len(places):
        raise SpecError("Write ___ where a word is missing.")
    mask = tokens != vocabulary.pad if vocabulary.pad is not None else None
    shares = trainer.task.answers(trainer.network.copy().forward(tokens, mask=mask))[0]
    shares[:, [i for i in (vocabulary.pad, vocabulary.mask, vocabulary.unknown) if i is not None]] = 0
    found = [{"place": place, "candidates": [
        {"word": vocabulary.tokens[i], "share": shares[place, i]} for i in np.argsort(-shares[place])[:CANDIDATES]]}
        for place in places]
    run.observer.probe.choose_tokens(tokens, mask)
    yield {"words": words(tokens[0][tokens[0] != vocabulary.pad], vocabulary), "blanks": found}, {}
