"""Forecasts as tables: what comes next, and what was said beside what came."""

from __future__ import annotations

import numpy as np
import polars

from recurra.data import Panel
from recurra.data.times import WHOLE_NUMBERS
from recurra.errors import DataError
from recurra.tasks.forecast.evaluation import Forecasts, Tested

__all__ = ["check_names", "forecast_frame", "spaced", "tested_frame", "time_column"]


_TESTED = ("cutoff", "target", "actual", "forecast", "seasonal_naive")
"""The columns of what was said beside what came, but for the intervals."""

_CLOCK = ("%H", "%-H", "%I", "%-I", "%T", "%R")
"""What a format of dates with a time of day has."""


def forecast_frame(panel: Panel, forecasts: Forecasts, /, *, coverages: tuple[float, ...]) -> polars.DataFrame:
    """Return what comes after each series of a panel as a table.

    Parameters
    ----------
    panel
        The series.
    forecasts
        (targets * series, horizon), as `origins` orders them.
    coverages
        The intervals that are wanted; their ends are the columns "TARGET-lo-80" and "TARGET-hi-80".

    Returns
    -------
    polars.DataFrame
        (series * horizon, ...): the series' name where there is one, the time, each target and its intervals.
    """
    horizon, targets = forecasts.middle.shape[1], panel.columns.targets
    times = panel.step.ahead(np.repeat(panel.last_times(), horizon), np.tile(np.arange(1, horizon + 1), len(panel)))
    columns = [*_id_column(panel, np.arange(len(panel)), horizon), time_column(times, panel, panel.times.name)]
    for place, target in enumerate(targets):
        rows = slice(place * len(panel), (place + 1) * len(panel))
        columns.append(polars.Series(target, forecasts.middle[rows].ravel()))
        for coverage in coverages:
            for side, end in zip(("lo", "hi"), forecasts.intervals[coverage], strict=True):
                columns.append(
                    polars.Series(f"{target}-{side}-{100 * coverage:g}", end[rows].ravel(), nan_to_null=True)
                )
    return polars.DataFrame(columns)


def check_names(panel: Panel, /, *, coverages: tuple[float, ...]) -> None:
    """Refuse columns of a person's table with names that the tables of forecasts need for their own columns.

    Raises
    ------
    DataError
        That names the first of them.
    """
    columns = panel.columns
    keys = [*([] if columns.id is None else [columns.id]), panel.times.name]
    ends = [f"{side}-{100 * coverage:g}" for coverage in coverages for side in ("lo", "hi")]
    ahead = [f"{target}-{end}" for target in columns.targets for end in ends]
    for given, own in ((keys, [*_TESTED, *ends]), ([*keys, *columns.targets], ahead)):
        taken = [name for name in given if name in own]
        if taken:
            raise DataError(
                f"{panel.source}: the column {taken[0]!r} has the name of a column of the forecasts' own "
                f"({', '.join(own)}); rename it"
            )


def tested_frame(tested: Tested, /, *, coverages: tuple[float, ...]) -> polars.DataFrame:
    """Return forecasts beside what came, a row for each step of each.

    Returns
    -------
    polars.DataFrame
        The series' name where there is one, the time, "cutoff" (the last time that the forecast has seen), "target"
        where there are several, "actual", "forecast", "seasonal_naive", and "lo-80" and "hi-80" for each interval.
    """
    panel, at = tested.panel, tested.origins
    horizon = tested.actual.shape[1]
    begins = panel.bounds[at.series] + at.row
    rows = (begins[:, np.newaxis] + np.arange(horizon)).ravel()
    columns = [
        *_id_column(panel, at.series, horizon),
        time_column(panel.times.values[rows], panel, panel.times.name),
        time_column(np.repeat(panel.times.values[begins - 1], horizon), panel, "cutoff"),
    ]
    if len(panel.columns.targets) > 1:
        columns.append(polars.Series("target", np.repeat(np.array(panel.columns.targets)[at.target], horizon)))
    columns += [
        polars.Series("actual", tested.actual.ravel(), nan_to_null=True),
        polars.Series("forecast", tested.forecasts.middle.ravel()),
        polars.Series("seasonal_naive", tested.naive.ravel(), nan_to_null=True),
    ]
    for coverage in coverages:
        for side, end in zip(("lo", "hi"), tested.forecasts.intervals[coverage], strict=True):
            columns.append(polars.Series(f"{side}-{100 * coverage:g}", end.ravel()))
    return polars.DataFrame(columns)


def spaced(tested: Tested, /, *, stride: int) -> Tested:
    """Return every so many-th forecast, counted back from the last one of each series and target."""
    at = tested.origins
    last = np.zeros((len(tested.panel), len(tested.panel.columns.targets)), dtype=np.int64)
    np.maximum.at(last, (at.series, at.target), at.row)
    kept = (last[at.series, at.target] - at.row) % stride == 0
    intervals = {each: (low[kept], high[kept]) for each, (low, high) in tested.forecasts.intervals.items()}
    return Tested(
        panel=tested.panel,
        origins=at.chosen(kept),
        forecasts=Forecasts(middle=tested.forecasts.middle[kept], intervals=intervals),
        naive=tested.naive[kept],
        actual=tested.actual[kept],
        naive_error=tested.naive_error[kept],
    )


def time_column(times: np.ndarray, panel: Panel, name: str, /) -> polars.Series:
    """Return times as whole numbers, dates, or dates with a time of day."""
    column, zone = polars.Series(name, times), panel.times.zone
    if panel.times.format == WHOLE_NUMBERS:
        return column
    if zone is not None:
        # polars has no zones that are offsets; what is forecast is the same instant in UTC
        return column.dt.replace_time_zone("UTC").dt.convert_time_zone("UTC" if zone[0] in "+-" else zone)
    return column if any(clock in panel.times.format for clock in _CLOCK) else column.cast(polars.Date)


def _id_column(panel: Panel, series: np.ndarray, horizon: int) -> list[polars.Series]:
    if panel.columns.id is None:
        return []
    names = np.array(panel.ids, dtype=object)[np.repeat(series, horizon)]
    return [polars.Series(panel.columns.id, names, dtype=polars.String)]
