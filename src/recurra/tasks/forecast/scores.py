"""How good forecasts are, beside the seasonal naive forecast: errors over rolling origins, and forecasts as tables."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars

from recurra.data import Panel, Scores, Times, score, seasonal_naive
from recurra.data.panel import Origins, PaddedPanel
from recurra.data.times import WHOLE_NUMBERS, time_texts
from recurra.errors import DataError
from recurra.report import aligned, plain
from recurra.report.numbers import MISSING
from recurra.tasks.forecast.data import Facts
from recurra.tasks.forecast.options import ForecastOptions
from recurra.tasks.scores import Listing, ScoreTable, three_decimals

__all__ = [
    "ForecastEvaluation", "Forecasts", "Tested", "check_names", "compare", "forecast_frame", "listed", "score_table",
    "series_table", "spaced", "spans", "summarise", "tested_frame", "tested_listing", "time_column",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Forecasts:
    """Forecasts in the unit of their targets.

    Attributes
    ----------
    middle
        (count, horizon) the forecast.
    intervals
        Coverage, such as 0.8, -> the lower and upper ends, each (count, horizon).
    """

    middle: np.ndarray
    intervals: Mapping[float, tuple[np.ndarray, np.ndarray]]

    def each(self, change: Callable[[np.ndarray], np.ndarray], /) -> Forecasts:
        """Return what a function makes of the middle, and of both ends of each interval."""
        ends = {coverage: (change(low), change(high)) for coverage, (low, high) in self.intervals.items()}
        return Forecasts(middle=change(self.middle), intervals=ends)


@dataclass(frozen=True, kw_only=True, eq=False)
class Tested:
    """Forecasts beside what came.

    Attributes
    ----------
    panel, origins
        The series, and where each forecast begins.
    forecasts
        What the model said.
    naive, actual
        (count, horizon) what the seasonal naive forecast says, and what came, NaN where it is not known.
    naive_error
        (count,) the scale of MASE, NaN where there is none.
    """

    panel: Panel
    origins: Origins
    forecasts: Forecasts
    naive: np.ndarray
    actual: np.ndarray
    naive_error: np.ndarray


@dataclass(frozen=True, kw_only=True)
class ForecastEvaluation:
    """The errors over rolling windows; each window moves by one step.

    Attributes
    ----------
    windows, horizon
        How many forecasts were made, and how many steps each has.
    series
        How many series were forecast.
    first, last
        The first time and the last that were forecast.
    seen_in_training
        Whether some of what was forecast trained the weights or chose among them: then these are no test
        errors.
    model, seasonal_naive
        The errors of the model and of the baseline.
    by_target
        Target -> "model" and "seasonal_naive" -> the errors, where there are several targets.
    by_series
        Series -> target -> "model" and "seasonal_naive" -> the errors, where there are several series.
    """

    windows: int
    horizon: int
    series: int
    first: str
    last: str
    seen_in_training: bool
    model: Scores
    seasonal_naive: Scores
    by_target: Mapping[str, Mapping[str, Scores]] = field(default_factory=dict)
    by_series: Mapping[str, Mapping[str, Mapping[str, Scores]]] = field(default_factory=dict)


def compare(
    panel: Panel, at: Origins, forecasts: Forecasts, /, *, naive_error: np.ndarray, window: int, season_length: int
) -> Tested:
    """Return forecasts beside what came and what the seasonal naive forecast says.

    `naive_error` is (series, targets); the baseline sees a season, even where the model looks at less.
    """
    horizon = forecasts.middle.shape[1]
    before = max(window, season_length)
    padded = PaddedPanel(panel, before=before, after=horizon)
    rows = padded.rows(at)[:, np.newaxis] + np.arange(-before, horizon)
    values = padded.known(panel.targets)[rows, at.target[:, np.newaxis]]
    return Tested(
        panel=panel,
        origins=at,
        forecasts=forecasts,
        naive=seasonal_naive(values[:, :before], horizon=horizon, season_length=season_length),
        actual=values[:, before:],
        naive_error=naive_error[at.series, at.target],
    )


def summarise(tested: Tested, /, *, seen_in_training: bool, coverages: tuple[float, ...]) -> ForecastEvaluation:
    """Return the errors of forecasts, all together, and how good these intervals are."""
    panel, at = tested.panel, tested.origins
    times = panel.times.values[panel.bounds[at.series] + at.row]
    count, horizon = tested.actual.shape
    last = panel.times.values[panel.bounds[at.series] + at.row + horizon - 1]
    pooled = _both(tested, np.ones(count, dtype=bool), coverages)
    by_target: dict[str, dict[str, Scores]] = {}
    by_series: dict[str, dict[str, dict[str, Scores]]] = {}
    targets = panel.columns.targets
    if len(targets) > 1:
        # an error over several units has none
        pooled = {name: dataclasses.replace(each, mae=None, rmse=None, wql=None) for name, each in pooled.items()}
        by_target = {name: _both(tested, at.target == place, coverages) for place, name in enumerate(targets)}
    if len(panel) > 1:
        places: list[tuple[int, int]] = np.unique(np.stack([at.series, at.target], axis=1), axis=0).tolist()
        for number, place in places:
            chosen = (at.series == number) & (at.target == place)
            by_series.setdefault(panel.ids[number], {})[targets[place]] = _both(tested, chosen, coverages)
    return ForecastEvaluation(
        windows=count,
        horizon=horizon,
        series=len(np.unique(at.series)),
        first=panel.text(times.min()),
        last=panel.text(last.max()),
        seen_in_training=seen_in_training,
        model=pooled["model"],
        seasonal_naive=pooled["seasonal_naive"],
        by_target=by_target,
        by_series=by_series,
    )


def _both(tested: Tested, chosen: np.ndarray, coverages: tuple[float, ...]) -> dict[str, Scores]:
    """Return the errors of the model and of the baseline over some forecasts (count,), a mask."""
    actual, scale = tested.actual[chosen], tested.naive_error[chosen]
    forecasts = tested.forecasts.each(lambda values: values[chosen])
    intervals = {coverage: ends for coverage, ends in forecasts.intervals.items() if coverage in coverages}
    return {
        "model": score(forecasts.middle, actual, scale=scale, intervals=intervals),
        "seasonal_naive": score(tested.naive[chosen], actual, scale=scale),
    }


_TESTED = ("cutoff", "target", "actual", "forecast", "seasonal_naive")
"""The columns of what was said beside what came, but for the intervals."""

_CLOCK = ("%H", "%-H", "%I", "%-I", "%T", "%R")
"""What a format of dates with a time of day has."""


def forecast_frame(panel: Panel, forecasts: Forecasts, /, *, coverages: tuple[float, ...]) -> polars.DataFrame:
    """Return what comes after each series of a panel as a table.

    Parameters
    ----------
    panel
        The series.
    forecasts
        (targets * series, horizon), as `origins` orders them.
    coverages
        The intervals that are wanted; their ends are the columns "TARGET-lo-80" and "TARGET-hi-80".

    Returns
    -------
    polars.DataFrame
        (series * horizon, ...): the series' name where there is one, the time, each target and its intervals.
    """
    horizon, targets = forecasts.middle.shape[1], panel.columns.targets
    times = panel.step.ahead(np.repeat(panel.last_times(), horizon), np.tile(np.arange(1, horizon + 1), len(panel)))
    columns = [*_id_column(panel, np.arange(len(panel)), horizon), time_column(times, panel, panel.times.name)]
    for place, target in enumerate(targets):
        rows = slice(place * len(panel), (place + 1) * len(panel))
        columns.append(polars.Series(target, forecasts.middle[rows].ravel()))
        for coverage in coverages:
            for side, end in zip(("lo", "hi"), forecasts.intervals[coverage], strict=True):
                columns.append(
                    polars.Series(f"{target}-{side}-{100 * coverage:g}", end[rows].ravel(), nan_to_null=True)
                )
    return polars.DataFrame(columns)


def check_names(panel: Panel, /, *, coverages: tuple[float, ...]) -> None:
    """Refuse columns of a person's table with names that the tables of forecasts need for their own columns.

    Raises
    ------
    DataError
        That names the first of them.
    """
    columns = panel.columns
    keys = [*([] if columns.id is None else [columns.id]), panel.times.name]
    ends = [f"{side}-{100 * coverage:g}" for coverage in coverages for side in ("lo", "hi")]
    ahead = [f"{target}-{end}" for target in columns.targets for end in ends]
    for given, own in ((keys, [*_TESTED, *ends]), ([*keys, *columns.targets], ahead)):
        taken = [name for name in given if name in own]
        if taken:
            raise DataError(
                f"{panel.source}: the column {taken[0]!r} has the name of a column of the forecasts' own "
                f"({', '.join(own)}); rename it"
            )


def tested_frame(tested: Tested, /, *, coverages: tuple[float, ...]) -> polars.DataFrame:
    """Return forecasts beside what came, a row for each step of each.

    Returns
    -------
    polars.DataFrame
        The series' name where there is one, the time, "cutoff" (the last time that the forecast has seen), "target"
        where there are several, "actual", "forecast", "seasonal_naive", and "lo-80" and "hi-80" for each interval.
    """
    panel, at = tested.panel, tested.origins
    horizon = tested.actual.shape[1]
    begins = panel.bounds[at.series] + at.row
    rows = (begins[:, np.newaxis] + np.arange(horizon)).ravel()
    columns = [
        *_id_column(panel, at.series, horizon),
        time_column(panel.times.values[rows], panel, panel.times.name),
        time_column(np.repeat(panel.times.values[begins - 1], horizon), panel, "cutoff"),
    ]
    if len(panel.columns.targets) > 1:
        columns.append(polars.Series("target", np.repeat(np.array(panel.columns.targets)[at.target], horizon)))
    columns += [
        polars.Series("actual", tested.actual.ravel(), nan_to_null=True),
        polars.Series("forecast", tested.forecasts.middle.ravel()),
        polars.Series("seasonal_naive", tested.naive.ravel(), nan_to_null=True),
    ]
    for coverage in coverages:
        for side, end in zip(("lo", "hi"), tested.forecasts.intervals[coverage], strict=True):
            columns.append(polars.Series(f"{side}-{100 * coverage:g}", end.ravel()))
    return polars.DataFrame(columns)


def spaced(tested: Tested, /, *, stride: int) -> Tested:
    """Return every so many-th forecast, counted back from the last one of each series and target."""
    at = tested.origins
    last = np.zeros((len(tested.panel), len(tested.panel.columns.targets)), dtype=np.int64)
    np.maximum.at(last, (at.series, at.target), at.row)
    kept = (last[at.series, at.target] - at.row) % stride == 0  # the last forecast is always one of them
    return dataclasses.replace(
        tested,
        origins=at.chosen(kept),
        forecasts=tested.forecasts.each(lambda values: values[kept]),
        naive=tested.naive[kept],
        actual=tested.actual[kept],
        naive_error=tested.naive_error[kept],
    )


def time_column(times: np.ndarray, panel: Panel, name: str, /) -> polars.Series:
    """Return times as whole numbers, dates, or dates with a time of day."""
    column, zone = polars.Series(name, times), panel.times.zone
    if panel.times.format == WHOLE_NUMBERS:
        return column
    if zone is not None:
        # polars has no zones that are offsets; what is forecast is the same instant in UTC
        return column.dt.replace_time_zone("UTC").dt.convert_time_zone("UTC" if zone[0] in "+-" else zone)
    return column if any(clock in panel.times.format for clock in _CLOCK) else column.cast(polars.Date)


def _id_column(panel: Panel, series: np.ndarray, horizon: int) -> list[polars.Series]:
    if panel.columns.id is None:
        return []
    names = np.array(panel.ids, dtype=object)[np.repeat(series, horizon)]
    return [polars.Series(panel.columns.id, names, dtype=polars.String)]


_MOST_DECIMALS = 15

_MOST_SERIES = 20
"""Series that are listed where scores are asked for; JSON has all."""


def score_table(evaluation: Mapping[str, Any], /, *, options: ForecastOptions) -> ScoreTable:
    """Return a `ForecastEvaluation`, as a dictionary, as a table."""
    by_target = evaluation.get("by_target") or {"": evaluation}
    both = [each[who] for each in by_target.values() for who in ("model", "seasonal_naive")]
    methods = (f"{options.cell}, {options.hidden_size} wide", f"seasonal naive, {options.season} back")
    names = [f"{target}: {method}" if target else method for target in by_target for method in methods]
    pairs = [both[place : place + 2] for place in range(0, len(both), 2)]
    columns = [
        [text for pair in pairs for text in aligned([scores[name] for scores in pair])] for name in ("mae", "rmse")
    ]
    columns.append([three_decimals(scores["mase"]) for scores in both])
    headings, caption = ["forecast", "MAE", "RMSE", "MASE"], _CAPTION.format(target=options.target)
    caption += "".join(_not_better(pair, target) for pair, target in zip(pairs, by_target, strict=True))
    if options.coverages():
        columns += [[three_decimals(scores[name]) for scores in both] for name in ("smape", "wql")]
        headings += ["sMAPE", "WQL"]
        caption += " " + _INTERVALS
        for share in (f"{100 * each:g}" for each in options.coverages()):
            held = [scores["coverage"].get(share) for scores in both]
            columns.append([MISSING if each is None else f"{100 * each:.1f} %" for each in held])
            headings.append(f"in {share} %")
    series = series_table(evaluation, most=_MOST_SERIES)
    return ScoreTable(
        title=_title(evaluation),
        columns=tuple(headings),
        rows=tuple(zip(names, *columns, strict=True)),
        caption=caption + _best_and_worst(evaluation),
        further=() if series is None else (series,),
    )


def series_table(evaluation: Mapping[str, Any], /, *, most: int) -> ScoreTable | None:
    """Return the errors of each series, that with the least MASE first; None where there is but one series.

    Of more series than `most`, half as many of the best and of the worst are listed.
    """
    ranked = _ranked(evaluation)
    if not ranked:
        return None
    count, half = len(ranked), most // 2
    shown = ranked if count <= most else ranked[:half] + ranked[-half:]
    columns = [[name for name, _, _ in shown]]
    columns += [[plain(model[measure]) for _, model, _ in shown] for measure in ("mae", "rmse")]
    columns += [[three_decimals(each["mase"]) for each in both] for both in list(zip(*shown, strict=True))[1:]]
    return ScoreTable(
        title=f"Errors of {'all ' if count <= most else f'the {half} best and the {half} worst of '}{count:,} series",
        columns=("series", "MAE", "RMSE", "MASE", "MASE of seasonal naive"),
        rows=tuple(zip(*columns, strict=True)),
        caption="From the least MASE to the largest; those without one, in whose training rows a season is as the one "
        "before, come last.",
    )


def _ranked(evaluation: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Return the name of each series, with its target where there are several, and the errors of model and baseline."""
    by_series = evaluation.get("by_series") or {}
    found = [
        (f"{target} of {name}" if len(targets) > 1 else name, both["model"], both["seasonal_naive"])
        for name, targets in by_series.items()
        for target, both in targets.items()
    ]
    return sorted(found, key=lambda each: math.inf if each[1]["mase"] is None else each[1]["mase"])


