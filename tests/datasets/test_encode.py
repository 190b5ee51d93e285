"""A table becomes a data set: rows, targets and inputs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets.csv.dataset import to_dataset
from datasets.csv.table import Table
from engine.errors import SpecError

N = 40
COUNT = np.arange(N, dtype=float)
RAMP = COUNT * 1.5 + 3
PAIR = tuple("no" if i % 4 else "yes" for i in range(N))


def encode(target="y", fraction=0.75, seed=0, task="auto", **columns):
    table = Table("t", tuple(columns), tuple(columns.values()), ("Read.",))
    return to_dataset(table, target, fraction, seed, task)


def everything(data):
    return np.concatenate([data.x_train, data.x_test])


def with_gaps(column, *rows):
    changed = np.array(column)
    changed[list(rows)] = np.nan
    return changed


@pytest.mark.parametrize(("target", "task", "classes"), [
    (PAIR, "binary", ("no", "yes")),
    (tuple("abc"[i % 3] for i in range(N)), "multiclass", ("a", "b", "c")),
    (COUNT % 2 + 4, "binary", ("4", "5")),
    (COUNT % 10, "multiclass", tuple("0123456789")),
    (COUNT % 11, "regression", ()),
    (COUNT % 3 / 2, "regression", ()),
    (COUNT * 1e9, "regression", ())])
def test_the_task_follows_from_the_target(target, task, classes):
    data = encode(x=RAMP, y=target)
    assert (data.task, data.class_names, data.target_name) == (task, classes, "y")
    assert data.outputs == (len(classes) if task == "multiclass" else 1)


def test_labels_stay_with_their_rows():
    data = encode(x=RAMP, y=tuple("high" if x > 30 else "low" for x in RAMP))
    assert data.class_names == ("high", "low")
    for x, y in ((data.x_train, data.y_train), (data.x_test, data.y_test)):
        assert x[y == 0].min() > x[y == 1].max()


def test_the_split_is_stratified_and_follows_the_seed():
    data, again, other = (encode(x=RAMP, y=PAIR, seed=seed) for seed in (0, 0, 1))
    assert np.bincount(data.y_train).tolist() == [22, 8]
    assert np.bincount(data.y_test).tolist() == [8, 2]
    np.testing.assert_array_equal(data.x_train, again.x_train)
    assert not np.array_equal(data.x_train, other.x_train)


def test_numbers_are_standardised_on_train():
    data = encode(x=RAMP, y=PAIR)
    assert data.x_train.mean() == pytest.approx(0, abs=1e-6)
    assert data.x_train.std() == pytest.approx(1, abs=1e-6)
    steps = np.diff(np.sort(everything(data).ravel()))
    np.testing.assert_allclose(steps, steps.mean(), atol=1e-5)


def test_categories_become_one_hot():
    data = encode(x=tuple("rgb"[i % 3] for i in range(N)), y=PAIR)
    assert data.feature_names == ("x = b", "x = g", "x = r")
    assert set(np.unique(everything(data))) == {0, 1}
    np.testing.assert_array_equal(everything(data).sum(axis=1), 1)
    np.testing.assert_array_equal(everything(data).sum(axis=0), [13, 13, 14])


def test_a_missing_category_is_one_of_its_own():
    data = encode(x=tuple(["", "a", "b", "a"][i % 4] for i in range(N)), y=PAIR)
    assert data.feature_names == ("x = missing", "x = a", "x = b")
    assert "Column 'x': 10 missing values were made a category of their own." in data.notes


@pytest.mark.parametrize("seed", range(3))
def test_missing_and_infinite_numbers_become_the_train_median(seed):
    changed = with_gaps(np.where(COUNT < 30, COUNT, 1000.0), 3, 5)
    changed[7] = np.inf
    data = encode(x=changed, row=RAMP, y=PAIR, fraction=0.4, seed=seed)
    assert "Column 'x': 3 missing values were filled with the median of the rows that train." in data.notes
    order = everything(data)[:, 1].argsort()  # the rows of the table, by the column that counts them
    x, trains = everything(data)[order, 0], order < len(data.x_train)
    known = np.isfinite(changed)
    line = np.polyfit(x[known], changed[known], 1)  # back to the column's own units
    np.testing.assert_allclose(np.polyval(line, x[~known]), np.median(changed[known & trains]), atol=0.01)


@pytest.mark.parametrize(("column", "reason"), [
    (np.full(N, 3.0), "same value in every row"),
    (np.full(N, np.nan), "it is empty"),
    (("",) * N, "it is empty"),
    (("same",) * N, "same value in every row"),
    (tuple(f"person {i}" for i in range(N)), "40 different texts; at most 20"),
    (tuple(f"2019-03-{i % 28 + 1:02}" for i in range(N)), "dates"),
    (tuple(f"{i % 5 + 1}.3.2019" for i in range(N)), "dates"),
    (tuple(f"0{i % 9}:30" for i in range(N)), "dates")])
def test_useless_columns_are_left_out_and_noted(column, reason):
    data = encode(x=RAMP, odd=column, y=PAIR)
    assert data.feature_names == ("x",)
    assert any("'odd'" in note and reason in note for note in data.notes)
    assert data.notes[0] == "Read."
    with pytest.raises(SpecError, match="No column is left"):
        encode(odd=column, y=PAIR)


@pytest.mark.parametrize(("name", "kept"), [("Id", False), ("index", False), ("unnamed 1", False), ("weight", True)])
def test_row_numbers_are_left_out_by_their_name(name, kept):
    data = encode(x=RAMP[::-1] ** 2, **{name: COUNT}, y=PAIR)
    assert (name in data.feature_names) is kept
    assert name in encode(**{name: COUNT * 1.5}, y=PAIR).feature_names
    assert name in encode(**{name: COUNT[::-1]}, y=PAIR).feature_names


def test_twenty_categories_are_still_told_apart():
    assert len(encode(x=tuple(f"c{i % 20}" for i in range(N)), y=PAIR).feature_names) == 20


def test_inputs_are_bounded():
    columns = {f"c{number}": tuple(f"v{i % 20}" for i in range(N)) for number in range(30)}
    data = encode(**columns, y=PAIR)
    assert 280 <= len(data.feature_names) <= 300
    assert any("more than 300 inputs" in note for note in data.notes)


def test_rows_without_a_target_are_left_out_and_noted():
    data = encode(x=RAMP, y=with_gaps(RAMP, 1, 2))
    assert len(everything(data)) == N - 2
    assert "2 rows have no value in column 'y' and cannot be used." in data.notes
    assert "1 row has no value in column 'y' and cannot be used." in encode(x=RAMP, y=("", *PAIR[1:])).notes


@pytest.mark.parametrize(("columns", "options", "sentence"), [
    ({"y": with_gaps(RAMP, *range(31))}, {}, "Only 9 rows"),
    ({"y": PAIR}, {"target": "z"}, "no column 'z'"),
    ({"long name": PAIR}, {"target": "long nam"}, "Did you mean 'long name'"),
    ({"y": PAIR}, {"task": "regression"}, "holds texts, not numbers"),
    ({"y": ("same",) * N}, {}, "same value in every row"),
    ({"y": np.full(N, 2.5)}, {}, "same value in every row"),
    ({"y": np.full(N, 2.0)}, {}, "same value in every row")])
def test_a_target_that_cannot_be_predicted_is_refused(columns, options, sentence):
    with pytest.raises(SpecError, match=sentence):
        encode(x=RAMP, **columns, **options)


def test_more_than_fifty_classes_are_refused():
    texts, x = tuple(f"c{i}" for i in range(51)) * 2, np.arange(102.0)
    with pytest.raises(SpecError, match="51 different values; at most 50"):
        encode(x=x, y=texts)
    assert len(encode(x=x[:100], y=tuple(f"c{i}" for i in range(50)) * 2).class_names) == 50


def test_numbers_can_be_made_classes_and_whole_numbers_a_value():
    data = encode(x=RAMP, y=COUNT % 3 / 4, task="classification")
    assert data.class_names == ("0", "0.25", "0.5")
    assert encode(x=RAMP, y=COUNT % 3, task="regression").task == "regression"


def test_a_regression_target_leads_back_to_its_units():
    data = encode(x=RAMP, y=COUNT**2 - 100)
    mean, std = data.target_scale
    back = np.concatenate([data.y_train, data.y_test]).ravel() * std + mean
    np.testing.assert_allclose(np.sort(back), np.sort(COUNT**2 - 100), atol=0.01)
    assert data.y_train.mean() == pytest.approx(0, abs=1e-5)
    assert data.y_train.std() == pytest.approx(1, abs=1e-5)


def test_a_class_of_one_row_trains_and_is_noted():
    data = encode(x=RAMP, y=("rare", *PAIR[1:]))
    assert data.class_names == ("no", "rare", "yes")
    assert (data.y_train == 1).sum() == 1
    assert any("'rare' has one row only" in note for note in data.notes)


def test_an_empty_target_is_suggested():
    assert encode(target="", x=RAMP, y=PAIR, z=RAMP**2).target_name == "y"


def test_the_largest_and_smallest_numbers_do_not_overflow():
    huge, tiny = np.where(COUNT % 2, 1.7e308, -1.7e308), COUNT * 5e-324
    for column in (huge, tiny, np.where(COUNT == 3, 1.7e308, COUNT)):
        for seed in range(4):
            data = encode(x=column, z=RAMP, y=PAIR, seed=seed)
            assert np.isfinite(everything(data)).all()
    assert np.isfinite(encode(x=RAMP, y=huge, task="regression").y_train).all()


values = st.one_of(st.floats(), st.sampled_from([0.0, 1.0, np.nan, np.inf, 1e308, -1e308, 5e-324]))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(values, values, st.sampled_from(["", "a", "b", "c", "2019-01-01"])), min_size=1, max_size=30),
       st.sampled_from(["x", "y", "t", ""]), st.sampled_from(["auto", "classification", "regression"]),
       st.floats(0.1, 0.9), st.integers(0, 5))
def test_any_table_gives_finite_arrays_or_a_sentence(rows, target, task, fraction, seed):
    x, y, texts = zip(*rows, strict=True)
    try:
        data = encode(target, fraction, seed, task, x=np.array(x), y=np.array(y), t=texts)
    except SpecError:
        return
    for array in (data.x_train, data.x_test, data.y_train, data.y_test):
        assert np.isfinite(array).all()
        assert len(array) > 0
    assert data.x_train.shape[1] == len(data.feature_names)
    assert np.isfinite(data.target_scale).all()
