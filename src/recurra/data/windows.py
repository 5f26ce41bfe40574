"""Rolling windows over a series: what a forecast looks at, and what it should give."""

from __future__ import annotations

import numpy as np

__all__ = ["rolling_windows"]


def rolling_windows(values: np.ndarray, /, *, window: int, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Return every window of a series and the horizon that follows it.

    Parameters
    ----------
    values
        (rows,) the series.
    window, horizon
        How many rows a forecast looks at, and how many it gives.

    Returns
    -------
    windows, horizons
        (count, window) and (count, horizon), where count = rows - window - horizon + 1; views, not to be
        written to. Both are empty where the series is too short.
    """
    size = window + horizon
    if len(values) < size:
        return np.empty((0, window), values.dtype), np.empty((0, horizon), values.dtype)
    both = np.lib.stride_tricks.sliding_window_view(values, size)
    return both[:, :window], both[:, window:]
