"""`Forecaster`: fit, predict, evaluate, save and load a forecast of one or many series."""

from __future__ import annotations

import copy
import dataclasses
import functools
import math
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
import polars

from recurra import Cell
from recurra.arguments import whole_number
from recurra.data import Columns, Panel, Table, read_panel, suggested_calendar
from recurra.data.panel import origins
from recurra.data.times import WHOLE_NUMBERS
from recurra.errors import InputError
from recurra.report import Report
from recurra.tasks.cost import check_fits_memory
from recurra.tasks.estimator import Estimator
from recurra.tasks.forecast.data import Encodings, Facts, SplitSeries, WindowBatches, split_series, suggested_season
from recurra.tasks.forecast.model import ForecastModel, Offsets, next_origins
from recurra.tasks.forecast.network import ForecastLearner, make_network
from recurra.tasks.forecast.options import ForecastOptions, names_in
from recurra.tasks.forecast.page import forecast_report
from recurra.tasks.forecast.scores import (
    ForecastEvaluation,
    Tested,
    check_names,
    forecast_frame,
    listed,
    score_table,
    spaced,
    spans,
    summarise,
    tested_frame,
    tested_listing,
)
from recurra.tasks.model import Prepared, Refit, Sources
from recurra.tasks.options import warm_started
from recurra.tasks.scores import Listing, ScoreTable
from recurra.training.averaging import bounded_decay

__all__ = ["Forecaster"]

_NOTE = (
    "The weights and the scale come from the training rows, the choice of the epoch and the width of the intervals "
    "from the validation rows; the test rows were used by neither."
)

_REFITTED_NOTE = (
    "The test errors are those of a model whose weights come from the training rows and whose epoch was chosen by the "
    "validation rows. Then the weights were trained anew on all rows, for as many epochs; of these weights no error is "
    "known. The scale is that of the training rows, the width of the intervals that of the first model on the "
    "validation rows."
)

_AVERAGED = 0.1
"""Of all steps of a training, those that a moving average of the weights spans at most."""

_TRIED = 16
"""Validation windows on which it is tried, before the training, how wide intervals are."""

_MISSES = 5
"""Validation windows that should lie outside of an interval, for its width to mean something."""


