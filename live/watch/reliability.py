"""Is a network as often right as it is sure? The reliability diagram of test examples, and of short pieces of texts."""

import numpy as np

from datasets.text.crops import cropped
from engine import Dataset, metrics
from engine.evaluation import Parts, answering
from engine.network import Network
from engine.tasks import Task
from live.protocol import Arrays

CALIBRATED = ("error", "examples", "short_error")      # the numbers of "calibrated"; the last one of texts alone


def confidence(answers: np.ndarray) -> np.ndarray:
    """How sure it is of the class that it answers (N,), from answers (N, outputs); one output is the second class."""
    return np.maximum(answers[:, 0], 1 - answers[:, 0]) if answers.shape[1] == 1 else answers.max(axis=1)


def reliability(task: Task, logits: np.ndarray, y: np.ndarray) -> tuple[Arrays, float]:
    """Of each bin of confidence that has answers, (K,): their mean confidence "sure", the share that is "right", and
    their "count". With it the expected calibration error."""
    right = task.classes(logits) == y
    count, sure, hits, error = metrics.calibration(confidence(task.answers(logits)).astype(np.float64), right)
    some = count > 0
    return {"sure": sure[some].astype(np.float32), "right": hits[some].astype(np.float32),
            "count": count[some].astype(np.int32)}, error


def reliabilities(network: Network, task: Task, data: Dataset, tested: np.ndarray, logits: np.ndarray) -> Parts:
    """"reliability.test.…", of texts also "reliability.short.…", and "calibrated", the numbers of CALIBRATED.

    tested: which test examples the logits are of. Short pieces are cut out of these, the same ones each time.
    """
    y = data.y_test[tested]
    found, error = reliability(task, logits, y)
    arrays, errors = {f"reliability.test.{name}": array for name, array in found.items()}, [error, len(y)]
    if data.vocabulary is not None:
        pieces = cropped(data.x_test[tested], np.random.default_rng(0), data.vocabulary.pad)
        _, logits = yield from answering(network, task, data, pieces, y)
        found, error = reliability(task, logits, y)
        errors.append(error)
        arrays |= {f"reliability.short.{name}": array for name, array in found.items()}
    return arrays | {"calibrated": np.array(errors, np.float64)}
