"""The weight of a word is a change of log-odds: it shows where the probability no longer moves."""

import numpy as np
import pytest

from live.instruments.words import log_odds, share_of


def test_a_confident_answer_still_moves_in_log_odds():
    logits = np.array([[-40.0], [-37.0]], np.float32)
    shares = share_of(1 / (1 + np.exp(-logits)), 0)
    assert shares[0] == shares[1] == 1
    assert log_odds(logits, 0) == pytest.approx([40, 37])
    assert log_odds(logits, 1) == pytest.approx([-40, -37])


def test_log_odds_among_three_classes_follow_from_the_probabilities():
    chance = np.array([[0.5, 0.3, 0.2]])
    assert log_odds(np.log(chance) + 7, 1) == pytest.approx(np.log([0.3 / 0.7]))
