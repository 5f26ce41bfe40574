"""`recurra tune TASK DATA`: search for the options with which a task learns best, under a budget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recurra.cli.fit import FitArguments, named_after, run_fit
from recurra.cli.options import Part, Quiet, task_command, task_group, with_options
from recurra.cli.terminal import INTERRUPTED, complain, print_scores, say, say_json
from recurra.tasks.registry import Task
from recurra.tune.options import TuneOptions

if TYPE_CHECKING:
    from recurra.tune.search import Search

__all__ = ["tune"]

_MODEL = "model"
_NOT_HERE = ("minutes",)
"""Options of a task that the search has itself."""

_Out = Annotated[Path | None, typer.Option(help="Folder for trials, report and best.yaml; by default tune-TASK-NAME.")]


def _command(task: Task) -> Any:
    """Return the command that tunes a task."""

    def command(
        *,
        data: Path | None,
        out: _Out = None,
        validation: Part = None,
        test: Part = None,
        fit: Annotated[
            bool, typer.Option("--fit", help="Train with the best options and write the model folder OUT/model.")
        ] = False,
        quiet: Quiet = False,
        as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
        tuning: TuneOptions,
        options: Any,
        given: set[str],
    ) -> None:
        from recurra.tune.tuner import tune as search_for

        folder = out or named_after(data, task=f"tune-{task.name}")
        search = search_for(
            task.estimator_class()(options), data, options=tuning, validation=validation, test=test, fixed=given,
            folder=folder, progress=not (quiet or as_json),
        )  # fmt: skip
        if search.has_best or search.ended_by != "interrupt":
            _keep(search, folder, quiet=quiet, as_json=as_json, fit=fit)
        if search.ended_by == "interrupt":
            complain("interrupted; the finished trials are kept, and the same command goes on with them")
            raise typer.Exit(INTERRUPTED)
        if fit:
            run_fit(
                FitArguments(
                    task=task, options=search.best_options, data=data, validation=validation, test=test,
                    out=folder / _MODEL, quiet=quiet or as_json,
                )
            )  # fmt: skip

    return task_command(command, task, closed=_NOT_HERE, beside=with_options(TuneOptions, task=None, into="tuning"))


def _help(task: Task) -> str:
    """Return the help of a task's command: what is searched comes from the task's options."""
    from recurra.tune.space import search_space

    space = "; ".join(map(str, search_space(task.options_class()())))
    example = task.help.rpartition("Example: recurra fit ")[2]
    return (
        f"Search for the options with which recurra fit {task.name} learns best.\n\n"
        f"Looks at {space}. What is given as an option stays as it is given, and --search changes where it looks. "
        f"Trials that are worse than the median of the others are pruned. The validation part judges; the test part "
        f"is not looked at. The same command goes on with a search that was interrupted, and several processes may "
        f"work on one.\n\n"
        f"Example: recurra tune {example}"
    )


tune = typer.Typer(
    name="tune",
    rich_markup_mode=None,
    cls=task_group(_command, help=_help),
    help="Search for better options under a budget.\n\n"
    "Example: recurra tune forecast sunspots.csv --time year --horizon 11 --trials 50 --budget-parameters 20000",
    no_args_is_help=True,
)


def _keep(search: Search, folder: Path, *, quiet: bool, as_json: bool, fit: bool) -> None:
    """Write what was found, and say it."""
    from recurra.tune.display import front_table
    from recurra.tune.page import BEST, REPORT, save_search

    save_search(search, folder)
    if as_json:
        say_json(search.to_dictionary())
    elif not quiet:
        print_scores(front_table(search))
        say(f"{search.counts_text()}{search.ended_text}. The best is trial {search.best.number}.")
        say(f"Report: {folder / REPORT}." + ("" if fit else f" Next: recurra fit --config {folder / BEST} --out MODEL"))
