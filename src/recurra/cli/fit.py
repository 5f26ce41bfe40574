"""`recurra fit TASK DATA`: train on a person's data and write a model folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recurra.cli.options import (
    Part,
    Quiet,
    as_written,
    naming_options,
    options_of_fit,
    read_config,
    task_command,
    task_group,
)
from recurra.cli.terminal import INTERRUPTED, complain, note, print_scores, reporting_failures, say, say_json
from recurra.errors import InputError, TrainingError
from recurra.tasks.registry import TASKS, Task

if TYPE_CHECKING:
    from recurra.tasks.estimator import Estimator

__all__ = ["FitArguments", "fit", "named_after", "run_fit"]

fit = typer.Typer(
    name="fit",
    rich_markup_mode=None,
    cls=task_group(lambda task: _command(task), help=lambda task: task.help),
    help="Train on your own data and write a model folder.\n\n"
    "Example: recurra fit forecast sunspots.csv --time year --horizon 11\n\n"
    "To repeat a training with the options of its model: recurra fit --config model/config.yaml --out again",
    invoke_without_command=True,
    no_args_is_help=True,
)


@dataclass(frozen=True, kw_only=True)
class FitArguments:
    """What a fit is given: a task with its options, data, and where the model goes."""

    task: Task
    options: Any
    data: Path | None
    validation: Path | None = None
    test: Path | None = None
    out: Path | None = None
    earlier: Path | None = None
    resume: bool = False
    lean: bool = False
    tensorboard: Path | None = None
    quiet: bool = False
    as_json: bool = False

    @property
    def folder(self) -> Path:
        """Where the model goes."""
        return self.out or named_after(self.data, task=self.task.name)


def named_after(data: Path | None, /, *, task: str) -> Path:
    """Return the folder of what is made of data, where none is given."""
    return Path(f"{task}-{'files' if data is None else data.stem}")


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
    data = parts.pop("training", None)
    if data is None and task.needs_data:
        raise InputError(f"{config} does not say which file the model was fitted on; give the task and the data")
    options = task.options_class()(**known["options"])
    arguments = FitArguments(
        task=task, options=options, data=data, **parts, out=out,
        quiet=quiet, as_json=as_json, resume=resume, lean=lean,
    )  # fmt: skip
    with naming_options({"resume": resume}):
        run_fit(arguments)


def _command(task: Task) -> Any:
    """Return the command that fits a task."""

    def command(
        *,
        data: Path | None,
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
            FitArguments(
                task=task, options=options, data=data, validation=validation, test=test, out=out, earlier=earlier,
                resume=resume, lean=lean, tensorboard=tensorboard, quiet=quiet, as_json=as_json,
            )
        )  # fmt: skip

    return task_command(command, task)


def run_fit(arguments: FitArguments, /) -> None:
    """Fit into a folder that no other process trains into."""
    from recurra.data.files import telling_what_is_left_out
    from recurra.training.distributed import first_process
    from recurra.training.model_folder import check_target, locked

    folder = arguments.folder
    check_target(folder)
    is_said = first_process() and not arguments.quiet
    options = vars(arguments.options)

    def tell(message: str) -> None:
        if is_said:
            note(as_written(message, options))

    with locked(folder), telling_what_is_left_out(tell):
        if not arguments.quiet:
            _say_what_is_there(folder, resume=arguments.resume)
        _fit_into(folder, arguments)


def _say_what_is_there(folder: Path, *, resume: bool) -> None:
    """Say that a model will be replaced, and that a training was interrupted, before the hours that it takes."""
    from recurra.training.checkpoints import checkpoint_folder, has_checkpoint
    from recurra.training.distributed import first_process
    from recurra.training.model_folder import MANIFEST

    if resume or not first_process():
        return
    if (folder / MANIFEST).exists():
        said = f"{folder} holds a model, which will be replaced when there is a new one; --out names another folder"
        note(said)
    checkpoints = checkpoint_folder(folder)
    if has_checkpoint(checkpoints):
        said = f"a training was interrupted in {checkpoints}; --resume goes on with it, this fit begins anew over it"
        note(said)


def _fit_into(folder: Path, arguments: FitArguments) -> None:
    """Fit, keep what there is to keep, and say how it went."""
    from recurra.training.checkpoints import checkpoint_folder, remove_checkpoints
    from recurra.training.distributed import first_process

    estimator = _estimator(arguments)
    try:
        estimator.fit(
            arguments.data, validation=arguments.validation, test=arguments.test,
            go_on=arguments.earlier is not None, progress=not (arguments.quiet or arguments.as_json),
            tensorboard=arguments.tensorboard, checkpoints=checkpoint_folder(folder), resume=arguments.resume,
            out=folder,
        )  # fmt: skip
    except Exception as error:
        # whatever fails once there are weights, they are kept
        if getattr(estimator, "training_", None) is not None and first_process():
            estimator.save(folder, lean=arguments.lean)
            _say_how_it_went(estimator, arguments)
            if not isinstance(error, TrainingError):
                complain(f"the training is over and its weights are in {folder}, but what follows it failed")
        raise
    if not first_process():
        return
    estimator.save(folder, lean=arguments.lean)
    is_interrupted = estimator.metrics_["training"]["ended_by"] == "interrupt"
    if not is_interrupted:  # before anything is said: nobody may be there to read it
        remove_checkpoints(checkpoint_folder(folder))
    _say_how_it_went(estimator, arguments)
    if is_interrupted:
        complain(f"interrupted; the best weights so far are in {folder}; --resume goes on with the training")
        raise typer.Exit(INTERRUPTED)


def _estimator(arguments: FitArguments) -> Estimator[Any, Any]:
    estimator_class = arguments.task.estimator_class()
    if arguments.earlier is None:
        return estimator_class(arguments.options)
    estimator = estimator_class.load(arguments.earlier)
    estimator.options = arguments.options
    return estimator


def _say_how_it_went(estimator: Estimator[Any, Any], arguments: FitArguments) -> None:
    folder = arguments.folder
    metrics: Mapping[str, Any] = estimator.metrics_
    if arguments.as_json:
        say_json(metrics)
    elif not arguments.quiet:
        if "test" in metrics:
            say(estimator.trained_on())
            options = options_of_fit(estimator)
            print_scores(estimator.score_table(metrics["test"]), caption=lambda said: as_written(said, options))
        report = "" if arguments.lean else f", with a report: {folder / 'report.html'}"
        say(f"The model is in {folder}{report}. Next: recurra {arguments.task.next} {folder}")
