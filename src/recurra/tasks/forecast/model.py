"""A trained forecast: the network with all that it needs to meet a person's data again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars
import torch

from recurra.data.continuing import continued
from recurra.data.scale import Scale
from recurra.data.series import Series, read_series
from recurra.data.table import Table
from recurra.data.times import WHOLE_NUMBERS
from recurra.errors import DataError
from recurra.tasks.forecast.evaluation import Evaluation, evaluate_rolling
from recurra.tasks.forecast.options import ForecastOptions

__all__ = ["ForecastModel"]

_CHUNK = 1024
"""Windows that are forecast at once."""


@dataclass(frozen=True, kw_only=True)
class ForecastModel:
    """A trained forecast.

    Attributes
    ----------
    options
        The options, with the target, the time format and the window filled in.
    network
        The trained network.
    scale
        Mean and spread of the training rows.
    naive_error
        The seasonal naive error within the training rows: the scale of MASE.
    window
        Steps that a forecast looks at.
    history
        The last window of the series, from which the forecast goes on.
    seen_until
        The last time that training has seen, as in `history.times.values`.
    """

    options: ForecastOptions
    network: torch.nn.Module
    scale: Scale
    naive_error: float | None
    window: int
    history: Series
    seen_until: Any

    def read(self, data: Table, /) -> Series:
        """Read data with the columns and the step that the model knows."""
        return read_series(
            data,
            target=self.options.target,
            time=self.options.time,
            time_format=self.options.time_format,
            step=self.history.step,
        )

    def forecast(self, windows: np.ndarray, /) -> np.ndarray:
        """Return forecasts (count, horizon) for windows (count, window), in the unit of the series."""
        scaled = torch.from_numpy(self.scale.apply(windows).astype(np.float32))
        with torch.inference_mode():
            chunks = [self.network(chunk) for chunk in scaled.split(_CHUNK)]
        return self.scale.undo(torch.cat(chunks).double().numpy())

    def predict(self, data: Table | None, /) -> polars.DataFrame:
        """Forecast what comes after the history, or after newer data; see `Forecaster.predict`."""
        series = self.history if data is None else self._recent(self.read(data))
        values = self.forecast(series.values[None, -self.window :])[0]
        times = series.step.after(series.times.values, self.options.horizon)
        return polars.DataFrame([_time_column(times, series), polars.Series(series.name, values)])

    def evaluate(self, data: Table, /) -> Evaluation:
        """Measure the forecasts of other data; see `Forecaster.evaluate`."""
        series = self.read(data)
        first_row = 0
        if self.options.time is not None:
            first_row = int((series.times.values <= self.seen_until).sum())
        seen = first_row > len(series) - self.options.horizon
        return self.evaluate_rows(series, first_row=0 if seen else first_row, seen_in_training=seen)

    def evaluate_rows(self, series: Series, /, *, first_row: int, seen_in_training: bool = False) -> Evaluation:
        """Measure the forecasts of the rows from `first_row` on; what is looked at may lie before it."""
        return evaluate_rolling(
            series,
            forecast=self.forecast,
            window=self.window,
            horizon=self.options.horizon,
            season_length=self.options.season_length,
            naive_error=self.naive_error,
            first_row=first_row,
            seen_in_training=seen_in_training,
        )

    def _recent(self, newer: Series) -> Series:
        """Return at least a window of rows that end with the newer ones."""
        series = newer
        if len(newer) < self.window and self.options.time is not None:
            series = continued(self.history, newer)
        if len(series) < self.window:
            raise DataError(
                f"{newer.source} has {len(newer)} rows, which do not follow the model's history (to "
                f"{self.history.times.text(-1)}); expected at least the {self.window} rows of its window"
            )
        return series


def _time_column(times: np.ndarray, series: Series) -> polars.Series:
    column = polars.Series(series.times.name, times)
    dates_alone = series.times.format != WHOLE_NUMBERS and "%H" not in series.times.format
    return column.cast(polars.Date) if dates_alone else column
