"""`recurra diagnose MODEL DATA`: why a model learns or fails to, and what to try."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recurra.cli.terminal import print_table, reporting_failures, say, say_json
from recurra.tasks.registry import load_model

if TYPE_CHECKING:
    from recurra.diagnose import Diagnosis
    from recurra.tasks.advice import AdviceTrial, Outcome

__all__ = ["diagnose"]


@reporting_failures
def diagnose(
    model: Annotated[Path, typer.Argument(help="Model folder, as written by recurra fit.", metavar="MODEL")],
    data: Annotated[
        Path | None,
        typer.Argument(
            help="Data in the form of those that the model was fitted on; by default these, if they are there.",
            metavar="DATA",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for report.html, diagnosis.json and the pictures.", metavar="DIR")
    ] = None,
    dependence: Annotated[
        int | None,
        typer.Option(help="Steps over which the data depend on themselves; by default estimated.", min=1),
    ] = None,
    batches: Annotated[int, typer.Option(help="Batches on which gradients are measured.", min=1)] = 4,
    try_it: Annotated[
        bool, typer.Option("--try", help="Train a little without and with the first advice, and compare.")
    ] = False,
    steps: Annotated[int, typer.Option(help="--try: steps of each training.", min=1)] = 300,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say why a model learns or fails to: gradients through time, memory, gates, and what to try.

    Each verdict (vanishing, exploding, short memory, saturated, dead, not finite, healthy) comes with its numbers and
    with advice; --out writes a page with pictures.

    Example: recurra diagnose forecast-sunspots sunspots.csv --out why
    """
    from recurra.tasks.advice import advice_to_try, try_advice

    fitted = load_model(model)
    given = fitted.fitted_on if data is None else data
    found = fitted.diagnose(given, dependence=dependence, most_batches=batches)
    advice = advice_to_try(found) if try_it else None
    trial = try_advice(fitted, given, advice, steps=steps, dependence=found.dependence) if advice else None
    folder = found.save(out) if out is not None else None
    if as_json:
        say_json(_as_dictionary(found, trial, asked=try_it))
        return
    _print(found, trial, asked=try_it)
    if folder is not None:
        say(f"Wrote {folder}: report.html, diagnosis.json and pictures.")


def _as_dictionary(found: Diagnosis, trial: AdviceTrial | None, *, asked: bool) -> dict[str, Any]:
    content = json.loads(found.to_json())
    return {**content, "trial": trial and trial.to_dictionary()} if asked else content


def _print(found: Diagnosis, trial: AdviceTrial | None, *, asked: bool) -> None:
    if found.layers:
        columns = ("layer", "cell", "steps", "under 1 % after", "growth a step", "largest singular value")
        print_table(columns, [_row(layer, found.name_of(layer.place)) for layer in found.layers], numeric_from=2)
    if found.dependence is not None:
        how = "as given" if found.is_dependence_given else "estimated from the inputs"
        say(f"The data depend on themselves over {found.dependence} steps, {how}.")
    if found.history_in_use is not None:
        say(f"The loss is as good with {found.history_in_use} steps of history as with all.")
    say(found.text())
    if asked:
        _print_trial(trial)


def _row(layer: Any, name: str) -> tuple[str, ...]:
    memory = layer.memory
    horizon = f"{memory.horizon}" if memory.horizon else f"over {memory.lags}"
    growth = float(memory.exponents[0].clamp(-50, 50).exp())
    largest = float(layer.bands.largest.max())
    return name, layer.cell.name, f"{layer.steps}", horizon, f"{growth:.3g}", f"{largest:.3g}"


def _print_trial(trial: AdviceTrial | None) -> None:
    if trial is None:
        say("There is no advice that a training could try.")
        return
    say(f"Tried: {trial.advice} ({trial.steps} steps, from new weights)")
    columns = ("", f"validation {trial.measure_name}", "first losses", "last losses", "under 1 % after", "findings")
    print_table(columns, [_outcome("before", trial.before), _outcome("after", trial.after)])


def _outcome(name: str, found: Outcome) -> tuple[str, ...]:
    horizon = "never" if found.horizon is None else f"{found.horizon}"
    numbers = (found.measure, found.first, found.last)
    return name, *(f"{number:.4g}" for number in numbers), horizon, ", ".join(found.kinds)
