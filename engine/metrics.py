"""Scores of predictions against the truth."""

import numpy as np


def accuracy(predicted: np.ndarray, y: np.ndarray) -> float:
    """Share of right answers, 0 to 1. predicted, y: (N,) class indices."""
    return int(np.count_nonzero(predicted == y)) / y.size if y.size else 0.0


def r2(predicted: np.ndarray, y: np.ndarray) -> float:
    """Share of the variance that is explained: 1 is perfect, 0 is no better than the mean, below 0 is worse.

    Where there is no variance, as in scikit-learn: 1 for exactly the truth, else 0.
    """
    truth = y.reshape(predicted.shape).astype(np.float64)
    total = float(np.square(truth - truth.mean(axis=0)).sum())
    residual = float(np.square(predicted - truth).sum())
    if total == 0:
        return float(residual == 0)
    return 1.0 - residual / total


def confusion(predicted: np.ndarray, y: np.ndarray, classes: int) -> np.ndarray:
    """(classes, classes) counts: rows are the true class, columns the predicted one."""
    return np.bincount(y * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def precision_recall_f1(predicted: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """Of class 1 among two: how many of those predicted are, how many of those that are were found, and the harmonic
    mean of both (van Rijsbergen, 1979). predicted, y: (N,) of 0 and 1. 0 where there is nothing to divide by.
    """
    right, said, true = int(np.sum(predicted * y)), int(np.sum(predicted)), int(np.sum(y))
    parts = (right, said), (right, true), (2 * right, said + true)
    return tuple(part / whole if whole else 0.0 for part, whole in parts)


def roc(score: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """The receiver operating characteristic (Fawcett, 2006) and the area under it.

    score (N,): the higher, the likelier class 1; y (N,) of 0 and 1. For every threshold, from the strictest to none:
    the share of class 0 and of class 1 that lies above it, (K,) each, from 0 to 1. The area is the chance that one of
    class 1 has a higher score than one of class 0; NaN where a class is missing.
    """
    order = np.argsort(-score, kind="stable")
    last = np.append(np.diff(score[order]) != 0, True)             # equal scores pass a threshold together
    hits = np.append(0, np.cumsum(y[order])[last])
    false = np.append(0, np.cumsum(1 - y[order])[last])
    if not hits[-1] or not false[-1]:
        return np.array([0.0, 1.0]), np.array([0.0, 1.0]), float("nan")
    false, hits = false / false[-1], hits / hits[-1]
    return false, hits, float(np.sum(np.diff(false) * (hits[1:] + hits[:-1])) / 2)


def calibration(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> tuple[np.ndarray, ...]:
    """The reliability diagram (Guo et al., 2017) and the expected calibration error (Naeini et al., 2015).

    confidence (N,): probability of the class answered, 0 to 1; right (N,) of bool. In bins of equal width, each closed
    above: how many answers (bins,), their mean confidence and the share that is right (bins,), NaN where there are
    none, and the error: the gap between both, averaged over the answers. NaN without answers.
    """
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    count, sure, hits = (np.bincount(place, weights, minlength=bins) for weights in (None, confidence, right))
    whole = np.maximum(count, 1)
    error = np.abs(sure - hits).sum() / count.sum() if count.sum() else np.nan
    gaps = np.where(count, 1.0, np.nan)
    return count, sure / whole * gaps, hits / whole * gaps, float(error)
