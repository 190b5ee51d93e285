"""What is asked of a network: its output layer, its loss, and how its answers are scored."""

from dataclasses import dataclass, field

import numpy as np

from engine.data import Dataset
from engine.errors import ShapeError
from engine.knobs import Declared
from engine.network import Network
from engine.registry import DefaultsRegistry

tasks = DefaultsRegistry("task")


@dataclass(frozen=True)
class Batch:
    """Examples as network and loss take them.

    x, and what `forward` takes beside it, such as a padding mask; the targets y; counts: which targets count, shaped
    as y, or None for all of them.
    """

    x: np.ndarray
    y: np.ndarray
    inputs: dict = field(default_factory=dict)
    counts: np.ndarray | None = None

    @property
    def targets(self) -> tuple[np.ndarray, ...]:
        """What a loss and the scores take beside the logits: y, and which of it counts where not all does."""
        return (self.y,) if self.counts is None else (self.y, self.counts)


class Task(Declared):
    """A task turns a data set into an output layer, and logits into answers and scores."""

    loss = ""
    metric = ""                    # the score that is shown first, a key of `scores`
    encodes = False                # whether it needs an encoder and a decoder instead of one stack of layers

    def head(self, dataset: Dataset) -> list[dict]:
        """The layers that the task puts behind the person's own."""
        return [{"kind": "dense", "units": dataset.outputs, "activation": "linear"}]

    def check(self, network: Network, dataset: Dataset) -> None:
        """SpecError or ShapeError where a network, output layer included, fits the data but not what is asked of it.

        Here: one answer is asked for each example, not one for each of its places; and what reads tokens needs some.
        """
        if network.layers[0].takes_tokens and not np.array_equal(np.trunc(dataset.x_train), dataset.x_train):
            raise ShapeError(f"{network.layers[0].label} reads tokens, which are whole numbers, and this data is not "
                             "text. Take it away, or choose a text.", place=0)
        shape = network.shapes()[-1]
        if len(shape) != 1:
            what = "pixel of a picture: add Flatten or Global average pooling" if len(shape) == 3 else (
                "step of a series: add Last step or Mean over time")
            raise ShapeError(f"One answer is asked for each example, but this network gives one for each {what} "
                             "before the output.")

    def prepares(self, dataset: Dataset) -> bool:
        """Whether batches of this data need `prepare`; without it x and y are taken as they are."""
        return dataset.vocabulary is not None and dataset.vocabulary.pad is not None

    def prepare(self, x: np.ndarray, y: np.ndarray, dataset: Dataset, rng: np.random.Generator) -> Batch:
        """The batch that examples x, y make. Here: texts with a mask that tells padding."""
        return Batch(x, y, {"mask": x != dataset.vocabulary.pad})

    def answers(self, logits: np.ndarray) -> np.ndarray:
        """What the network says: values, or probabilities of the classes."""
        raise NotImplementedError

    def scores(self, logits: np.ndarray, y: np.ndarray) -> dict[str, float]:
        """Named scores of these predictions, without the loss."""
        raise NotImplementedError
