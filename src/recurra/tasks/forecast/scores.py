"""What a forecast says to people: its errors beside the baseline's, which rows were used, the forecast itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars

from recurra.data.times import time_texts
from recurra.report.numbers import aligned
from recurra.tasks.forecast.options import ForecastOptions
from recurra.tasks.outcome import Listing, ScoreTable

__all__ = ["listed", "score_table", "spans"]


def score_table(evaluation: Mapping[str, Any], /, *, options: ForecastOptions) -> ScoreTable:
    """Return an `Evaluation`, as a dictionary, as a table."""
    model, naive = evaluation["model"], evaluation["seasonal_naive"]
    names = (f"{options.cell}, {options.hidden_size} wide", f"seasonal naive, {options.season_length} back")
    columns = [aligned([scores[name] for scores in (model, naive)]) for name in ("mae", "rmse")]
    mases = [_mase(scores["mase"]) for scores in (model, naive)]
    return ScoreTable(
        title=_title(evaluation),
        columns=("forecast", "MAE", "RMSE", "MASE"),
        rows=tuple(zip(names, *columns, mases, strict=True)),
        caption=f"Lower is better. MAE and RMSE are in the unit of {options.target}; MASE is the MAE divided by that "
        f"of repeating the last season within the training rows.",
    )


def spans(part: Mapping[str, int | str], /) -> str:
    """Return rows as `Series.span` says them, as words."""
    return f"{part['first']} to {part['last']} ({part['rows']} rows)"


def listed(forecast: polars.DataFrame, /, *, target: str, format: str) -> Listing:
    """Return a forecast with its times as in the person's file, and as many digits as float32 has."""
    time, values = forecast.get_columns()
    if time.dtype.is_temporal():
        time = polars.Series(time.name, time_texts(time.to_numpy(), format=format))
    frame = polars.DataFrame([time, values.round_sig_figs(7)])
    return Listing(frame=frame, extra={"target": target})


def _title(evaluation: Mapping[str, Any]) -> str:
    kind = "Errors on data SEEN IN TRAINING" if evaluation["seen_in_training"] else "Test errors"
    windows, steps = evaluation["windows"], evaluation["horizon"]
    return (
        f"{kind}: {windows} rolling window{'s' * (windows != 1)} of {steps} step{'s' * (steps != 1)}, "
        f"{evaluation['first']} to {evaluation['last']}"
    )


def _mase(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
