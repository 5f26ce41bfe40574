"""`Forecaster`: fit, predict, evaluate, save and load a forecast of one series."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars

from recurra import Cell
from recurra.data.scale import Scale
from recurra.data.series import Series
from recurra.data.table import Table
from recurra.errors import InputError, TrainingError
from recurra.tasks.forecast_evaluation import Evaluation
from recurra.tasks.forecast_fit import fit_forecast
from recurra.tasks.forecast_folder import load_forecast, save_forecast
from recurra.tasks.forecast_model import ForecastModel
from recurra.tasks.forecast_network import ForecastNetwork
from recurra.tasks.options import ForecastOptions
from recurra.training.trainer import Training

__all__ = ["Forecaster"]


class Forecaster:
    """Learns to forecast one series from its own past.

    Parameters
    ----------
    options
        What to forecast and how to train.

    Attributes
    ----------
    options_
        The options, with what was left open (target, window) filled in.
    cell_, network_
        The cell, and the trained network.
    scale_
        Mean and spread of the training rows.
    history_
        The last window of the series, from which `predict` goes on.
    metrics_
        Test errors, and what the weights were trained on, as in `metrics.json`.
    training_
        How the training went; None after `load`.

    Examples
    --------
    >>> from recurra.tasks import Forecaster, ForecastOptions
    >>> options = ForecastOptions(time="year", target="sunspots", horizon=11, season_length=11, epochs=1)
    >>> Forecaster(options).fit("examples/sunspots.csv").predict().columns
    ['year', 'sunspots']
    """

    options_: ForecastOptions
    cell_: Cell
    network_: ForecastNetwork
    scale_: Scale
    history_: Series
    metrics_: dict[str, Any]
    training_: Training | None

    def __init__(self, options: ForecastOptions | None = None, /) -> None:
        self.options = options or ForecastOptions()
        self._model: ForecastModel | None = None

    @property
    def is_fitted(self) -> bool:
        """Whether there are weights to predict with."""
        return self._model is not None

    def fit(self, data: Table, /, *, progress: bool = False) -> Forecaster:
        """Train on a series, keep the best weights, and measure them on the part that nothing has seen.

        The first Ctrl-C ends the training early and keeps the best weights; `training_.ended_by` says so.

        Parameters
        ----------
        data
            The path of a CSV file, or a polars frame.
        progress
            Whether to show a line of progress on the terminal.

        Raises
        ------
        DataError
            If the data cannot be read or are too few.
        InputError
            If there is no such cell.
        TrainingError
            If the loss becomes NaN or infinite. Where there were good weights before, the forecaster has
            the best of them and `is_fitted` is true.
        """
        fitted = fit_forecast(data, self.options, progress=progress)
        self._take(fitted.model, fitted.metrics, fitted.training)
        if fitted.training.problem:
            raise TrainingError(
                f"{fitted.training.problem}; the weights of epoch {fitted.training.best_epoch} are kept"
            )
        return self

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
        return self._fitted().predict(data)

    def evaluate(self, data: Table, /) -> Evaluation:
        """Measure the forecasts of other data: of every window whose horizon training has not seen.

        Where every time was seen in training, all windows count, and the result says so.

        Raises
        ------
        DataError
            If the data cannot be read or are too few.
        """
        return self._fitted().evaluate(data)

    def save(self, folder: str | Path, /) -> Path:
        """Write the model folder in one step, and return its path.

        Raises
        ------
        ModelFolderError
            If the folder exists and is something else than a model, or cannot be written.
        """
        save_forecast(self._fitted(), self.metrics_, Path(folder))
        return Path(folder)

    @classmethod
    def load(cls, folder: str | Path, /) -> Forecaster:
        """Read a model folder; nothing in it is run.

        Raises
        ------
        ModelFolderError
            If the folder is missing, incomplete, damaged, from a newer version, or not of a forecast.
        """
        model, metrics = load_forecast(Path(folder))
        forecaster = cls(model.options)
        forecaster._take(model, metrics, None)
        return forecaster

    def _take(self, model: ForecastModel, metrics: dict[str, Any], training: Training | None) -> None:
        self._model = model
        self.options_, self.cell_, self.network_ = model.options, model.cell, model.network
        self.scale_, self.history_ = model.scale, model.history
        self.metrics_, self.training_ = metrics, training

    def _fitted(self) -> ForecastModel:
        if self._model is None:
            raise InputError("this forecaster has no weights yet; call fit() or Forecaster.load() first")
        return self._model
