"""A forecast in pictures: the series and its parts, forecasts beside the truth, what comes next, the errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from recurra.errors import InputError
from recurra.messages import translated
from recurra.report.blocks import Bar, Table
from recurra.report.drawing import draw_thinned, label_axes, label_steps, picture, thinned
from recurra.report.numbers import aligned, check_as_many, counted, percent, plain
from recurra.report.svg import Key, Picture, sentinel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["error_by_step_picture", "errors_by_series", "fan_picture", "series_picture", "windows_picture"]

Parts = Mapping[str, tuple[int, int]]
"""Name -> (first row, row after the last): "training", "validation", "test"."""

_SHADES = {"training": None, "validation": "series-3", "test": "series-2"}
_POINTS = 900
"""Points of a long series; more are drawn as a band from the least to the largest."""

_DENSE = 1500
"""Points of the truth that a picture of windows has room for."""

_FEW_STEPS = 40


def series_picture(times: np.ndarray, values: np.ndarray, /, *, name: str, time: str, parts: Parts) -> Picture:
    """Draw a series with the parts that train, validate and test.

    Parameters
    ----------
    times
        (rows,) numbers or datetime64.
    values
        (rows,) NaN where there is a gap.
    name, time
        The axes' names, with units.
    parts
        Their rows; "validation" and "test" are shaded.

    Raises
    ------
    InputError
        If there are not as many times as values.
    """
    check_as_many(times=times, values=values)
    line = thinned(times, values, most=_POINTS)

    def draw(axes: Axes) -> None:
        for part, (start, stop) in parts.items():
            if _SHADES.get(part) and stop > start:
                colour = sentinel(_SHADES[part] or "")
                axes.axvspan(times[start], times[stop - 1], color=colour, alpha=0.16, linewidth=0)
        draw_thinned(axes, line, "series-1")
        label_axes(axes, x=time, y=name)

    rows = ", ".join(translated(f"{stop - start:,} for {part}") for part, (start, stop) in parts.items())
    return picture(
        draw,
        title=f"The series {name}",
        caption=f"{counted(len(values), 'row')}: {rows}. The network learns from the unshaded part alone.",
        description=f"Line chart of {name} by {time}, {counted(len(values), 'row')}.",
        keys=(
            Key(name, "series-1"),
            *(Key(part, colour, "area") for part in parts if (colour := _SHADES.get(part))),
        ),
        is_full=True,
    )


def windows_picture(
    times: np.ndarray,
    actual: np.ndarray,
    /,
    *,
    forecasts: np.ndarray,
    starts: np.ndarray,
    name: str,
    time: str,
) -> Picture:
    """Draw forecasts beside what came; of windows that overlap, those that follow each other.

    Parameters
    ----------
    times, actual
        (rows,) the rows that were forecast; the last 1500 are drawn.
    forecasts
        (windows, horizon), in the unit of the series.
    starts
        (windows,) the row at which each forecast begins, rising.
    name, time
        The axes' names, with units.

    Raises
    ------
    InputError
        If lengths do not fit, or a forecast ends after the last row.
    """
    check_as_many(times=times, actual=actual)
    check_as_many(forecasts=forecasts, starts=starts)
    horizon = forecasts.shape[1]
    if len(starts) and starts.max() + horizon > len(times):
        raise InputError(f"a forecast ends at row {starts.max() + horizon}; expected {len(times)} at most")
    first = max(0, len(times) - _DENSE)
    chosen = _following(starts, horizon=horizon, first=first)

    def draw(axes: Axes) -> None:
        axes.plot(times[first:], actual[first:], color=sentinel("ink"), linewidth=1.3)
        for window in chosen:
            rows = slice(starts[window], starts[window] + horizon)
            marker = "o" if horizon == 1 else ""
            axes.plot(times[rows], forecasts[window], color=sentinel("series-2"), marker=marker, markersize=3)
        label_axes(axes, x=time, y=name)

    shown = f"{len(chosen)} of {len(starts)}" if len(chosen) < len(starts) else f"{len(chosen)}"
    shown += f" forecast{'s' * (len(starts) != 1)}"
    steps = counted(horizon, "step")
    return picture(
        draw,
        title="Test forecasts beside what came",
        caption=f"{shown} of {steps}, made from the rows before it, without knowing what follows.",
        description=f"Line chart of {name} in the test part, with {shown} of {steps} over it.",
        keys=(Key("what came", "ink"), Key("forecast", "series-2")),
        is_full=True,
    )


def fan_picture(
    times: np.ndarray,
    values: np.ndarray,
    /,
    *,
    future: np.ndarray,
    quantiles: Mapping[float, np.ndarray],
    name: str,
    time: str,
) -> Picture:
    """Draw the end of a series and the forecast of what comes after it, with bands between quantiles.

    Parameters
    ----------
    times, values
        (rows,) the end of the series.
    future
        (horizon,) the times that are forecast.
    quantiles
        Level -> (horizon,) values. The level 0.5 is drawn as a line, each pair such as 0.1 and 0.9 as a band. A
        forecast without quantiles is given as the level 0.5 alone.
    name, time
        The axes' names, with units.

    Raises
    ------
    InputError
        If there is no level 0.5, or lengths do not fit.
    """
    check_as_many(times=times, values=values)
    check_as_many(future=future, **{f"values at level {level}": line for level, line in quantiles.items()})
    if 0.5 not in quantiles:
        raise InputError(f"quantiles at {sorted(quantiles)}; expected 0.5 among them")
    bands = [(level, 1 - level) for level in sorted(quantiles) if level < 0.5 and _has(quantiles, 1 - level)]
    x = np.concatenate([times[-1:], future])

    def joined(line: np.ndarray) -> np.ndarray:
        return np.concatenate([values[-1:], line])

    def draw(axes: Axes) -> None:
        axes.plot(times, values, color=sentinel("ink"), linewidth=1.4)
        for low, high in bands:
            below, above = joined(_level(quantiles, low)), joined(_level(quantiles, high))
            axes.fill_between(x, below, above, color=sentinel("series-2"), alpha=0.22, linewidth=0)
        marker = "o" if len(future) <= _FEW_STEPS else ""
        axes.plot(x, joined(quantiles[0.5]), color=sentinel("series-2"), marker=marker, markersize=3)
        label_axes(axes, x=time, y=name)

    widths = " and ".join(percent(high - low) for low, high in bands)
    end = plain(float(quantiles[0.5][-1])) if len(future) else ""
    steps = counted(len(future), "step")
    return picture(
        draw,
        title=f"The {steps} to come",
        caption=f"The next {steps} after the end of the data"
        + (f"; the bands should hold {widths} of what comes." if bands else "."),
        description=f"Line chart of the end of {name} and the forecast of {steps}, which ends at {end}.",
        keys=(
            Key("known", "ink"),
            Key("forecast", "series-2"),
            *([Key(f"bands: {widths}", "series-2", "area")] if bands else []),
        ),
        is_full=True,
    )


def error_by_step_picture(model: np.ndarray, naive: np.ndarray | None = None, /, *, unit: str) -> Picture:
    """Draw the mean absolute error (horizon,) by step ahead, beside the seasonal naive forecast's if it is known."""
    steps = np.arange(1, len(model) + 1)
    lines = {"model": (model, "series-1", "-")}
    if naive is not None:
        check_as_many(model=model, naive=naive)
        lines["seasonal naive"] = (naive, "series-4", "--")

    def draw(axes: Axes) -> None:
        marker = "o" if len(model) <= _FEW_STEPS else ""
        for line, colour, style in lines.values():
            axes.plot(steps, line, color=sentinel(colour), linestyle=style, marker=marker, markersize=4)
        axes.set_ylim(bottom=0)
        label_steps(axes, x="steps ahead", y=f"mean absolute error ({unit})")

    ends = f"from {plain(float(model[0]))} one step ahead to {plain(float(model[-1]))} at {len(model)}"
    return picture(
        draw,
        title="Error by step ahead",
        caption=f"The model's error goes {ends}."
        + (
            ""
            if naive is None
            else f" It is lower than seasonal naive's at {(model < naive).sum()} of {len(model)} steps."
        ),
        description=f"Line chart of the mean absolute error by step ahead, {ends}.",
        keys=(Key("model", "series-1"), *([Key("seasonal naive", "series-4", "dashed")] if naive is not None else [])),
    )