def _best_and_worst(evaluation: Mapping[str, Any]) -> str:
    """Return a sentence on the series where there are several, else nothing."""
    ranked = [each for each in _ranked(evaluation) if each[1]["mase"] is not None and each[2]["mase"] is not None]
    if len(ranked) < 2:
        return ""
    behind = sum(model["mase"] >= naive["mase"] for _, model, naive in ranked)
    (best, least, _), (worst, largest, _) = ranked[0], ranked[-1]
    return (
        f" Of {len(ranked):,} series the least MASE is that of {best} ({least['mase']:.3f}), the largest that of "
        f"{worst} ({largest['mase']:.3f}); on {behind:,} the model is no better than seasonal naive."
    )


_CAPTION = (
    "Lower is better. MAE and RMSE are in the unit of {target}; MASE is the MAE divided by that of repeating the last "
    "season within the training rows."
)
_INTERVALS = (
    "WQL is the weighted quantile loss of the forecast and its intervals; the last columns say which share of what "
    "came lies within them."
)


def _not_better(pair: Sequence[Mapping[str, Any]], target: str) -> str:
    """Return a sentence where the model is no better than the seasonal naive forecast, else nothing."""
    measure = "mae" if pair[0]["mase"] is None or pair[1]["mase"] is None else "mase"
    if pair[0][measure] < pair[1][measure]:
        return ""
    return (
        f" The model{f' of {target}' * bool(target)} does NOT beat the seasonal naive forecast "
        f"({measure.upper()} {three_decimals(pair[0][measure])} against {three_decimals(pair[1][measure])}): use that, "
        f"or give more data, a season or covariates."
    )


