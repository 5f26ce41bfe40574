"""The forecast to beat: each step repeats the one a season before."""

from __future__ import annotations

import numpy as np

__all__ = ["seasonal_naive", "seasonal_naive_error"]


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
    """
    errors = np.abs(values[season_length:] - values[:-season_length])
    known = errors[~np.isnan(errors)]
    return float(known.mean()) if len(known) else None


def _last_value(windows: np.ndarray) -> np.ndarray:
    """Return the last value (count,) of each window that is not missing."""
    back = np.argmax(~np.isnan(windows[:, ::-1]), axis=1)
    return windows[np.arange(len(windows)), windows.shape[1] - 1 - back]
