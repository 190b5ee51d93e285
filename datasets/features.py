"""The columns of a table as a network's inputs: numbers standardised, categories one-hot, the rest left out."""

import re

import numpy as np

from datasets.split import fit_scale
from datasets.uploads import Table
from engine.errors import SpecError

MOST_CATEGORIES = 20
MOST_INPUTS = 300
MISSING = "missing"

_DATE = re.compile(r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?([ T].*)?"  # 2019-03-01, 2019/3, 2019-03-01T12:00
                   r"|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})( .*)?"  # 1.3.2019, 03/01/19 12:00
                   r"|\d{1,2}:\d{2}.*")  # 12:00
_ROW_NUMBER_NAMES = re.compile(r"id|index|idx|row|nr|no|number|#|unnamed: 0|column1", re.IGNORECASE)


def build_inputs(table: Table, target: str, usable: np.ndarray,
                 train: np.ndarray) -> tuple[np.ndarray, tuple[str, ...], list[str]]:
    """Inputs (N, F) float32 of the usable rows, their names, and notes. `train` is a mask of the usable rows."""
    blocks, names, notes = [], [], []
    for name, column in zip(table.names, table.columns, strict=True):
        if name == target:
            continue
        read = _categories if isinstance(column, tuple) else _numbers
        block, labels, note = read(name, np.array(column)[usable], train)
        if len(names) + len(labels) > MOST_INPUTS:
            note = f"Column '{name}' was left out: it would make more than {MOST_INPUTS} inputs."
            block, labels = None, []
        if block is not None:
            blocks.append(block)
        names += labels
        notes += [note] if note else []
    if not blocks:
        raise SpecError(f"No column is left to predict '{target}' from. " + " ".join(notes)[:500])
    return np.concatenate(blocks, axis=1).astype(np.float32), tuple(names), notes


def _numbers(name: str, values: np.ndarray, train: np.ndarray) -> tuple[np.ndarray | None, list[str], str]:
    """A standardised input (N, 1), what it is called, and a note; None when the column is left out."""
    known = np.isfinite(values)
    if not known[train].any():
        return None, [], f"Column '{name}' was left out: it is empty."
    if np.ptp(values[train & known] / 2) == 0:
        return None, [], f"Column '{name}' was left out: it has the same value in every row that trains."
    if _ROW_NUMBER_NAMES.fullmatch(name) and known.all() and (np.diff(values) == 1).all():
        return None, [], f"Column '{name}' was left out: it only numbers the rows."
    shares = values / np.abs(values[known]).max()  # of the largest, so that no sum overflows
    filled = np.where(known, shares, np.median(shares[train & known]))[:, None]  # (N, 1)
    mean, std = fit_scale(filled[train])
    missing = int((~known).sum())
    note = f"Column '{name}': {_count(missing)} filled with the median of the rows that train." if missing else ""
    return ((filled - mean) / std).clip(-1e6, 1e6), [name], note


def _categories(name: str, values: np.ndarray, train: np.ndarray) -> tuple[np.ndarray | None, list[str], str]:
    """One-hot inputs (N, categories), what they are called, and a note; None when the column is left out."""
    present = values[values != ""]
    if not len(present):
        return None, [], f"Column '{name}' was left out: it is empty."
    if np.mean([bool(_DATE.fullmatch(text)) for text in present]) > 0.9:
        return None, [], f"Column '{name}' was left out: it holds dates or times, which are not used here."
    categories = np.unique(values[train])
    if len(np.unique(values)) > MOST_CATEGORIES:
        return None, [], (f"Column '{name}' was left out: it holds {len(np.unique(present)):,} different texts; "
                          f"at most {MOST_CATEGORIES} can be told apart.")
    if len(categories) < 2:
        return None, [], f"Column '{name}' was left out: it has the same value in every row that trains."
    missing = int((values == "").sum())
    note = f"Column '{name}': {_count(missing)} made a category of their own." if missing else ""
    labels = [f"{name} = {category or MISSING}" for category in categories]
    return (values[:, None] == categories).astype(float), labels, note


def _count(missing: int) -> str:
    return "1 missing value was" if missing == 1 else f"{missing:,} missing values were"
