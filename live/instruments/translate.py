"""What an encoder–decoder writes for the example in detail: greedily, and the best that beam search finds."""

from collections.abc import Iterator

import numpy as np

import datasets
from engine.decoding import beam, greedy
from engine.tasks import Batch
from live.instruments.question import Question
from live.instruments.registry import Answer, instrument

WIDTH = 4


class Translation(Question):
    """What is written for the example in detail."""

    tasks = ("seq2seq",)


@instrument("translate", Translation)
def translate(run, asked: Translation) -> Iterator[Answer]:
    """{"source", "greedy", "beam": [{text, score}], "truth"}; the attention shown follows what was written."""
    trainer, probe = run.trainer, run.observer.probe
    data = trainer.dataset
    network, written = trainer.network.copy(), data.written
    one, longest = probe.one, data.y_train.shape[1]
    mask = one.inputs.get("mask")
    answer = greedy(network, one.x, written.start, written.end, longest, mask=mask)[0]
    text = datasets.decode(answer, written)
    source = datasets.decode(one.x[0], data.vocabulary)
    truth = "" if probe.index < 0 else datasets.decode(data.y_test[probe.index], written)
    follow(run, answer)
    yield {"source": source, "greedy": text, "truth": truth}, {}
    best = beam(network, one.x[0], written.start, written.end, longest, WIDTH, mask=None if mask is None else mask[0])
    yield {"source": source, "greedy": text, "truth": truth, "beam": [
        {"text": datasets.decode(tokens, written), "score": score} for tokens, score in best]}, {}


def follow(run, answer: np.ndarray) -> None:
    """Let the pictures show how the decoder read while it wrote this answer, rather than the truth."""
    probe, data = run.observer.probe, run.trainer.dataset
    target = np.full_like(probe.one.y, data.written.pad)
    row = [*answer, data.written.end][:target.shape[1]]
    target[0, :len(row)] = row
    batch = probe.batch(probe.one.x, target)
    probe.one = Batch(batch.x, probe.one.y, batch.inputs, batch.counts)
