"""What a forecast says to people: its errors beside the baseline's, which rows were used, the forecast itself."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import polars

from recurra.data.times import Times, time_texts
from recurra.report.numbers import aligned, plain
from recurra.tasks.forecast.evaluation import Tested
from recurra.tasks.forecast.facts import Facts
from recurra.tasks.forecast.options import ForecastOptions
from recurra.tasks.forecast.tables import tested_frame
from recurra.tasks.outcome import Listing, ScoreTable

__all__ = ["listed", "score_table", "series_table", "spans", "tested_listing"]

_MOST_DECIMALS = 15

_MOST_SERIES = 20
"""Series that are listed where scores are asked for; JSON has all."""


def score_table(evaluation: Mapping[str, Any], /, *, options: ForecastOptions) -> ScoreTable:
    """Return an `Evaluation`, as a dictionary, as a table."""
    by_target = evaluation.get("by_target") or {"": evaluation}
    both = [each[who] for each in by_target.values() for who in ("model", "seasonal_naive")]
    methods = (f"{options.cell}, {options.hidden_size} wide", f"seasonal naive, {options.season} back")
    names = [f"{target}: {method}" if target else method for target in by_target for method in methods]
    pairs = [both[place : place + 2] for place in range(0, len(both), 2)]
    columns = [
        [text for pair in pairs for text in aligned([scores[name] for scores in pair])] for name in ("mae", "rmse")
    ]
    columns.append([_three_digits(scores["mase"]) for scores in both])
    headings, caption = ["forecast", "MAE", "RMSE", "MASE"], _CAPTION.format(target=options.target)
    caption += "".join(_not_better(pair, target) for pair, target in zip(pairs, by_target, strict=True))
    if options.coverages():
        columns += [[_three_digits(scores[name]) for scores in both] for name in ("smape", "wql")]
        headings += ["sMAPE", "WQL"]
        caption += " " + _INTERVALS
        for share in (f"{100 * each:g}" for each in options.coverages()):
            columns.append([_percent(scores["coverage"].get(share)) for scores in both])
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
    columns += [[plain(model[measure]) if model[measure] is not None else "–" for _, model, _ in shown]
                for measure in ("mae", "rmse")]  # fmt: skip
    columns += [[_three_digits(each["mase"]) for each in both] for both in list(zip(*shown, strict=True))[1:]]
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
        f" Of {len(ranked):,} series the least MASE is that of {best} ({_three_digits(least['mase'])}), the largest "
        f"that of {worst} ({_three_digits(largest['mase'])}); on {behind:,} the model is no better than seasonal naive."
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
        f"({measure.upper()} {_three_digits(pair[0][measure])} against {_three_digits(pair[1][measure])}): use that, "
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


def _three_digits(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
