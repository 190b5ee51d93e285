"""Cells to columns: what counts as missing, as a number, as a header."""

import re
from collections import Counter

import numpy as np

MISSING = {"", "na", "n/a", "#n/a", "nan", "-nan", "null", "none", "?", "-", "."}
LONGEST_TEXT = 100
STRAY_SHARE = 0.05  # a column of numbers may hold this share of other texts, which then count as missing

_DECIMAL_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?([eE][+-]?\d+)?")


def is_missing(cell: str) -> bool:
    return cell.lower() in MISSING


def to_number(cell: str, decimal_comma: bool = False) -> float | None:
    """The number that a cell states, or None. Infinite numbers are numbers here."""
    if decimal_comma:
        if not _DECIMAL_COMMA.fullmatch(cell):
            return None
        cell = cell.replace(".", "").replace(",", ".")
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def read_column(cells: list[str], lines: list[int], label: str, may_use_comma: bool) -> tuple[np.ndarray | tuple, list]:
    """A column as numbers (N,) float64 with NaN where missing, or as texts with "" where missing; and notes."""
    counts = {cell: count for cell, count in Counter(cells).items() if not is_missing(cell)}
    readings = [{cell: to_number(cell, comma) for cell in counts} for comma in {False, may_use_comma}]
    strays, numbers = min(((sum(counts[cell] for cell in reading if reading[cell] is None), reading)
                           for reading in readings), key=lambda pair: pair[0])
    if not counts or strays > STRAY_SHARE * sum(counts.values()):
        return read_texts(cells, label)
    column = np.array([numbers.get(cell) for cell in cells], dtype=np.float64)
    if not strays:
        return column, []
    first = next(row for row, cell in enumerate(cells) if numbers.get(cell, 0.0) is None)
    return column, [f"Column '{label}' holds numbers, but {strays:,} of its values are not (such as "
                    f"'{cells[first][:40]}' on line {lines[first]}): they count as missing."]


def read_texts(cells: list[str], label: str) -> tuple[tuple, list]:
    short = {cell: "" if is_missing(cell) else cell[:LONGEST_TEXT] for cell in set(cells)}
    texts = tuple(short[cell] for cell in cells)
    if any(len(cell) > LONGEST_TEXT for cell in short):
        return texts, [f"The texts in column '{label}' were cut to {LONGEST_TEXT} characters."]
    return texts, []


def has_header(first: list[str], rest: list[list[str]], may_use_comma: bool) -> bool:
    """True when the first row names the columns: no numbers in it, and it differs from what stands below it."""

    def numeric(cell: str) -> bool:
        return to_number(cell) is not None or (may_use_comma and to_number(cell, True) is not None)

    if any(numeric(cell) for cell in first) or all(is_missing(cell) for cell in first):
        return False
    below = list(zip(*rest[:200], strict=True))
    if any(any(map(numeric, column)) for column in below):
        return True
    return not any(cell in column for cell, column in zip(first, below, strict=False) if cell)
