"""The table of errors that `fit` and `evaluate` print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from recurra.cli.terminal import aligned, print_table, say

if TYPE_CHECKING:
    from recurra.tasks.options import ForecastOptions

__all__ = ["print_scores"]


def print_scores(evaluation: Mapping[str, Any], /, *, options: ForecastOptions) -> None:
    """Print the errors of the model beside those of the seasonal naive forecast.

    `evaluation` is an `Evaluation` as a dictionary.
    """
    model, naive = evaluation["model"], evaluation["seasonal_naive"]
    maes = aligned([model["mae"], naive["mae"]])
    rmses = aligned([model["rmse"], naive["rmse"]])
    names = (f"{options.cell}, {options.hidden_size} wide", f"seasonal naive, {options.season_length} back")
    rows = [
        (name, mae, rmse, _mase(scores["mase"]))
        for name, mae, rmse, scores in zip(names, maes, rmses, (model, naive), strict=True)
    ]
    say(_title(evaluation))
    print_table(("forecast", "MAE", "RMSE", "MASE"), rows)
    say(_caption(options.target))


def _title(evaluation: Mapping[str, Any]) -> str:
    kind = "Errors on data SEEN IN TRAINING" if evaluation["seen_in_training"] else "Test errors"
    windows, steps = evaluation["windows"], evaluation["horizon"]
    return (
        f"{kind}: {windows} rolling window{'s' * (windows != 1)} of {steps} step{'s' * (steps != 1)}, "
        f"{evaluation['first']} to {evaluation['last']}"
    )


def _caption(target: str | None) -> str:
    return (
        f"Lower is better. MAE and RMSE are in the unit of {target}; MASE is the MAE divided by that of "
        f"repeating the last season within the training rows."
    )


def _mase(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
