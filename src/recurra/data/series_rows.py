"""Which rows of a table are of which series, in the long layout: one row a time, a column that names the series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars

from recurra.errors import DataError

__all__ = ["Layout", "one_series", "rows_by_series"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Layout:
    """The rows of a table, series by series.

    Attributes
    ----------
    ids
        The series' names, in order of first appearance; ("",) for a table of one series.
    bounds
        (series + 1,) series i has the rows [bounds[i], bounds[i + 1]).
    rows
        (rows,) the place of each row in the table, from 0.
    """

    ids: tuple[str, ...]
    bounds: np.ndarray
    rows: np.ndarray

    def series(self) -> np.ndarray:
        """Return the number of the series of each row (rows,)."""
        return np.repeat(np.arange(len(self.ids)), np.diff(self.bounds))

    def following(self) -> np.ndarray:
        """Return the rows, from 1, that follow a row of the same series."""
        rows = np.arange(1, len(self.rows))
        return rows[~np.isin(rows, self.bounds)]

    def place(self, row: int, /) -> str:
        """Return what a message calls a row: where it is in the table."""
        return f"data row {self.rows[row] + 1}"

    def name(self, row: int, /) -> str:
        """Return " of series 'A'" for a row, "" in a table of one series."""
        found = self.ids[int(np.searchsorted(self.bounds, row, side="right")) - 1]
        return f" of series {found!r}" if found else ""


def one_series(rows: int, /) -> Layout:
    """Return the layout of a table whose rows are all of one series."""
    return Layout(ids=("",), bounds=np.array([0, rows]), rows=np.arange(rows))


def rows_by_series(column: polars.Series, /, *, source: str) -> Layout:
    """Return the layout of a table by the column (rows,) that names the series.

    Raises
    ------
    DataError
        If a name is missing.
    """
    names = column.cast(polars.String).str.strip_chars().fill_null("")
    missing = np.flatnonzero((names == "").to_numpy())
    if len(missing):
        raise DataError(
            f"{source}, column {column.name!r}, data row {missing[0] + 1}: the name of the series is missing"
        )
    order = names.unique(maintain_order=True)
    codes = names.replace_strict(order, np.arange(len(order)), return_dtype=polars.Int64).to_numpy()
    counts = np.bincount(codes, minlength=len(order))
    return Layout(
        ids=tuple(order.to_list()),
        bounds=np.concatenate([[0], np.cumsum(counts)]),
        rows=np.argsort(codes, kind="stable"),
    )
