"""`recurra evaluate MODEL [DATA]`: the test errors again, or the errors on other data."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer

from recurra.cli.failures import reporting_failures
from recurra.cli.report import print_scores
from recurra.cli.terminal import say

__all__ = ["evaluate"]


@reporting_failures
def evaluate(
    model: Annotated[Path, typer.Argument(help="Model folder, as written by recurra fit.", metavar="MODEL")],
    data: Annotated[
        Path | None,
        typer.Argument(help="Other data: a CSV file with the same columns.", metavar="DATA"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the test errors of a model, or its errors on other data, beside the seasonal naive forecast.

    With data, every window counts whose horizon training has not seen.

    Example: recurra evaluate forecast-sunspots newer.csv
    """
    from recurra.tasks.forecaster import Forecaster

    forecaster = Forecaster.load(model)
    tested = forecaster.metrics_["test"]
    evaluation = tested if data is None else dataclasses.asdict(forecaster.evaluate(data))
    if as_json:
        say(json.dumps(evaluation))
    else:
        print_scores(evaluation, options=forecaster.options_)
