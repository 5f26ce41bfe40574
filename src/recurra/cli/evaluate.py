"""`recurra evaluate MODEL [DATA]`: the test scores again, or the scores on other data."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from recurra.cli.terminal import print_scores, reporting_failures, say_json, saying_how_far
from recurra.errors import InputError

__all__ = ["evaluate"]


@reporting_failures
def evaluate(
    model: Annotated[Path, typer.Argument(help="Model folder, as written by recurra fit.", metavar="MODEL")],
    data: Annotated[
        Path | None,
        typer.Argument(help="Other data, in the form of those that the model was fitted on.", metavar="DATA"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the test scores of a model, or its scores on other data.

    Those of a forecast stand beside the seasonal naive forecast's; with DATA, each forecast counts whose steps
    training has not seen.

    Example: recurra evaluate forecast-sunspots newer.csv
    """
    from recurra.tasks.registry import load_model

    fitted = load_model(model)
    if data is None and "test" not in fitted.metrics_:
        raise InputError(f"{model} was not measured when it was trained; give data")
    with saying_how_far():
        scores = fitted.metrics_["test"] if data is None else dataclasses.asdict(fitted.evaluate(data))
    if as_json:
        say_json(scores)
    else:
        table = fitted.score_table(scores)
        for each in (table, *table.further):
            print_scores(each)
