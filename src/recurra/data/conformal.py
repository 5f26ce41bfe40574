"""Conformal intervals: how far forecasts were off on data that they had not learnt from says how wide one is."""

from __future__ import annotations

import math

import numpy as np

__all__ = ["conformal_offsets"]

_FEW = 10
"""With fewer forecasts than this, all steps ahead are taken together."""


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
