"""The columns of a table as a network's inputs: numbers standardised, categories one-hot, the rest left out."""

import re

import numpy as np

from datasets.csv.table import Table
from datasets.split import fit_scale
from engine.errors import SpecError

MOST_CATEGORIES = 20
MOST_INPUTS = 300
MISSING = "missing"

_DATE = re.compile(r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?([ T].*)?"  # 2019-03-01, 2019/3, 2019-03-01T12:00
                   r"|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})( .*)?"  # 1.3.2019, 03/01/19 12:00
                   r"|\d{1,2}:\d{2}.*")  # 12:00
_ROW_NUMBER_NAMES = re.compile(r"id|index|idx|row|nr|no|number|#|unnamed:? [01]", re.IGNORECASE)


def build_inputs(table: Table, target: str, usable: np.ndarray,
                 train: np.ndarray) -> tuple[np.ndarray, tuple[str, ...], list[str]]:
    """Inputs (N, F) float32 of the usable rows, their names, and notes. `train` is a mask of the usable rows."""
    blocks, names, notes = [], [], []
    for name, column in zip(table.names, table.columns, strict=True):
        if name == target:
            continue
        if isinstance(column, tuple):
            block, labels, note = _categories(name, np.array(column, dtype=object)[usable], train)
        else:
            block, labels, note = _numbers(name, column[usable], train)
        if len(names) + len(labels) > MOST_INPUTS:
            note = f"Column '{name}' was left out: it would make more than {MOST_INPUTS} inputs."
            block, labels = None, []
        if block is not None:
            blocks.append(block)
        names += labels
        notes += [note] if note else []
    if not blocks:
        raise SpecError(f"No column is left to predict '{target}' from. " + " ".join(notes[:3]))
    return np.concatenate(blocks, axis=1, dtype=np.float32), tuple(names), notes


def _numbers(name: str, values: np.ndarray, train: np.ndarray) -> tuple[np.ndarray | None, list[str], str]:
    """A standardised input (N, 1), what it is called, and a note; None when the column is left out."""
    known = np.isfinite(values)
    if not known[train].any():
        return None, [], f"Column '{name}' was left out: it is empty."
    if np.ptp(values[train & known] / 2) == 0:
        return None, [], f"Column '{name}' was left out: it has the same value in every row that trains."
    if _ROW_NUMBER_NAMES.fullmatch(name) and _counts_up(values):
        return None, [], f"Column '{name}' was left out: it only numbers the rows."
    shares = values / np.abs(values[known]).max()  # of the largest, so that no sum overflows
    filled = np.where(known, shares, np.median(shares[train & known]))[:, None]  # (N, 1)
    mean, std = fit_scale(filled[train])
    missing = int((~known).sum())
    note = f"Column '{name}': {_count(missing)} filled with the median of the rows that train." if missing else ""
    return ((filled - mean) / std).clip(-1e6, 1e6).astype(np.float32), [name], note


def _counts_up(values: np.ndarray) -> bool:
    """True for whole numbers that only grow; rows without a target may have left gaps."""
    return bool(np.isfinite(values).all() and (values == np.round(values)).all() and (np.diff(values) > 0).all())


def _categories(name: str, values: np.ndarray, train: np.ndarray) -> tuple[np.ndarray | None, list[str], str]:
    """One-hot inputs (N, categories), what they are called, and a note; None when the column is left out."""
    distinct, categories = set(values) - {""}, sorted(set(values[train]))
    if not distinct:
        return None, [], f"Column '{name}' was left out: it is empty."
    if np.mean([bool(_DATE.fullmatch(text)) for text in distinct]) > 0.9:
        return None, [], f"Column '{name}' was left out: it holds dates or times, which are not used here."
    if len(distinct) > MOST_CATEGORIES:
        return None, [], (f"Column '{name}' was left out: it holds {len(distinct):,} different texts; "
                          f"at most {MOST_CATEGORIES} can be told apart.")
    if len(categories) < 2:
        return None, [], f"Column '{name}' was left out: it has the same value in every row that trains."
    missing = int((values == "").sum())
    note = f"Column '{name}': {_count(missing)} made a category of their own." if missing else ""
    labels = [f"{name} = {category or MISSING}" for category in categories]
    place = {category: index for index, category in enumerate(categories)}  # a text that only tests has none
    codes = np.array([place.get(value, -1) for value in values])
    return (codes[:, None] == np.arange(len(categories))).astype(np.float32), labels, note


def _count(missing: int) -> str:
    return "1 missing value was" if missing == 1 else f"{missing:,} missing values were"
