"""Losses on logits: `value, dlogits = loss(logits, target)`. Averaged over the batch as PyTorch does."""

import numpy as np

from engine.activations import activations
from engine.errors import ShapeError
from engine.kernels.basic import full, logistic_loss, number, ones, total
from engine.knobs import Declared, Float
from engine.registry import DefaultsRegistry

#: `losses["mse"]` is a loss with its default knobs; `losses.build({"kind": "huber", "delta": 2})` sets them.
losses = DefaultsRegistry("loss")


class Loss(Declared):
    """How wrong the network is, and in which direction it should change.

    Calling it with logits (N, ...) and targets returns the mean loss as a float and dL/dlogits, shaped as the logits.
    """

    formula = ""
    #: Which tasks the loss is offered for.
    tasks: tuple[str, ...] = ()

    def __call__(self, logits: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
        raise NotImplementedError

    def prepared(self, target: np.ndarray, dtype: np.dtype) -> np.ndarray:
        """Targets in the form that it computes with, so that many batches are converted once."""
        return target


class ElementLoss(Loss):
    """A loss that compares each output with its own target, and averages over all of them."""

    def prepared(self, target, dtype):
        return np.asarray(target, dtype).reshape(len(target), -1)                   # (N, outputs)

    def __call__(self, logits, target):
        y = same_shape(logits, target)
        values, slopes = self.pair(logits, y)
        n = logits.size
        slopes *= number(1 / n, slopes.dtype)
        return total(values) / n, slopes

    def pair(self, p: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Loss and its slope for each element; the slope must be a new array."""
        raise NotImplementedError


@losses.register("mse", "Mean squared error")
class MeanSquaredError(ElementLoss):
    """The square of the difference: large mistakes count far more than small ones."""

    formula = r"L = \tfrac1n \sum (p - y)^2"
    tasks = ("regression",)

    def pair(self, p, y):
        d = p - y
        return d * d, d + d


@losses.register("mae", "Mean absolute error")
class MeanAbsoluteError(ElementLoss):
    """The size of the difference: every unit of error counts the same."""

    formula = r"L = \tfrac1n \sum |p - y|"
    tasks = ("regression",)

    def pair(self, p, y):
        d = p - y
        return np.abs(d), np.sign(d)


@losses.register("huber", "Huber")
class Huber(ElementLoss):
    """Squared for small differences, straight for large ones, so that outliers pull less (Huber, 1964)."""

    formula = r"L = \tfrac12 d^2 \text{ if } |d| < \delta \text{ else } \delta(|d| - \tfrac12\delta)"
    tasks = ("regression",)
    delta = Float(1.0, 0.01, 100.0, "Delta", "Where the loss turns from a parabola into a line.", slider=(0.1, 5.0))

    def pair(self, p, y):
        d = p - y
        c = np.clip(d, -self.delta, self.delta)
        return c * (d - 0.5 * c), c


@losses.register("binary_cross_entropy", "Binary cross-entropy")
class BinaryCrossEntropy(ElementLoss):
    """How surprised the network is by a yes or no, on the logit: softplus(z) - y·z."""

    formula = r"L = -\tfrac1n \sum y \ln\sigma(z) + (1 - y)\ln(1 - \sigma(z))"
    tasks = ("binary",)

    def __call__(self, logits, target):
        value, slopes = logistic_loss(logits.ravel(), same_shape(logits, target).ravel())
        return value, slopes.reshape(logits.shape)


@losses.register("cross_entropy", "Cross-entropy")
class CrossEntropy(Loss):
    """How surprised the network is by the true class: minus the log of its softmax share.

    logits (N, C) with integer targets (N,), or (N, T, C) with (N, T); mask (N, T) bool says which places count.
    """

    formula = r"L = -\tfrac1N \sum \ln \mathrm{softmax}(z)_{y}"
    tasks = ("multiclass", "next_token", "masked_token", "seq2seq")

    def __call__(self, logits, target, mask=None):
        classes = logits.shape[-1]
        target = np.asarray(target)
        if target.shape != logits.shape[:-1]:
            raise ShapeError(f"Cross-entropy needs one class index for each of {logits.shape[:-1]} predictions, "
                             f"not targets of shape {target.shape}.")
        z, y = logits.reshape(-1, classes), target.reshape(-1)                     # (M, C), (M,)
        weights = weigh(mask, len(y), logits.dtype)                                # (M,)
        d = z - z.max(axis=1, keepdims=True)
        rows = np.arange(len(y))
        values = -d[rows, y]
        np.exp(d, out=d)
        shares = d.dot(ones(classes, d.dtype))                                     # a sum: softmax is d / shares
        values += np.log(shares)
        values *= weights
        d *= (weights / shares)[:, None]
        d[rows, y] -= weights
        return total(values), d.reshape(logits.shape)


def weigh(mask: np.ndarray | None, count: int, dtype: np.dtype) -> np.ndarray:
    """What each of `count` predictions weighs in the mean: all the same, or those alone that mask lets count."""
    if mask is None:
        return full(count, 1 / max(count, 1), dtype)
    keep = np.asarray(mask, dtype).reshape(-1)
    return keep / max(float(keep.sum()), 1.0)


@losses.register("brier", "Brier score")
class Brier(Loss):
    """The squared difference between the probabilities and the truth, which is one for the true class (Brier, 1950).

    logits (N, C) with integer targets (N,) sum it over the classes, as Brier did. logits (N, 1) with targets of 0 and
    1 count the one probability only, which is half of that: it is the mean squared error of a sigmoid's output.
    """

    formula = r"L = \tfrac1N \sum (p - y)^2, \; p = \sigma(z) \text{ or } \mathrm{softmax}(z)"
    tasks = ("binary", "multiclass")

    def __call__(self, logits, target):
        bend = activations["sigmoid" if logits.shape[-1] == 1 else "softmax"]()
        p = bend.forward(logits)
        d = p - (same_shape(logits, target) if logits.shape[-1] == 1 else one_hot(logits, target))
        dlogits = bend.backward(number(2 / len(logits), d.dtype) * d, logits, p)            # dL/dp · dp/dz
        return total((d * d).ravel()) / len(logits), dlogits


def one_hot(logits: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Class indices (N,) as rows like the logits (N, C), with a one at the true class."""
    y = np.asarray(target)
    if logits.ndim != 2 or y.shape != logits.shape[:1]:
        raise ShapeError(f"The Brier score needs one class index for each of {len(logits)} predictions, "
                         f"not targets of shape {y.shape}.")
    rows = np.zeros_like(logits)
    rows[np.arange(len(y)), y.astype(np.int64)] = 1
    return rows


def same_shape(logits: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The target as an array like the logits; (N,) targets fit (N, 1) logits."""
    y = np.asarray(target, logits.dtype)
    if y.shape == logits.shape:
        return y
    if y.size == logits.size and y.shape[:1] == logits.shape[:1]:
        return y.reshape(logits.shape)
    raise ShapeError(f"The loss needs targets of the network's output shape {logits.shape}, not {y.shape}.")
