"""`recurra backtest MODEL DATA`: what a forecast would have said, beside what came."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from recurra.cli.predict import show_or_write
from recurra.cli.terminal import reporting_failures, saying_how_far
from recurra.errors import InputError

__all__ = ["backtest"]


@reporting_failures
def backtest(
    model: Annotated[Path, typer.Argument(help="Model folder of a forecast.", metavar="MODEL")],
    data: Annotated[Path, typer.Argument(help="Data in the form of those that it was fitted on.", metavar="DATA")],
    stride: Annotated[int, typer.Option(help="Rows from one forecast to the next, back from the last.")] = 1,
    csv: Annotated[str | None, typer.Option(help="Write CSV to this file, or to stdout for -.", metavar="FILE")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Do not say what was written.")] = False,
) -> None:
    """Print the forecasts that evaluate measures beside what came, a row for each step of each.

    A forecast begins at each row that training has not seen or, where it has seen all, at each row.

    Example: recurra backtest forecast-sunspots newer.csv --stride 11 --csv tested.csv
    """
    if csv is not None and as_json:
        raise InputError("--csv and --json were both given; expected one of them")
    from recurra.tasks.registry import load_model

    fitted: Any = load_model(model)
    if fitted.task != "forecast":
        raise InputError(f"{model} is a model for {fitted.task}; expected one for forecast")
    with saying_how_far(quiet=quiet):
        listing = fitted.backtest_listing(data, stride=stride)
    show_or_write(listing, csv=csv, out=None, as_json=as_json, quiet=quiet)
