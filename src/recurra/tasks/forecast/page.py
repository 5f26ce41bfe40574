"""The report about a forecast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from recurra.data.baseline import seasonal_naive
from recurra.data.windows import rolling_windows
from recurra.report import Headline, Report, Section, Table
from recurra.report.forecast import error_by_step_picture, fan_picture, series_picture, windows_picture
from recurra.report.histogram import residual_picture, value_picture
from recurra.report.numbers import plain
from recurra.tasks.forecast.examples import Divided
from recurra.tasks.forecast.model import ForecastModel
from recurra.tasks.forecast.scores import score_table
from recurra.tasks.page import closing_section, training_section
from recurra.training.history import History
from recurra.training.supervised import Supervised

__all__ = ["forecast_report"]

_SHOWN_BEFORE = 4
"""Horizons of the past that are shown before what comes next."""


def forecast_report(
    model: ForecastModel, divided: Divided, /, *, metrics: Mapping[str, Any], history: History, trained_on: str
) -> Report:
    """Return the page: the figures, the series, the test, what comes next, the training, the options."""
    name = str(model.options.target)
    return Report(
        title=f"Forecast of {name}",
        subtitle=trained_on,
        headlines=tuple(_headlines(metrics["test"], name)),
        sections=(
            Section(title="What comes next", blocks=(_next(model, divided),)),
            _test_section(model, divided, metrics),
            _data_section(divided),
            training_section(history, aim=Supervised.aim, loss="mean absolute error (scaled)", clip=model.options.clip),
            closing_section(model.options),
        ),
    )


def _headlines(test: Mapping[str, Any], unit: str) -> list[Headline]:
    found = []
    for key, label in (("mase", "test MASE"), ("mae", f"test MAE, {unit}"), ("rmse", f"test RMSE, {unit}")):
        ours, naive = test["model"][key], test["seasonal_naive"][key]
        if ours is not None:
            found.append(Headline(label=label, value=plain(ours), detail=f"seasonal naive {plain(naive)}"))
    return found


def _next(model: ForecastModel, divided: Divided) -> Any:
    series, horizon = divided.series, model.options.horizon
    shown = series.rows(max(0, len(series) - max(_SHOWN_BEFORE * horizon, model.window)), len(series))
    forecast = model.predict(None)
    return fan_picture(
        shown.times.values,
        shown.values,
        future=series.step.after(series.times.values, horizon),
        quantiles={0.5: forecast[series.name].to_numpy()},
        name=series.name,
        time=series.times.name,
    )


def _test_section(model: ForecastModel, divided: Divided, metrics: Mapping[str, Any]) -> Section:
    """Return the test part: its scores, forecasts beside what came, errors by step and their histogram."""
    series, horizon, first = divided.series, model.options.horizon, divided.split.validation
    context = max(model.window, model.options.season_length)
    context = context if first >= context else model.window
    given, actual = rolling_windows(series.values[first - context :], window=context, horizon=horizon)
    forecasts = model.forecast(given[:, -model.window :])
    naive = seasonal_naive(given, horizon=horizon, season_length=model.options.season_length)
    table = score_table(metrics["test"], options=model.options)
    return Section(
        title="Test",
        blocks=(
            Table(title=table.title, header=table.columns, rows=table.rows, caption=table.caption),
            windows_picture(
                series.times.values[first:],
                series.values[first:],
                forecasts=forecasts,
                starts=np.arange(len(forecasts)),
                name=series.name,
                time=series.times.name,
            ),
            error_by_step_picture(np.abs(forecasts - actual).mean(0), np.abs(naive - actual).mean(0), unit=series.name),
            residual_picture((actual - forecasts).ravel(), unit=series.name),
        ),
    )


def _data_section(divided: Divided) -> Section:
    series, split = divided.series, divided.split
    parts = {
        "training": (0, split.train),
        "validation": (split.train, split.validation),
        "test": (split.validation, split.test),
    }
    return Section(
        title="Data",
        blocks=(
            series_picture(series.times.values, series.values, name=series.name, time=series.times.name, parts=parts),
            value_picture(series.values, name=series.name),
        ),
    )
