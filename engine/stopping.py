"""Early stopping: some training examples are held back, and decide when the run has learned enough (Prechelt, 1998)."""

from dataclasses import dataclass

import numpy as np

from engine.data import Dataset

SHARE = 0.1               # of the training examples is held back


@dataclass(frozen=True)
class Best:
    """The weights that did best on what was held back: after how many steps and passes, and the passes since then."""

    loss: float
    step: int
    passes: int
    waited: int
    theta: np.ndarray
    state: np.ndarray


def hold_back(dataset: Dataset, seed: int, at_most: int) -> tuple[np.ndarray, np.ndarray, tuple | None]:
    """x and y of the examples that train, and (x, y) of the SHARE of them, `at_most` so many, that is held back.

    Which ones depends on the seed and on nothing that the run draws. A single example trains, and none is held back.
    """
    count = len(dataset.x_train)
    if count < 2:
        return dataset.x_train, dataset.y_train, None
    order = np.random.default_rng([seed, 7]).permutation(count)
    held, kept = np.split(order, [min(max(1, round(SHARE * count)), at_most)])
    held.sort()
    kept.sort()
    return dataset.x_train[kept], dataset.y_train[kept], (dataset.x_train[held], dataset.y_train[held])


def verdict(best: Best) -> str:
    """Why the run has ended, and what its weights are."""
    passes = f"{best.waited} passes" if best.waited > 1 else "one pass"
    return (f"Stopped early: for {passes} the loss on the examples held back has not fallen. The weights are those "
            f"after epoch {best.passes} (step {best.step:,}), which did best. Play goes on from them.")
