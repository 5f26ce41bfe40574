"""A column of times: numbers (years, steps) or dates in a format that is found or given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars

from recurra.data.layout import Layout, one_series
from recurra.errors import DataError

__all__ = ["WHOLE_NUMBERS", "Times", "read_times", "time_texts"]

WHOLE_NUMBERS = "whole numbers"
"""The format of times that are no dates: years, steps, row numbers."""

_FORMATS = (
    "%Y-%m-%d",
    "%Y-%m",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%d",
    "%Y/%m",
    "%Y/%m/%d %H:%M",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M",
    "%b %d %Y",
)
_ASK_ID = ", or name the column that says which series a row is of"
_ACCEPTED = "a whole number (1700) or a date such as 1949-01, 1949-01-31, 1949-01-31 12:00 or 31.01.1949"


@dataclass(frozen=True, kw_only=True)
class Times:
    """The times of a series, in order.

    Attributes
    ----------
    name
        The column's name.
    values
        (rows,) int64 for whole numbers, else datetime64 in microseconds.
    format
        `WHOLE_NUMBERS`, or the dates' format in the letters of `strptime`.
    """

    name: str
    values: np.ndarray
    format: str

    def text(self, row: int) -> str:
        """Return the time of one row as it is written."""
        return time_texts(self.values[[row]], format=self.format)[0]


def read_times(column: polars.Series, *, source: str, format: str | None = None, layout: Layout | None = None) -> Times:
    """Read a column of times, which must increase within each series.

    Parameters
    ----------
    column
        (rows,) whole numbers, dates, or texts of either.
    source
        What messages call the table.
    format
        The dates' format in the letters of `strptime`, such as `"%d/%m/%Y"`; found if not given.
    layout
        Which rows are of which series, in whose order the times are returned; by default all are of one.

    Raises
    ------
    DataError
        If a time is missing, cannot be read, is not after the one before it, or the format is ambiguous.
    """
    where = f"{source}, column {column.name!r}"
    texts = _texts(column, where)
    _refuse_missing(texts, where)
    if format is None:
        format = _find_format(texts, where)
    layout = layout or one_series(len(texts))
    times = Times(name=column.name, values=_parse(texts, format, where)[layout.rows], format=format)
    _refuse_disorder(times, where, layout)
    return times


def time_texts(values: np.ndarray, *, format: str) -> list[str]:
    """Write times (rows,) in a format."""
    if format == WHOLE_NUMBERS:
        return [str(int(value)) for value in values]
    return polars.Series(values.astype("datetime64[us]")).dt.strftime(format).to_list()


def _texts(column: polars.Series, where: str) -> polars.Series:
    if isinstance(column.dtype, polars.Datetime):
        if column.dtype.time_zone:
            raise DataError(f"{where}: times with a time zone are not read; convert them to UTC without one")
        return column.dt.strftime("%Y-%m-%dT%H:%M:%S")
    if column.dtype == polars.Date:
        return column.dt.strftime("%Y-%m-%d")
    if column.dtype.is_integer() or column.dtype in (polars.String, polars.Null):
        return column.cast(polars.String).str.strip_chars()
    raise DataError(f"{where}: expected whole numbers or dates, got {column.dtype}")


def _refuse_missing(texts: polars.Series, where: str) -> None:
    missing = (texts.fill_null("") == "").arg_max()
    if missing is not None and texts[missing] in (None, ""):
        raise DataError(f"{where}, data row {missing + 1}: the time is missing")


def _find_format(texts: polars.Series, where: str) -> str:
    if texts.str.contains(r"^[+-]?\d+$").all():
        return "%Y%m%d" if _are_compact_dates(texts) else WHOLE_NUMBERS
    fitting = [format for format in _FORMATS if _dates(texts, format).null_count() == 0]
    if len(fitting) > 1 and "/%Y" in fitting[0]:
        raise DataError(
            f"{where}: {texts[0]!r} may be month/day or day/month; say which with the time format, "
            f"{' or '.join(map(repr, fitting))}"
        )
    if fitting:
        return fitting[0]
    raise DataError(_unreadable(texts, where))


def _unreadable(texts: polars.Series, where: str) -> str:
    """Name the first row that the format of the most rows cannot read."""
    parsed = [texts.cast(polars.Int64, strict=False), *(_dates(texts, format) for format in _FORMATS)]
    best = min(parsed, key=polars.Series.null_count)
    row = int(np.argmax(best.is_null().to_numpy()))
    return f"{where}, data row {row + 1}: {texts[row]!r} is no time; expected {_ACCEPTED}"


def _are_compact_dates(texts: polars.Series) -> bool:
    return bool(texts.str.contains(r"^(1[5-9]|20|21)\d{6}$").all()) and not _dates(texts, "%Y%m%d").null_count()


def _dates(texts: polars.Series, format: str) -> polars.Series:
    return texts.str.to_datetime(format, strict=False, time_unit="us")


def _parse(texts: polars.Series, format: str, where: str) -> np.ndarray:
    try:
        parsed = texts.cast(polars.Int64, strict=False) if format == WHOLE_NUMBERS else _dates(texts, format)
    except polars.exceptions.PolarsError:
        raise DataError(f"{format!r} is no time format; expected one such as '%Y-%m-%d %H:%M'") from None
    if parsed.null_count():
        row = int(np.argmax(parsed.is_null().to_numpy()))
        raise DataError(f"{where}, data row {row + 1}: {texts[row]!r} does not fit the time format {format!r}")
    return parsed.to_numpy()


def _refuse_disorder(times: Times, where: str, layout: Layout) -> None:
    rows = layout.following()
    wrong = rows[times.values[rows] <= times.values[rows - 1]]
    if not len(wrong):
        return
    row = int(wrong[0])
    this, before, series = times.text(row), times.text(row - 1), layout.name(row)
    place = f"{where}, {layout.place(row)}: the time {this}{series}"
    if this == before:
        raise DataError(f"{place} is there twice, also in row {layout.rows[row - 1] + 1}{_ASK_ID * (not series)}")
    raise DataError(f"{place} comes after {before}; sort the rows by time{_ASK_ID * (not series)}")
