"""Covariates as numbers that a network can read: scaled, one place a category, cycles of the calendar."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from recurra.data.scaling import fit_channels
from recurra.data.steps import Step
from recurra.data.time_formats import local_times
from recurra.errors import DataError, InputError, nearest

__all__ = ["CYCLES", "Encoding", "calendar_features", "check_calendar", "encode", "fit_encoding", "suggested_calendar"]

_MOST_CATEGORIES = 500

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400

_DAYS_OF_YEAR = 364
"""From this step in days on, a time has the same place in every year."""


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """How one covariate becomes numbers.

    Attributes
    ----------
    name
        The column.
    level, spread
        Of a number: mean and standard deviation of the rows that it was fitted on.
    categories
        Of a category: all that there are, in order; empty for a number.
    allow_unseen
        Whether another category counts as none; else it is an error.
    """

    name: str
    level: float = 0.0
    spread: float = 1.0
    categories: tuple[str, ...] = ()
    allow_unseen: bool = False

    @property
    def width(self) -> int:
        """How many numbers a value becomes."""
        return len(self.categories) or 1

    def apply(self, values: np.ndarray, /, *, source: str) -> np.ndarray:
        """Return values (rows,) as numbers (rows, width), 0 where they are missing.

        Raises
        ------
        DataError
            If a category is not one of those known.
        """
        if not self.categories:
            scaled = (values.astype(np.float64) - self.level) / self.spread
            return np.nan_to_num(scaled, nan=0.0)[:, np.newaxis]
        places = {category: place for place, category in enumerate(self.categories)}
        unknown = next(
            (value for value in np.unique(values.astype(str)).tolist() if value and value not in places), None
        )
        if unknown is not None and not self.allow_unseen:
            raise DataError(
                f"{source}, column {self.name!r}: the model does not know the category {unknown!r}; it knows "
                f"{', '.join(map(repr, self.categories[:10]))}{' ...' * (len(self.categories) > 10)}"
                f"{nearest(unknown, self.categories)}"
            )
        table = np.concatenate([np.eye(self.width), np.zeros((1, self.width))])
        return table[[places.get(value, -1) for value in values.tolist()]]

    def to_dictionary(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dictionary(cls, content: Mapping[str, Any], /) -> Self:
        """Return the encoding that `to_dictionary` described."""
        return cls(**{**content, "categories": tuple(content["categories"])})


def fit_encoding(
    name: str, values: np.ndarray, /, *, training: np.ndarray, source: str, allow_unseen: bool = False
) -> Encoding:
    """Fit an encoding to a covariate.

    Parameters
    ----------
    name
        The column.
    values
        (rows,) numbers, or texts for categories.
    training
        (rows,) bool: the rows whose mean and spread count. The categories are those of all rows.
    source
        What messages call the table.
    allow_unseen
        Whether a category that is not among them counts as none.

    Raises
    ------
    DataError
        If there are too many categories, or none.
    """
    if values.dtype == object:
        categories = sorted({value for value in values.tolist() if value})
        if not 0 < len(categories) <= _MOST_CATEGORIES:
            raise DataError(
                f"{source}, column {name!r}: it has {len(categories)} categories; expected 1 to {_MOST_CATEGORIES}"
            )
        return Encoding(name=name, categories=tuple(categories), allow_unseen=allow_unseen)
    scale = fit_channels(values[training][:, np.newaxis])
    return Encoding(name=name, level=scale.level.item(), spread=scale.spread.item())


def encode(encodings: Sequence[Encoding], values: Mapping[str, np.ndarray], /, *, rows: int, source: str) -> np.ndarray:
    """Return several covariates (rows,) side by side: (rows, sum of their widths)."""
    parts = [each.apply(values[each.name], source=source) for each in encodings]
    return np.concatenate(parts, axis=1) if parts else np.zeros((rows, 0))


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

    Examples
    --------
    >>> import numpy as np
    >>> calendar_features(np.array(['2024-01-01'], dtype='datetime64[us]'), ['month'], zone=None).round(3)
    array([[0., 1.]])
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
