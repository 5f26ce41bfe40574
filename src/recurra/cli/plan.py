"""`recurra plan`: what layers or a whole training will cost, and what a budget affords, before it is paid."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recurra.cli.failures import reporting_failures
from recurra.cli.options import with_options
from recurra.cli.plan_options import PlanOptions
from recurra.cli.task_commands import Part, task_command, task_group
from recurra.cli.terminal import print_table, say, say_json
from recurra.tasks.registry import Task

if TYPE_CHECKING:
    from recurra.cli.plan_answers import PlanAnswers
    from recurra.plan import Affordable, Growth, Prediction
    from recurra.tasks.cost import RecurrentCost

__all__ = ["plan"]

_HELP = """Say what layers, or a whole training, will cost: time, memory, operations, and what a budget affords.

About layers: recurra plan --cell LSTM --hidden-size 128 --batch 64 --length 200

The largest that is fast enough: recurra plan --cell GRU --budget-seconds 0.01

A training on your data: recurra plan classify reviews.csv --text text --label label"""

_TRAINING = ("forward", "backward")

_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def command_for(task: Task, /) -> Any:
    """Return the command that plans a task's training."""

    def command(
        *, data: Path, validation: Part = None, test: Part = None, as_json: _Json = False, options: Any
    ) -> None:
        from recurra.cli.plan_answers import calibrated
        from recurra.tasks.cost import cost_of, recurrent_costs, threads_of
        from recurra.tasks.model import Sources

        estimator = task.estimator_class()(options)
        prepared = estimator.prepare(Sources(training=data, validation=validation, test=test))
        cost, epochs, minutes = cost_of(prepared), prepared.options.epochs, prepared.options.minutes
        layers = recurrent_costs(prepared, calibration=calibrated(threads_of(prepared)))
        if as_json:
            fit = {
                "epochs": epochs,
                "fit_seconds": cost.fit_seconds(epochs=epochs, minutes=minutes),
                "steps": len(prepared.training),
            }
            say_json({**cost.as_dictionary(), **fit, "layers": [_layer_numbers(each) for each in layers]})
        else:
            say(f"An epoch has {len(prepared.training):,} steps. {cost.sentence(epochs=epochs, minutes=minutes)}.")
            _print_layers(layers)

    return task_command(command, task)


plan = typer.Typer(
    name="plan",
    rich_markup_mode=None,
    cls=task_group(command_for, help=lambda task: f"Say what a training of {task.name} will cost, from a few steps."),
    help=_HELP,
    invoke_without_command=True,
    no_args_is_help=True,
)


def _layers(
    context: typer.Context,
    as_json: _Json = False,
    out: Annotated[Path | None, typer.Option(help="SVG file for how time grows with each size.")] = None,
    *,
    options: PlanOptions,
) -> None:
    if context.invoked_subcommand is not None:
        return
    from recurra.cli.plan_answers import answered

    answers = answered(options, draws_growth=out is not None)
    if out is not None:
        _draw(answers, out)
    if as_json:
        say_json(answers.to_dictionary())
        return
    _print(answers)
    if out is not None:
        say(f"Wrote how the time grows to {out}.")


plan.callback()(reporting_failures(with_options(PlanOptions, task=None)(_layers)))


def _layer_numbers(found: RecurrentCost) -> dict[str, Any]:
    passes = found.prediction.passes
    times = {name: {"seconds": passes[name].seconds, "bound": passes[name].bound} for name in _TRAINING}
    return {"name": found.name, "cell": found.prediction.workload.cell.name, **times}


def _print_layers(found: list[RecurrentCost]) -> None:
    """Print what the recurrent layers take of a step."""
    say("Of a step on the first batch, the recurrent layers are predicted to take:")
    for each in found:
        passes = each.prediction.passes
        parts = (f"{name} {_time(passes[name].seconds)}, most of it {passes[name].bound}" for name in _TRAINING)
        say(f"- {each.name}, {each.prediction.workload}: {'; '.join(parts)}.")


