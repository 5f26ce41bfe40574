"""What a model folder holds of a forecast beside what every task has, and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from recurra.data import ChannelScale, Columns, Panel, Step, Times
from recurra.data.covariates import Encoding
from recurra.data.steps import Unit
from recurra.data.times import WHOLE_NUMBERS, time_texts
from recurra.errors import ModelFolderError
from recurra.tasks.forecast.data import Encodings, Facts
from recurra.tasks.forecast.model import ForecastModel, Offsets
from recurra.tasks.forecast.options import ForecastOptions, names_in
from recurra.tasks.model_files import Content, Folder, as_json

__all__ = ["Known", "check_fits", "forecast_files", "restored_forecast"]

SCALER, HISTORY = "scaler.json", "history.json"


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


def restored_forecast(folder: Folder, /, *, calendar: tuple[str, ...]) -> Known:
    """Return what `forecast_files` wrote, with the cycles of the calendar, which the options alone say.

    Raises
    ------
    ModelFolderError
        If a file is something else, or they do not fit together.
    """
    scaler, described = folder.json(SCALER, _Scaler), folder.json(HISTORY, _History)
    _check_history(described)
    _check_scaler(scaler, targets=len(described.columns.targets))
    history = _panel(described.model_dump())
    encodings = {
        kind: tuple(Encoding.from_dictionary(each.model_dump()) for each in getattr(scaler, kind))
        for kind in ("past", "future", "static")
    }
    return Known(
        facts=Facts(
            ids=tuple(scaler.ids),
            scale=ChannelScale.from_dictionary({"level": scaler.level, "spread": scaler.spread}),
            naive_error=np.array(scaler.naive_error, dtype=np.float64),
            seen_until=tuple(_times(scaler.seen_until, history.times.format)),
        ),
        encodings=Encodings(**encodings, calendar=calendar, targets=len(history.columns.targets)),
        history=history,
        offsets={float(coverage): np.array(offset) for coverage, offset in scaler.intervals.items()},
    )


def check_fits(known: Known, options: ForecastOptions, /) -> None:
    """Check that what a model knows of its data is what its options are about.

    Raises
    ------
    ModelFolderError
        If the columns, the calendar, the window or the intervals are others.
    """
    columns = known.history.columns
    for kind in ("past", "future", "static"):
        named, encoded = names_in(getattr(options, kind)), tuple(each.name for each in getattr(known.encodings, kind))
        _require(named == encoded == getattr(columns, kind), f"the {kind} covariates {named} and {encoded}")
    _require(options.targets == columns.targets, f"the targets {options.targets} and {columns.targets}")
    has_calendar = known.history.times.format != WHOLE_NUMBERS and options.cycles != ("auto",)
    _require(
        options.cycles == known.encodings.calendar and (has_calendar or not options.cycles),
        f"the calendar {options.calendar!r} and times that are {known.history.times.format}",
    )
    _require(options.window is not None, "no window")
    wrong = [each for each, offset in known.offsets.items() if not 0 < each < 1 or len(offset) != options.horizon]
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
