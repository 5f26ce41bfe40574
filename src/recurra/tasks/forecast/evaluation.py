"""How good a forecast is: rolling windows, its errors beside those of the seasonal naive forecast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from recurra.data.baseline import seasonal_naive
from recurra.data.scores import Scores, score
from recurra.data.series import Series
from recurra.data.windows import rolling_windows
from recurra.errors import DataError

__all__ = ["Evaluation", "evaluate_rolling"]

Forecast = Callable[[np.ndarray], np.ndarray]
"""Windows (count, window) -> forecasts (count, horizon), both in the unit of the series."""


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """The errors over rolling windows; each window moves by one step.

    Attributes
    ----------
    windows, horizon
        How many forecasts were made, and how many steps each has.
    first, last
        The first time and the last that were forecast.
    seen_in_training
        Whether some of what was forecast trained the weights or chose among them: then these are no test
        errors.
    model, seasonal_naive
        The errors of the model and of the baseline.
    """

    windows: int
    horizon: int
    first: str
    last: str
    seen_in_training: bool
    model: Scores
    seasonal_naive: Scores


def evaluate_rolling(
    series: Series,
    /,
    *,
    forecast: Forecast,
    window: int,
    horizon: int,
    season_length: int,
    naive_error: float | None,
    first_row: int,
    seen_in_training: bool = False,
) -> Evaluation:
    """Forecast from every window whose horizon lies in the rows from `first_row` on, and score it.

    Raises
    ------
    DataError
        If there is no such window.
    """
    context = max(window, season_length)  # the baseline needs a season, even where the model looks at less
    if len(series) < context + horizon:
        context = window
    given, actual = rolling_windows(series.values[max(0, first_row - context) :], window=context, horizon=horizon)
    if not len(given):
        raise DataError(
            f"{series.source} has {len(series)} rows; expected at least {window + horizon}, a window of "
            f"{window} and a horizon of {horizon}"
        )
    naive = seasonal_naive(given, horizon=horizon, season_length=season_length)
    return Evaluation(
        windows=len(given),
        horizon=horizon,
        first=series.times.text(max(first_row, context)),
        last=series.times.text(len(series) - 1),
        seen_in_training=seen_in_training,
        model=score(forecast(given[:, -window:]), actual, scale=naive_error),
        seasonal_naive=score(naive, actual, scale=naive_error),
    )
