"""`recurra fit TASK DATA`: train on a person's data and write a model folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recurra.cli.config import read_config
from recurra.cli.failures import INTERRUPTED, reporting_failures
from recurra.cli.report import print_scores
from recurra.cli.task_commands import Part, Quiet, task_command, task_group
from recurra.cli.terminal import complain, say, say_json
from recurra.errors import InputError, TrainingError
from recurra.tasks.registry import TASKS, Task

if TYPE_CHECKING:
    from recurra.tasks.estimator import Estimator

__all__ = ["fit"]


fit = typer.Typer(
    name="fit",
    rich_markup_mode=None,
    cls=task_group(lambda task: command_for(task), help=lambda task: task.help),
    help="Train on your own data and write a model folder.\n\n"
    "Example: recurra fit forecast sunspots.csv --time year --horizon 11\n\n"
    "To repeat a training with the options of its model: recurra fit --config model/config.yaml --out again",
    invoke_without_command=True,
    no_args_is_help=True,
)


@dataclass(frozen=True, kw_only=True)
class Run:
    """What is around a fit, beside the options of its task."""

    data: Path
    validation: Path | None = None
    test: Path | None = None
    out: Path | None = None
    earlier: Path | None = None
    resume: bool = False
    lean: bool = False
    tensorboard: Path | None = None
    quiet: bool = False
    as_json: bool = False

    def folder(self, task: Task) -> Path:
        """Return where the model goes."""
        return self.out or Path(f"{task.name}-{self.data.stem}")


_Out = Annotated[Path | None, typer.Option(help="Folder for the model; by default TASK-NAME, after the data file.")]
_Json = Annotated[bool, typer.Option("--json", help="Print the metrics as JSON, and nothing else.")]
_Resume = Annotated[bool, typer.Option("--resume", help="Go on with a training that was interrupted.")]
_Lean = Annotated[
    bool, typer.Option("--lean", help="Write no report and no predictions of the test part: they quote the data.")
]


@fit.callback()
@reporting_failures
def _fit(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option(help="config.yaml of a model: its task, data and options once more.", metavar="FILE")
    ] = None,
    out: _Out = None,
    quiet: Quiet = False,
    as_json: _Json = False,
    resume: _Resume = False,
    lean: _Lean = False,
) -> None:
    if context.invoked_subcommand is not None:
        return
    if config is None:
        raise InputError("fit: expected a task and its data, or --config with the config.yaml of a model")
    known = read_config(config, tasks=tuple(TASKS))
    task = TASKS[known["task"]]
    parts = {name: Path(path) if path else None for name, path in known["data"].items()}
    if parts.get("training") is None:
        raise InputError(f"{config} does not say which file the model was fitted on; give the task and the data")
    data = parts.pop("training")
    assert data is not None
    options = task.options_class()(**known["options"])
    around = Run(data=data, **parts, out=out, quiet=quiet, as_json=as_json, resume=resume, lean=lean)
    run_fit(task, options, around)


def command_for(task: Task, /) -> Any:
    """Return the command that fits a task."""

    def command(
        *,
        data: Path,
        out: _Out = None,
        validation: Part = None,
        test: Part = None,
        earlier: Annotated[
            Path | None,
            typer.Option("--from", help="Model folder to go on from, on these data: weights, vocabulary, scales."),
        ] = None,
        resume: _Resume = False,
        lean: _Lean = False,
        tensorboard: Annotated[Path | None, typer.Option(help="Folder for a log that TensorBoard reads.")] = None,
        quiet: Quiet = False,
        as_json: _Json = False,
        options: Any,
    ) -> None:
        run_fit(
            task,
            options,
            Run(
                data=data, validation=validation, test=test, out=out, earlier=earlier, resume=resume,
                lean=lean, tensorboard=tensorboard, quiet=quiet, as_json=as_json,
            ),
        )  # fmt: skip

    return task_command(command, task)


def run_fit(task: Task, options: Any, run: Run, /) -> None:
    """Fit into a folder that no other process trains into."""
    from recurra.training.model_folder import check_target, locked

    folder = run.folder(task)
    check_target(folder)
    with locked(folder):
        if not run.quiet:
            _say_what_is_there(folder, run)
        _fit_into(folder, task, options, run)


def _say_what_is_there(folder: Path, run: Run) -> None:
    """Say that a model will be replaced, and that a training was interrupted, before the hours that it takes."""
    from recurra.training.checkpoints import checkpoint_folder, has_checkpoint
    from recurra.training.distributed import first_process
    from recurra.training.model_folder import MANIFEST

    if run.resume or not first_process():
        return
    if (folder / MANIFEST).exists():
        complain(f"{folder} holds a model, which will be replaced when there is a new one; --out names another folder")
    checkpoints = checkpoint_folder(folder)
    if has_checkpoint(checkpoints):
        complain(f"a training was interrupted in {checkpoints}; --resume goes on with it, this fit begins anew over it")


def _fit_into(folder: Path, task: Task, options: Any, run: Run) -> None:
    """Fit, keep what there is to keep, and say how it went."""
    from recurra.training.checkpoints import checkpoint_folder, remove_checkpoints
    from recurra.training.distributed import first_process

    estimator = _estimator(task, options, run)
    try:
        estimator.fit(
            run.data, validation=run.validation, test=run.test, go_on=run.earlier is not None,
            progress=not (run.quiet or run.as_json), tensorboard=run.tensorboard,
            checkpoints=checkpoint_folder(folder), resume=run.resume, out=folder,
        )  # fmt: skip
    except Exception as error:
        # whatever fails once there are weights, they are kept
        if getattr(estimator, "training_", None) is not None and first_process():
            _keep(estimator, task, run)
            if not isinstance(error, TrainingError):
                complain(f"the training is over and its weights are in {folder}, but what follows it failed")
        raise
    if not first_process():
        return
    _keep(estimator, task, run)
    if estimator.metrics_["training"]["ended_by"] == "interrupt":
        complain(f"interrupted; the best weights so far are in {folder}; --resume goes on with the training")
        raise typer.Exit(INTERRUPTED)
    remove_checkpoints(checkpoint_folder(folder))


def _estimator(task: Task, options: Any, run: Run) -> Estimator[Any, Any]:
    if run.earlier is None:
        return task.estimator_class()(options)
    estimator = task.estimator_class().load(run.earlier)
    estimator.options = options
    return estimator


def _keep(estimator: Estimator[Any, Any], task: Task, run: Run) -> None:
    folder = run.folder(task)
    estimator.save(folder, lean=run.lean)
    metrics: Mapping[str, Any] = estimator.metrics_
    if run.as_json:
        say_json(metrics)
    elif not run.quiet:
        if "test" in metrics:
            say(estimator.trained_on())
            print_scores(estimator.score_table(metrics["test"]))
        report = "" if run.lean else f", with a report: {folder / 'report.html'}"
        say(f"The model is in {folder}{report}. Next: recurra {task.next} {folder}")
