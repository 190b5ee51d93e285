"""Candidates for the hidden words of a sentence: what a masked language model says of each mask."""

from collections.abc import Iterator

import numpy as np

import datasets
from engine import SpecError
from engine.knobs import Text
from live.instruments.question import Question
from live.instruments.registry import Answer, instrument
from live.watch.probe import words

CANDIDATES = 6


class Gaps(Question):
    """A sentence in which ___ stands for each blank."""

    tasks = ("masked_token",)
    text = Text("", "Sentence", "Write ___ where a word is missing.", longest=2_000)


@instrument("blank", Gaps)
def blank(run, asked: Gaps) -> Iterator[Answer]:
    """{"words", "blanks": [{place, candidates: [{word, share}]}]}."""
    trainer = run.trainer
    data = trainer.dataset
    vocabulary = data.vocabulary
    tokens = datasets.encode_input(run.spec["data"], asked.text, run.spec["seed"])
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
