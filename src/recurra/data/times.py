"""A column of times: numbers (years, steps) or dates in a format and a zone that are found or given."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import polars

from recurra.data.time_formats import ReadTimes, candidates, instants, known_zone, pattern_of, written
from recurra.errors import DataError

__all__ = [
    "WHOLE_NUMBERS",
    "SeriesLayout",
    "Times",
    "in_order",
    "one_series",
    "parse_times",
    "rows_by_series",
    "time_texts",
]

WHOLE_NUMBERS = "whole numbers"
"""The format of times that are no dates: years, steps, row numbers."""

_ASK_ID = "; expected each once: drop one, or name the column that says which series a row is of"
_ASK_ZONE = "; if the clock went back, say the time zone, such as Europe/Berlin"

_ACCEPTED = "a whole number (1700) or a date such as 1949-01, 2024-Q1, 1949-01-31, 1949-01-31 12:00 or 31.01.1949"


@dataclass(frozen=True, kw_only=True, eq=False)
class SeriesLayout:
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


def one_series(rows: int, /) -> SeriesLayout:
    """Return the layout of a table whose rows are all of one series."""
    return SeriesLayout(ids=("",), bounds=np.array([0, rows]), rows=np.arange(rows))


def rows_by_series(column: polars.Series, /, *, source: str) -> SeriesLayout:
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
    return SeriesLayout(
        ids=tuple(order.to_list()),
        bounds=np.concatenate([[0], np.cumsum(counts)]),
        rows=np.argsort(codes, kind="stable"),
    )


@dataclass(frozen=True, kw_only=True)
class Times:
    """The times of a series, in order.

    Attributes
    ----------
    name
        The column's name.
    values
        (rows,) int64 for whole numbers, else datetime64 in microseconds: of UTC where there is a zone.
    format
        `WHOLE_NUMBERS`, or the dates' format in the letters of `strptime`.
    zone
        The zone that times are shown in, such as "Europe/Berlin" or "+05:30"; None where they have none.

    Examples
    --------
    >>> import numpy
    >>> from recurra.data import Times
    >>> Times(name="day", values=numpy.array(["2026-01-02"], "datetime64[us]"), format="%d.%m.%Y").text(0)
    '02.01.2026'
    """

    name: str
    values: np.ndarray
    format: str
    zone: str | None = None

    def text(self, row: int) -> str:
        """Return the time of one row as it is written."""
        return time_texts(self.values[[row]], format=self.format, zone=self.zone)[0]


def parse_times(
    column: polars.Series, *, source: str, layout: SeriesLayout, format: str | None = None, zone: str | None = None
) -> Times:
    """Read a column of times, as its rows stand.

    Parameters
    ----------
    column
        (rows,) whole numbers, dates, or texts of either.
    source
        What messages call the table.
    layout
        Which rows are of which series.
    format
        The dates' format in the letters of `strptime`, such as `"%d/%m/%Y"`; found if not given.
    zone
        The zone of times that say none, and in which all are shown; by default the one that the times say. Where the
        clock shows an hour twice, the first row of a series is the first time.

    Raises
    ------
    DataError
        If a time is missing, cannot be read, or the format or the zone is ambiguous.
    """
    where = f"{source}, column {column.name!r}"
    if column.dtype.is_temporal():
        _refuse_missing(column.cast(polars.String), where)
        return _typed(column, layout, where, format, zone)
    texts = _texts(column, where)
    _refuse_missing(texts, where)
    if format is None:
        format = _find_format(texts, where)
    if format == WHOLE_NUMBERS:
        return Times(name=column.name, values=_numbers(texts, where), format=format)
    read = _dates(texts, format, where)
    return _zoned(column.name, read, layout, where, zone)


def in_order(times: Times, layout: SeriesLayout, /, *, source: str) -> tuple[Times, SeriesLayout]:
    """Return times in order within each series, and the layout of rows in that order.

    Raises
    ------
    DataError
        If a series has a time twice.
    """
    order = np.lexsort((times.values[layout.rows], layout.series()))
    layout = dataclasses.replace(layout, rows=layout.rows[order])
    times = dataclasses.replace(times, values=times.values[layout.rows])
    _refuse_twice(times, f"{source}, column {times.name!r}", layout)
    return times, layout


def time_texts(values: np.ndarray, *, format: str, zone: str | None = None) -> list[str]:
    """Write times (rows,) in a format; with a zone they are times of UTC, and shown in the zone."""
    if format == WHOLE_NUMBERS:
        return [str(int(value)) for value in values]
    return written(values.astype("datetime64[us]"), format=format, zone=zone)


def _typed(column: polars.Series, layout: SeriesLayout, where: str, format: str | None, zone: str | None) -> Times:
    """Return times that the table has as such, and not as texts."""
    if not isinstance(column.dtype, (polars.Datetime, polars.Date)):
        raise DataError(f"{where}: expected whole numbers or dates, got {column.dtype}")
    said = column.dtype.time_zone if isinstance(column.dtype, polars.Datetime) else None
    own = known_zone(said, where=where) if said is not None else None
    whole = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if own else column
    if isinstance(column.dtype, polars.Datetime) and column.dtype.time_unit == "ns":
        _refuse_nanoseconds(whole, where)
    values = whole.cast(polars.Datetime("us")).to_numpy().astype("datetime64[us]")
    if format is None:
        format = "%Y-%m-%d" if column.dtype == polars.Date else _iso_format(values, has_offset=own is not None)
    if own:
        return Times(name=column.name, values=values, format=format, zone=zone or own)
    return _zoned(column.name, ReadTimes(values=values, offsets=None, format=format), layout, where, zone)


def _refuse_nanoseconds(column: polars.Series, where: str) -> None:
    finer = (column.dt.nanosecond() % 1000 != 0).to_numpy()
    if finer.any():
        row = int(np.argmax(finer))
        raise DataError(f"{where}, data row {row + 1}: {column[row]} is finer than a microsecond, which is not read")


def _iso_format(values: np.ndarray, *, has_offset: bool) -> str:
    parts = values.astype(np.int64) % 1_000_000
    fraction = "" if not parts.any() else "%.3f" if not (parts % 1000).any() else "%.6f"
    return f"%Y-%m-%dT%H:%M:%S{fraction}{'%:z' * has_offset}"


def _zoned(name: str, read: ReadTimes, layout: SeriesLayout, where: str, zone: str | None) -> Times:
    """Return times with their zone: the one that they say, or else the one that is given."""
    if read.offsets is not None:
        values = read.values - read.offsets.astype("timedelta64[s]")
        own = np.unique(read.offsets)
        if zone is None and len(own) > 1:
            shown = " and ".join(_offset_name(each) for each in own[:2].tolist())
            raise DataError(
                f"{where}: the times have the offsets {shown}; say which time zone that is, as Europe/Berlin or UTC"
            )
        return Times(name=name, values=values, format=read.format, zone=zone or _offset_name(int(own[0])))
    if zone is None and read.format.endswith("Z"):
        zone = "UTC"
    if zone is None:
        return Times(name=name, values=read.values, format=read.format)
    values = instants(read.values, zone=zone, is_second=_is_second(read.values, layout), strict=True)
    left_out = np.isnat(values)
    if left_out.any():
        row = int(np.argmax(left_out))
        text = written(read.values[[row]], format=read.format, zone=None)[0]
        raise DataError(
            f"{where}, data row {row + 1}: {text} is no time in {zone}, where the clock went forward over it"
        )
    return Times(name=name, values=values, format=read.format, zone=zone)


def _is_second(local: np.ndarray, layout: SeriesLayout) -> np.ndarray:
    """Say of local times (rows,) whether their series has the same one before; in a table that goes back, after."""
    second = np.zeros(len(local), dtype=bool)
    ordered = local[layout.rows]
    series = layout.series()
    frame = polars.DataFrame({"series": series, "time": ordered.astype(np.int64)})
    counts = frame.select(polars.int_range(polars.len()).over("series", "time")).to_series().to_numpy()
    twice = frame.select(polars.len().over("series", "time")).to_series().to_numpy() == 2
    ends = ordered[layout.bounds[1:] - 1] < ordered[layout.bounds[:-1]]
    second[layout.rows] = twice & ((counts == 1) != ends[series])
    return second


def _offset_name(seconds: int) -> str:
    if seconds == 0:
        return "UTC"
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"


def _texts(column: polars.Series, where: str) -> polars.Series:
    if column.dtype.is_integer() or column.dtype in (polars.String, polars.Null):
        return column.cast(polars.String).str.strip_chars()
    raise DataError(f"{where}: expected whole numbers or dates, got {column.dtype}")


def _refuse_missing(texts: polars.Series, where: str) -> None:
    missing = (texts.fill_null("") == "").arg_max()
    if missing is not None and texts[missing] in (None, ""):
        raise DataError(f"{where}, data row {missing + 1}: the time is missing")


def _find_format(texts: polars.Series, where: str) -> str:
    if not len(texts):
        return WHOLE_NUMBERS
    known = candidates(texts[0])
    fitting = [(pattern.format, read) for pattern in known if (read := pattern.read(texts)).is_whole]
    if texts.str.contains(r"^[+-]?\d+$").all():
        return fitting[0][0] if fitting else WHOLE_NUMBERS
    unlike = [format for format, read in fitting if not np.array_equal(read.values, fitting[0][1].values)]
    if unlike:
        raise DataError(
            f"{where}: {texts[0]!r} may be month/day or day/month; say which with the time format, "
            f"{' or '.join(map(repr, (fitting[0][0], *unlike)))}"
        )
    if fitting:
        return fitting[0][0]
    raise DataError(_unreadable(texts, where))


def _unreadable(texts: polars.Series, where: str) -> str:
    """Name the first row that the format of the most rows cannot read."""
    numbers = texts.cast(polars.Int64, strict=False).is_null().to_numpy()
    seen = {pattern.format: pattern for text in texts.head(20).to_list() for pattern in candidates(text)}
    missing = [numbers, *(np.isnat(pattern.read(texts).values) for pattern in seen.values())]
    row = int(np.argmax(min(missing, key=np.sum)))
    return f"{where}, data row {row + 1}: {texts[row]!r} is no time; expected {_ACCEPTED}"


def _numbers(texts: polars.Series, where: str) -> np.ndarray:
    values = texts.cast(polars.Int64, strict=False)
    if values.null_count():
        row = int(np.argmax(values.is_null().to_numpy()))
        raise DataError(f"{where}, data row {row + 1}: {texts[row]!r} does not fit the time format {WHOLE_NUMBERS!r}")
    return values.to_numpy()


def _dates(texts: polars.Series, format: str, where: str) -> ReadTimes:
    read = pattern_of(format).read(texts)
    if read.is_whole:
        return read
    row = int(np.argmax(np.isnat(read.values)))
    short = "%Y" in format and not np.isnat(pattern_of(format.replace("%Y", "%y")).read(texts[[row]]).values[0])
    hint = "; a year of two digits is %y" if short else ""
    raise DataError(f"{where}, data row {row + 1}: {texts[row]!r} does not fit the time format {format!r}{hint}")


def _refuse_twice(times: Times, where: str, layout: SeriesLayout) -> None:
    rows = layout.following()
    wrong = rows[times.values[rows] == times.values[rows - 1]]
    if not len(wrong):
        return
    row = int(wrong[0])
    place, series = f"{where}, {layout.place(row)}", layout.name(row)
    hint = _ASK_ZONE * (times.zone is None and "%H" in times.format)
    raise DataError(
        f"{place}: the time {times.text(row)}{series} is there twice, also in row "
        f"{layout.rows[row - 1] + 1}{_ASK_ID * (not series)}{hint}"
    )
