"""A column of numbers: texts are parsed, and what is missing, infinite or no number is named by its row."""

from __future__ import annotations

import numpy as np
import polars

from recurra.errors import DataError

__all__ = ["is_missing", "numbers"]

_MISSING = ("", "na", "n/a", "nan", "null", "none", "-", "?")

_LARGEST = 1e100
"""The largest value that is read: sums of squares of far larger ones are infinite."""


def numbers(column: polars.Series, *, source: str, gaps: bool = False) -> np.ndarray:
    """Return a column as finite numbers, up to 1e100.

    Parameters
    ----------
    column
        A column (rows,) of numbers or of their texts.
    source
        What messages call the table.
    gaps
        Whether values may be missing; those are NaN.

    Returns
    -------
    numpy.ndarray
        The values (rows,), float64.

    Raises
    ------
    DataError
        If a value is missing, infinite, too large or no number; the message names the first such row. Rows are counted
        from 1 below the header.
    """
    values = _values(column, source)
    bad = np.flatnonzero(~(np.abs(values) <= _LARGEST))
    if gaps and len(bad):
        bad = bad[~is_missing(column).to_numpy()[bad]]
    if len(bad):
        first = int(bad[0])
        text = "" if column[first] is None else str(column[first])
        raise DataError(_complaint(column.name, text, first, len(bad), source))
    return values


def is_missing(column: polars.Series, /) -> polars.Series:
    """Say of each row (rows,) whether there is no value: nothing, NaN, or a text that means it, such as NA."""
    if column.dtype == polars.String:
        return column.fill_null("").str.strip_chars().str.to_lowercase().is_in(_MISSING)
    missing = column.is_null()
    return missing | column.is_nan().fill_null(value=False) if column.dtype.is_float() else missing


def _values(column: polars.Series, source: str) -> np.ndarray:
    """Return the values (rows,), NaN where there is none."""
    if column.dtype == polars.String:
        column = column.str.strip_chars().cast(polars.Float64, strict=False)
    elif not (column.dtype.is_numeric() or column.dtype == polars.Null):
        raise DataError(f"{source}, column {column.name!r}: expected numbers, got {column.dtype}")
    return column.cast(polars.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)


def _complaint(name: str, text: str, row: int, count: int, source: str) -> str:
    where = f"{source}, column {name!r}, data row {row + 1}"
    more = f" ({count} such rows in all)" if count > 1 else ""
    word = text.strip().lower()
    if word in _MISSING:
        shown = f" ({text.strip()!r})" if word else ""
        return f"{where}: the value is missing{shown}{more}; fill the gap or remove the rows before it"
    if word.lstrip("+-") in ("inf", "infinity"):
        return f"{where}: the value is infinite ({text.strip()!r}){more}; expected a finite number"
    if _is_number(word):
        return f"{where}: {text.strip()} is too large{more}; expected {_LARGEST:g} at most, in a larger unit"
    hint = "; for a decimal comma give the option decimal" if "," in text else ""
    return f"{where}: {text.strip()!r} is not a number{more}; expected one such as 12.5{hint}"


def _is_number(word: str) -> bool:
    try:
        return bool(np.isfinite(float(word)))
    except ValueError:
        return False
