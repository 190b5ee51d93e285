"""Scores against numbers that are worked out by hand or by scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics as theirs

from engine import metrics


def test_precision_recall_and_f1_by_hand():
    y, said = np.array([1, 1, 1, 0, 0, 0]), np.array([1, 1, 0, 1, 0, 0])
    assert metrics.precision_recall_f1(said, y) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert metrics.precision_recall_f1(np.zeros(6, int), y) == (0.0, 0.0, 0.0)
    assert metrics.precision_recall_f1(np.zeros(3, int), np.zeros(3, int)) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("levels", [2, 5, 1000])
@pytest.mark.parametrize("seed", range(3))
def test_scores_of_two_classes_agree_with_scikit_learn(levels, seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, 300)
    score = np.round(rng.standard_normal(300) + y, 3) if levels == 1000 else rng.integers(0, levels, 300)
    false, true, area = metrics.roc(score, y)
    assert area == pytest.approx(theirs.roc_auc_score(y, score))
    expected_false, expected_true, _ = theirs.roc_curve(y, score, drop_intermediate=False)
    np.testing.assert_allclose((false, true), (expected_false, expected_true))
    said = (score > np.median(score)).astype(int)
    expected = theirs.precision_recall_fscore_support(y, said, average="binary", zero_division=0)[:3]
    assert metrics.precision_recall_f1(said, y) == pytest.approx(expected)


def test_a_missing_class_has_no_area():
    false, true, area = metrics.roc(np.array([1.0, 2.0]), np.array([1, 1]))
    assert np.isnan(area)
    assert len(false) == len(true) == 2


@pytest.mark.parametrize("off", [0.0, 1e-3, 5.0])
def test_r2_of_a_constant_truth_is_one_only_for_exactly_that(off):
    y, predicted = np.full(5, 3.0, np.float32), np.full((5, 1), 3.0 + off, np.float32)
    assert metrics.r2(predicted, y) == theirs.r2_score(y, predicted) == (off == 0)
