"""Reading a panel: a table in the long layout becomes series on regular times."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars

from recurra.data.files import TableFormat
from recurra.data.panel import Columns, Panel
from recurra.data.steps import Step, find_step, places_in_time
from recurra.data.tables import Table, column, is_missing, numbers, read_table
from recurra.data.times import WHOLE_NUMBERS, SeriesLayout, Times, in_order, one_series, parse_times, rows_by_series
from recurra.errors import DataError

__all__ = ["read_panel"]

_ROW = "row"
"""The name of the time where a table has no time column: the rows' numbers, from 1."""

_ID, _TIME, _TARGET = "unique_id", "ds", "y"
"""The names of the long layout, which are found without being said."""

_ALL = "all"
"""In place of the targets: every column of numbers that has no other part."""


def read_panel(
    table: Table,
    /,
    *,
    columns: Columns | None = None,
    format: TableFormat | None = None,
    time_format: str | None = None,
    time_zone: str | None = None,
    step: Step | None = None,
    categories: frozenset[str] | None = None,
    future_alone: bool = False,
    earlier: Panel | None = None,
) -> Panel:
    """Read one or many series in the long layout: a row has the values of one series at one time.

    The step between times is found. A time that is not there is a gap: its row is added with nothing known in it.
    Rows after the last value of a target are the future.

    Parameters
    ----------
    table
        A file or a frame; see `read_table`.
    columns
        What the columns are; see `find_columns`.
    format
        How a table of text is written.
    time_format
        The format of the dates in the letters of `strptime`; found if not given.
    time_zone
        The zone of times that say none, and in which all are shown.
    step
        The step that the times must have; found if not given.
    categories
        Which covariates are categories; by default those that hold texts which are no numbers.
    future_alone
        Whether a series may have no value of a target, but the future alone.
    earlier
        What is known already: columns of targets and past covariates that the table has not are empty, and static
        ones are those of the series here. Where there are no future covariates, targets must be there.

    Raises
    ------
    DataError
        If a column is not there, holds what is no number or no regular time, a series has no value at all, or a
        static covariate has two values in one series.

    Examples
    --------
    >>> import polars
    >>> from recurra.data import Columns, read_panel
    >>> frame = polars.DataFrame({"day": ["2026-01-01", "2026-01-02", "2026-01-04"], "beer": [1.0, 2.0, 4.0]})
    >>> panel = read_panel(frame, columns=Columns(time="day", targets=("beer",)))
    >>> str(panel.step), panel.targets.shape, panel.missing()  # a day is not there
    ('1 day', (4, 1), 1)
    """
    frame, source = read_table(table, format=format)
    if earlier is not None:
        frame = _with_known(frame, earlier)
    found = _find_columns(frame, columns or Columns(), source=source)
    layout = one_series(frame.height)
    if found.id is not None:
        layout = rows_by_series(column(frame, found.id, source=source), source=source)
    times, layout = _times(frame, found, layout, source, time_format, time_zone)
    step = step or find_step(times, source=source, layout=layout)
    texts = _categories(frame, found, source) if categories is None else categories
    targets = np.stack([numbers(frame[name], source=source, gaps=True) for name in found.targets], axis=1)
    values = {name: _values(frame[name], is_text=name in texts, source=source) for name in found.covariates}
    placed = _Placed.on_steps(layout, places_in_time(times, step, source=source, layout=layout))
    panel = _cut_at_last_value(
        Panel(
            columns=found,
            ids=layout.ids,
            bounds=placed.bounds,
            known=np.diff(placed.bounds),
            times=dataclasses.replace(times, values=placed.times(times.values, step, layout)),
            step=step,
            targets=placed.spread(targets),
            covariates={name: placed.spread(each) for name, each in values.items()},
            statics={name: _static(frame[name], layout, is_text=name in texts, source=source) for name in found.static},
            source=source,
        )
    )
    if not future_alone:
        panel.check_known()
    return panel


def _find_columns(frame: polars.DataFrame, wanted: Columns, /, *, source: str) -> Columns:
    """Return the columns, with those found that were not named.

    Not named, `unique_id`, `ds` and `y` are the series, the time and the target where a table has them; the target is
    also found where it is the only column that is left.

    Raises
    ------
    DataError
        If a column is not there, has two parts that exclude each other, or it is not clear which is the target.
    """
    id, time = wanted.id, wanted.time
    if time is None and _TIME in frame.columns:
        time = _TIME
    if id is None and _ID in frame.columns:
        id = _ID
    wants_all = wanted.targets == (_ALL,) and _ALL not in frame.columns
    named = (id, time, *(() if wants_all else wanted.targets), *wanted.past, *wanted.future, *wanted.static)
    others = {name for name in named if name is not None}
    for name in named:
        if name is not None:
            column(frame, name, source=source)
    targets = wanted.targets or (_only_target(frame, others, source),)
    if wants_all:
        targets = tuple(name for name in frame.columns if name not in others and frame[name].dtype.is_numeric())
        if not targets:
            raise DataError(f"{source}: there is no column of numbers left to be a target")
    found = Columns(id=id, time=time, targets=targets, past=wanted.past, future=wanted.future, static=wanted.static)
    _refuse_two_parts(found, source)
    return found


def _only_target(frame: polars.DataFrame, others: set[str], source: str) -> str:
    candidates = [name for name in frame.columns if name not in others]
    if _TARGET in candidates:
        return _TARGET
    if len(candidates) == 1:
        return candidates[0]
    raise DataError(
        f"{source}: say which column is the target; it has {', '.join(map(repr, candidates)) or 'no column left'}"
    )


