"""`recurra predict MODEL [DATA]`: what comes next."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recurra.cli.failures import reporting_failures
from recurra.cli.terminal import aligned, print_table, say
from recurra.errors import DataError, InputError

if TYPE_CHECKING:
    import polars

__all__ = ["predict"]


@reporting_failures
def predict(
    model: Annotated[Path, typer.Argument(help="Model folder, as written by recurra fit.", metavar="MODEL")],
    data: Annotated[
        Path | None,
        typer.Argument(help="Newer data to go on from: a CSV file with the same columns.", metavar="DATA"),
    ] = None,
    csv: Annotated[str | None, typer.Option(help="Write CSV to this file, or to stdout for -.", metavar="FILE")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Do not say what was written.")] = False,
) -> None:
    """Forecast what comes after the data that the model was fitted on, or after newer data.

    Example: recurra predict forecast-sunspots --csv next.csv
    """
    if csv is not None and as_json:
        raise InputError("--csv and --json were both given; expected one of them")
    from recurra.tasks.forecaster import Forecaster

    forecaster = Forecaster.load(model)
    forecast = _written(forecaster.predict(data), forecaster.history_.times.format)
    if as_json:
        say(json.dumps({"target": forecaster.options_.target, "forecast": forecast.to_dicts()}))
    elif csv is not None:
        _write_csv(forecast, csv, quiet=quiet)
    else:
        time, target = forecast.columns
        print_table(
            (time, target),
            list(zip(forecast[time].cast(str), aligned(forecast[target].to_list()), strict=True)),
        )


def _written(forecast: polars.DataFrame, format: str) -> polars.DataFrame:
    """Return the forecast with its times as in the person's file, and as many digits as float32 has."""
    import polars

    from recurra.data.times import time_texts

    time, target = forecast.get_columns()
    if time.dtype.is_temporal():
        time = polars.Series(time.name, time_texts(time.to_numpy(), format=format))
    return polars.DataFrame([time, target.round_sig_figs(7)])


def _write_csv(forecast: polars.DataFrame, csv: str, *, quiet: bool) -> None:
    text = forecast.write_csv()
    if csv == "-":
        sys.stdout.write(text)
        return
    try:
        Path(csv).write_text(text, encoding="utf-8")
    except OSError as error:
        raise DataError(f"{csv} cannot be written: {error.strerror}") from None
    if not quiet:
        say(f"Wrote {forecast.height} rows to {csv}.")
