"""What a classifier gets wrong on the test split: the surest mistakes first, and the pairs that it confuses most."""

from collections.abc import Iterator

import numpy as np

from engine import metrics
from live.instruments import Answer, instrument
from live.probe import words

TESTED = 2_000            # test examples that are gone through
AT_ONCE = 200
SHOWN = 24
LONGEST = 60              # words of a text that are shown


@instrument("mistakes")
def mistakes(session, command) -> Iterator[Answer]:
    """{"tested", "wrong", "mistakes": [{index, truth, said, share, text}], "pairs"}, and "pictures" (K, H, W)."""
    trainer, probe = session.trainer, session.observer.probe
    data, task = trainer.dataset, trainer.task
    if data.task not in ("binary", "multiclass"):
        return
    network = trainer.network.copy()
    logits = []
    for start in range(0, min(len(data.x_test), TESTED), AT_ONCE):
        part = slice(start, min(start + AT_ONCE, TESTED))
        batch = probe.batch(data.x_test[part], data.y_test[part])
        logits.append(network.forward(batch.x, **batch.inputs))
        yield {"progress": part.stop / min(len(data.x_test), TESTED)}, {}
    z = np.concatenate(logits)
    truth, said = data.y_test[:len(z)], task.classes(z)
    shares = task.answers(z)
    sure = np.where(said == 1, shares[:, 0], 1 - shares[:, 0]) if data.task == "binary" else shares.max(axis=1)
    wrong = np.flatnonzero(said != truth)
    worst = wrong[np.argsort(-sure[wrong], kind="stable")][:SHOWN]
    rows = [{"index": i, "truth": truth[i], "said": said[i], "share": sure[i], "text": shown_text(data, i)}
            for i in worst]
    pictures = {"pictures": data.x_test[worst].mean(axis=-1)} if data.x_test.ndim == 4 else {}
    yield {"tested": len(z), "wrong": len(wrong), "mistakes": rows,
           "pairs": confused_pairs(metrics.confusion(said, truth, max(data.outputs, 2)))}, pictures


def confused_pairs(counts: np.ndarray) -> list[dict]:
    """The pairs of classes that are mistaken for each other most often, either way round."""
    both = np.triu(counts + counts.T, 1)
    order = np.argsort(-both, axis=None, kind="stable")[:5]
    pairs = [(*np.unravel_index(i, both.shape), both.flat[i]) for i in order]
    return [{"a": a, "b": b, "count": count} for a, b, count in pairs if count]


def shown_text(data, index: int) -> str:
    """The words of a test text, without what fills it up."""
    if data.vocabulary is None:
        return ""
    tokens = data.x_test[index]
    kept = words(tokens[tokens != data.vocabulary.pad], data.vocabulary)
    gap = "" if all(len(word) == 1 for word in kept) else " "
    return gap.join(kept[:LONGEST]) + (" …" if len(kept) > LONGEST else "")
