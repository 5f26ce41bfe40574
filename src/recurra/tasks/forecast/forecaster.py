"""`Forecaster`: fit, predict, evaluate, save and load a forecast of one series."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

import polars
import torch

from recurra import Cell
from recurra.data.scale import Scale
from recurra.data.series import Series, read_series
from recurra.data.table import Table
from recurra.data.times import WHOLE_NUMBERS
from recurra.errors import InputError
from recurra.report import Report
from recurra.tasks.estimator import Estimator, Prepared, Sources
from recurra.tasks.forecast.evaluation import Evaluation
from recurra.tasks.forecast.examples import Divided, divide
from recurra.tasks.forecast.files import forecast_files, restored_forecast
from recurra.tasks.forecast.model import ForecastModel
from recurra.tasks.forecast.network import ForecastNetwork
from recurra.tasks.forecast.options import ForecastOptions
from recurra.tasks.forecast.page import forecast_report
from recurra.tasks.forecast.scores import listed, score_table, spans
from recurra.tasks.model_files import Folder
from recurra.tasks.outcome import Listing, ScoreTable
from recurra.training.batches import TensorBatches
from recurra.training.supervised import Supervised

__all__ = ["Forecaster"]

_NOTE = (
    "The weights and the scale come from the training rows, the choice of the epoch from the validation "
    "rows; the test rows were used by neither."
)


class Forecaster(Estimator[ForecastOptions]):
    """Learns to forecast one series from its own past; see `recurra.tasks.estimator.Estimator` for the verbs.

    Attributes
    ----------
    scale_
        Mean and spread of the training rows.
    history_
        The last window of the series, from which `predict` goes on.

    Examples
    --------
    >>> from recurra.tasks import Forecaster, ForecastOptions
    >>> options = ForecastOptions(time="year", target="sunspots", horizon=11, season_length=11, epochs=1)
    >>> Forecaster(options).fit("examples/sunspots.csv").predict().columns
    ['year', 'sunspots']
    """

    task: ClassVar[str] = "forecast"
    options_class = ForecastOptions

    scale_: Scale
    history_: Series
    _naive_error: float | None
    _seen_until: Any

    def predict(self, data: Table | None = None, /) -> polars.DataFrame:
        """Forecast what comes after the data, or after the series that the model was fitted on.

        Parameters
        ----------
        data
            Newer data with the same columns: a whole window, or the rows that follow the model's history.

        Returns
        -------
        polars.DataFrame
            (horizon, 2): the times that follow, as whole numbers or dates, and the forecast.

        Raises
        ------
        DataError
            If the data cannot be read, are too few, or do not follow the history.
        """
        return self._model().predict(data)

    def evaluate(self, data: Table, /) -> Evaluation:
        """Measure the forecasts of other data: of every window whose horizon training has not seen.

        Where every time was seen in training, all windows count, and the result says so.

        Raises
        ------
        DataError
            If the data cannot be read or are too few.
        """
        return self._model().evaluate(data)

    def listing(self, data: Table | None = None, /) -> Listing:
        """Return the forecast with its times as in the person's file."""
        return listed(self.predict(data), target=str(self.options_.target), format=self.history_.times.format)

    def score_table(self, scores: Mapping[str, Any], /) -> ScoreTable:
        """Return the errors beside those of the seasonal naive forecast."""
        return score_table(scores, options=self.options_)

    def trained_on(self) -> str:
        """Return a sentence: which rows trained, which stopped, and how long it took."""
        parts, training = self.metrics_["trained_on"], self.metrics_["training"]
        return (
            f"Trained on {spans(parts['training'])}; stopped by {spans(parts['validation'])}: best epoch "
            f"{training['best_epoch']} of {training['epochs']}, {training['seconds']:.1f} s, "
            f"{self.metrics_['parameters']} parameters."
        )

    def _prepare(self, sources: Sources, cell: Cell, *, go_on: bool) -> Prepared[ForecastOptions]:
        if sources.validation is not None or sources.test is not None:
            raise InputError("a forecast takes its validation and test rows from the end of the data; got them apart")
        options = self.options
        series = read_series(
            sources.training, target=options.target, time=options.time, time_format=options.time_format
        )
        divided = divide(series, options, scale=self.scale_ if go_on else None)
        network = self.network_ if go_on else ForecastNetwork(cell, options=options)
        self.scale_, self._naive_error = divided.scale, divided.naive_error
        self.history_ = series.rows(len(series) - divided.window, len(series))
        self._seen_until = series.times.values[divided.split.validation - 1]
        return Prepared(
            options=_filled_in(options, series, divided.window),
            learner=Supervised(network, loss=torch.nn.functional.l1_loss),
            training=TensorBatches(divided.training, batch_size=options.batch_size, seed=options.seed),
            validation=TensorBatches(divided.validation, batch_size=options.batch_size),
            task=divided,
        )

    def _measure(self, prepared: Prepared[ForecastOptions]) -> dict[str, Any]:
        divided: Divided = prepared.task
        series, split = divided.series, divided.split
        return {
            "test": dataclasses.asdict(self._model().evaluate_rows(series, first_row=split.validation)),
            "trained_on": {
                "training": series.span(0, split.train),
                "validation": series.span(split.train, split.validation),
                "test": series.span(split.validation, split.test),
                "note": _NOTE,
            },
        }

    def _report(self, prepared: Prepared[ForecastOptions]) -> Report:
        return forecast_report(
            self._model(), prepared.task, metrics=self.metrics_, history=self.history_of_training_,
            trained_on=self.trained_on(),
        )  # fmt: skip

    def _files(self) -> dict[str, bytes]:
        return forecast_files(self._model())

    def _restore(self, folder: Folder) -> torch.nn.Module:
        known = restored_forecast(folder)
        self.scale_, self._naive_error = known.scale, known.naive_error
        self.history_, self._seen_until = known.history, known.seen_until
        return ForecastNetwork(self.cell_, options=self.options_)

    def _model(self) -> ForecastModel:
        self._check_fitted()
        return ForecastModel(
            options=self.options_,
            network=self.network_,
            scale=self.scale_,
            naive_error=self._naive_error,
            window=len(self.history_),
            history=self.history_,
            seen_until=self._seen_until,
        )


def _filled_in(options: ForecastOptions, series: Series, window: int) -> ForecastOptions:
    format = None if series.times.format == WHOLE_NUMBERS else series.times.format
    return dataclasses.replace(options, target=series.name, time_format=format, window=window)
