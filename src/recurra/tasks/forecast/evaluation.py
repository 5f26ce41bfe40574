"""How good forecasts are: rolling origins, their errors beside those of the seasonal naive forecast."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from recurra.data import Panel, Scores, score, seasonal_naive
from recurra.data.panel import Origins, PaddedPanel

__all__ = ["Evaluation", "Forecasts", "Tested", "compare", "summarise"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Forecasts:
    """Forecasts in the unit of their targets.

    Attributes
    ----------
    middle
        (count, horizon) the forecast.
    intervals
        Coverage, such as 0.8, -> the lower and upper ends, each (count, horizon).
    """

    middle: np.ndarray
    intervals: Mapping[float, tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Tested:
    """Forecasts beside what came.

    Attributes
    ----------
    panel, origins
        The series, and where each forecast begins.
    forecasts
        What the model said.
    naive, actual
        (count, horizon) what the seasonal naive forecast says, and what came, NaN where it is not known.
    naive_error
        (count,) the scale of MASE, NaN where there is none.
    """

    panel: Panel
    origins: Origins
    forecasts: Forecasts
    naive: np.ndarray
    actual: np.ndarray
    naive_error: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """The errors over rolling windows; each window moves by one step.

    Attributes
    ----------
    windows, horizon
        How many forecasts were made, and how many steps each has.
    series
        How many series were forecast.
    first, last
        The first time and the last that were forecast.
    seen_in_training
        Whether some of what was forecast trained the weights or chose among them: then these are no test
        errors.
    model, seasonal_naive
        The errors of the model and of the baseline.
    by_target
        Target -> "model" and "seasonal_naive" -> the errors, where there are several targets.
    by_series
        Series -> target -> "model" and "seasonal_naive" -> the errors, where there are several series.
    """

    windows: int
    horizon: int
    series: int
    first: str
    last: str
    seen_in_training: bool
    model: Scores
    seasonal_naive: Scores
    by_target: Mapping[str, Mapping[str, Scores]] = field(default_factory=dict)
    by_series: Mapping[str, Mapping[str, Mapping[str, Scores]]] = field(default_factory=dict)


def compare(
    panel: Panel, at: Origins, forecasts: Forecasts, /, *, naive_error: np.ndarray, window: int, season_length: int
) -> Tested:
    """Return forecasts beside what came and what the seasonal naive forecast says.

    `naive_error` is (series, targets); the baseline sees a season, even where the model looks at less.
    """
    horizon = forecasts.middle.shape[1]
    before = max(window, season_length)
    padded = PaddedPanel(panel, before=before, after=horizon)
    rows = padded.rows(at)[:, np.newaxis] + np.arange(-before, horizon)
    values = padded.known(panel.targets)[rows, at.target[:, np.newaxis]]
    return Tested(
        panel=panel,
        origins=at,
        forecasts=forecasts,
        naive=seasonal_naive(values[:, :before], horizon=horizon, season_length=season_length),
        actual=values[:, before:],
        naive_error=naive_error[at.series, at.target],
    )


def summarise(tested: Tested, /, *, seen_in_training: bool, coverages: tuple[float, ...]) -> Evaluation:
    """Return the errors of forecasts, all together, and how good these intervals are."""
    panel, at = tested.panel, tested.origins
    times = panel.times.values[panel.bounds[at.series] + at.row]
    count, horizon = tested.actual.shape
    last = panel.times.values[panel.bounds[at.series] + at.row + horizon - 1]
    pooled = _both(tested, np.ones(count, dtype=bool), coverages)
    by_target: dict[str, dict[str, Scores]] = {}
    by_series: dict[str, dict[str, dict[str, Scores]]] = {}
    targets = panel.columns.targets
    if len(targets) > 1:
        # an error over several units has none
        pooled = {name: dataclasses.replace(each, mae=None, rmse=None, wql=None) for name, each in pooled.items()}
        by_target = {name: _both(tested, at.target == place, coverages) for place, name in enumerate(targets)}
    if len(panel) > 1:
        places: list[tuple[int, int]] = np.unique(np.stack([at.series, at.target], axis=1), axis=0).tolist()
        for number, place in places:
            chosen = (at.series == number) & (at.target == place)
            by_series.setdefault(panel.ids[number], {})[targets[place]] = _both(tested, chosen, coverages)
    return Evaluation(
        windows=count,
        horizon=horizon,
        series=len(np.unique(at.series)),
        first=panel.text(times.min()),
        last=panel.text(last.max()),
        seen_in_training=seen_in_training,
        model=pooled["model"],
        seasonal_naive=pooled["seasonal_naive"],
        by_target=by_target,
        by_series=by_series,
    )


def _both(tested: Tested, chosen: np.ndarray, coverages: tuple[float, ...]) -> dict[str, Scores]:
    """Return the errors of the model and of the baseline over some forecasts (count,), a mask."""
    actual, scale = tested.actual[chosen], tested.naive_error[chosen]
    intervals = {
        each: (low[chosen], high[chosen])
        for each, (low, high) in tested.forecasts.intervals.items()
        if each in coverages
    }
    return {
        "model": score(tested.forecasts.middle[chosen], actual, scale=scale, intervals=intervals),
        "seasonal_naive": score(tested.naive[chosen], actual, scale=scale),
    }
