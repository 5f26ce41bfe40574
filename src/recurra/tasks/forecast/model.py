"""A trained forecast: the network with all that it needs to meet a person's data again, and its files."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Self, cast

import numpy as np
import polars
import torch
from pydantic import Field

from recurra import Cell
from recurra.arguments import whole_number
from recurra.data import (
    ChannelScale,
    Columns,
    Panel,
    Step,
    Table,
    Times,
    append_rows,
    concatenate_panels,
    conformal_offsets,
    read_panel,
)
from recurra.data.covariates import Encoding
from recurra.data.panel import Origins, PaddedPanel, origins
from recurra.data.steps import Unit
from recurra.data.times import WHOLE_NUMBERS, time_texts
from recurra.diagnose import Examined
from recurra.errors import DataError, InputError, ModelFolderError
from recurra.export import ExportedModel
from recurra.tasks.forecast.data import Encodings, Facts, PanelTensors, WindowBatch, check_future, fit_facts
from recurra.tasks.forecast.exporting import ExportedForecast, exported_forecast
from recurra.tasks.forecast.network import ForecastNetwork, SegmentNetwork, make_network
from recurra.tasks.forecast.options import ForecastOptions, names_in
from recurra.tasks.forecast.scores import Forecasts, Tested, compare, forecast_frame
from recurra.tasks.model import TaskModel
from recurra.tasks.progress import watched
from recurra.training.model_folder import PREDICTIONS, Content, Folder, as_json

__all__ = ["ForecastModel", "Offsets", "check_fits", "next_origins", "shown_coverages"]

SCALER, HISTORY = "scaler.json", "history.json"

_KINDS = ("past", "future", "static")
"""The kinds of covariates."""

_CHUNK = 1024
"""Windows that are forecast at once."""

_MOST_BLOCKS = 10_000
"""Forecasts of a model that go on from each other: so many take a minute or more."""

Offsets = Mapping[float, np.ndarray]
"""Coverage, such as 0.8, -> by how much (horizon,) intervals are widened, without unit."""


class _Encoding(Content):
    name: str
    level: float
    spread: Annotated[float, Field(gt=0)]
    categories: Annotated[list[str], Field(max_length=10_000)]
    allow_unseen: bool = False


class _Scaler(Content):
    ids: Annotated[list[str], Field(min_length=1)]
    level: list[list[float]]
    spread: list[list[Annotated[float, Field(gt=0)]]]
    naive_error: list[list[float | None]]
    seen_until: list[str]
    past: list[_Encoding]
    future: list[_Encoding]
    static: list[_Encoding]
    intervals: dict[str, list[float]]


class _Columns(Content):
    id: str | None
    time: str | None
    targets: Annotated[list[str], Field(min_length=1)]
    past: list[str]
    future: list[str]
    static: list[str]


class _Step(Content):
    count: Annotated[int, Field(ge=1, le=10**9)]
    unit: Unit
    zone: str | None = None


class _History(Content):
    columns: _Columns
    time: str
    time_format: str
    time_zone: str | None = None
    step: _Step
    ids: Annotated[list[str], Field(min_length=1)]
    bounds: list[int]
    known: list[int]
    times: list[str]
    targets: list[list[float | None]]
    covariates: dict[str, list[float | str | None]]
    statics: dict[str, list[float | str | None]]


@dataclass(frozen=True, kw_only=True, eq=False)
class ForecastModel(TaskModel):
    """A trained forecast.

    Attributes
    ----------
    options, cell, network
        See `TaskModel`; the options have the columns, the time format and the window.
    facts, encodings
        What is known of the series, and how covariates become numbers.
    history
        The last window of each series, from which the forecast goes on.
    offsets
        By how much intervals are widened; empty where they are not fitted.
    predictions
        The forecasts of the test part, as CSV; empty where it was not measured.
    """

    options: ForecastOptions
    network: ForecastNetwork
    facts: Facts
    encodings: Encodings
    history: Panel
    offsets: Offsets = field(default_factory=dict)
    predictions: bytes = b""

    @property
    def window(self) -> int:
        """Steps that a forecast looks at."""
        return cast("int", self.options.window)

    @property
    def loss_name(self) -> str:
        """What training makes small, with its unit."""
        if self.options.output == "point":
            names = {"absolute": "mean absolute error", "squared": "mean squared error", "huber": "Huber loss"}
            return f"{names[self.options.loss]} (scaled)"
        return f"{'quantile loss' if self.options.output == 'quantile' else 'negative log-likelihood'} (scaled)"

    def read(self, data: Table, /, *, of_future: bool = False) -> Panel:
        """Read data with the columns and the step that the model knows; rows of the future need not have all."""
        return read_panel(
            data,
            columns=self.history.columns,
            format=self.options.table_format(),
            time_format=self.options.time_format,
            time_zone=self.options.time_zone,
            step=self.history.step,
            categories=self.encodings.categories(),
            future_alone=True,
            earlier=self.history if of_future else None,
        )

    def forecast(self, panel: Panel, at: Origins, /, *, facts: Facts) -> Forecasts:
        """Return the forecasts from some origins, in the unit of the targets."""
        low_high = [((1 - each) / 2, (1 + each) / 2) for each in shown_coverages(self.options)]
        scaled = self.quantiles(panel, at, [0.5, *(level for pair in low_high for level in pair)], facts=facts)[0]
        padded = PaddedPanel(panel, before=self.window, after=0)
        rows = padded.rows(at)[:, np.newaxis] + np.arange(-self.window, 0)
        windows = padded.known(panel.targets)[rows, at.target[:, np.newaxis]]
        return self._in_units(scaled, windows, at, facts=facts)

    def _in_units(self, scaled: np.ndarray, windows: np.ndarray, at: Origins, /, *, facts: Facts) -> Forecasts:
        """Return what the network says (count, horizon, levels) of windows (count, window) in the targets' unit.

        The levels are the middle, and where there are more the two ends of each interval.
        """
        level, spread = (part[at.series, at.target][:, np.newaxis] for part in (facts.scale.level, facts.scale.spread))
        floor = max(  # no forecast is below it
            0.0 if self.options.output == "negative-binomial" else -np.inf,
            -np.inf if self.options.minimum is None else self.options.minimum,
        )
        intervals = {}
        coverages = shown_coverages(self.options) if scaled.shape[2] > 1 else ()
        for place, coverage in enumerate(coverages):
            offset = self.offsets.get(coverage, 0.0)
            low, high = scaled[..., 1 + 2 * place] - offset, scaled[..., 2 + 2 * place] + offset
            low, high = np.minimum(low, scaled[..., 0]), np.maximum(high, scaled[..., 0])
            intervals[coverage] = (np.maximum(low * spread + level, floor), np.maximum(high * spread + level, floor))
        middle = np.maximum(scaled[..., 0] * spread + level, floor)
        return self._constant_stays(windows, at, facts, Forecasts(middle=middle, intervals=intervals))

    def _constant_stays(self, values: np.ndarray, at: Origins, facts: Facts, found: Forecasts) -> Forecasts:
        """Return forecasts where a window that is its series' one value forecasts that value.

        A series without spread has the spread 1; its windows would be forecast by whatever the network says of zeros.
        """
        if self.options.output == "negative-binomial":
            return found
        level, spread = (part[at.series, at.target] for part in (facts.scale.level, facts.scale.spread))
        known = ~np.isnan(values)
        is_level = np.where(known, values == level[:, np.newaxis], True).all(axis=1) & known.any(axis=1)
        constant = (is_level & (spread == 1.0))[:, np.newaxis]
        return found.each(lambda values: np.where(constant, level[:, np.newaxis], values))

    def quantiles(
        self, panel: Panel, at: Origins, levels: Sequence[float], /, *, facts: Facts
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the values (count, horizon, levels) at quantile levels, and what came (count, horizon).

        Both are without unit, as the network gives and reads them.
        """
        tensors = self.encodings.tensors(panel, facts, window=self.window, horizon=self.options.horizon)
        return self._quantiles_of(tensors, at, levels)

    def _quantiles_of(
        self, tensors: PanelTensors, at: Origins, levels: Sequence[float], /
    ) -> tuple[np.ndarray, np.ndarray]:
        found, came = [], []
        with torch.inference_mode():
            for begin in watched(range(0, len(at), _CHUNK), what="windows", each=_CHUNK):
                windows, expected = tensors.cut(at.chosen(np.arange(begin, min(begin + _CHUNK, len(at)))))
                found.append(self.network.quantiles(windows, levels).double().numpy())
                came.append(expected.double().numpy())
        return np.concatenate(found), np.concatenate(came)

    def calibrate(self, panel: Panel, at: Origins, /) -> Offsets:
        """Return by how much intervals have to be widened, as forecasts from these origins were off."""
        levels = [(1 + side * each) / 2 for each in shown_coverages(self.options) for side in (-1, 1)]
        ends, came = self.quantiles(panel, at, levels, facts=self.facts)
        return {
            coverage: conformal_offsets(ends[..., 2 * place], ends[..., 2 * place + 1], came, coverage=coverage)
            for place, coverage in enumerate(shown_coverages(self.options))
        }

    def predict(self, data: Table | Panel | None, /, *, horizon: int | None = None) -> polars.DataFrame:
        """Forecast what comes after the history, or after newer data; see `Forecaster.predict`."""
        wanted = self.options.horizon if horizon is None else whole_number(horizon, name="horizon")
        if wanted > (most := _MOST_BLOCKS * self.options.horizon):
            raise InputError(
                f"horizon = {wanted}: expected at most {most}, {_MOST_BLOCKS:,} times the horizon of "
                f"{self.options.horizon} that the model was trained for; beyond that it goes on from forecasts alone"
            )
        panel = self.after(data, horizon=wanted)
        facts = self._facts_of(panel, panel.known)
        parts = [self.forecast(panel, next_origins(panel), facts=facts)]
        if wanted > self.options.horizon:
            parts += self._beyond(panel, parts[0], blocks=-(-wanted // self.options.horizon), facts=facts)
        return forecast_frame(panel, _one_after_another(parts, steps=wanted), coverages=self.options.coverages())

    def _beyond(self, panel: Panel, first: Forecasts, /, *, blocks: int, facts: Facts) -> Iterator[Forecasts]:
        """Yield the forecasts after the first one, each from what was forecast before it; they have no intervals.

        The panel is scaled, encoded and padded once, with room for all of them, and each writes into it what the next
        one reads: a forecast costs what the network costs, however many there are.
        """
        horizon, steps = self.options.horizon, np.arange(self.options.horizon)
        unknown = np.full((len(panel), blocks * horizon, len(panel.columns.targets)), np.nan)
        longer = panel.extended(unknown)
        tensors = self.encodings.tensors(longer, facts, window=self.window, horizon=horizon)
        known = tensors.padded.known(longer.targets)
        scaled, begin, last = tensors.values.numpy(), next_origins(panel), first
        level, spread = (part[begin.series, begin.target] for part in (facts.scale.level, facts.scale.spread))
        for block in watched(range(1, blocks), what="steps", each=horizon):
            at = dataclasses.replace(begin, row=begin.row + block * horizon)
            rows, target = tensors.padded.rows(at)[:, np.newaxis], at.target[:, np.newaxis]
            known[rows - horizon + steps, target] = last.middle
            scaled[rows - horizon + steps, target] = (last.middle - level[:, np.newaxis]) / spread[:, np.newaxis]
            found = self._quantiles_of(tensors, at, [0.5])[0]
            windows = known[rows + np.arange(-self.window, 0), target]
            last = self._in_units(found, windows, at, facts=facts)
            yield last

    def after(self, data: Table | Panel | None, /, *, horizon: int | None = None) -> Panel:
        """Return the rows from which a forecast goes on: the history, or newer data with the history before them.

        Raises
        ------
        DataError
            If the data are too few or do not follow the history, or a future covariate is not known.
        """
        panel = self.history if data is None else data
        if not isinstance(panel, Panel):
            panel = self.recent(self.read(panel, of_future=True))
            panel.check_known()
        check_future(panel, horizon=horizon or self.options.horizon)
        return panel

    def test(self, panel: Panel, /) -> tuple[Tested, bool]:
        """Forecast from every origin that training has not seen, or from all where it has seen all; say which."""
        panel.check_known()
        first = self._unseen(panel)
        seen = bool((first > panel.known - self.options.horizon).all())
        return self.tested(panel, np.zeros_like(first) if seen else first), seen

    def tested(self, panel: Panel, first: np.ndarray, /) -> Tested:
        """Return forecasts beside what came, from every origin from the row `first` (series,) on.

        Raises
        ------
        DataError
            If there is no such origin with known values before and after it.
        """
        horizon = self.options.horizon
        begins = np.where(first > 0, first, self._context(panel))
        facts = self._facts_of(panel, np.minimum(begins, panel.known))
        at = origins(panel, first=begins, last=panel.known - horizon)
        at = self.encodings.tensors(panel, facts, window=self.window, horizon=horizon).useful(at)
        if not len(at):
            raise DataError(
                f"{panel.source} has {panel.known.max()} rows{' in its longest series' * (len(panel) > 1)}; expected "
                f"at least {self.window + horizon}, a window of {self.window} and a horizon of {horizon}"
            )
        return compare(
            panel, at, self.forecast(panel, at, facts=facts), naive_error=facts.naive_error, window=self.window,
            season_length=self.options.season,
        )  # fmt: skip

    def examined(self, batch: tuple[WindowBatch, torch.Tensor], /) -> Examined:
        """Return the forecast of each step after the first window; see `TaskModel.examined`."""
        window = WindowBatch(*(part[:1] for part in batch[0]))
        values = self.network.output.quantiles(self.network(window), (0.5,))[0, :, 0]
        ahead = tuple(f"+{step + 1}" for step in range(len(values)))
        if isinstance(self.network, SegmentNetwork):
            return Examined(values, ahead)
        return Examined(values, ahead, (*(str(step) for step in range(1 - self.window, 1)), *ahead))

    def exported(self) -> ExportedModel:
        """Return a window in, forecasts out, in the target's unit; see `TaskModel.exported`."""
        return exported_forecast(
            ExportedForecast(
                options=self.options, network=self.network, encodings=self.encodings, scale=self.facts.scale,
                offsets=self.offsets, ids=self.facts.ids, targets=self.history.columns.targets,
            )
        )  # fmt: skip

    def to_files(self) -> dict[str, bytes]:
        """Return scales, how covariates become numbers, intervals, the last windows, the forecasts of the test part."""
        facts, history = self.facts, self.history
        scaler = {
            "ids": facts.ids,
            **facts.scale.to_dictionary(),
            "naive_error": _with_none(facts.naive_error),
            "seen_until": _texts(np.array(facts.seen_until), history.times),
            **{kind: [each.to_dictionary() for each in getattr(self.encodings, kind)] for kind in _KINDS},
            "intervals": {str(coverage): offset.tolist() for coverage, offset in self.offsets.items()},
        }
        return {SCALER: as_json(scaler), HISTORY: as_json(_described(history)), PREDICTIONS: self.predictions}

    @classmethod
    def from_files(cls, folder: Folder, /, *, options: ForecastOptions, cell: Cell) -> Self:
        """Return the model whose files `to_files` wrote; see `TaskModel.from_files`.

        The cycles of the calendar are those of the options, which alone say them.
        """
        scaler, described = folder.json(SCALER, _Scaler), folder.json(HISTORY, _History)
        _check_history(described)
        _check_scaler(scaler, targets=len(described.columns.targets))
        history = _panel(described.model_dump())
        encoded = {
            kind: tuple(Encoding.from_dictionary(each.model_dump()) for each in getattr(scaler, kind))
            for kind in _KINDS
        }
        encodings = Encodings(**encoded, calendar=options.cycles, targets=len(history.columns.targets))
        offsets = {float(coverage): np.array(offset) for coverage, offset in scaler.intervals.items()}
        facts = Facts(
            ids=tuple(scaler.ids),
            scale=ChannelScale.from_dictionary({"level": scaler.level, "spread": scaler.spread}),
            naive_error=np.array(scaler.naive_error, dtype=np.float64),
            seen_until=tuple(_times(scaler.seen_until, history.times.format)),
        )
        check_fits(options, history=history, encodings=encodings, offsets=offsets)
        return cls(
            options=options,
            cell=cell,
            network=folder.load_network(lambda: make_network(cell, options=options, widths=encodings.widths())),
            facts=facts,
            encodings=encodings,
            history=history,
            offsets=offsets,
            predictions=folder.files.get(PREDICTIONS, b""),
        )

    def _context(self, panel: Panel) -> np.ndarray:
        """Return how many rows (series,) the first forecast looks at: a season too, where there are enough."""
        context = max(self.window, self.options.season)
        return np.where(panel.known >= context + self.options.horizon, context, self.window)

    def _unseen(self, panel: Panel) -> np.ndarray:
        """Return the first row (series,) that training has not seen."""
        if self.options.time is None:
            return np.zeros(len(panel), dtype=np.int64)
        places, found = self.facts.places(), []
        for number, id in enumerate(panel.ids):
            until = self.facts.seen_until[places[id]] if id in places else None
            times = panel.times.values[panel.rows_of(number)]
            found.append(0 if until is None else int((times <= until).sum()))
        return np.array(found)

    def _facts_of(self, panel: Panel, stops: np.ndarray) -> Facts:
        """Return the facts of a panel's series; a series that the model does not know is scaled by its own rows."""
        counts = self.options.output == "negative-binomial"
        fitted = fit_facts(panel, stops, season_length=self.options.season, counts=counts)
        return self.facts.matched(panel, fitted)

    def recent(self, newer: Panel, /) -> Panel:
        """Return the newer rows of each series, with the history before those that are shorter than a window."""
        if (newer.known >= self.window).all():
            return newer
        places = {id: place for place, id in enumerate(self.history.ids)}
        return concatenate_panels([self._with_history(newer.only([number]), places) for number in range(len(newer))])

    def _with_history(self, newer: Panel, places: Mapping[str, int]) -> Panel:
        place, long_enough = places.get(newer.ids[0]), newer.known[0] >= self.window
        if long_enough or place is None:
            return newer
        series = newer
        if self.options.time is not None:
            series = append_rows(self.history.only([place]), newer)
        if series.known[0] < min(self.window, self.history.known[place]):
            name = f" of series {newer.ids[0]!r}" if newer.ids[0] else ""
            last = self.history.text(self.history.last_times()[place])
            raise DataError(
                f"{newer.source} has {newer.known[0]} rows{name}, which do not follow the model's history (to "
                f"{last}); expected at least the {self.window} rows of its window"
            )
        return series


def next_origins(panel: Panel, /) -> Origins:
    """Return the origins of what comes after each series, series by series, for all targets."""
    return origins(panel, first=panel.known, last=panel.known)


def _one_after_another(parts: Sequence[Forecasts], *, steps: int) -> Forecasts:
    """Return forecasts that follow each other as one; intervals are of the first alone, NaN beyond it."""
    middle = np.concatenate([part.middle for part in parts], axis=1)[:, :steps]
    beyond = ((0, 0), (0, max(0, steps - parts[0].middle.shape[1])))
    padded = parts[0].each(lambda values: np.pad(values[:, :steps], beyond, constant_values=np.nan))
    return Forecasts(middle=middle, intervals=padded.intervals)


def shown_coverages(options: ForecastOptions, /) -> tuple[float, ...]:
    """Return the coverages of the intervals in the report: those asked for, or 80 %."""
    return options.coverages() or (0.8,)


def check_fits(options: ForecastOptions, /, *, history: Panel, encodings: Encodings, offsets: Offsets) -> None:
    """Check that what a model knows of its data is what its options are about.

    Raises
    ------
    ModelFolderError
        If the columns, the calendar, the window or the intervals are others.
    """
    columns = history.columns
    for kind in _KINDS:
        named, encoded = names_in(getattr(options, kind)), tuple(each.name for each in getattr(encodings, kind))
        _require(named == encoded == getattr(columns, kind), f"the {kind} covariates {named} and {encoded}")
    _require(options.targets == columns.targets, f"the targets {options.targets} and {columns.targets}")
    has_calendar = history.times.format != WHOLE_NUMBERS and options.cycles != ("auto",)
    _require(
        options.cycles == encodings.calendar and (has_calendar or not options.cycles),
        f"the calendar {options.calendar!r} and times that are {history.times.format}",
    )
    _require(options.window is not None, "no window")
    wrong = [each for each, offset in offsets.items() if not 0 < each < 1 or len(offset) != options.horizon]
    _require(not wrong, f"the intervals {wrong} over {options.horizon} steps")


def _check_history(content: _History) -> None:
    """Check that series, rows and covariates are as many as they say."""
    series, rows, columns = len(content.ids), len(content.times), content.columns
    _require(len(set(content.ids)) == series, "a series that is there twice")
    named = {columns.id, *columns.targets, *columns.past, *columns.future, *columns.static}
    is_own = bool(content.time) and content.time not in named
    _require(content.time == columns.time if columns.time else is_own, f"the time {content.time[:100]!r}")
    lengths = np.diff(np.array(content.bounds, dtype=np.int64))
    _require(
        len(content.bounds) == series + 1 and content.bounds[0] == 0 and content.bounds[-1] == rows
        and bool((lengths >= 0).all()) and len(content.known) == series,
        f"the rows of {series} series",
    )  # fmt: skip
    _require(all(1 <= known <= length for known, length in zip(content.known, lengths, strict=True)), "the known rows")
    width = len(columns.targets)
    _require(len(content.targets) == rows and all(len(row) == width for row in content.targets), f"{width} targets")
    for names, found, count in (
        ({*columns.past, *columns.future}, content.covariates, rows), (set(columns.static), content.statics, series),
    ):  # fmt: skip
        _require(found.keys() == names, f"the covariates {sorted(names)} and {sorted(found)}")
        _require(all(len(values) == count for values in found.values()), f"covariates of {count} rows")


def _check_scaler(content: _Scaler, *, targets: int) -> None:
    series = len(content.ids)
    _require(len(set(content.ids)) == series and len(content.seen_until) == series, f"{series} series")
    for name in ("level", "spread", "naive_error"):
        table = getattr(content, name)
        _require(len(table) == series and all(len(row) == targets for row in table), f"{name} of {targets} targets")


def _require(is_so: bool, what: str) -> None:
    if not is_so:
        raise ModelFolderError(f"the model folder does not fit together: {what[:300]}")


def _described(panel: Panel) -> dict[str, Any]:
    return {
        "columns": dataclasses.asdict(panel.columns),
        "time": panel.times.name,
        "time_format": panel.times.format,
        "time_zone": panel.times.zone,
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
        times=Times(
            name=content["time"], values=_times(content["times"], format), format=format, zone=content.get("time_zone")
        ),
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
