"""Pictures for the gallery."""

import json

import numpy as np
import pytest

import datasets
from datasets import sources, thumbnail, thumbnails
from engine.errors import SpecError

POINTS = [kind for kind in sources if sources[kind].group in ("plane", "table", "own") and kind != "csv"]


@pytest.mark.parametrize("kind", POINTS)
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


@pytest.mark.parametrize("kind", [kind for kind in sources if sources[kind].group == "image"])
def test_pictures_are_shown_as_pictures(kind):
    picture = json.loads(json.dumps(thumbnail(kind), allow_nan=False))
    images = np.array(picture["images"])
    assert images.shape == (4, *datasets.load(kind).image_shape)
    assert images.min() >= 0
    assert images.max(axis=(1, 2)).min() > 0.5
    np.testing.assert_array_equal(images, images.round(2))
    assert picture["points"] == picture["values"] == []
    assert picture["task"] == "multiclass"


@pytest.mark.parametrize("kind", [kind for kind in sources if sources[kind].group == "series"])
def test_series_are_shown_as_lines(kind):
    lines = np.array(thumbnail(kind)["lines"])
    assert 2 <= len(lines) <= 3
    assert np.abs(lines).max() == 1
    assert np.ptp(lines, axis=1).min() > 0.5


@pytest.mark.parametrize("kind", [kind for kind in sources if sources[kind].group == "text"])
def test_texts_are_shown_by_a_few_words_without_reading_them(kind, monkeypatch):
    monkeypatch.setattr(sources[kind], "load", None)
    thumbnails._pictured.cache_clear()
    assert 5 < len(thumbnail(kind)["text"]) < 40


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
