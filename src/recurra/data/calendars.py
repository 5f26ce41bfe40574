"""What the calendar and the clock say of times, as numbers: the sine and the cosine of where in its cycle a time is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from recurra.data.steps import Step
from recurra.data.time_zones import local_times
from recurra.errors import InputError, nearest

__all__ = ["CYCLES", "calendar_features", "check_calendar", "suggested_calendar"]

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_DAYS_OF_YEAR = 364
"""From this step in days on, a time has the same place in every year."""


def check_calendar(names: Sequence[str], /) -> None:
    """Check the names of cycles.

    Raises
    ------
    InputError
        If there is no such cycle, or one is named twice.
    """
    for place, name in enumerate(names):
        if name not in CYCLES:
            raise InputError(
                f"calendar: got {name!r}; expected auto, none or of {', '.join(CYCLES)}{nearest(name, CYCLES)}"
            )
        if name in names[:place]:
            raise InputError(f"calendar: {name!r} is there twice; expected each name once")


def suggested_calendar(step: Step, /) -> tuple[str, ...]:
    """Return the cycles that times with a step go through; none for whole numbers and steps of years.

    Examples
    --------
    >>> suggested_calendar(Step(count=3600, unit="second"))
    ('hour', 'weekday', 'month')
    >>> suggested_calendar(Step(count=1, unit="month"))
    ('month',)
    """
    if step.unit == "number":
        return ()
    if step.unit in ("month", "month end"):
        return ("month",) if step.count % 12 else ()
    if step.unit == "weekday":
        return ("weekday", "day-of-year") if step.count % 5 else ("day-of-year",)
    seconds = step.count * {"day": float(_DAY), "second": 1.0, "microsecond": 1e-6}[step.unit]
    if seconds < _DAY:
        return (*(("minute",) if seconds < _MINUTE else ()), "hour", "weekday", "month")
    if seconds >= _DAYS_OF_YEAR * _DAY:
        return ()
    return ("weekday", "day-of-year") if seconds % (7 * _DAY) else ("day-of-year",)


def calendar_features(values: np.ndarray, names: Sequence[str], /, *, zone: str | None) -> np.ndarray:
    """Return the sine and the cosine (rows, 2 * names) of where times are in some cycles.

    Parameters
    ----------
    values
        (rows,) datetime64, of UTC where there is a zone.
    names
        Of `CYCLES`.
    zone
        The zone whose clock counts.
    """
    if not names:
        return np.zeros((len(values), 0))
    local = local_times(values.astype("datetime64[us]"), zone=zone)
    angles = 2 * np.pi * np.stack([CYCLES[name](local) for name in names], axis=1)
    return np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(len(values), -1)


def _share_of(local: np.ndarray, unit: str, seconds: int) -> np.ndarray:
    """Return how much of an hour or a day has gone by."""
    return (local - local.astype(f"datetime64[{unit}]")) / np.timedelta64(seconds, "s")


def _weekday(local: np.ndarray) -> np.ndarray:
    """Return the whole day of the week from Monday on; 1970 began on a Thursday."""
    return (local.astype("datetime64[D]").astype(np.int64) + 3) % 7 / 7


def _month(local: np.ndarray) -> np.ndarray:
    return local.astype("datetime64[M]").astype(np.int64) % 12 / 12


def _day_in(local: np.ndarray, unit: str) -> np.ndarray:
    """Return which day of a month or a year it is, as a share of the days that this one has."""
    period = local.astype(f"datetime64[{unit}]")
    first, following = (each.astype("datetime64[D]").astype(np.int64) for each in (period, period + 1))
    return (local.astype("datetime64[D]").astype(np.int64) - first) / (following - first)


CYCLES: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "month": _month,
    "day-of-year": lambda local: _day_in(local, "Y"),
    "day-of-month": lambda local: _day_in(local, "M"),
    "weekday": _weekday,
    "hour": lambda local: _share_of(local, "D", _DAY),
    "minute": lambda local: _share_of(local, "h", _HOUR),
}
"""Name of a cycle -> where in it local times (rows,) are, from 0 to below 1; hours and minutes have fractions."""