def errors_by_series(
    names: Sequence[str], model: np.ndarray, naive: np.ndarray, /, *, measure: str = "MAE", most: int = 20
) -> Table:
    """List the series with the largest errors, beside the seasonal naive forecast's.

    Parameters
    ----------
    names
        The series.
    model, naive
        (series,) their errors.
    measure
        What the errors are, with a unit.
    most
        How many are listed.
    """
    check_as_many(names=names, model=model, naive=naive)
    order: list[int] = np.argsort(-np.nan_to_num(model, nan=-np.inf), kind="stable")[:most].tolist()
    errors, baseline = aligned(model[order].tolist()), aligned(naive[order].tolist())
    largest = np.nanmax(model, initial=1e-300)
    rows = tuple(
        (names[row], Bar(error, float(np.nan_to_num(model[row] / largest))), other)
        for row, error, other in zip(order, errors, baseline, strict=True)
    )
    better = float(np.mean(model < naive)) if len(names) else 0.0
    return Table(
        title=f"Series by {measure}" + (f", the {most} worst of {len(names):,}" if len(names) > most else ""),
        header=("series", measure, "seasonal naive"),
        rows=rows,
        caption=f"Of all {len(names):,} series the model is better than seasonal naive on {percent(better)}.",
        width="half",
    )


def _following(starts: np.ndarray, *, horizon: int, first: int) -> list[int]:
    """Return windows from the row `first` on that do not overlap, the last one among them."""
    chosen: list[int] = []
    for window in range(len(starts) - 1, -1, -1):
        if starts[window] >= first and (not chosen or starts[window] + horizon <= starts[chosen[-1]]):
            chosen.append(window)
    return chosen[::-1]


def _has(quantiles: Mapping[float, np.ndarray], level: float) -> bool:
    return any(abs(known - level) < 1e-9 for known in quantiles)


def _level(quantiles: Mapping[float, np.ndarray], level: float) -> np.ndarray:
    return next(line for known, line in quantiles.items() if abs(known - level) < 1e-9)
