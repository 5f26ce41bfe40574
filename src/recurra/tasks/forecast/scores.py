"""What a forecast says to people: its errors beside the baseline's, which rows were used, the forecast itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars

from recurra.data.times import Times, time_texts
from recurra.report.numbers import aligned
from recurra.tasks.forecast.options import ForecastOptions
from recurra.tasks.outcome import Listing, ScoreTable

__all__ = ["listed", "score_table", "spans"]


def score_table(evaluation: Mapping[str, Any], /, *, options: ForecastOptions) -> ScoreTable:
    """Return an `Evaluation`, as a dictionary, as a table."""
    both = (evaluation["model"], evaluation["seasonal_naive"])
    names = (f"{options.cell}, {options.hidden_size} wide", f"seasonal naive, {options.season_length} back")
    columns = [list(aligned([scores[name] for scores in both])) for name in ("mae", "rmse")]
    columns.append([_three_digits(scores["mase"]) for scores in both])
    headings, caption = ["forecast", "MAE", "RMSE", "MASE"], _CAPTION.format(target=options.target)
    if options.coverages():
        columns += [[_three_digits(scores[name]) for scores in both] for name in ("smape", "wql")]
        headings += ["sMAPE", "WQL"]
        caption += " " + _INTERVALS
        for share in (f"{100 * each:g}" for each in options.coverages()):
            columns.append([_percent(scores["coverage"].get(share)) for scores in both])
            headings.append(f"in {share} %")
    return ScoreTable(
        title=_title(evaluation),
        columns=tuple(headings),
        rows=tuple(zip(names, *columns, strict=True)),
        caption=caption,
    )


_CAPTION = (
    "Lower is better. MAE and RMSE are in the unit of {target}; MASE is the MAE divided by that of repeating the last "
    "season within the training rows."
)
_INTERVALS = (
    "WQL is the weighted quantile loss of the forecast and its intervals; the last columns say which share of what "
    "came lies within them."
)


def spans(part: Mapping[str, int | str], /) -> str:
    """Return rows as `Panel.span` says them, as words."""
    return f"{part['first']} to {part['last']} ({part['rows']} rows)"


def listed(forecast: polars.DataFrame, /, *, time: Times, target: str) -> Listing:
    """Return a forecast with its times as in the person's file, and as many digits as float32 has."""
    column = forecast[time.name]
    if column.dtype.is_temporal():
        column = polars.Series(time.name, time_texts(column.to_numpy(), format=time.format, zone=time.zone))
    frame = forecast.with_columns(column, polars.selectors.float().round_sig_figs(7))
    return Listing(frame=frame, extra={"target": target})


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
