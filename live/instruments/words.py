"""Which words an answer rests on, by occlusion: each word is hidden in turn, and the answer is watched.

Zeiler and Fergus, 2014, for pictures; Li et al., 2016, for words. The weight of a word is how much the log-odds
of the answer fall without it, so that it shows at 100 % too: what supports the answer is positive, what speaks against
it negative. Its share is the same in probability.
"""

from collections.abc import Iterator

import numpy as np

from engine import Dataset
from live.instruments.question import Question
from live.instruments.registry import Answer, instrument
from live.watch.probe import words

AT_ONCE = 64
MOST = 300                # words of one text


class Weighing(Question):
    """Which words the answer for the example in detail rests on."""

    tasks = ("binary", "multiclass")

    @classmethod
    def answers(cls, dataset: Dataset) -> bool:
        """Classes of texts."""
        return super().answers(dataset) and dataset.vocabulary is not None


@instrument("words", Weighing)
def word_shares(run, asked: Weighing) -> Iterator[Answer]:
    """{"words", "answer": class, "share"} of the example in detail.

    With it "shares" (probability) and "weights" (log-odds), (T,) float32 each.
    """
    trainer, probe = run.trainer, run.observer.probe
    data, task = trainer.dataset, trainer.task
    network, one = trainer.network.copy(), probe.one
    tokens = one.x[0]
    places = np.flatnonzero(tokens != data.vocabulary.pad)[:MOST]
    logits = network.forward(one.x, **one.inputs)
    answer = int(task.classes(logits)[0])
    whole, odds = share_of(task.answers(logits), answer)[0], log_odds(logits, answer)[0]
    hidden = data.vocabulary.unknown if data.vocabulary.unknown is not None else data.vocabulary.pad
    without = np.repeat(one.x, len(places), axis=0)
    without[np.arange(len(places)), places] = hidden
    shares, weights = [np.zeros(0)], [np.zeros(0)]
    for start in range(0, len(places), AT_ONCE):
        some = without[start:start + AT_ONCE]
        batch = probe.batch(some, np.repeat(one.y, len(some), axis=0))
        logits = network.forward(batch.x, **batch.inputs)
        shares.append(whole - share_of(task.answers(logits), answer))
        weights.append(odds - log_odds(logits, answer))
        if start + AT_ONCE < len(places):
            yield {"progress": start / len(places)}, {}
    yield ({"words": words(tokens[places], data.vocabulary), "answer": answer, "share": whole},
           {"shares": np.concatenate(shares).astype(np.float32),
            "weights": np.concatenate(weights).astype(np.float32)})


def share_of(answers: np.ndarray, answer: int) -> np.ndarray:
    """The probability (N,) of one class among answers (N, outputs); a single output is that of the second class."""
    if answers.shape[1] == 1:
        return answers[:, 0] if answer == 1 else 1 - answers[:, 0]
    return answers[:, answer]


def log_odds(logits: np.ndarray, answer: int) -> np.ndarray:
    """log(p / (1 - p)) (N,) of one class, from logits (N, outputs); a single output is itself that of the second."""
    logits = logits.astype(np.float64)
    if logits.shape[1] == 1:
        return logits[:, 0] if answer == 1 else -logits[:, 0]
    return logits[:, answer] - np.logaddexp.reduce(np.delete(logits, answer, axis=1), axis=1)
