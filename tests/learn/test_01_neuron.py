"""Lesson 1: what its tasks claim of one neuron."""

import numpy as np
import pytest

from tests.learn.lessons import loss, score, trained

NEURON = "01_neuron"


def sureness(run) -> float:
    """The mean probability, over the test points, of the class that the neuron names."""
    p = run.task.answers(run.network.forward(run.dataset.x_test))
    return float(np.maximum(p, 1 - p).mean())


def test_a_neuron_parts_two_clouds():
    assert score(trained(NEURON, "", 1000)) > 0.98


def test_a_harder_cloud_leaves_it_unsure():
    run = trained(NEURON, "A harder cloud", 1000)
    assert 0.8 < score(run) < score(trained(NEURON, "", 1000))
    assert sureness(run) < sureness(trained(NEURON, "", 1000)) - 0.02


def test_a_line_is_no_answer_to_xor():
    run = trained(NEURON, "No straight line will do", 3000)
    assert loss(run) == pytest.approx(np.log(2), abs=0.02)
    assert score(run) < 0.65


def test_too_large_a_step_ends_in_certainty():
    run, calm = (trained(NEURON, name, 1000) for name in ("Too large a step", ""))
    assert np.linalg.norm(run.network.theta) > 3 * np.linalg.norm(calm.network.theta)
    assert sureness(run) > 0.99
