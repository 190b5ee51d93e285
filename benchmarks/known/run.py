"""Train a recipe and judge it on all of its held-out examples, in CPU seconds."""

import time

import numpy as np

import datasets
import engine
from engine.tasks import Batch
from runs.recipes import RECIPES, Recipe
from runs.spec import complete

AT_ONCE = 256


class Run:
    """A recipe with its data and trainer.

    seconds: CPU time of training, early stopping included. epochs: how many passes it has made.
    """

    def __init__(self, name: str, seed: int = 0):
        self.recipe: Recipe = RECIPES[name]
        self.spec = complete(self.recipe.spec | {"seed": seed})
        self.data = datasets.load(self.spec["data"], seed)
        self.trainer = engine.Trainer(self.spec, self.data)
        self.seconds, self.epochs = 0.0, 0

    def train(self) -> None:
        """All epochs, or until it stops early with its best weights."""
        begin = time.process_time()
        while self.epochs < self.recipe.epochs and not self.trainer.ended:
            self.epoch()
            self.epochs += 1
        self.seconds = time.process_time() - begin

    def epoch(self) -> None:
        whole = int(self.trainer.epoch) + 1
        while self.trainer.epoch < whole:
            self.trainer.step()

    def logits(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, Batch]:
        """What the network says of these examples, and the batch that the task makes of them."""
        task = self.trainer.task
        batch = task.prepare(x, y, self.data, np.random.default_rng(0)) if task.prepares(self.data) else (
            Batch(x, y))
        parts = [slice(start, start + AT_ONCE) for start in range(0, len(x), AT_ONCE)]
        found = [self.trainer.network.forward(batch.x[part], **{
            name: value if value is None else value[part] for name, value in batch.inputs.items()}) for part in parts]
        return np.concatenate(found), batch

    def loss(self, x: np.ndarray, y: np.ndarray) -> float:
        logits, batch = self.logits(x, y)
        return self.trainer.loss(logits, *batch.targets)[0]

    def scores(self) -> dict[str, float]:
        """Loss and the task's scores on every held-out example."""
        logits, batch = self.logits(self.data.x_test, self.data.y_test)
        loss, _ = self.trainer.loss(logits, *batch.targets)
        return {"loss": loss, **self.trainer.task.scores(logits, *batch.targets)}
