"""Data that is drawn rather than read: examples by a formula, a noise, and a share that trains."""

import numpy as np

from datasets.base import Source
from datasets.split import stable_split, streams
from engine.data import Dataset
from engine.knobs import Float, Int


class Generated(Source):
    """Examples drawn from the seed. More of them leave the earlier ones, and their side of the split, as they were."""

    features: tuple[str, ...] = ()  # what the last axis of x holds
    class_names: tuple[str, ...] = ()
    target_name = "class"
    target_scale: tuple[float, float] = (0.0, 1.0)
    continues = False  # whether the target is how a series goes on
    image_shape: tuple[int, ...] = ()

    samples = Int(1000, 50, 20_000, "Samples", "How many examples there are, for training and testing together.",
                  scale="log", slider=(100, 5000))
    train_fraction = Float(0.8, 0.1, 0.9, "Train share", "The share of the examples that the network learns from; "
                           "the rest only test it.", step=0.05)

    def load(self, seed: int) -> Dataset:
        pattern, wobble, split = streams(seed, 3)
        x, y = self.draw(pattern, wobble)
        x = x.astype(np.float32)
        y = y.astype(np.float32) if self.task == "regression" else y.astype(np.int64)
        train = stable_split(self.samples, self.train_fraction, split)
        return Dataset(self.label, self.task, x[train], y[train], x[~train], y[~train], self.features, self.class_names,
                       self.target_name, target_scale=self.target_scale, continues=self.continues,
                       image_shape=self.image_shape)

    def draw(self, pattern: np.random.Generator, wobble: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Inputs (samples, ...) and targets, from a generator for what is shown and one for the noise."""
        raise NotImplementedError
