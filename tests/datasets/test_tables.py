"""Bundled tables: the right numbers, split by class, blurred smoothly."""

import subprocess
import sys

import numpy as np
import pytest

import datasets
from datasets import bundled, sources

FILES = list(bundled.FILES)
TABLES = [kind for kind in FILES if sources[kind].group == "table"]


@pytest.mark.parametrize("kind", FILES)
def test_the_files_hold_what_the_loaders_load(kind):
    for ours, theirs in zip(bundled.read(kind), bundled.read_with_sklearn(kind), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_files_that_moved_are_read_by_the_loaders(monkeypatch):
    expected = bundled.read_files("wine")
    monkeypatch.setitem(bundled.FILES, "wine", ("moved.csv", None, ",", 1))
    for ours, theirs in zip(bundled.read.__wrapped__("wine"), expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_scikit_learn_and_pandas_are_not_imported():
    code = ("import sys, datasets; [datasets.load(kind) for kind in datasets.sources if kind != 'csv'];"
            "print([name for name in ('sklearn', 'pandas', 'scipy') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("kind", [kind for kind in TABLES if kind != "diabetes"])
def test_each_class_has_its_share_in_train(kind):
    data = datasets.load({"kind": kind, "train_fraction": 0.6}, 5)
    train, test = np.bincount(data.y_train), np.bincount(data.y_test)
    assert np.abs(train - 0.6 * (train + test)).max() <= 0.5


@pytest.mark.parametrize("kind", TABLES)
def test_every_row_is_used_once(kind):
    data = datasets.load(kind, 2)
    x, y = bundled.read(kind)
    assert len(data.x_train) + len(data.x_test) == len(y)
    both = np.concatenate([data.x_train, data.x_test])
    assert len(np.unique(both.round(4), axis=0)) == len(np.unique(x, axis=0))


@pytest.mark.parametrize("kind", TABLES)
def test_noise_is_proportional_and_in_standard_deviations(kind):
    calm, some, more = (datasets.load({"kind": kind, "noise": noise}).x_train for noise in (0, 0.5, 1))
    np.testing.assert_allclose(more - calm, 2 * (some - calm), atol=1e-4)
    assert (more - calm).std() == pytest.approx(1, rel=0.05)


def test_a_standardised_target_leads_back_to_its_units():
    data = datasets.load("diabetes")
    mean, std = data.target_scale
    back = np.sort((np.concatenate([data.y_train, data.y_test]) * std + mean).ravel())
    np.testing.assert_allclose(back, np.sort(bundled.read("diabetes")[1]), rtol=1e-4)
    assert data.y_train.mean() == pytest.approx(0, abs=1e-5)
    assert data.y_train.std() == pytest.approx(1, abs=1e-5)


def test_the_labels_stay_with_their_rows():
    data = datasets.load("iris")
    petal = data.x_train[:, data.feature_names.index("petal length (cm)")]
    assert petal[data.y_train == data.class_names.index("setosa")].max() < petal[data.y_train > 0].min()
    worst = datasets.load("breast_cancer")
    area = worst.x_train[:, worst.feature_names.index("worst area")]
    malignant = worst.y_train == worst.class_names.index("malignant")
    assert area[malignant].mean() > area[~malignant].mean() + 1


def test_tables_name_every_column_and_class():
    for kind in TABLES:
        x, y = bundled.read(kind)
        assert len(sources[kind].columns) == x.shape[1]
        if sources[kind].task != "regression":
            assert len(sources[kind].class_names) == len(np.unique(y))
