"""Thousands of points as a few hundred: what a picture can show, with the extremes kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Thinned", "thinned"]

_MOST = 240


@dataclass(frozen=True, kw_only=True)
class Thinned:
    """Points in buckets, side by side.

    Attributes
    ----------
    x
        (buckets,) the middle of each bucket.
    low, middle, high
        (buckets,) the least, the mean and the largest value of each; NaN where none is finite.
    points
        How many points a bucket has at most: 1 where nothing was left out.
    """

    x: np.ndarray
    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray
    points: int


def thinned(x: np.ndarray, y: np.ndarray, /, *, most: int = _MOST) -> Thinned:
    """Put points (count,) into so many buckets at most; values that are not finite are left out.

    Examples
    --------
    >>> import numpy
    >>> from recurra.report.decimation import thinned
    >>> buckets = thinned(numpy.arange(6), numpy.array([1.0, 3.0, 2.0, 8.0, 5.0, float("nan")]), most=3)
    >>> buckets.low.tolist(), buckets.high.tolist()
    ([1.0, 2.0, 5.0], [3.0, 8.0, 5.0])
    """
    y = np.where(np.isfinite(y), y, np.nan)
    points = max(1, -(-len(y) // most))
    if points == 1:
        return Thinned(x=x, low=y, middle=y, high=y, points=1)
    starts = np.arange(0, len(y), points)
    counts = np.add.reduceat(np.isfinite(y).astype(int), starts)
    means = np.add.reduceat(np.nan_to_num(y), starts) / np.where(counts, counts, np.nan)
    ends = np.minimum(starts + points, len(y)) - 1
    return Thinned(
        x=x[(starts + ends) // 2],
        low=np.fmin.reduceat(y, starts),
        middle=means,
        high=np.fmax.reduceat(y, starts),
        points=points,
    )
