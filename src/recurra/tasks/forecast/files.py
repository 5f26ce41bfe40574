"""What a model folder holds of a forecast beside what every task has, and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from recurra.data.columns import Columns
from recurra.data.covariates import Encoding
from recurra.data.panel import Panel
from recurra.data.scale import ChannelScale
from recurra.data.steps import Step
from recurra.data.times import WHOLE_NUMBERS, Times, time_texts
from recurra.tasks.forecast.covariates import Encodings
from recurra.tasks.forecast.facts import Facts
from recurra.tasks.forecast.model import ForecastModel, Offsets
from recurra.tasks.model_files import Folder, as_json

__all__ = ["PREDICTIONS", "Known", "forecast_files", "restored_forecast"]

SCALER, HISTORY, PREDICTIONS = "scaler.json", "history.json", "predictions.csv"


@dataclass(frozen=True, kw_only=True, eq=False)
class Known:
    """What a forecast knows of its data; see `ForecastModel`."""

    facts: Facts
    encodings: Encodings
    history: Panel
    offsets: Offsets


def forecast_files(model: ForecastModel, /) -> dict[str, bytes]:
    """Return the scales, how covariates become numbers, the intervals, and the last window of each series."""
    facts, history = model.facts, model.history
    scaler = {
        "ids": facts.ids,
        **facts.scale.to_dictionary(),
        "naive_error": _with_none(facts.naive_error),
        "seen_until": _texts(np.array(facts.seen_until), history.times),
        "past": [each.to_dictionary() for each in model.encodings.past],
        "future": [each.to_dictionary() for each in model.encodings.future],
        "static": [each.to_dictionary() for each in model.encodings.static],
        "intervals": {str(coverage): offset.tolist() for coverage, offset in model.offsets.items()},
    }
    return {SCALER: as_json(scaler), HISTORY: as_json(_described(history))}


def restored_forecast(folder: Folder, /) -> Known:
    """Return what `forecast_files` wrote."""
    scaler = folder.json(SCALER)
    history = _panel(folder.json(HISTORY))
    encodings = {
        kind: tuple(Encoding.from_dictionary(each) for each in scaler[kind]) for kind in ("past", "future", "static")
    }
    return Known(
        facts=Facts(
            ids=tuple(scaler["ids"]),
            scale=ChannelScale.from_dictionary({"level": scaler["level"], "spread": scaler["spread"]}),
            naive_error=np.array(scaler["naive_error"], dtype=np.float64),
            seen_until=tuple(_times(scaler["seen_until"], history.times.format)),
        ),
        encodings=Encodings(**encodings, targets=len(history.columns.targets)),
        history=history,
        offsets={float(coverage): np.array(offset) for coverage, offset in scaler["intervals"].items()},
    )


def _described(panel: Panel) -> dict[str, Any]:
    return {
        "columns": dataclasses.asdict(panel.columns),
        "time": panel.times.name,
        "time_format": panel.times.format,
        "step": dataclasses.asdict(panel.step),
        "ids": panel.ids,
        "bounds": panel.bounds.tolist(),
        "known": panel.known.tolist(),
        "times": _texts(panel.times.values, panel.times),
        "targets": _with_none(panel.targets),
        "covariates": {name: _with_none(values) for name, values in panel.covariates.items()},
        "statics": {name: _with_none(values) for name, values in panel.statics.items()},
    }


def _panel(content: Mapping[str, Any]) -> Panel:
    columns: dict[str, Any] = {
        name: tuple(each) if isinstance(each, list) else each for name, each in content["columns"].items()
    }
    format = content["time_format"]
    return Panel(
        columns=Columns(**columns),
        ids=tuple(content["ids"]),
        bounds=np.array(content["bounds"], dtype=np.int64),
        known=np.array(content["known"], dtype=np.int64),
        times=Times(name=content["time"], values=_times(content["times"], format), format=format),
        step=Step(**content["step"]),
        targets=np.array(content["targets"], dtype=np.float64),
        covariates={name: _covariate(values) for name, values in content["covariates"].items()},
        statics={name: _covariate(values) for name, values in content["statics"].items()},
        source="the model's history",
    )


def _texts(values: np.ndarray, times: Times) -> list[str]:
    """Return times as texts that say all of them, whatever the person's format leaves out."""
    if times.format == WHOLE_NUMBERS:
        return time_texts(values, format=WHOLE_NUMBERS)
    return np.datetime_as_string(values.astype("datetime64[us]")).tolist()


def _times(texts: list[str], format: str) -> np.ndarray:
    if format == WHOLE_NUMBERS:
        return np.array(texts, dtype=np.int64)
    return np.array(texts, dtype="datetime64[us]")


def _with_none(values: np.ndarray) -> list[Any]:
    """Return values as JSON can hold them: what is missing is null."""
    if values.dtype == object:
        return values.tolist()
    return np.where(np.isnan(values), None, values.astype(object)).tolist()  # pyright: ignore[reportArgumentType, reportCallIssue]


def _covariate(values: list[Any]) -> np.ndarray:
    is_text = any(isinstance(value, str) for value in values)
    return np.array(values, dtype=object if is_text else np.float64)
