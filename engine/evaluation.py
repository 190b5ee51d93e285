"""Loss and scores of a network on examples: part by part, so that memory is bounded and others can breathe."""

from collections.abc import Callable, Generator

import numpy as np

from engine.data import Dataset
from engine.losses import Loss
from engine.network import Network
from engine.seq2seq import Seq2Seq
from engine.tasks import Batch, Task

AT_MOST = 1_000           # examples of a split that an evaluation looks at, the same ones each time
TOKENS = 4_096            # the same, where each token of a text is predicted
AT_ONCE = 256             # examples that go through the network together
LOGITS = 250_000          # the same, where each token of a text is one of many words


def enough(dataset: Dataset) -> int:
    """How many examples of a split an evaluation looks at."""
    if dataset.written is None:
        return AT_MOST
    return max(1, TOKENS // dataset.y_train.shape[1])             # each token is an example of its own


def chosen(count: int, at_most: int) -> np.ndarray:
    """`at_most` of `count` examples (all, if there are no more) in their order, the same ones each time."""
    if count <= at_most:
        return np.arange(count)
    return np.sort(np.random.default_rng(0).permutation(count)[:at_most])


def some(x: np.ndarray, y: np.ndarray, at_most: int) -> tuple[np.ndarray, np.ndarray]:
    """These examples."""
    if len(x) <= at_most:
        return x, y
    rows = chosen(len(x), at_most)
    return x[rows], y[rows]


Parts = Generator[None, None, dict]                               # work that rests after each part; its result
Answers = Generator[int, None, tuple[Batch, np.ndarray]]          # the same, of answers: how many there are by now


def finish(work: Parts, between: Callable[[], None]) -> dict:
    """Do all of the work; `between` is called after each part."""
    try:
        while True:
            next(work)
            between()
    except StopIteration as done:
        return done.value


def scoring(network: Network | Seq2Seq, task: Task, loss: Loss, dataset: Dataset, x: np.ndarray,
            y: np.ndarray) -> Parts:
    """Loss and scores on the examples x (N, ...), y (N, ...), part by part: NaN where there are none."""
    if not len(x):
        return {"loss": float("nan"), task.metric: float("nan")}
    batch, logits = yield from answering(network, task, dataset, x, y)
    value, _ = loss(logits, *batch.targets)
    return {"loss": value, **task.scores(logits, *batch.targets)}


def answering(network: Network | Seq2Seq, task: Task, dataset: Dataset, x: np.ndarray, y: np.ndarray) -> Answers:
    """The batch that the task makes of these examples and the network's logits (N, ...) for it, part by part.

    What a task hides at random is hidden the same way each time.
    """
    batch = task.prepare(x, y, dataset, np.random.default_rng(0)) if task.prepares(dataset) else Batch(x, y)
    step = AT_ONCE
    if dataset.vocabulary is not None:                            # attention remembers T² weights for each text
        step = min(step, 2 * TOKENS // x.shape[1])
    if dataset.written is not None:
        step = min(step, LOGITS // (y.shape[1] * dataset.outputs))
    step = max(1, step)
    answers = []
    for start in range(0, len(x), step):
        part = slice(start, start + step)
        inputs = {name: None if value is None else value[part] for name, value in batch.inputs.items()}
        answers.append(network.forward(batch.x[part], **inputs))
        yield min(start + step, len(x))
    return batch, np.concatenate(answers)
