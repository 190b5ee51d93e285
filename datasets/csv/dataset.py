"""A table becomes a data set: which rows and columns are used, and what each of them turns into."""

import difflib

import numpy as np

from datasets.csv.inputs import build_inputs
from datasets.csv.table import FEW_CLASSES, Table, classes_of
from datasets.split import stratified_split, streams
from engine.data import Dataset
from engine.errors import SpecError

GOALS = ("auto", "classification", "regression")
FEWEST_ROWS = 10
MOST_CLASSES = 50


def to_dataset(table: Table, target: str, train_fraction: float, seed: int, task: str = "auto") -> Dataset:
    """Examples for predicting column `target` (suggested when empty) from all others.

    task: "classification", "regression", or "auto", which tells classes apart for texts and for up to 10 different
    whole numbers. What was left out or filled in is said in the notes. SpecError when the column cannot be predicted.
    """
    target = target or table.suggest_target()
    if target not in table.names:
        near = difflib.get_close_matches(target, table.names, 1)
        hint = f"Did you mean '{near[0]}'?" if near else "Choose one of: " + ", ".join(table.names)[:300] + "."
        raise SpecError(f"This table has no column '{target[:80]}'. {hint}")
    column = table.column(target)
    goal = _goal(target, column, task)
    usable, notes = _usable_rows(target, column)
    split = streams(seed, 1)[0]
    if goal == "regression":
        train = stratified_split(np.zeros(usable.sum()), train_fraction, split)
        y, scale = _scaled_target(target, column[usable], train)
        class_names, kind = (), "regression"
    else:
        y, class_names = _classes(target, column, usable)
        train, scale = stratified_split(y, train_fraction, split), (0.0, 1.0)
        kind = "binary" if len(class_names) == 2 else "multiclass"
        notes += _lonely(y, class_names)
    x, feature_names, remarks = build_inputs(table, target, usable, train)
    return Dataset(table.name, kind, x[train], y[train], x[~train], y[~train], feature_names, class_names, target,
                   target_scale=scale, notes=(*table.notes, *notes, *remarks))


def _goal(target: str, column: np.ndarray | tuple, task: str) -> str:
    if task == "auto":
        few_whole = 0 < len(classes_of(column)) <= FEW_CLASSES
        return "classification" if isinstance(column, tuple) or few_whole else "regression"
    if task == "regression" and isinstance(column, tuple):
        raise SpecError(f"Column '{target}' holds texts, not numbers: its values can be told apart but not computed. "
                        "Choose classification, or another column.")
    return task


def _usable_rows(target: str, column: np.ndarray | tuple) -> tuple[np.ndarray, list[str]]:
    """True (N,) where the target is there."""
    if isinstance(column, tuple):
        usable = np.array([cell != "" for cell in column])
    else:
        usable = np.isfinite(column)
    missing = int((~usable).sum())
    if usable.sum() < FEWEST_ROWS:
        raise SpecError(f"Only {_rows_have(int(usable.sum()))} a value in column '{target}'; a network needs at least "
                        f"{FEWEST_ROWS} to learn and be tested. Add rows, or choose another column.")
    return usable, [f"{_rows_have(missing)} no value in column '{target}' and cannot be used."] if missing else []


def _rows_have(count: int) -> str:
    return "1 row has" if count == 1 else f"{count:,} rows have"


def _classes(target: str, column: np.ndarray | tuple, usable: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Class indices (N,) of the usable rows, and the names of the classes in order."""
    values = np.array(column, dtype=object)[usable]
    distinct = sorted(set(values))
    if len(distinct) > MOST_CLASSES:
        raise SpecError(f"Column '{target}' has {len(distinct):,} different values; at most {MOST_CLASSES} classes can "
                        "be told apart. Choose another column, or regression if it holds numbers.")
    if len(distinct) < 2:
        raise SpecError(f"Column '{target}' has the same value in every row, so there is nothing to predict. "
                        "Choose another column.")
    index = {value: number for number, value in enumerate(distinct)}
    names = tuple(value if isinstance(value, str) else _written(value) for value in distinct)
    return np.array([index[value] for value in values], dtype=np.int64), names


def _written(number: float) -> str:
    short = f"{number:g}"
    return short if float(short) == number else repr(number)


def _lonely(y: np.ndarray, class_names: tuple[str, ...]) -> list[str]:
    return [f"Class '{class_names[label]}' has one row only: the network learns from it, nothing tests it."
            for label in np.flatnonzero(np.bincount(y) == 1)]


def _scaled_target(target: str, values: np.ndarray, train: np.ndarray) -> tuple[np.ndarray, tuple[float, float]]:
    """Standardised targets (N, 1), and the (mean, std) that lead back."""
    size = np.abs(values).max() or 1.0  # computed as shares of the largest, so that no value overflows
    shares = values / size
    mean, std = shares[train].mean(), shares[train].std()
    if np.ptp(shares[train]) == 0 or std * size == 0:
        raise SpecError(f"Column '{target}' has the same value in every row that trains, so there is nothing to "
                        "predict. Choose another column.")
    return ((shares - mean) / std).clip(-1e6, 1e6)[:, None].astype(np.float32), (float(mean * size), float(std * size))
