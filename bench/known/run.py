"""Train a recipe and judge it on all of its held-out examples, in CPU seconds."""

import time

import numpy as np

import datasets
import engine
from datasets.recipes import RECIPES, Recipe
from datasets.split import with_validation
from engine.tasks import Batch
from live.specs import complete

AT_ONCE = 256
PATIENCE = 2


class Run:
    """A recipe with its data and trainer.

    seconds: CPU time of training, validation included. epochs: how many the weights have behind them.
    """

    def __init__(self, name: str, seed: int = 0):
        self.recipe: Recipe = RECIPES[name]
        self.spec = complete(self.recipe.spec | {"seed": seed})
        begin = time.process_time()
        self.data = datasets.load(self.spec["data"], seed)
        self.loading = time.process_time() - begin
        share = self.recipe.validation
        self.trainer = self.make(with_validation(self.data, share, seed) if share else self.data)
        self.seconds, self.epochs = 0.0, 0

    def make(self, data: engine.Dataset) -> engine.Trainer:
        return engine.Trainer(self.spec, data)

    def train(self) -> None:
        """All epochs. With a validation share: until PATIENCE epochs did no better on it, then back to the best."""
        begin, best, kept = time.process_time(), np.inf, self.trainer.network.theta.copy()
        for epoch in range(1, self.recipe.epochs + 1):
            self.epoch()
            if not self.recipe.validation:
                self.epochs = epoch
                continue
            loss = self.loss(self.trainer.dataset.x_test, self.trainer.dataset.y_test)
            if loss < best:
                best, self.epochs = loss, epoch
                kept[...] = self.trainer.network.theta
            elif epoch - self.epochs == PATIENCE:
                break
        if self.recipe.validation:
            self.trainer.network.theta[...] = kept
        self.seconds = time.process_time() - begin

    def epoch(self) -> None:
        for _ in range(-(-len(self.trainer.dataset.x_train) // self.spec["training"]["batch_size"])):
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
