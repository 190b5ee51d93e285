"""What a classifier gets wrong of what it is tested on: the surest mistakes first, the pairs that it confuses most."""

from collections.abc import Generator, Iterator

import numpy as np

from engine import Dataset, metrics
from engine.evaluation import Answers
from live.instruments.question import Question
from live.instruments.registry import Answer, instrument
from live.watch.probe import words
from live.watch.reliability import confidence

SHOWN = 24
LONGEST = 60              # words of a text that are shown


class Wrong(Question):
    """What a classifier gets wrong."""

    tasks = ("binary", "multiclass")

    @classmethod
    def suits(cls, dataset: Dataset) -> bool:
        """On the plane, the output shows every mistake."""
        return super().suits(dataset) and dataset.plane is None


@instrument("mistakes", Wrong)
def mistakes(run, asked: Wrong) -> Iterator[Answer]:
    """{"step", "tested", "wrong", "mistakes": [{index, truth, said, share, text}], "pairs"}, "pictures" (K, H, W).

    Of the test examples that the run's scores are of (`Trainer.tested`), so that the numbers agree.
    """
    trainer = run.trainer
    data, task = trainer.dataset, trainer.task
    step, tested = trainer.steps, trainer.tested
    batch, z = yield from telling(trainer.answering(trainer.network.copy()), len(tested))
    truth, said = batch.y, task.classes(z)
    sure = confidence(task.answers(z))
    wrong = np.flatnonzero(said != truth)
    worst = wrong[np.argsort(-sure[wrong], kind="stable")][:SHOWN]
    rows = [{"index": tested[i], "truth": truth[i], "said": said[i], "share": sure[i],
             "text": shown_text(data, tested[i])} for i in worst]
    pictures = {"pictures": data.x_test[tested[worst]].mean(axis=-1)} if data.x_test.ndim == 4 else {}
    yield {"step": step, "tested": len(z), "wrong": len(wrong), "mistakes": rows,
           "pairs": confused_pairs(metrics.confusion(said, truth, max(data.outputs, 2)))}, pictures


def telling(work: Answers, count: int) -> Generator:
    """The same work, telling at each rest which share of it is done."""
    while True:
        try:
            done = next(work)
        except StopIteration as finished:
            return finished.value
        yield {"progress": done / count}, {}


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