def spans(part: Mapping[str, int | str], /) -> str:
    """Return rows as `Panel.span` says them, as words."""
    return f"{part['first']} to {part['last']} ({part['rows']} rows)"


def listed(forecast: polars.DataFrame, /, *, times: Times, target: str, facts: Facts) -> Listing:
    """Return a forecast with its times as in the person's file, and as many digits as it has."""
    frame = forecast.with_columns(_as_in_the_file(forecast[times.name], times))
    return Listing(frame=_with_digits(frame, facts, polars.selectors.float()), extra={"target": target})


def tested_listing(tested: Tested, /, *, options: ForecastOptions, facts: Facts) -> Listing:
    """Return forecasts beside what came, with times as in the person's file; what came is as it was given."""
    frame, times = tested_frame(tested, coverages=options.coverages()), tested.panel.times
    frame = frame.with_columns(_as_in_the_file(frame[name], times) for name in (times.name, "cutoff"))
    said = polars.selectors.matches("^(forecast|(lo|hi)-[0-9.]+)$")
    return Listing(frame=_with_digits(frame, facts, said), extra={"target": options.target})


def _as_in_the_file(column: polars.Series, times: Times) -> polars.Series:
    if not column.dtype.is_temporal():
        return column
    return polars.Series(column.name, time_texts(column.to_numpy(), format=times.format, zone=times.zone))


def _with_digits(frame: polars.DataFrame, facts: Facts, columns: polars.Expr) -> polars.DataFrame:
    """Return a table whose forecasts have 7 digits of the least spread of a series: a network has no more.

    Digits of the forecast itself would not do: a meter at 48 million may move by 3.
    """
    spread = float(facts.scale.spread.min())
    decimals = 6 - math.floor(math.log10(spread))
    return frame.with_columns(columns.round(max(0, decimals))) if decimals <= _MOST_DECIMALS else frame


def _title(evaluation: Mapping[str, Any]) -> str:
    kind = "Errors on data SEEN IN TRAINING" if evaluation["seen_in_training"] else "Test errors"
    windows, steps, series = evaluation["windows"], evaluation["horizon"], evaluation["series"]
    return (
        f"{kind}: {windows} rolling window{'s' * (windows != 1)}{f' in {series} series' * (series > 1)} of {steps} "
        f"step{'s' * (steps != 1)}, {evaluation['first']} to {evaluation['last']}"
    )
