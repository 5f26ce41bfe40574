"""How far forecasts are from what came: MAE, RMSE and MASE."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Scores", "score"]


@dataclass(frozen=True, kw_only=True)
class Scores:
    """The errors of forecasts.

    Attributes
    ----------
    mae
        Mean absolute error, in the unit of the series.
    rmse
        Root of the mean squared error, in the unit of the series.
    mase
        Mean absolute scaled error, without unit: the MAE divided by that of the seasonal naive forecast one
        step ahead within the training part (Hyndman & Koehler, 2006). None where the latter is zero or
        unknown.
    """

    mae: float
    rmse: float
    mase: float | None


def score(forecasts: np.ndarray, actual: np.ndarray, /, *, scale: float | None) -> Scores:
    """Score forecasts (count, horizon) against what came (count, horizon).

    `scale` is the training part's seasonal naive error, see `seasonal_naive_error`; without one, or where it
    is zero, there is no MASE.
    """
    errors = np.abs(forecasts - actual)
    mae = float(errors.mean())
    return Scores(
        mae=mae,
        rmse=float(np.sqrt(np.square(errors).mean())),
        mase=mae / scale if scale else None,
    )