class Forecaster(Estimator[ForecastOptions, ForecastModel]):
    """Learns to forecast series from their own past and what goes with it.

    See `recurra.tasks.Estimator` for the verbs.

    Examples
    --------
    >>> from recurra.tasks import Forecaster, ForecastOptions
    >>> options = ForecastOptions(time="year", target="sunspots", horizon=11, season_length=11, epochs=1)
    >>> Forecaster(options).fit("examples/sunspots.csv").predict().columns
    ['year', 'sunspots']
    """

    task: ClassVar[str] = "forecast"
    options_class = ForecastOptions
    model_class = ForecastModel

    @property
    def history_(self) -> Panel:
        """The last window of each series, from which `predict` goes on; a value: see `history_after`."""
        return self._trained.history

    @property
    def facts_(self) -> Facts:
        """What is known of each series: its scale, and the scale of its errors."""
        return self._trained.facts

    @property
    def encodings_(self) -> Encodings:
        """How covariates become numbers."""
        return self._trained.encodings

    @property
    def offsets_(self) -> Offsets:
        """By how much intervals are widened, without unit."""
        return self._trained.offsets

    def predict(self, data: Table | Panel | None = None, /, *, horizon: int | None = None) -> polars.DataFrame:
        """Forecast what comes after the data, or after the series that the model was fitted on.

        Parameters
        ----------
        data
            Newer data with the same columns: a whole window, or the rows that follow the model's history; of series
            that the model knows or of others. Rows with an empty target at the end hold the future covariates. Or a
            history that `history_after` returned.
        horizon
            Steps to forecast, by default those of the options. Beyond those the forecast goes on from itself, and
            there are no intervals; 10,000 times as many are the most.

        Returns
        -------
        polars.DataFrame
            (series * horizon, ...): the series' name where the data have one, the time as a whole number or date, the
            forecast of each target, and the ends of its intervals where the options ask for some.

        Raises
        ------
        DataError
            If the data cannot be read, are too few, do not follow the history, or lack a future covariate.
        InputError
            If the horizon is no whole number from 1 on, or too long.
        """
        return self._trained.predict(data, horizon=horizon)

    def history_after(self, data: Table, /) -> Panel:
        """Return what `predict` goes on from after newer data, so that their rows need not be kept.

        Neither the model nor its own history changes.

        Raises
        ------
        DataError
            As `predict`, but for the future covariates.
        """
        model = self._trained
        return model.recent(model.read(data, of_future=True)).tail(model.window)

    def evaluate(self, data: Table, /) -> ForecastEvaluation:
        """Measure the forecasts of other data: of every window whose horizon training has not seen.

        Where every time was seen in training, all windows count, and the result says so.

        Raises
        ------
        DataError
            If the data cannot be read or are too few.
        """
        model = self._trained
        tested, seen = model.test(model.read(data))
        return summarise(tested, seen_in_training=seen, coverages=model.options.coverages())

    def backtest(self, data: Table, /, *, stride: int = 1) -> polars.DataFrame:
        """Return the forecasts that `evaluate` measures, beside what came.

        Parameters
        ----------
        data
            As for `evaluate`.
        stride
            Rows from one origin to the next, back from the last.

        Returns
        -------
        polars.DataFrame
            A row for each step of each forecast: see `recurra.tasks.forecast.scores.tested_frame`.

        Raises
        ------
        DataError
            If the data cannot be read or are too few.
        InputError
            If the stride is not above zero.
        """
        return tested_frame(self._tested(data, stride=stride), coverages=self.options_.coverages())

    def _tested(self, data: Table, *, stride: int) -> Tested:
        model = self._trained
        stride = whole_number(stride, name="stride")
        tested, _ = model.test(model.read(data))
        return spaced(tested, stride=stride)

    def backtest_listing(self, data: Table, /, *, stride: int = 1) -> Listing:
        """Return `backtest` with its times as in the person's file."""
        return tested_listing(self._tested(data, stride=stride), options=self.options_, facts=self.facts_)

    def listing(self, data: Table | None = None, /, *, horizon: int | None = None) -> Listing:
        """Return the forecast with its times as in the person's file."""
        return listed(
            self.predict(data, horizon=horizon),
            times=self.history_.times,
            target=str(self.options_.target),
            facts=self.facts_,
        )

    def score_table(self, scores: Mapping[str, Any], /) -> ScoreTable:
        """Return the errors beside those of the seasonal naive forecast."""
        return score_table(scores, options=self.options_)

    def trained_on(self) -> str:
        """Return a sentence: which rows trained, which stopped, what was missing, and how long it took."""
        parts, training = self.metrics_["trained_on"], self.metrics_["training"]
        series = f" of {parts['series']} series" if parts["series"] > 1 else ""
        said = (
            f"Trained on {spans(parts['training'])}{series}; stopped by {spans(parts['validation'])}: {self._course()}."
        )
        return " ".join([said, *_refit_sentence(parts, training), *_gaps(parts)])

    def _prepare(self, sources: Sources, cell: Cell, /, *, earlier: ForecastModel | None) -> Prepared[ForecastModel]:
        if sources.apart:
            raise InputError("a forecast takes its validation and test rows from the end of the data; got them apart")
        options = _as_before(self.options, earlier.options) if earlier else self.options
        panel = read_panel(
            sources.training,
            columns=_columns(options),
            format=options.table_format(),
            time_format=options.time_format,
            time_zone=options.time_zone,
            step=earlier.history.step if earlier else None,
            categories=earlier.encodings.categories() if earlier else None,
        )
        check_names(panel, coverages=options.coverages())
        note = ""
        if options.season_length is None:
            options = dataclasses.replace(options, season_length=suggested_season(panel))
            if options.season > 1:
                note = f"Season {options.season} from the step of {panel.step}; --season-length names another."
        options = _with_calendar(options, panel)
        split = split_series(
            panel,
            options,
            earlier=earlier.facts if earlier else None,
            encodings=earlier.encodings if earlier else None,
        )
        if earlier:
            network = earlier.network
        else:
            build = functools.partial(make_network, cell, options=options, widths=split.encodings.widths())
            check_fits_memory(build)
            network = build()
        model = ForecastModel(
            options=_filled_in(options, panel, split),
            cell=cell,
            network=network,
            facts=split.facts,
            encodings=split.encodings,
            history=panel.tail(split.window),
        )
        refit = None
        if options.refit:  # a copy of the network as it begins, and every window
            every = WindowBatches(split.tensors, split.all, batch_size=options.batch_size, seed=options.seed)
            refit = Refit(learner=ForecastLearner(copy.deepcopy(network)), training=every)
        return Prepared(
            model=model,
            learner=ForecastLearner(network),
            training=WindowBatches(split.tensors, split.training, batch_size=options.batch_size, seed=options.seed),
            validation=WindowBatches(split.tensors, split.validation, batch_size=options.batch_size),
            split=split,
            refit=refit,
            note=note,
        )

    def _few(self, prepared: Prepared[ForecastModel]) -> SplitSeries:
        """Return the last window of each series as the test part, unless these have no values."""
        split: SplitSeries = prepared.split
        panel, ends, horizon = split.panel, split.ends, prepared.model.options.horizon
        first = np.maximum(ends.validation, panel.known - horizon)
        if not len(split.tensors.useful(origins(panel, first=first, last=panel.known - horizon))):
            return split
        return dataclasses.replace(
            split,
            ends=dataclasses.replace(ends, validation=first),
            validation=split.validation.chosen(np.arange(min(_TRIED, len(split.validation)))),
        )

    def _after_training(self, prepared: Prepared[ForecastModel], *, has_page: bool) -> None:
        """Forecast what comes next, too."""
        super()._after_training(prepared, has_page=has_page)
        model = self._trained
        next_rows = model.forecast(model.history, next_origins(model.history), facts=model.facts)
        frame = forecast_frame(model.history, next_rows, coverages=model.options.coverages())
        listed(frame, times=model.history.times, target=str(model.options.target), facts=model.facts)

    def _after_refit(self, prepared: Prepared[ForecastModel]) -> None:
        """Say that all rows have been seen."""
        model, panel = self._trained, prepared.split.panel
        facts = dataclasses.replace(model.facts, seen_until=tuple(panel.last_times()))
        self._model = dataclasses.replace(model, facts=facts)
        self.metrics_["trained_on"] |= {
            "refitted": panel.span(np.zeros_like(panel.known), panel.known),
            "note": _REFITTED_NOTE,
        }

    def _measure(self, prepared: Prepared[ForecastModel]) -> tuple[dict[str, Any], Tested]:
        split: SplitSeries = prepared.split
        model = self._trained
        if model.options.conformal:
            model = dataclasses.replace(model, offsets=model.calibrate(split.panel, split.validation))
        tested = model.tested(split.panel, split.ends.validation)
        # the forecasts of the test part, one after another
        apart = tested_listing(spaced(tested, stride=model.options.horizon), options=model.options, facts=model.facts)
        self._model = dataclasses.replace(model, predictions=apart.flat.write_csv().encode())
        scores = summarise(tested, seen_in_training=False, coverages=model.options.coverages())
        trained_on = {**_trained_on(split), **_few_windows(split, model.options)}
        return {"test": dataclasses.asdict(scores), "trained_on": trained_on}, tested

    def _report(self, prepared: Prepared[ForecastModel], tested: Tested) -> Report:
        return forecast_report(self._trained, prepared.split, tested=tested, metrics=self.metrics_)


