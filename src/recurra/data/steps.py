"""The step between times: a whole number, calendar months, weekdays, or a duration. It says what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from recurra.data.time_formats import instants, local_times
from recurra.data.times import WHOLE_NUMBERS, SeriesLayout, Times, one_series
from recurra.errors import DataError

__all__ = ["Step", "Unit", "find_step", "places_in_time", "season_of"]

Unit = Literal["number", "month", "month end", "weekday", "day", "second", "microsecond"]
_SECONDS = {"day": 86_400, "hour": 3_600, "minute": 60}
_FIRST_MONDAY = np.datetime64("1970-01-05")
_SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class Step:
    """The regular distance of a series' times: `count` units.

    `month` keeps the day of the month, `month end` is the last day of each month, `weekday` leaves out Saturdays and
    Sundays. `day` counts what the clock of a zone shows, where a day may have 23 hours; without a zone, days are
    seconds.

    Attributes
    ----------
    count, unit
        So many of what.
    zone
        Of times in UTC, the zone whose calendar counts.

    Examples
    --------
    >>> import numpy
    >>> from recurra.data import Step
    >>> str(Step(count=2, unit="month"))
    '2 months'
    >>> Step(count=1, unit="weekday").after(numpy.array(["2026-01-02"], "datetime64[us]"), 1)  # a Friday
    array(['2026-01-05T00:00:00.000000'], dtype='datetime64[us]')
    """

    count: int
    unit: Unit
    zone: str | None = None

    def __str__(self) -> str:
        if self.unit == "number":
            return str(self.count)
        if self.unit == "microsecond":
            return f"{self.count / 1e6:g} seconds"
        if self.unit != "second":
            return _counted(self.count, self.unit if self.unit in ("weekday", "day") else "month")
        name, size = next(((n, s) for n, s in _SECONDS.items() if self.count % s == 0), ("second", 1))
        return _counted(self.count // size, name)

    def after(self, last: np.ndarray, count: int, /) -> np.ndarray:
        """Return the `count` times that follow the times (rows,), of which the last one counts."""
        return self.ahead(last[-1:], np.arange(1, count + 1))

    def ahead(self, times: np.ndarray, steps: np.ndarray, /) -> np.ndarray:
        """Return the times that are so many steps after times; both have one shape, or one that broadcasts."""
        units = self.count * np.asarray(steps)
        if self.unit == "number":
            return times + units
        if self.unit in ("second", "microsecond"):
            return times + units.astype("timedelta64[s]" if self.unit == "second" else "timedelta64[us]")
        local, units = np.broadcast_arrays(local_times(times, zone=self.zone), units)
        return instants(self._on_calendar(local, units), zone=self.zone)

    def _on_calendar(self, times: np.ndarray, units: np.ndarray) -> np.ndarray:
        """Return the local times that are so many months or days after local times."""
        if self.unit == "day":
            return times + units.astype("timedelta64[D]")
        if self.unit == "weekday":
            days = times.astype("datetime64[D]")
            return np.busday_offset(days, units).astype("datetime64[us]") + (times - days)
        months = times.astype("datetime64[M]")
        if self.unit == "month end":
            return _month_ends(months + units)
        return (months + units).astype("datetime64[us]") + (times - months)


def find_step(times: Times, /, *, source: str, layout: SeriesLayout | None = None) -> Step:
    """Return the step that times have; a gap is as long as some steps.

    Parameters
    ----------
    times
        In order within each series.
    source
        What messages call the table.
    layout
        Which times are of which series; by default all are of one.

    Raises
    ------
    DataError
        If no two times follow each other, there are more gaps than times, or a distance is not a whole number of
        steps; the message says where.
    """
    layout = layout or one_series(len(times.values))
    rows = layout.following()
    if not len(rows):
        raise DataError(f"{source} has one row a series at most; expected at least two, to see the step between times")
    for unit, positions in _readings(times):
        distances = positions[rows] - positions[rows - 1]
        usual = _usual(distances)
        if not (distances % usual).any() and _has_few_gaps(distances // usual):
            return Step(count=usual, unit=unit, zone=times.zone)
    raise DataError(_irregular(times, layout, source))


def season_of(step: Step, /) -> int:
    """Return how many steps the season has that a step suggests: a year of months, a week of days, a day of hours.

    1 where it suggests none.
    """
    whole = {"month": 12, "month end": 12, "weekday": 5, "day": 7}.get(step.unit)
    if step.unit == "second":
        day = _SECONDS["day"]
        whole = next((size for size in (day, 7 * day) if step.count < size), 364 * day)
        if step.count < _SECONDS["minute"]:
            whole = None
    return whole // step.count if whole is not None and whole % step.count == 0 else 1


def places_in_time(times: Times, step: Step, /, *, source: str, layout: SeriesLayout) -> np.ndarray:
    """Return how many steps each time (rows,) is after the first of its series.

    Raises
    ------
    DataError
        If a time is not a whole number of steps after the first of its series, or there are more gaps than times; the
        message says where.
    """
    first = layout.bounds[layout.series()]
    positions = _positions(times, step.unit)
    if positions is None:
        raise DataError(
            f"{source}, column {times.name!r}: the model knows times with a step of {step}, which these "
            f"({times.text(0)} to {times.text(-1)}) do not have"
        )
    distances = positions - positions[first]
    wrong = np.flatnonzero(distances % step.count)
    places, rows = distances // step.count, layout.following()
    if not len(wrong) and not _has_few_gaps(places[rows] - places[rows - 1]):
        wrong = rows[places[rows] - places[rows - 1] > 1]
    if len(wrong):
        raise _no_follower(times, step, layout, int(wrong[0]), source)
    return places


def _has_few_gaps(steps: np.ndarray) -> bool:
    """Say whether fewer times are missing between others than are there."""
    return len(steps) == 0 or steps.sum() < 2 * len(steps)


def _no_follower(times: Times, step: Step, layout: SeriesLayout, row: int, source: str) -> DataError:
    return DataError(
        f"{source}, column {times.name!r}: the model knows times with a step of {step}, but {layout.place(row)} "
        f"({times.text(row)}){layout.name(row)} does not follow row {layout.rows[row - 1] + 1} "
        f"({times.text(row - 1)}) by that"
    )


def _usual(distances: np.ndarray) -> int:
    sizes, counts = np.unique(distances, return_counts=True)
    return int(sizes[np.argmax(counts)])


def _readings(times: Times) -> list[tuple[Unit, np.ndarray]]:
    """Return the units that the times may count in, and the times in each (rows,), as whole numbers."""
    units: tuple[Unit, ...] = ("number", "month", "month end", "weekday", "day", "second", "microsecond")
    found: list[tuple[Unit, np.ndarray]] = []
    for unit in units:
        positions = _positions(times, unit)
        if positions is not None and (
            unit != "weekday" or _leaves_out_weekends(local_times(times.values, zone=times.zone))
        ):
            found.append((unit, positions))
    return found


def _positions(times: Times, unit: Unit) -> np.ndarray | None:
    """Return the times in a unit (rows,), as whole numbers; None if they do not count in it."""
    values = times.values
    if (unit == "number") != (times.format == WHOLE_NUMBERS):
        return None
    if unit == "number":
        return values
    if unit == "microsecond":
        return values.astype("datetime64[us]").astype(np.int64)
    if unit == "second":
        seconds = values.astype("datetime64[s]")
        return seconds.astype(np.int64) if (seconds == values).all() else None
    values = local_times(values, zone=times.zone)
    months, days = values.astype("datetime64[M]"), values.astype("datetime64[D]")
    if unit == "day":
        fits = times.zone is not None and len(np.unique(values - days)) == 1
        return days.astype(np.int64) if fits else None
    if unit == "weekday":
        fits = (_weekdays(days) < _SATURDAY).all() and len(np.unique(values - days)) == 1
        return np.busday_count(_FIRST_MONDAY, days) if fits else None
    fits = (values == _month_ends(months)).all() if unit == "month end" else len(np.unique(values - months)) == 1
    return months.astype(np.int64) if fits else None


def _leaves_out_weekends(values: np.ndarray) -> bool:
    """Say whether some Monday follows a Friday."""
    days = values.astype("datetime64[D]")
    return bool(((days[1:] - days[:-1] == np.timedelta64(3, "D")) & (_weekdays(days[1:]) == 0)).any())


def _weekdays(days: np.ndarray) -> np.ndarray:
    """Return the days' number in the week, from Monday's 0."""
    return (days - _FIRST_MONDAY).astype(np.int64) % 7


def _month_ends(months: np.ndarray) -> np.ndarray:
    following = (months + np.timedelta64(1, "M")).astype("datetime64[D]")
    return (following - np.timedelta64(1, "D")).astype("datetime64[us]")


def _irregular(times: Times, layout: SeriesLayout, source: str) -> str:
    unit, positions = _readings(times)[0]
    rows = layout.following()
    distances = positions[rows] - positions[rows - 1]
    usual = _usual(distances)
    odd = np.flatnonzero(distances % usual)
    worst = int(odd[0] if len(odd) else np.argmax(distances))
    row = int(rows[worst])
    this, most = Step(count=int(distances[worst]), unit=unit), Step(count=usual, unit=unit)
    return (
        f"{source}, column {times.name!r}: the times are not regular: most steps are {most}, but from "
        f"{layout.place(row - 1)} ({times.text(row - 1)}) to row {layout.rows[row] + 1} ({times.text(row)})"
        f"{layout.name(row)} it is {this}; fill the gap, or leave the time column out to number the rows"
    )


def _counted(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"
