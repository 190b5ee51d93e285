"""The reliability diagram against numbers worked by hand."""

import numpy as np
import pytest

from engine.metrics import calibration


def test_the_error_is_the_gap_weighted_by_the_answers():
    count, sure, hits, error = calibration(np.array([0.6, 0.7, 0.9, 1.0]), np.array([True, False, True, False]), bins=2)
    assert count.tolist() == [0, 4]
    assert sure[1] == pytest.approx(0.8)
    assert hits[1] == 0.5
    assert np.isnan(sure[0])
    assert error == pytest.approx(0.3)


def test_gaps_of_two_bins_do_not_cancel():
    _, _, _, error = calibration(np.array([0.25, 0.75]), np.array([True, False]), bins=2)
    assert error == pytest.approx(0.75)


def test_no_answers_have_no_error():
    assert np.isnan(calibration(np.zeros(0), np.zeros(0, bool))[3])
