"""A trained forecast as a model folder, and back."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars
import safetensors
import safetensors.torch
import yaml

from recurra import Cell, __version__
from recurra.data.scale import Scale
from recurra.data.series import Series
from recurra.data.steps import Step
from recurra.data.times import Times, read_times, time_texts
from recurra.errors import ModelFolderError, RecurraError
from recurra.tasks.cell_choice import choose_cell, is_own_cell
from recurra.tasks.forecast_model import ForecastModel
from recurra.tasks.forecast_network import ForecastNetwork
from recurra.tasks.options import ForecastOptions
from recurra.training.artefacts import FORMAT_VERSION, read_model_folder, write_model_folder
from recurra.training.described import as_dictionary

__all__ = ["load_forecast", "save_forecast"]

_TASK = "forecast"
_WRONG = (ValueError, TypeError, RuntimeError, RecurraError, yaml.YAMLError, safetensors.SafetensorError)
"""What the readers of the files raise where the content is not what it should be."""


def save_forecast(model: ForecastModel, metrics: Mapping[str, Any], folder: Path) -> None:
    """Write a trained forecast; see `write_model_folder`."""
    files = {
        "config.yaml": _config(model.options),
        "weights.safetensors": safetensors.torch.save(_weights(model.network)),
        "scaler.json": _json({**dataclasses.asdict(model.scale), "naive_error": model.naive_error}),
        "history.json": _json(_history(model)),
        "metrics.json": _json(metrics),
    }
    if is_own_cell(model.options.cell):
        files["cell.json"] = model.cell.to_json().encode()
    write_model_folder(folder, files)


def load_forecast(folder: Path, /) -> tuple[ForecastModel, dict[str, Any]]:
    """Read a trained forecast and its metrics; see `read_model_folder`.

    Raises
    ------
    ModelFolderError
        If the folder is missing, incomplete, damaged, from a newer version, or not of a forecast.
    """
    files = read_model_folder(folder)
    try:
        options = _options(files, folder)
        return _model(files, options), json.loads(files["metrics.json"])
    except ModelFolderError:
        raise
    except KeyError as error:
        raise ModelFolderError(f"{folder} is incomplete: it has no {error}") from None
    except _WRONG as error:
        reason = str(error).partition("\n")[0]
        raise ModelFolderError(f"{folder} does not hold a forecast that can be read: {reason}") from error


def _config(options: ForecastOptions) -> bytes:
    config = {
        "task": _TASK,
        "recurra_version": __version__,
        "format_version": FORMAT_VERSION,
        "options": as_dictionary(options),
    }
    return yaml.safe_dump(config, sort_keys=False, allow_unicode=True).encode()


def _options(files: Mapping[str, bytes], folder: Path) -> ForecastOptions:
    config = yaml.safe_load(files["config.yaml"])
    if config["task"] != _TASK:
        raise ModelFolderError(f"{folder} is a model for {config['task']!r}; expected one for {_TASK!r}")
    return ForecastOptions(**config["options"])


def _weights(network: ForecastNetwork) -> dict[str, Any]:
    return {name: value.detach().cpu().contiguous() for name, value in network.state_dict().items()}


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


def _model(files: Mapping[str, bytes], options: ForecastOptions) -> ForecastModel:
    cell = Cell.from_json(files["cell.json"].decode()) if is_own_cell(options.cell) else choose_cell(options.cell)
    network = ForecastNetwork(cell, options=options)
    network.load_state_dict(safetensors.torch.load(files["weights.safetensors"]))
    network.eval()
    scale, history = json.loads(files["scaler.json"]), json.loads(files["history.json"])
    return ForecastModel(
        options=options,
        cell=cell,
        network=network,
        scale=Scale(mean=scale["mean"], spread=scale["spread"]),
        naive_error=scale["naive_error"],
        window=len(history["values"]),
        history=_series(history),
        seen_until=_times(history, [history["seen_until"]]).values[0],
    )


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


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()
