"""Several short texts at once, and what the network says of each: a table that fills in while it learns."""

from collections.abc import Iterator

import numpy as np

import datasets
from engine import SpecError
from live.instruments.registry import Answer, instrument

MOST = 20                 # texts of one question
LONGEST = 2000            # characters of each


@instrument("sentences")
def sentences(run, command) -> Iterator[Answer]:
    """{"step", "sentences": [{"text", "unknown", "share"}]} of the data's own samples and those in "texts".

    share: the probability of the second of two classes. unknown: how many of the words the network does not know.
    """
    trainer = run.trainer
    data = trainer.dataset
    if data.vocabulary is None or data.task != "binary":
        return
    given = command.get("texts") or []
    if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
        raise SpecError("The sentences of the table are a list of texts.")
    samples = datasets.sources.lookup(run.spec["data"]["kind"]).sentences
    texts = list(dict.fromkeys([*samples, *(text[:LONGEST] for text in given[:MOST])]))
    if not texts:                                     # data without sentences of its own, before the person adds one
        yield {"step": trainer.steps, "sentences": []}, {}
        return
    x = np.concatenate([datasets.encode_input(run.spec["data"], text, run.spec["seed"]) for text in texts])
    batch = run.observer.probe.batch(x, np.zeros(len(x), data.y_test.dtype))
    shares = trainer.task.answers(trainer.network.copy().forward(batch.x, **batch.inputs))[:, 0]
    yield {"step": trainer.steps, "sentences": [
        {"text": text, "unknown": np.count_nonzero(row == data.vocabulary.unknown), "share": share}
        for text, row, share in zip(texts, x, shares, strict=True)]}, {}
