"""Points clicked by hand."""

import json

import numpy as np
import pytest

import datasets
from datasets import sources
from engine.errors import SpecError


def many(count, classes=2):
    return [[i % 11 - 5, i * 3 % 7 - 3, i % classes] for i in range(count)]


def load(points, **knobs):
    return datasets.load({"kind": "points", "points": points, **knobs})


def test_two_points_are_enough_and_both_train_and_test():
    data = load([[-1, 0, 0], [1.5, 2, 1]])
    np.testing.assert_array_equal(data.plane.points_train, np.float32([[-1, 0], [1.5, 2]]))
    np.testing.assert_array_equal(data.x_train, data.x_test)
    assert data.y_train.tolist() == data.y_test.tolist() == [0, 1]
    assert data.task == "binary"
    assert "both trains and tests" in data.notes[0]


@pytest.mark.parametrize("points", [[], [[0, 0, 1]]])
def test_fewer_than_two_are_refused(points):
    with pytest.raises(SpecError, match="at least 2 points"):
        load(points)


def test_points_on_one_spot_or_of_one_class_still_load():
    data = load([[1, 1, 0], [1, 1, 0]], features=["x1", "x2²"])
    assert np.isfinite(data.x_train).all()
    assert data.task == "binary"
    assert data.outputs == 1


def test_from_twenty_on_some_only_test():
    assert len(load(many(19)).x_test) == 19
    data = load(many(20))
    assert (len(data.x_train), len(data.x_test)) == (16, 4)
    assert data.notes == ()


def test_a_third_class_makes_it_multiclass_and_keeps_the_indices():
    data = load([[0, 0, 0], [1, 1, 4], [2, 2, 4]])
    assert data.task == "multiclass"
    assert data.y_train.tolist() == [0, 4, 4]
    assert data.class_names == tuple("ABCDE")
    assert data.outputs == 5


@pytest.mark.parametrize("points", [many(501), [[0, 0]], [[0, 0, 6]], [[0, 0, -1]], [[0, 0, 0.5]], [[7, 0, 0]],
                                    [[float("nan"), 0, 0]], [["0", 0, 0]], [[True, 0, 0]], [[0, 0, True]], "points",
                                    {"x": 1}, 3, None, [None], [[10**400, 0, 0]]])
def test_what_is_no_list_of_points_is_refused(points):
    with pytest.raises(SpecError, match=r"Points \(points\) must be at most 500 points"):
        load(points)


def test_points_survive_json():
    source = sources.build({"kind": "points", "points": ((1, 2, 0), (3, 4, 1))})
    again = sources.build(json.loads(json.dumps(source.to_dict())))
    assert again.to_dict() == source.to_dict()
    assert len(load(many(500)).y_train) == 400
