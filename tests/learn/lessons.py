"""A lesson without its page: what its script declares, and the state that each of its tasks loads, trained."""

import json
import runpy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest import mock

import numpy as np

import datasets
from engine import Trainer
from runs.spec import complete
from ui.explore import values_of
from ui.lesson import Lesson, Try

LEARN = Path(__file__).parents[2] / "pages" / "learn"
SEEDS = range(5)                  # a claim holds for each of them: a lesson has a control for its seed


@cache
def lesson(name: str) -> Lesson:
    """The lesson that pages/learn/<name>.py shows."""
    with mock.patch.object(Lesson, "show", autospec=True) as show:
        runpy.run_path(str(LEARN / f"{name}.py"))
    return show.call_args.args[0]


def task(of: Lesson, name: str) -> Try:
    return next(found for found in of.tries if found.name == name)


def trainer(of: Lesson, name: str = "", side: str = "", seed: int = 0, **change) -> Trainer:
    """The run that a task loads (or the lesson's own) on one of its sides, at its beginning.

    `data__length=40` changes a setting.
    """
    spec = complete(of.specs(task(of, name) if name else None)[side])
    change = {path.replace("__", "."): value for path, value in change.items()} | {"seed": seed}
    spec = complete(Try("", "", change).spec(spec))
    return Trainer(spec, datasets.load(spec["data"], spec["seed"]))


@cache
def trained(of: str, name: str, steps: int, side: str = "", seed: int = 0) -> Trainer:
    """The same after so many steps."""
    run = trainer(lesson(of), name, side, seed)
    for _ in range(steps):
        run.step()
    return run


@dataclass(frozen=True)
class Told:
    """What the curves of a run show: one number a row, a row after each pass over the data (rarer in long runs)."""

    step: np.ndarray
    train_loss: np.ndarray
    test_loss: np.ndarray
    train_score: np.ndarray
    test_score: np.ndarray

    def between(self, first: int, last: int) -> "Told":
        """The rows of steps first ≤ step ≤ last."""
        rows = (self.step >= first) & (self.step <= last)
        return Told(*(values[rows] for values in vars(self).values()))

    def at(self, step: int) -> "Told":
        """The row at a step, or the last one before it, as plain numbers in place of arrays."""
        row = np.searchsorted(self.step, step, side="right") - 1
        return Told(*(values[row] for values in vars(self).values()))

    def first(self, reached: np.ndarray) -> float:
        """The first step at which this holds, e.g. `run.first(run.test_score > 0.9)`; infinity where it never does."""
        return float(self.step[reached][0]) if reached.any() else float("inf")


def told(of: str, name: str, steps: int, side: str = "", seed: int = 0) -> Told:
    """The curves of a run up to a step. Claims about the same run share it: it goes on only where it has to."""
    run = shared(of, name, side, seed)
    while run.steps < steps:
        run.step()
    return Told(*(run.history.column(column) for column in Told.__dataclass_fields__)).between(0, steps)


@cache
def shared(of: str, name: str, side: str, seed: int) -> Trainer:
    """The run that `told` trains, as far as anyone has asked. Its state is that of its last step: use `trained`."""
    return trainer(lesson(of), name, side, seed)


def score(run: Trainer, split: str = "test") -> float:
    return run.evaluate()[split][run.task.metric]


def loss(run: Trainer, split: str = "train") -> float:
    return run.evaluate()[split]["loss"]


def viewed(run: Trainer, name: str, example: int = 0) -> np.ndarray:
    """A view of the network after one test example has gone forward and back."""
    x, y = run.dataset.x_test[example:example + 1], run.dataset.y_test[example:example + 1]
    _, dlogits = run.loss(run.network.forward(x), y)
    run.network.backward(dlogits)
    return next(view.data for view in run.network.views() if view.name == name).copy()


def shown(controls, compute, **values) -> dict:
    """What a figure shows for these settings of its controls, the others as they begin."""
    found = compute(**values_of(controls, values))
    json.dumps(found, allow_nan=False)
    return found


def gradients(run: Trainer) -> list[float]:
    """‖∂L/∂W‖ of each layer on all training examples."""
    data = run.dataset
    _, dlogits = run.loss(run.network.forward(data.x_train), data.y_train)
    run.network.backward(dlogits)
    return [float(np.linalg.norm(g.astype(float))) for name, g in run.network.gradients().items() if name.endswith("W")]


def ratio(run) -> float:
    """The gradient at the first step, as a share of the one at the last."""
    norms = viewed(run, "0.gradient_through_time")
    return float(norms[0] / norms[-1])