def _print(answers: PlanAnswers) -> None:
    """Print the tables."""
    from recurra.plan import memory_of

    prediction, memory = answers.prediction, memory_of(answers.workload)
    say(str(answers.workload))
    if prediction is not None:
        _print_passes(prediction)
        _print_stages(prediction)
    taken = "" if prediction is None else f"{_time(prediction.step_seconds)} and "
    say(
        f"{answers.workload.parameters:,} parameters. A training step of these layers takes {taken}"
        f"{memory.peak / 1e6:,.1f} MB at its peak; {memory.saved / 1e6:,.1f} MB of them wait for the backward pass."
    )
    if prediction is None:
        say("This machine has not been measured, and the answer needs no times; --calibrate measures it and adds them.")
    else:
        _print_growth(answers.growth)
        _print_batches(answers.batches, answers.workload.batch)
    if answers.threads:
        print_table(("threads", "a step"), [(str(n), _time(taken)) for n, taken in answers.threads.items()])
    if answers.affordable is not None:
        say(_affordable(answers.affordable))
    if answers.cells:
        _print_cells(answers.cells)


def _print_passes(prediction: Prediction) -> None:
    rows = [
        (
            found.name, _time(found.seconds), f"{found.flops / 1e6:,.2f}", f"{found.bytes / 1e6:,.2f}",
            f"{found.intensity:,.1f}", f"{found.flops / found.seconds / 1e9:,.1f}", found.bound,
        )
        for found in prediction.passes.values()
    ]  # fmt: skip
    print_table(("pass", "time", "MFLOP", "MB", "FLOP/byte", "GFLOP/s", "bound by"), rows, dense=True)


def _print_stages(prediction: Prediction) -> None:
    rows = [
        (found.name, stage.name, _time(stage.seconds), f"{stage.seconds / found.seconds:.0%}", stage.bound)
        for found in prediction.passes.values()
        for stage in found.stages
        if stage.seconds
    ]
    print_table(("pass", "stage", "time", "share", "bound by"), rows, numeric_from=2, dense=True)


def _print_growth(found: tuple[Growth, ...]) -> None:
    powers = ", ".join(f"{each.name}^{each.exponent:.2f}" for each in found)
    say(f"From here to four times the size, the time of a training step grows as {powers}.")


def _print_batches(found: dict[int, float], batch: int) -> None:
    best = min(found, key=found.__getitem__)
    enough = next(size for size, taken in found.items() if taken <= 1.1 * found[best])
    mine = found.get(batch)
    beside = f" ({_time(mine)} with {batch})" if mine else ""
    say(
        f"A sequence takes least in batches of {best}: {_time(found[best])}{beside}; from {enough} on it is within a "
        f"tenth of that."
    )


def _affordable(found: Affordable) -> str:
    seconds = "" if found.seconds != found.seconds else f", {_time(found.seconds)}"
    how = " (measured)" if found.confirmed or found.doubt else " (predicted)" if seconds else ""
    answer = (
        f"The largest hidden size within the budget is {found.hidden_size}: {found.parameters:,} parameters, "
        f"{found.bytes / 1e6:,.1f} MB{seconds}{how}."
    )
    if not found.doubt:
        return answer
    return (
        f"{answer}\nThat is not sure: {found.doubt}. Measured: {found.hidden_size}, {_time(found.seconds)} where "
        f"{_time(found.predicted_seconds)} are predicted. By the prediction alone: {found.predicted_size}. Ask again "
        f"when nothing else runs, or with --calibrate."
    )


def _print_cells(found: dict[str, Affordable | None]) -> None:
    rows = [
        (name, "none", "", "", "")
        if each is None
        else (
            name, str(each.hidden_size), f"{each.parameters:,}", f"{each.bytes / 1e6:,.1f}",
            "" if each.seconds != each.seconds else _time(each.seconds),
        )
        for name, each in found.items()
    ]  # fmt: skip
    print_table(("cell", "largest hidden size", "parameters", "MB", "time"), rows)


def _draw(answers: PlanAnswers, out: Path) -> None:
    from recurra.data.files import write_whole
    from recurra.plan.sweeps import growth_picture
    from recurra.report import standalone_svg

    write_whole(out, standalone_svg(growth_picture(answers.growth)))


def _time(seconds: float) -> str:
    """Write a time from microseconds on."""
    for size, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size or unit == "µs":
            return f"{seconds / size:.3g} {unit}"
    return ""
