"""The record of a run: columns that grow, one row for each evaluation."""

import numpy as np


class History:
    """Named float64 columns of equal length; a row is appended in constant time."""

    def __init__(self, columns: tuple[str, ...]):
        self.columns = columns
        self._rows = np.empty((256, len(columns)))
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, **row: float) -> None:
        """Add a row; every column must be given."""
        if self._length == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        self._rows[self._length] = [row[name] for name in self.columns]
        self._length += 1

    def column(self, name: str, start: int = 0) -> np.ndarray:
        """A column (N,) from row `start` on."""
        return self._rows[start:self._length, self.columns.index(name)]

    def rows(self, start: int = 0) -> np.ndarray:
        """(N, columns) from row `start` on."""
        return self._rows[start:self._length]

    def last(self) -> dict[str, float]:
        """The newest row, by column; NaN where there is none."""
        row = self._rows[self._length - 1] if self._length else np.full(len(self.columns), np.nan)
        return dict(zip(self.columns, row.tolist(), strict=True))

    def truncate(self, length: int) -> None:
        """Forget the rows from `length` on."""
        self._length = min(self._length, length)