def _as_before(options: ForecastOptions, before: ForecastOptions) -> ForecastOptions:
    """Return the options of a training that goes on; the network stays what it is."""
    if options.cycles == ("auto",) or options.cycles == before.cycles:
        options = dataclasses.replace(options, calendar=before.calendar)  # as the earlier model writes it
    options = warm_started(options, before)
    for name in ("target", "past", "future", "static"):
        count, expected = (len(names_in(getattr(each, name))) for each in (options, before))
        if getattr(options, name) is not None and count != expected:
            raise InputError(f"{name}: got {count} columns; the model that this goes on from has {expected}")
    if options.strategy == "segment" or options.window is None:
        options = dataclasses.replace(options, window=options.window or before.window)
    return dataclasses.replace(options, segment_length=before.segment_length)


def _with_calendar(options: ForecastOptions, panel: Panel) -> ForecastOptions:
    """Return options that name the cycles of the calendar, where they are asked for.

    Raises
    ------
    InputError
        If the times are whole numbers.
    """
    if options.cycles and panel.times.format == WHOLE_NUMBERS:
        raise InputError(
            f"calendar = {options.calendar!r}: the times of {panel.source} are whole numbers, which have no calendar; "
            f"expected a column of dates (--time), or no calendar"
        )
    names = suggested_calendar(panel.step) if options.cycles == ("auto",) else options.cycles
    return dataclasses.replace(options, calendar=",".join(names) or None)


