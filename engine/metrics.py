"""Scores of predictions against the truth."""

import numpy as np


def accuracy(predicted: np.ndarray, y: np.ndarray) -> float:
    """Share of right answers, 0 to 1. predicted, y: (N,) class indices."""
    return int(np.count_nonzero(predicted == y)) / y.size if y.size else 0.0


def r2(predicted: np.ndarray, y: np.ndarray) -> float:
    """Share of the variance that is explained: 1 is perfect, 0 is no better than the mean, below 0 is worse."""
    truth = y.reshape(predicted.shape).astype(np.float64)
    total = float(np.square(truth - truth.mean(axis=0)).sum())
    residual = float(np.square(predicted - truth).sum())
    if total == 0:
        return 0.0
    return 1.0 - residual / total


def confusion(predicted: np.ndarray, y: np.ndarray, classes: int) -> np.ndarray:
    """(classes, classes) counts: rows are the true class, columns the predicted one."""
    return np.bincount(y * classes + predicted, minlength=classes * classes).reshape(classes, classes)
