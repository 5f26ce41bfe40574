"""Forecasts: ETTh1 by segments as SegRNN has it, and two short series with the default options."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import Any

import polars

from benchmarks.accuracy import Run
from recurra.tasks import Forecaster, ForecastOptions
from recurra.training.option_fields import as_dictionary

_MONTH = 30 * 24
_TRAIN, _PART = 12 * _MONTH, 4 * _MONTH

ETTH1 = ForecastOptions(
    target="HUFL,HULL,MUFL,MULL,LUFL,LULL,OT", time="date", horizon=96, window=96, validation_rows=_PART,
    test_rows=_PART, strategy="segment", segment_length=48, normalise="last", hidden_size=512, dropout=0.5,
    optimiser="adam", weight_decay=0.0, clip=0.0, learning_rate=1e-3, schedule="step", cut=0.9, cut_after=3,
    batch_size=7 * 256, epochs=30, patience=10, average_decay=0.0,
)  # fmt: skip
"""The published options of SegRNN (Lin et al., 2023) for ETTh1 from 96 to 96 hours. A batch has as many examples as 256
windows of 7 channels; the loss is the absolute error, and each epoch after the third multiplies the rate by 0.9."""

AIRLINE = ForecastOptions(time="Month", horizon=12, season_length=12, test_rows=12)
SUNSPOTS = ForecastOptions(time="YEAR", horizon=11, season_length=11, test_rows=11)


def etth1(folder: Path) -> polars.DataFrame:
    """Read the usual 20 months, each channel with mean 0 and deviation 1 over the 12 that train.

    The split into 12, 4 and 4 months of 30 days, and the scale, are those of Informer (Zhou et al., 2021), which all
    that publish figures on these data use. So squared errors are comparable with theirs.
    """
    channels = polars.exclude("date")
    frame = polars.read_csv(folder / "ett" / "ETTh1.csv").head(_TRAIN + 2 * _PART)
    known = frame.head(_TRAIN).select(channels)
    return frame.with_columns(
        (polars.col(name) - known[name].mean()) / known[name].std(ddof=0) for name in known.columns
    )


def _fitted(data: Any, options: ForecastOptions, seed: int, minutes: float | None) -> dict[str, Any]:
    start = time.perf_counter()
    forecaster = Forecaster(dataclasses.replace(options, seed=seed, minutes=minutes)).fit(data, progress=True)
    seconds = time.perf_counter() - start
    test, course = forecaster.metrics_["test"], forecaster.metrics_["training"]
    return {
        "scores": {
            "MSE": test["model"]["rmse"] ** 2,
            "MAE": test["model"]["mae"],
            "MASE": test["model"]["mase"],
            "MASE of seasonal naive": test["seasonal_naive"]["mase"],
            "validation loss": course["validation"]["loss"],
        },
        "seconds": round(seconds, 1),
        "seconds an epoch": round(course["seconds"] / course["epochs"], 1),
        "epochs": course["epochs"],
        "best epoch": course["best_epoch"],
        "windows": test["windows"],
        "parameters": forecaster.metrics_["parameters"],
        "options": as_dictionary(forecaster.options_),
    }


def _on_etth1(data: Path, seed: int, minutes: float | None) -> dict[str, Any]:
    return _fitted(etth1(data), ETTH1, seed, minutes)


def _on_series(name: str, options: ForecastOptions) -> Run:
    def run(data: Path, seed: int, minutes: float | None) -> dict[str, Any]:
        return _fitted(data / "series" / name, options, seed, minutes)

    return run


RUNS: dict[str, Run] = {
    "etth1": _on_etth1,
    "airline-passengers": _on_series("airline-passengers.csv", AIRLINE),
    "sunspots": _on_series("sunspots_yearly.csv", SUNSPOTS),
}
