"""What a model folder holds of a forecast beside what every task has, and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars

from recurra.data.scale import Scale
from recurra.data.series import Series
from recurra.data.steps import Step
from recurra.data.times import Times, read_times, time_texts
from recurra.tasks.forecast.model import ForecastModel
from recurra.tasks.model_files import Folder, as_json

__all__ = ["Known", "forecast_files", "restored_forecast"]

SCALER, HISTORY = "scaler.json", "history.json"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a forecast knows of its data; see `ForecastModel`."""

    scale: Scale
    naive_error: float | None
    history: Series
    seen_until: Any


def forecast_files(model: ForecastModel, /) -> dict[str, bytes]:
    """Return the scale, and the last window of the series."""
    return {
        SCALER: as_json({**dataclasses.asdict(model.scale), "naive_error": model.naive_error}),
        HISTORY: as_json(_history(model)),
    }


def restored_forecast(folder: Folder, /) -> Known:
    """Return what `forecast_files` wrote."""
    scale, history = folder.json(SCALER), folder.json(HISTORY)
    return Known(
        scale=Scale(mean=scale["mean"], spread=scale["spread"]),
        naive_error=scale["naive_error"],
        history=_series(history),
        seen_until=_times(history, [history["seen_until"]]).values[0],
    )


def _history(model: ForecastModel) -> dict[str, Any]:
    history = model.history
    times = history.times
    return {
        "target": history.name,
        "time": times.name,
        "time_format": times.format,
        "step": dataclasses.asdict(history.step),
        "seen_until": time_texts(np.array([model.seen_until]), format=times.format)[0],
        "times": time_texts(times.values, format=times.format),
        "values": history.values.tolist(),
    }


def _series(history: Mapping[str, Any]) -> Series:
    return Series(
        name=history["target"],
        values=np.array(history["values"], dtype=np.float64),
        times=_times(history, history["times"]),
        step=Step(**history["step"]),
        source="the model's history",
    )


def _times(history: Mapping[str, Any], texts: list[str]) -> Times:
    column = polars.Series(history["time"], texts)
    return read_times(column, source="the model's history", format=history["time_format"])
