"""A series: one column of numbers at regular times."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars

from recurra.data.numbers import numbers
from recurra.data.steps import Step, check_step, find_step
from recurra.data.table import Table, column, read_table
from recurra.data.times import WHOLE_NUMBERS, Times, read_times
from recurra.errors import DataError

__all__ = ["ROW", "Series", "read_series"]

ROW = "row"
"""The name of the time where a table has no time column: the rows' numbers, from 1."""


@dataclass(frozen=True, kw_only=True)
class Series:
    """One column of numbers at regular times.

    Attributes
    ----------
    name
        The column's name.
    values
        (rows,) float64, all finite.
    times
        (rows,) the times, in order.
    step
        The distance between times.
    source
        What messages call the table that it was read from.
    """

    name: str
    values: np.ndarray
    times: Times
    step: Step
    source: str

    def __len__(self) -> int:
        return len(self.values)

    def rows(self, start: int, stop: int, /) -> Series:
        """Return the rows from `start` up to `stop`, not included."""
        times = replace(self.times, values=self.times.values[start:stop])
        return replace(self, values=self.values[start:stop], times=times)

    def span(self, start: int, stop: int, /) -> dict[str, int | str]:
        """Say which rows from `start` up to `stop` are: how many, the first time and the last."""
        return {"rows": stop - start, "first": self.times.text(start), "last": self.times.text(stop - 1)}


def read_series(
    table: Table,
    /,
    *,
    target: str | None = None,
    time: str | None = None,
    time_format: str | None = None,
    step: Step | None = None,
) -> Series:
    """Read one column of a table as a series.

    Parameters
    ----------
    table
        The path of a CSV file, or a polars frame.
    target
        The column of numbers; may be left out where only one column is not the time.
    time
        The column of times; without it the rows are numbered from 1 and taken to be in order.
    time_format
        The format of the dates in the letters of `strptime`; found if not given.
    step
        The step that the times must have; found if not given.

    Raises
    ------
    DataError
        If a column is not there, or holds what is no number or no regular time.
    """
    frame, source = read_table(table)
    times = _row_numbers(frame.height)
    if time is not None:
        times = read_times(column(frame, time, source=source), source=source, format=time_format)
    target = target or _only_column(frame, time, source)
    if target == time:
        raise DataError(f"{source}: the target and the time are the same column, {target!r}")
    values = numbers(column(frame, target, source=source), source=source)
    if step is None:
        step = find_step(times, source=source)
    else:
        check_step(times, step, source=source)
    return Series(name=target, values=values, times=times, step=step, source=source)


def _row_numbers(count: int) -> Times:
    return Times(name=ROW, values=np.arange(1, count + 1), format=WHOLE_NUMBERS)


def _only_column(frame: polars.DataFrame, time: str | None, source: str) -> str:
    candidates = [name for name in frame.columns if name != time]
    if len(candidates) == 1:
        return candidates[0]
    raise DataError(f"{source}: say which column is the target; it has {', '.join(map(repr, candidates))}")
