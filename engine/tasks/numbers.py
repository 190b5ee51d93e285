"""The tasks whose answer is a number or a class for each example."""

import numpy as np

from engine import metrics
from engine.activations import Softmax
from engine.kernels.basic import sigmoid
from engine.tasks.base import Task, tasks


@tasks.register("regression", "Regression")
class Regression(Task):
    """Predict a number."""

    loss, metric = "mse", "r2"

    def answers(self, logits):
        return logits

    def scores(self, logits, y):
        return {"r2": metrics.r2(logits, y)}


class Classification(Task):
    """Predict a class."""

    metric = "accuracy"

    def classes(self, logits: np.ndarray) -> np.ndarray:
        """The most likely class (N,) of each example."""
        raise NotImplementedError

    def scores(self, logits, y):
        return {"accuracy": metrics.accuracy(self.classes(logits), y)}


@tasks.register("binary", "Two classes")
class Binary(Classification):
    """Predict one of two classes from a single logit: positive means the second class."""

    loss = "binary_cross_entropy"

    def answers(self, logits):
        return sigmoid(logits)

    def classes(self, logits):
        return (logits.reshape(-1) > 0).astype(np.int64)


@tasks.register("multiclass", "Several classes")
class Multiclass(Classification):
    """Predict one of several classes from one logit for each."""

    loss = "cross_entropy"

    def answers(self, logits):
        return Softmax().forward(logits)

    def classes(self, logits):
        return logits.argmax(axis=-1)
