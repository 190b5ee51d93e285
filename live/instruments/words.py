"""Which words an answer rests on, by occlusion: each word is hidden in turn, and the answer is watched.

Zeiler and Fergus, 2014, for pictures; Li et al., 2016, for words. The share of a word is how much less probable the
answer is without it: what supports the answer is positive, what speaks against it negative.
"""

from collections.abc import Iterator

import numpy as np

from live.instruments import Answer, instrument
from live.probe import words

AT_ONCE = 64
MOST = 300                # words of one text


@instrument("words")
def word_shares(session, command) -> Iterator[Answer]:
    """{"words", "answer": class, "share"} of the example in detail, with "shares" (T,) float32."""
    trainer, probe = session.trainer, session.observer.probe
    data, task = trainer.dataset, trainer.task
    if data.vocabulary is None or data.task not in ("binary", "multiclass"):
        return
    network, one = trainer.network.copy(), probe.one
    tokens = one.x[0]
    places = np.flatnonzero(tokens != data.vocabulary.pad)[:MOST]
    logits = network.forward(one.x, **one.inputs)
    answer = int(task.classes(logits)[0])
    whole = share_of(task.answers(logits), answer)[0]
    hidden = data.vocabulary.unknown if data.vocabulary.unknown is not None else data.vocabulary.pad
    without = np.repeat(one.x, len(places), axis=0)
    without[np.arange(len(places)), places] = hidden
    shares = []
    for start in range(0, len(places), AT_ONCE):
        some = without[start:start + AT_ONCE]
        batch = probe.batch(some, np.repeat(one.y, len(some), axis=0))
        answers = task.answers(network.forward(batch.x, **batch.inputs))
        shares.append(whole - share_of(answers, answer))
        if start + AT_ONCE < len(places):
            yield {"progress": start / len(places)}, {}
    yield ({"words": words(tokens[places], data.vocabulary), "answer": answer, "share": whole},
           {"shares": np.concatenate(shares).astype(np.float32) if shares else np.zeros(0, np.float32)})


def share_of(answers: np.ndarray, answer: int) -> np.ndarray:
    """The probability (N,) of one class among answers (N, outputs); a single output is that of the second class."""
    if answers.shape[1] == 1:
        return answers[:, 0] if answer == 1 else 1 - answers[:, 0]
    return answers[:, answer]
