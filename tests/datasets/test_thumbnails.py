"""Pictures for the gallery."""

import json

import numpy as np
import pytest

from datasets import sources, thumbnail
from engine.errors import SpecError


@pytest.mark.parametrize("kind", [kind for kind in sources if kind != "csv"])
def test_a_thumbnail_is_small_plain_and_in_range(kind):
    picture = json.loads(json.dumps(thumbnail(kind), allow_nan=False))
    points, values = np.array(picture["points"]), np.array(picture["values"])
    assert 2 <= len(points) == len(values) <= 120
    assert np.abs(points).max() <= 1
    assert np.ptp(points, axis=0).min() > 0.5
    np.testing.assert_array_equal(points, points.round(3))
    if picture["task"] == "regression":
        assert np.abs(values).max() <= 1
        assert np.ptp(values) > 0.5
    else:
        assert all(isinstance(value, int) for value in picture["values"])
        assert len(set(picture["values"])) >= 2


def test_principal_components_part_the_species_of_iris():
    picture = thumbnail("iris")
    first, values = np.array(picture["points"])[:, 0], np.array(picture["values"])
    assert first[values == 0].max() < first[values == 2].min(), "long petals, the strongest part, point to the right"


def test_an_upload_has_no_picture_yet():
    assert thumbnail("csv") == {"points": [], "values": [], "task": None}


def test_a_thumbnail_may_be_changed_by_its_reader():
    thumbnail("moons")["points"].clear()
    assert thumbnail("moons")["points"]


def test_an_unknown_kind_has_none():
    with pytest.raises(SpecError, match="nothing"):
        thumbnail("nothing")
