"""What a network learns from: arrays split into train and test, and what their axes mean."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

#: Input features that can be computed from a point (x1, x2) of the plane; p is (N, 2).
PLANE_FEATURES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "x1": lambda p: p[:, 0],
    "x2": lambda p: p[:, 1],
    "x1²": lambda p: p[:, 0] * p[:, 0],
    "x2²": lambda p: p[:, 1] * p[:, 1],
    "x1·x2": lambda p: p[:, 0] * p[:, 1],
    "sin x1": lambda p: np.sin(p[:, 0]),
    "sin x2": lambda p: np.sin(p[:, 1]),
}


@dataclass(frozen=True)
class Plane:
    """Data that lives on a plane: where its points are, and how a point becomes the network's input.

    points_train, points_test: (N, 2) float32 in plane units. domain: (low, high) shown on both axes.
    features: names from PLANE_FEATURES, in the order of the inputs. mean, std: (F,) of the features on train.
    """

    points_train: np.ndarray
    points_test: np.ndarray
    domain: tuple[float, float]
    features: tuple[str, ...]
    mean: np.ndarray
    std: np.ndarray

    def inputs(self, points: np.ndarray) -> np.ndarray:
        """Network inputs (N, F) float32 for points (N, 2): each feature, standardised as on train."""
        columns = np.stack([PLANE_FEATURES[name](points) for name in self.features], axis=1)   # (N, F)
        return ((columns - self.mean) / self.std).astype(np.float32)


@dataclass(frozen=True)
class Vocabulary:
    """The tokens that texts are made of. A token's number is its place in `tokens`.

    pad fills up short texts; start and end stand around a text; mask hides a token that is to be guessed; unknown
    stands for what is not in the vocabulary. Each is the number of its token, None where there is no such token.
    """

    tokens: tuple[str, ...]
    pad: int | None = None
    start: int | None = None
    end: int | None = None
    mask: int | None = None
    unknown: int | None = None

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def words(self) -> np.ndarray:
        """The numbers of the tokens that are none of these special ones."""
        special = {self.pad, self.start, self.end, self.mask, self.unknown}
        return np.array([i for i in range(len(self.tokens)) if i not in special])


@dataclass(frozen=True)
class Dataset:
    """Examples ready for a network: inputs already standardised, targets in the task's form.

    x_train, x_test: (N, *input_shape) float32, or integer tokens (N, T).
    y_train, y_test: (N,) int64 class indices for `binary` and `multiclass`; (N, outputs) float32 for `regression`;
    tokens (N, T) for texts: what comes next at each place for `next_token` (see `next_token_pairs`), x itself for
    `masked_token`, the answer with its end token for `seq2seq`. Padding at the end where a text is shorter.
    task: a key of `engine.tasks`.
    feature_names: one for each input feature, the last axis of x; empty for texts. class_names: one for each class,
    empty for regression.
    target_name: what is predicted. plane: for data on a plane, else None.
    target_scale: (mean, std) that turn a regression's standardised target back into its own units.
    continues: whether a regression's targets are the values with which a series (T, F) goes on, in its first feature.
    input_scale: (2, F) mean and std that standardised each input feature, None where nothing was standardised.
    image_shape: (H, W) when each example is a picture (H, W, C), or its pixels row by row.
    notes: sentences for the person, such as what was done about missing values.
    vocabulary: of x, for texts. target_vocabulary: of y, where it is another one.
    """

    name: str
    task: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    feature_names: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
    target_name: str = ""
    plane: Plane | None = None
    target_scale: tuple[float, float] = (0.0, 1.0)
    continues: bool = False
    input_scale: np.ndarray | None = None
    image_shape: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    vocabulary: Vocabulary | None = None
    target_vocabulary: Vocabulary | None = None

    @property
    def written(self) -> Vocabulary | None:
        """The vocabulary of y when y is text."""
        text = self.y_train.ndim == 2 and np.issubdtype(self.y_train.dtype, np.integer)
        return self.target_vocabulary or (self.vocabulary if text else None)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one example, without the batch axis."""
        return self.x_train.shape[1:]

    @property
    def outputs(self) -> int:
        """How many numbers the network puts out: one for `binary`, one a class, a token or a predicted value."""
        if self.written is not None:
            return len(self.written)
        if self.task == "regression":
            return 1 if self.y_train.ndim == 1 else self.y_train.shape[1]
        return 1 if self.task == "binary" else max(len(self.class_names), int(self.y_train.max(initial=0)) + 1)


def next_token_pairs(tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x, y (N, T) for `next_token` from texts (N, T + 1): at each place of x, y has the token that comes next."""
    return tokens[:, :-1], tokens[:, 1:]
