"""Which column of a table is what in a forecast: the series' name, the time, targets, covariates."""

from __future__ import annotations

from dataclasses import dataclass

import polars

from recurra.data.tables import column
from recurra.errors import DataError

__all__ = ["ID", "ROW", "TARGET", "TIME", "Columns", "find_columns"]

ROW = "row"
"""The name of the time where a table has no time column: the rows' numbers, from 1."""

ID, TIME, TARGET = "unique_id", "ds", "y"
"""The names of the long layout, which are found without being said."""


ALL = "all"
"""In place of the targets: every column of numbers that has no other part."""


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The columns of a table by their part in a forecast.

    Attributes
    ----------
    id
        Names the series of a row; None where all rows are of one.
    time
        The times; None where rows are numbered.
    targets
        What is forecast, each by itself.
    past
        Known up to now alone, such as a measured temperature.
    future
        Known for the steps to forecast as well, such as a price or a holiday.
    static
        One value a series, such as a region.
    """

    id: str | None = None
    time: str | None = None
    targets: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    future: tuple[str, ...] = ()
    static: tuple[str, ...] = ()

    @property
    def covariates(self) -> tuple[str, ...]:
        """The covariates that have a value a row, each once."""
        return tuple(dict.fromkeys((*self.past, *self.future)))


def find_columns(frame: polars.DataFrame, wanted: Columns, /, *, source: str) -> Columns:
    """Return the columns, with those found that were not named.

    Not named, `unique_id`, `ds` and `y` are the series, the time and the target where a table has them; the target is
    also found where it is the only column that is left.

    Raises
    ------
    DataError
        If a column is not there, has two parts that exclude each other, or it is not clear which is the target.
    """
    id, time = wanted.id, wanted.time
    if time is None and TIME in frame.columns:
        time = TIME
    if id is None and ID in frame.columns:
        id = ID
    wants_all = wanted.targets == (ALL,) and ALL not in frame.columns
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
    if TARGET in candidates:
        return TARGET
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
