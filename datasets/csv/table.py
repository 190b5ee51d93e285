"""An uploaded file becomes a Table: checked against declared limits, or refused with what to change."""

from dataclasses import dataclass

import numpy as np

from datasets.csv.cells import has_header, read_column
from datasets.csv.lines import decode, find_separator, split_rows
from engine.errors import SpecError

MOST_BYTES = 10_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 200
LONGEST_NAME = 80
FEW_CLASSES = 10


@dataclass(frozen=True)
class Table:
    """Named columns of one length, from an uploaded file.

    names: one for each column, all different. columns: numbers (N,) float64 with NaN where a value is missing, or N
    texts with "" where one is missing. notes: sentences for the person about how the file was read.
    """

    name: str
    names: tuple[str, ...]
    columns: tuple[np.ndarray | tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return len(self.columns[0])

    def column(self, name: str) -> np.ndarray | tuple[str, ...]:
        return self.columns[self.names.index(name)]

    def suggest_target(self) -> str:
        """The column that is probably meant to be predicted: the last with few different values, else the last."""
        for name, column in zip(reversed(self.names), reversed(self.columns), strict=True):
            if 2 <= len(classes_of(column)) <= min(FEW_CLASSES, self.rows / 2):
                return name
        return self.names[-1]


def classes_of(column: np.ndarray | tuple[str, ...]) -> list:
    """The different values of a column in order, without the missing; empty for numbers that are not all whole."""
    if isinstance(column, tuple):
        return sorted(set(column) - {""})
    found = np.unique(column[np.isfinite(column)])
    return found.tolist() if (found == np.round(found)).all() else []


def check_size(size: int) -> None:
    """Refuse a file by its size in bytes, before it is read."""
    if size > MOST_BYTES:
        raise SpecError(f"This file has {size / 1e6:,.1f} MB; at most {MOST_BYTES / 1e6:g} MB can be used here. "
                        "Keep fewer rows or columns and upload it again.")


def read_table(data: bytes, name: str) -> Table:
    """The table in the bytes of a CSV file. SpecError says which line or column cannot be used, and what to do."""
    check_size(len(data))
    if not data.strip():
        raise SpecError("This file is empty. Upload a file with a table in it.")
    text = decode(data)
    separator = find_separator(text)
    rows, lines = split_rows(text, separator, MOST_ROWS, MOST_COLUMNS)
    if not rows:
        raise SpecError("This file is empty. Upload a file with a table in it.")
    if len(rows[0]) == 1:
        raise SpecError("This table has one column only: a network needs one to predict and at least one to learn "
                        "from. Separate the columns by commas, semicolons, tabs or bars.")
    return _table(name, rows, lines, may_use_comma=separator != ",")


def _table(name: str, rows: list[list[str]], lines: list[int], may_use_comma: bool) -> Table:
    notes = []
    if has_header(rows[0], rows[1:], may_use_comma):
        names, notes = _unique_names(rows[0])
        rows, lines = rows[1:], lines[1:]
    else:
        names = [f"column{number}" for number in range(1, len(rows[0]) + 1)]
        notes = ["The first line holds values, so the columns were named column1, column2 and so on."]
    if not rows:
        raise SpecError("This table has a line of names but no rows below it. Add rows and upload it again.")
    if len(rows) > MOST_ROWS:
        raise SpecError(f"This table has more than {MOST_ROWS:,} rows, the most that can be used here. "
                        "Keep fewer rows and upload it again.")
    columns = []
    for label, cells in zip(names, zip(*rows, strict=True), strict=True):
        column, remarks = read_column(cells, lines, label, may_use_comma)
        columns.append(column)
        notes += remarks
    return Table(name[:LONGEST_NAME], tuple(names), tuple(columns), tuple(notes))


def _unique_names(header: list[str]) -> tuple[list[str], list[str]]:
    """Names for the columns: an empty one is numbered, one that stands twice gets a number in brackets; and notes."""
    names, notes = [], []
    for number, cell in enumerate(header, 1):
        wanted = cell[:LONGEST_NAME] or f"unnamed {number}"
        name, copy = wanted, 1
        while name in names or (name != cell[:LONGEST_NAME] and name in header):
            copy += 1
            name = f"{wanted} ({copy})"
        if not cell:
            notes.append(f"Column {number} has no name; it is called '{name}' here.")
        elif name != wanted:
            notes.append(f"The name '{wanted}' stands twice; the one in column {number} is called '{name}' here.")
        names.append(name)
    return names, notes
