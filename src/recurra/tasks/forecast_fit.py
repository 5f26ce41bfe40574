"""Fitting a forecast: read, split, train, measure."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import torch

from recurra.data.series import Series, read_series
from recurra.data.table import Table
from recurra.data.times import WHOLE_NUMBERS
from recurra.tasks.cell_choice import choose_cell
from recurra.tasks.forecast_examples import Prepared, prepare
from recurra.tasks.forecast_model import ForecastModel
from recurra.tasks.forecast_network import ForecastNetwork
from recurra.tasks.options import ForecastOptions
from recurra.training.batches import TensorBatches
from recurra.training.seeds import seeded
from recurra.training.supervised import Supervised
from recurra.training.trainer import Surroundings, Training, train

__all__ = ["Fitted", "fit_forecast"]

_NOTE = (
    "The weights and the scale come from the training rows, the choice of the epoch from the validation "
    "rows; the test rows were used by neither."
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fitted:
    """A trained forecast, how its training went, and its metrics as in `metrics.json`."""

    model: ForecastModel
    training: Training
    metrics: dict[str, Any]


def fit_forecast(data: Table, options: ForecastOptions, /, *, progress: bool) -> Fitted:
    """Train a forecast on the first rows of the data and measure it on the last; see `Forecaster.fit`."""
    cell = choose_cell(options.cell)
    series = read_series(data, target=options.target, time=options.time, time_format=options.time_format)
    prepared = prepare(series, options)
    with seeded(options.seed):
        network = ForecastNetwork(cell, options=options)
    began = time.perf_counter()
    training = _train(network, prepared, options, progress=progress)
    seconds = time.perf_counter() - began
    model = ForecastModel(
        options=_filled_in(options, series, prepared.window),
        cell=cell,
        network=network,
        scale=prepared.scale,
        naive_error=prepared.naive_error,
        window=prepared.window,
        history=series.rows(len(series) - prepared.window, len(series)),
        seen_until=series.times.values[prepared.split.validation - 1],
    )
    metrics = _metrics(model, series, prepared, training, seconds=seconds)
    return Fitted(model=model, training=training, metrics=metrics)


def _train(network: ForecastNetwork, prepared: Prepared, options: ForecastOptions, *, progress: bool) -> Training:
    return train(
        Supervised(network, loss=torch.nn.functional.l1_loss),
        training=TensorBatches(prepared.training, batch_size=options.batch_size, seed=options.seed),
        validation=TensorBatches(prepared.validation, batch_size=options.batch_size),
        options=options,
        surroundings=Surroundings(progress=progress),
    )


def _filled_in(options: ForecastOptions, series: Series, window: int) -> ForecastOptions:
    format = None if series.times.format == WHOLE_NUMBERS else series.times.format
    return dataclasses.replace(options, target=series.name, time_format=format, window=window)


def _metrics(
    model: ForecastModel, series: Series, prepared: Prepared, training: Training, *, seconds: float
) -> dict[str, Any]:
    split = prepared.split
    return {
        "test": dataclasses.asdict(model.evaluate_rows(series, first_row=split.validation)),
        "trained_on": {
            "training": series.span(0, split.train),
            "validation": series.span(split.train, split.validation),
            "test": series.span(split.validation, split.test),
            "note": _NOTE,
        },
        "training": {**training.summary(), "seconds": round(seconds, 1)},
        "parameters": sum(parameter.numel() for parameter in model.network.parameters()),
    }
