"""`recurra fit TASK DATA`: train on a person's data and write a model folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recurra.cli.failures import INTERRUPTED, reporting_failures
from recurra.cli.options import with_options
from recurra.cli.report import print_scores
from recurra.cli.terminal import complain, paragraphs, say
from recurra.errors import TrainingError
from recurra.tasks.options import ForecastOptions

if TYPE_CHECKING:
    from recurra.tasks.forecaster import Forecaster

__all__ = ["fit"]

fit = typer.Typer(
    name="fit",
    help="Train on your own data and write a model folder.\n\n"
    "Example: recurra fit forecast sunspots.csv --time year --horizon 11",
    no_args_is_help=True,
)


@fit.callback()
def _fit() -> None:
    """Keep `fit` a group of tasks, even while there is one."""


@reporting_failures
@with_options(ForecastOptions)
def forecast(
    *,
    data: Annotated[Path, typer.Argument(help="CSV file in UTF-8 with a header line.", metavar="DATA")],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the model; by default forecast-NAME, after the data file."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print errors alone.")] = False,
    options: ForecastOptions,
) -> None:
    """Learn to forecast a column of numbers from its own past.

    The last rows are kept for the test, those before them choose when to stop. The test errors are printed
    beside those of the seasonal naive forecast, which repeats the last season. Ctrl-C keeps the best weights
    so far.

    Example: recurra fit forecast sunspots.csv --time year --target sunspots --horizon 11 --season-length 11
    """
    from recurra.tasks.forecaster import Forecaster
    from recurra.training.artefacts import check_target

    folder = out or Path(f"forecast-{data.stem}")
    check_target(folder)
    forecaster = Forecaster(options)
    try:
        forecaster.fit(data, progress=not quiet)
    except TrainingError:
        if forecaster.is_fitted:
            _keep(forecaster, folder, quiet=quiet)
        raise
    _keep(forecaster, folder, quiet=quiet)
    if forecaster.metrics_["training"]["ended_by"] == "interrupt":
        complain(f"interrupted; the best weights so far are in {folder}")
        raise typer.Exit(INTERRUPTED)


fit.command(no_args_is_help=True, help=paragraphs(forecast))(forecast)


def _keep(forecaster: Forecaster, folder: Path, *, quiet: bool) -> None:
    forecaster.save(folder)
    if quiet:
        return
    metrics = forecaster.metrics_
    training, parts = metrics["training"], metrics["trained_on"]
    say(
        f"Trained on {_span(parts['training'])}; stopped by {_span(parts['validation'])}: "
        f"best epoch {training['best_epoch']} of {training['epochs']}, {training['seconds']} s, "
        f"{metrics['parameters']} parameters."
    )
    print_scores(metrics["test"], options=forecaster.options_)
    say(f"The model is in {folder}. Next: recurra predict {folder}")


def _span(part: dict[str, int | str]) -> str:
    return f"{part['first']} to {part['last']} ({part['rows']} rows)"
