"""What the pictures look at: many examples at once, and one of them in every detail."""

import numpy as np

from engine import Dataset
from engine.tasks import Batch, tasks

GRID = 64                 # the input plane is probed on GRID x GRID points
EXAMPLES = 64             # other data is probed with this many examples, sorted by what is true of them
SEQUENCES = 16            # the same for series and texts, which cost more
SAMPLE = 64               # training examples behind histograms and gradients


class Probe:
    """Fixed inputs of a data set, made into batches as the task wants them.

    many: the grid of the plane, or examples in order of their truth. one: the example that is looked at in detail.
    sample: training examples with their truth, for what needs a backward pass.
    """

    def __init__(self, dataset: Dataset):
        self.dataset, self.task = dataset, tasks[dataset.task]
        x, y = dataset.x_test, dataset.y_test
        self.order = np.argsort(y.reshape(len(y), -1)[:, 0], kind="stable")
        count = SEQUENCES if dataset.vocabulary or x.ndim == 3 else EXAMPLES
        chosen = self.order[np.linspace(0, len(x) - 1, min(count, len(x))).round().astype(int)]
        self.many = Batch(grid_inputs(dataset), y[:0]) if dataset.plane else self.batch(x[chosen], y[chosen])
        self.sample = self.batch(dataset.x_train[:SAMPLE], dataset.y_train[:SAMPLE])
        self.choose(0)

    def batch(self, x: np.ndarray, y: np.ndarray) -> Batch:
        """Examples as the network takes them; what a task hides at random is hidden the same way each time."""
        if not self.task.prepares(self.dataset):
            return Batch(x, y)
        return self.task.prepare(x, y, self.dataset, np.random.default_rng(0))

    def choose(self, index: int) -> None:
        """Look at this test example from now on."""
        self.index = int(index) % max(len(self.dataset.x_test), 1)
        part = slice(self.index, self.index + 1)
        self.one = self.batch(self.dataset.x_test[part], self.dataset.y_test[part])
        self.place = self.dataset.plane.points_test[self.index].tolist() if self.dataset.plane and len(
            self.dataset.x_test) else None

    def choose_own(self, x: np.ndarray, place: list[float] | None = None) -> None:
        """Look at the person's own example x (1, ...), whose truth nobody knows; on the plane it has a place."""
        self.index, self.place = -1, place
        self.one = self.batch(x, np.zeros((1, *self.dataset.y_test.shape[1:]), self.dataset.y_test.dtype))

    def choose_tokens(self, x: np.ndarray, mask: np.ndarray | None) -> None:
        """Look at a text (1, T) just as it is, its blanks included."""
        self.index, self.place = -1, None
        self.one = Batch(x, np.zeros_like(x), {"mask": mask}, np.ones(x.shape, bool))

    def lengths(self, stack: str) -> dict[str, int]:
        """How many places of a text are no padding, at least one, by the names of the axes in the views of a layer.

        stack: "decoder" for a layer that reads what is written. Nothing where the example is no text.
        """
        source, target = (self.one.inputs.get(name) for name in ("mask", "target_mask"))
        own = target if stack == "decoder" else source
        masks = dict.fromkeys(("step", "token", "query", "key"), own) | {"source": source}
        return {axis: max(1, int(np.flatnonzero(mask[0]).max(initial=-1)) + 1)
                for axis, mask in masks.items() if mask is not None}

    def describe(self) -> dict:
        """The example in detail, for the page: its index, its truth, its place on the plane, its tokens as a text."""
        about = {"index": self.index, "count": len(self.dataset.x_test), "truth": None, "tokens": [], "target": [],
                 "place": self.place}
        if self.index >= 0 and self.dataset.written is None:
            about["truth"] = self.dataset.y_test[self.index].reshape(-1)[0]
        if self.dataset.vocabulary is not None:
            about["tokens"] = words(self.one.x[0], self.dataset.vocabulary)
        if self.one.inputs.get("target_in") is not None:
            about["target"] = words(self.one.inputs["target_in"][0], self.dataset.written)
        return about


def words(tokens: np.ndarray, vocabulary) -> list[str]:
    """The tokens (T,) of one text as strings."""
    return [vocabulary.tokens[token] for token in tokens]


def grid_inputs(dataset: Dataset) -> np.ndarray:
    """Inputs (GRID², F) over the plane, row by row from the top left."""
    low, high = dataset.plane.domain
    half = (high - low) / GRID / 2
    ticks = np.linspace(low + half, high - half, GRID)
    x1, x2 = np.meshgrid(ticks, ticks[::-1])
    return dataset.plane.inputs(np.stack([x1.ravel(), x2.ravel()], axis=1))
