"""The forecast to beat: each step repeats the one a season before."""

from __future__ import annotations

import numpy as np

__all__ = ["seasonal_naive", "seasonal_naive_error"]


def seasonal_naive(windows: np.ndarray, /, *, horizon: int, season_length: int) -> np.ndarray:
    """Repeat the last season of each window.

    Parameters
    ----------
    windows
        (count, window) what the forecast looks at.
    horizon
        How many steps it gives.
    season_length
        Steps after which the series repeats itself; 1 repeats the last value.

    Returns
    -------
    numpy.ndarray
        (count, horizon) in the unit of the windows.
    """
    season = min(season_length, windows.shape[1])
    return windows[:, np.arange(horizon) % season - season]


def seasonal_naive_error(values: np.ndarray, /, *, season_length: int) -> float | None:
    """Return the mean absolute error of "as one season before" within values (rows,), in their unit.

    It is the scale of MASE; 0 for a series that repeats itself exactly, None for one no longer than a
    season.
    """
    if len(values) <= season_length:
        return None
    return float(np.abs(values[season_length:] - values[:-season_length]).mean())
