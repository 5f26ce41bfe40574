"""The step between times: a whole number, calendar months, or a duration. It says what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from recurra.data.times import WHOLE_NUMBERS, Times
from recurra.errors import DataError

__all__ = ["Step", "check_step", "find_step"]

Unit = Literal["number", "month", "month end", "second"]
_SECONDS = {"day": 86_400, "hour": 3_600, "minute": 60}


@dataclass(frozen=True, kw_only=True)
class Step:
    """The regular distance of a series' times: `count` units.

    `month` keeps the day of the month, `month end` is the last day of each month.
    """

    count: int
    unit: Unit

    def __str__(self) -> str:
        if self.unit == "number":
            return str(self.count)
        if self.unit != "second":
            return _counted(self.count, "month")
        name, size = next(((n, s) for n, s in _SECONDS.items() if self.count % s == 0), ("second", 1))
        return _counted(self.count // size, name)

    def after(self, last: np.ndarray, count: int, /) -> np.ndarray:
        """Return the `count` times that follow the times (rows,), of which the last one counts."""
        ahead = self.count * np.arange(1, count + 1)
        if self.unit == "number":
            return last[-1] + ahead
        if self.unit == "second":
            return last[-1] + ahead.astype("timedelta64[s]")
        month = last[-1].astype("datetime64[M]")
        if self.unit == "month end":
            return _month_ends(month + ahead)
        return (month + ahead).astype("datetime64[us]") + (last[-1] - month)


def find_step(times: Times, *, source: str) -> Step:
    """Return the step of regular times.

    Raises
    ------
    DataError
        If there are fewer than two times, or their step changes; the message says where.
    """
    if len(times.values) < 2:
        raise DataError(f"{source} has one row; expected at least two, to see the step between times")
    for unit, positions in _readings(times):
        steps = np.diff(positions)
        if (steps == steps[0]).all():
            return Step(count=int(steps[0]), unit=unit)
    raise DataError(_irregular(times, source))


def check_step(times: Times, step: Step, /, *, source: str) -> None:
    """Check that times go on by a known step.

    Raises
    ------
    DataError
        If they do not; the message says where.
    """
    expected = step.after(times.values[:1], len(times.values) - 1)
    wrong = np.flatnonzero(times.values[1:] != expected)
    if len(wrong):
        row = int(wrong[0]) + 1
        raise DataError(
            f"{source}, column {times.name!r}: the model knows times with a step of {step}, but data row "
            f"{row + 1} ({times.text(row)}) does not follow row {row} ({times.text(row - 1)}) by that"
        )


def _readings(times: Times) -> list[tuple[Unit, np.ndarray]]:
    """Return the units that the times may count in, and the times in each (rows,), as whole numbers."""
    values = times.values
    if times.format == WHOLE_NUMBERS:
        return [("number", values)]
    months = values.astype("datetime64[M]")
    readings: list[tuple[Unit, np.ndarray]] = []
    if len(np.unique(values - months)) == 1:
        readings.append(("month", months.astype(np.int64)))
    elif (values == _month_ends(months)).all():
        readings.append(("month end", months.astype(np.int64)))
    readings.append(("second", values.astype("datetime64[s]").astype(np.int64)))
    return readings


def _month_ends(months: np.ndarray) -> np.ndarray:
    following = (months + np.timedelta64(1, "M")).astype("datetime64[D]")
    return (following - np.timedelta64(1, "D")).astype("datetime64[us]")


def _irregular(times: Times, source: str) -> str:
    unit, positions = _readings(times)[0]
    steps = np.diff(positions)
    sizes, counts = np.unique(steps, return_counts=True)
    usual = sizes[np.argmax(counts)]
    row = int(np.flatnonzero(steps != usual)[0])
    this, most = Step(count=int(steps[row]), unit=unit), Step(count=int(usual), unit=unit)
    return (
        f"{source}, column {times.name!r}: the times are not regular: most steps are {most}, but from data "
        f"row {row + 1} ({times.text(row)}) to row {row + 2} ({times.text(row + 1)}) it is {this}; fill the "
        f"gap, or leave the time column out to number the rows"
    )


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