def _refuse_two_parts(columns: Columns, source: str) -> None:
    """Refuse a column with two parts; a target may be a past covariate, so that other targets see it."""
    parts = {
        "the id": (columns.id,),
        "the time": (columns.time,),
        "the target": columns.targets,
        "a future covariate": columns.future,
        "a static covariate": columns.static,
    }
    seen: dict[str, str] = {}
    for part, names in parts.items():
        for name in filter(None, names):
            if name in seen:
                raise DataError(f"{source}: {seen[name]} and {part} are the same column, {name!r}")
            seen[name] = part
    taken = [name for name in columns.past if seen.get(name, "the target") != "the target"]
    if taken:
        raise DataError(f"{source}: a past covariate and {seen[taken[0]]} are the same column, {taken[0]!r}")


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class _Placed:
    """Where the rows of a table are among the rows of regular times."""

    bounds: np.ndarray
    rows: np.ndarray
    table_rows: np.ndarray

    @classmethod
    def on_steps(cls, layout: SeriesLayout, places: np.ndarray) -> _Placed:
        bounds = np.concatenate([[0], np.cumsum(places[layout.bounds[1:] - 1] + 1)])
        return cls(bounds=bounds, rows=bounds[layout.series()] + places, table_rows=layout.rows)

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Return values (table rows, ...) on regular times, with nothing where there was no row."""
        nothing = "" if values.dtype == object else np.nan
        result = np.full((self.bounds[-1], *values.shape[1:]), nothing, dtype=values.dtype)
        result[self.rows] = values[self.table_rows]
        return result

    def times(self, values: np.ndarray, step: Step, layout: SeriesLayout) -> np.ndarray:
        """Return the regular times (rows,) of each series from its first one on."""
        lengths = np.diff(self.bounds)
        steps = np.arange(self.bounds[-1]) - np.repeat(self.bounds[:-1], lengths)
        return step.ahead(np.repeat(values[layout.bounds[:-1]], lengths), steps)


def _times(
    frame: polars.DataFrame, columns: Columns, layout: SeriesLayout, source: str, format: str | None, zone: str | None
) -> tuple[Times, SeriesLayout]:
    """Return the times in order within each series, and the layout of the rows in that order."""
    if columns.time is None:
        places = np.arange(len(layout.rows)) - layout.bounds[layout.series()]
        return Times(name=_ROW, values=places + 1, format=WHOLE_NUMBERS), layout
    values = column(frame, columns.time, source=source)
    times = parse_times(values, source=source, format=format, layout=layout, zone=zone)
    return in_order(times, layout, source=source)


def _with_known(frame: polars.DataFrame, earlier: Panel) -> polars.DataFrame:
    """Return a table with what need not be given again: its rows may be those of the future."""
    columns = earlier.columns
    absent = [name for name in columns.past if name not in columns.future]
    absent = [name for name in (*columns.targets, *absent) if columns.future and name not in frame.columns]
    frame = frame.with_columns(polars.lit(None, dtype=polars.Float64).alias(name) for name in absent)
    lacking = [name for name in columns.static if name not in frame.columns]
    if columns.id is None or columns.id not in frame.columns or not lacking:
        return frame
    ids = frame[columns.id].cast(polars.String).str.strip_chars()
    if not ids.is_in(earlier.ids).all():
        return frame  # a series that is not known has to say its static covariates
    for name in lacking:
        values = polars.Series(earlier.statics[name].tolist())
        found = ids.replace_strict(earlier.ids, values, return_dtype=values.dtype, default=None)
        frame = frame.with_columns(found.alias(name))
    return frame


def _categories(frame: polars.DataFrame, columns: Columns, source: str) -> frozenset[str]:
    """Return the covariates that hold texts which are no numbers, or true and false."""
    return frozenset(
        name for name in (*columns.covariates, *columns.static) if not _is_number(column(frame, name, source=source))
    )


def _is_number(values: polars.Series) -> bool:
    if values.dtype.is_numeric():
        return True
    if values.dtype != polars.String:
        return values.dtype == polars.Null
    known = values.filter(~is_missing(values))
    return known.str.strip_chars().cast(polars.Float64, strict=False).null_count() == 0


def _values(values: polars.Series, *, is_text: bool, source: str) -> np.ndarray:
    if not is_text:
        return numbers(values, source=source, gaps=True)
    return values.cast(polars.String).fill_null("").str.strip_chars().to_numpy().astype(object)


def _static(values: polars.Series, layout: SeriesLayout, *, is_text: bool, source: str) -> np.ndarray:
    """Return the one value that a covariate has in each series."""
    found = _values(values, is_text=is_text, source=source)[layout.rows]
    first = found[layout.bounds[layout.series()]]
    both_missing = np.zeros(len(found), dtype=bool) if is_text else np.isnan(found) & np.isnan(first)
    wrong = np.flatnonzero((found != first) & ~both_missing)
    if len(wrong):
        row = int(wrong[0])
        raise DataError(
            f"{source}, column {values.name!r}, {layout.place(row)}: the static covariate is {found[row]}, but "
            f"{first[row]} in the first row{layout.name(row)}; expected one value a series"
        )
    return found[layout.bounds[:-1]]


def _cut_at_last_value(panel: Panel) -> Panel:
    """Return the panel with its future rows set apart from those with known targets."""
    has_value = np.asarray(~np.isnan(panel.targets).all(axis=1))
    known = np.zeros(len(panel), dtype=np.int64)
    for number, (begin, end) in enumerate(zip(panel.bounds[:-1], panel.bounds[1:], strict=True)):
        places = np.flatnonzero(has_value[begin:end])
        known[number] = places[-1] + 1 if len(places) else 0
    return dataclasses.replace(panel, known=known)
