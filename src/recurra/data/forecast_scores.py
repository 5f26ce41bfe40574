"""How good forecasts are: errors of the middle and of intervals, the baseline to beat, and conformal intervals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

__all__ = ["Scores", "conformal_offsets", "score", "seasonal_naive", "seasonal_naive_error"]

_FEW = 10
"""With fewer forecasts than this, all steps ahead are taken together."""


@dataclass(frozen=True, kw_only=True)
class Scores:
    """The errors of forecasts, over the values that are known.

    Attributes
    ----------
    mae
        Mean absolute error, in the unit of the series; None over several targets, whose units differ.
    rmse
        Root of the mean squared error, likewise.
    mase
        Mean absolute scaled error, without unit: each error divided by the mean error of the seasonal naive forecast
        one step ahead within its series' training part (Hyndman & Koehler, 2006). None where that is zero or unknown
        in every series.
    smape
        Symmetric mean absolute percentage error, from 0 to 2: the mean of 2 |y - f| / (|y| + |f|), where 0 / 0
        counts as 0 (Makridakis, 1993; the M4 competition).
    wql
        Weighted quantile loss: twice the pinball loss of all levels, divided by the sum of absolute values, meaned
        over the levels (Salinas et al., 2020). None without intervals, or where all values are zero.
    coverage
        Interval in percent, such as "80" -> the share of values within it; "width-80" -> its mean width.
    """

    mae: float | None
    rmse: float | None
    mase: float | None
    smape: float | None = None
    wql: float | None = None
    coverage: Mapping[str, float] = field(default_factory=dict)


def score(
    forecasts: np.ndarray,
    actual: np.ndarray,
    /,
    *,
    scale: np.ndarray | float | None,
    intervals: Mapping[float, tuple[np.ndarray, np.ndarray]] | None = None,
) -> Scores:
    """Score forecasts against what came.

    Parameters
    ----------
    forecasts, actual
        (count, horizon); values that are NaN do not count.
    scale
        The training part's seasonal naive error (count,) or of all, see `seasonal_naive_error`; where there is none
        (None, NaN) or it is zero, an error does not count in the MASE.
    intervals
        Coverage, such as 0.8, -> its lower and upper ends, each (count, horizon).

    Examples
    --------
    >>> import numpy as np
    >>> score(np.array([[1.0, 2.0]]), np.array([[1.0, 4.0]]), scale=2.0).mase
    0.5
    """
    known = ~np.isnan(actual) & ~np.isnan(forecasts)
    errors = np.where(known, np.abs(forecasts - actual), np.nan)
    return Scores(
        mae=_mean(errors),
        rmse=float(np.sqrt(_mean(np.square(errors)))),
        mase=_scaled(errors, scale),
        smape=_symmetric(forecasts, actual, known),
        wql=_weighted_quantile_loss(forecasts, actual, known, intervals or {}),
        coverage=_coverage(actual, known, intervals or {}),
    )


def _mean(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")


def _scaled(errors: np.ndarray, scale: np.ndarray | float | None) -> float | None:
    if scale is None:
        return None
    scales = np.broadcast_to(np.asarray(scale, np.float64).reshape(-1, 1), errors.shape)
    usable = (scales > 0) & ~np.isnan(errors)
    return float((errors[usable] / scales[usable]).mean()) if usable.any() else None


def _symmetric(forecasts: np.ndarray, actual: np.ndarray, known: np.ndarray) -> float | None:
    given, came = forecasts[known], actual[known]
    sizes = np.abs(given) + np.abs(came)
    return float((2 * np.abs(given - came) / np.where(sizes > 0, sizes, 1)).mean()) if known.any() else None


def _weighted_quantile_loss(
    forecasts: np.ndarray,
    actual: np.ndarray,
    known: np.ndarray,
    intervals: Mapping[float, tuple[np.ndarray, np.ndarray]],
) -> float | None:
    levels = {0.5: forecasts}
    for coverage, (low, high) in intervals.items():
        levels |= {(1 - coverage) / 2: low, (1 + coverage) / 2: high}
    came = actual[known]
    total = np.abs(came).sum()
    if not intervals or not total:
        return None
    losses = [_pinball(came - line[known], level).sum() for level, line in levels.items()]
    return float(2 * np.mean(losses) / total)


def _pinball(errors: np.ndarray, level: float) -> np.ndarray:
    return np.maximum(level * errors, (level - 1) * errors)


def _coverage(
    actual: np.ndarray, known: np.ndarray, intervals: Mapping[float, tuple[np.ndarray, np.ndarray]]
) -> dict[str, float]:
    found: dict[str, float] = {}
    for coverage, (low, high) in intervals.items():
        name = f"{100 * coverage:g}"
        found[name] = float(((low <= actual) & (actual <= high))[known].mean())
        found[f"width-{name}"] = float((high - low)[known].mean())
    return found


def seasonal_naive(windows: np.ndarray, /, *, horizon: int, season_length: int) -> np.ndarray:
    """Repeat the last season of each window.

    Where a value is missing, that of the season before it counts, and if all are, the last value of the window.

    Parameters
    ----------
    windows
        (count, window) what the forecast looks at; missing values are NaN.
    horizon
        How many steps it gives.
    season_length
        Steps after which the series repeats itself; 1 repeats the last value.

    Returns
    -------
    numpy.ndarray
        (count, horizon) in the unit of the windows; NaN for a window without any value.

    Examples
    --------
    >>> import numpy as np
    >>> seasonal_naive(np.array([[1.0, 2.0, 3.0, 4.0]]), horizon=3, season_length=2)
    array([[3., 4., 3.]])
    """
    season = min(season_length, windows.shape[1])
    last_season = windows[:, -season:].copy()
    for back in range(2, windows.shape[1] // season + 1):
        if not np.isnan(last_season).any():
            break
        earlier = windows[:, -back * season : -(back - 1) * season]
        last_season = np.where(np.isnan(last_season), earlier, last_season)
    last_season = np.where(np.isnan(last_season), _last_value(windows)[:, np.newaxis], last_season)
    return last_season[:, np.arange(horizon) % season]


def seasonal_naive_error(values: np.ndarray, /, *, season_length: int) -> float | None:
    """Return the mean absolute error of "as one season before" within values (rows,), in their unit.

    It is the scale of MASE; 0 for a series that repeats itself exactly, None where no two values are a season apart.

    Examples
    --------
    >>> import numpy as np
    >>> seasonal_naive_error(np.array([1.0, 2.0, 3.0, 5.0]), season_length=2)
    2.5
    """
    errors = np.abs(values[season_length:] - values[:-season_length])
    known = errors[~np.isnan(errors)]
    return float(known.mean()) if len(known) else None


def _last_value(windows: np.ndarray) -> np.ndarray:
    """Return the last value (count,) of each window that is not missing."""
    back = np.argmax(~np.isnan(windows[:, ::-1]), axis=1)
    return windows[np.arange(len(windows)), windows.shape[1] - 1 - back]


def conformal_offsets(low: np.ndarray, high: np.ndarray, actual: np.ndarray, /, *, coverage: float) -> np.ndarray:
    """Return by how much to widen intervals so that they hold the share `coverage` of what comes.

    Conformalised quantile regression: Romano, Patterson & Candès (2019), equations 6 to 8, for each step ahead by
    itself; where the interval is the forecast alone (low = high), split conformal prediction. The guarantee needs data
    that could as well have come in another order, which a series seldom is; measure the coverage.

    Parameters
    ----------
    low, high
        (count, horizon) intervals, or the forecast twice.
    actual
        (count, horizon) what came, NaN where it is missing.
    coverage
        From 0 to 1.

    Returns
    -------
    numpy.ndarray
        (horizon,) in the unit of the values; negative where intervals were too wide, zero where nothing is known.

    Examples
    --------
    >>> import numpy as np
    >>> actual = np.arange(10.0)[:, None]
    >>> conformal_offsets(actual - 0.5, actual + 0.5, actual + 1.0, coverage=0.8)
    array([0.5])
    """
    misses = np.maximum(low - actual, actual - high)
    counts = (~np.isnan(misses)).sum(axis=0)
    if counts.max(initial=0) < _FEW:
        return np.full(misses.shape[1], _quantile(misses.ravel(), coverage))
    return np.array([_quantile(column, coverage) for column in misses.T])


def _quantile(misses: np.ndarray, coverage: float) -> float:
    known = np.sort(misses[~np.isnan(misses)])
    if not len(known):
        return 0.0
    place = min(len(known), math.ceil((len(known) + 1) * coverage))
    return float(known[place - 1])
