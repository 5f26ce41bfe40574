"""From a series to what a forecast is trained on: the window's length, the scale, the examples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from recurra.data.baseline import seasonal_naive_error
from recurra.data.scale import Scale, fit_scale
from recurra.data.series import Series
from recurra.data.split import Split, split_by_time
from recurra.data.windows import rolling_windows
from recurra.tasks.forecast.options import ForecastOptions

__all__ = ["Divided", "Examples", "divide"]

Examples = tuple[Tensor, Tensor]
"""What goes in and what should come out, both with the examples first."""


@dataclass(frozen=True, kw_only=True)
class Divided:
    """What a forecast is trained and measured on.

    Attributes
    ----------
    series
        All of it.
    window
        Steps that a forecast looks at.
    split
        Which rows train, validate and test.
    scale
        Fitted on the training rows alone.
    naive_error
        The seasonal naive error within the training rows, in the unit of the series: the scale of MASE.
    training, validation
        Scaled windows (count, window) and horizons (count, horizon), float32. What is forecast for
        validation lies after the training rows; what is looked at may reach into them.
    """

    series: Series
    window: int
    split: Split
    scale: Scale
    naive_error: float | None
    training: Examples
    validation: Examples


def divide(series: Series, options: ForecastOptions, /, *, scale: Scale | None = None) -> Divided:
    """Split a series, fit the scale unless it is known, and cut the windows.

    Raises
    ------
    DataError
        If the series is too short.
    """
    window = options.window or _default_window(len(series), options)
    split = split_by_time(
        len(series),
        window=window,
        horizon=options.horizon,
        validation_fraction=options.validation_fraction,
        test_fraction=options.test_fraction,
        source=series.source,
    )
    known = series.values[: split.train]
    scale = scale or fit_scale(known)
    scaled = scale.apply(series.values)
    return Divided(
        series=series,
        window=window,
        split=split,
        scale=scale,
        naive_error=seasonal_naive_error(known, season_length=options.season_length),
        training=_examples(scaled[: split.train], window, options.horizon),
        validation=_examples(scaled[split.train - window : split.validation], window, options.horizon),
    )


def _default_window(rows: int, options: ForecastOptions) -> int:
    """Return two seasons and at least two horizons, or what leaves half of the training rows to targets."""
    wanted = 2 * max(options.season_length, options.horizon)
    training = rows
    for fraction in (options.validation_fraction, options.test_fraction):
        training -= max(options.horizon, round(fraction * rows))
    return max(1, min(wanted, (training - options.horizon) // 2))


def _examples(values: np.ndarray, window: int, horizon: int) -> Examples:
    given, expected = rolling_windows(values.astype(np.float32), window=window, horizon=horizon)
    return torch.from_numpy(given.copy()), torch.from_numpy(expected.copy())