def _columns(options: ForecastOptions) -> Columns:
    return Columns(
        id=options.id,
        time=options.time,
        targets=options.targets,
        past=names_in(options.past),
        future=names_in(options.future),
        static=names_in(options.static),
    )


def _filled_in(options: ForecastOptions, panel: Panel, split: SplitSeries) -> ForecastOptions:
    columns = panel.columns
    steps = options.epochs * -(-len(split.training) // options.batch_size)
    steps = min(steps, options.max_steps or steps)
    format = None if panel.times.format == WHOLE_NUMBERS else panel.times.format
    return dataclasses.replace(
        options,
        target=",".join(columns.targets),
        id=columns.id,
        time=columns.time,
        time_format=format,
        time_zone=panel.times.zone,
        window=split.window,
        average_decay=bounded_decay(options.average_decay, steps=_AVERAGED * steps),
    )


def _few_windows(split: SplitSeries, options: ForecastOptions) -> dict[str, str]:
    """Say where intervals rest on few validation windows."""
    coverages, count = options.coverages(), len(split.validation)
    wanted = math.ceil(_MISSES / (1 - max(coverages, default=0.8)))
    if not coverages or not options.conformal or count >= wanted:
        return {}
    return {
        "intervals": f"The width of the intervals rests on {count} validation windows, which overlap; for "
        f"{100 * coverages[-1]:g} % expect at least {wanted}, so they may hold more or less than they should."
    }


def _trained_on(split: SplitSeries) -> dict[str, Any]:
    panel, ends = split.panel, split.ends
    nothing = np.zeros_like(ends.train)
    return {
        "training": panel.span(nothing, ends.train),
        "validation": panel.span(ends.train, ends.validation),
        "test": panel.span(ends.validation, ends.test),
        "series": len(panel),
        "untested": int((ends.train == ends.test).sum()),
        "missing": panel.missing(),
        "values": panel.rows * len(panel.columns.targets),
        "note": _NOTE,
    }


def _refit_sentence(parts: Mapping[str, Any], training: Mapping[str, Any]) -> Iterator[str]:
    """Say what the weights were trained on after they had been measured, or how they would be."""
    if "refitted" in parts:
        epochs = training["refitted_epochs"]
        yield (
            f"Then trained anew on all rows, {spans(parts['refitted'])}, for {epochs} epoch{'s' * (epochs != 1)}, "
            f"{training['refitted_seconds']:.1f} s; the errors are those of the model "
            "before, which had not seen the test rows."
        )
    elif parts["test"]["rows"]:
        yield "The rows after these trained nothing; --refit trains anew on all rows, to forecast from them."


def _gaps(parts: Mapping[str, Any]) -> Iterator[str]:
    if parts["missing"]:
        yield f"{parts['missing']} of {parts['values']} values are missing; they were masked, not filled."
    if "intervals" in parts:
        yield parts["intervals"]
    if parts["untested"]:
        yield f"{parts['untested']} series are too short for a test and only trained."
