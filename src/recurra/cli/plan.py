"""`recurra plan`: what layers or a whole training will cost, and what a budget affords, before it is paid."""

from __future__ import annotations

import dataclasses
import math
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from recurra import plan as costs
from recurra.cli.options import Part, task_command, task_group, with_options
from recurra.cli.terminal import print_table, reporting_failures, say, say_json
from recurra.data.files import write_whole
from recurra.errors import InputError
from recurra.messages import translated
from recurra.tasks.registry import Task
from recurra.training.option_fields import Described, check_options

if TYPE_CHECKING:
    from recurra import Cell
    from recurra.tasks.cost import RecurrentCost

__all__ = ["plan"]

_HELP = """Say what layers, or a whole training, will cost: time, memory, operations, and what a budget affords.

About layers: recurra plan --cell LSTM --hidden-size 128 --batch 64 --length 200

The largest that is fast enough: recurra plan --cell GRU --budget-seconds 0.01

A training on your data: recurra plan classify reviews.csv --text text --label label"""

_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_LAYERS, _BATCH, _BUDGET, _MACHINE = "Layers", "Batch", "Budget", "Machine"

_TRAINING = ("forward", "backward")


@dataclass(frozen=True, kw_only=True)
class PlanOptions:
    """What is asked about recurrent layers.

    Raises
    ------
    InputError
        If a value has the wrong type or is out of bounds.
    """

    cell: Annotated[str, Described(help="Name of a cell, or your own as file.py:Name.", panel=_LAYERS)] = "LSTM"
    input_size: Annotated[int, Described(help="Features of an input.", panel=_LAYERS, minimum=1, maximum=65_536)] = 32
    hidden_size: Annotated[int, Described(help="Size of the state.", panel=_LAYERS, minimum=1, maximum=65_536)] = 64
    layers: Annotated[
        int, Described(help="Layers, one on top of the other.", panel=_LAYERS, minimum=1, maximum=100)
    ] = 1
    bidirectional: Annotated[
        bool, Described(help="Whether a second direction reads the sequences backwards.", panel=_LAYERS)
    ] = False
    dtype: Annotated[
        Literal["float32", "float64", "bfloat16", "float16"],
        Described(
            help="Type of the numbers: half precision only on a GPU, float64 only on a processor.", panel=_LAYERS
        ),
    ] = "float32"
    batch: Annotated[int, Described(help="Sequences in a batch.", panel=_BATCH, minimum=1, maximum=1_000_000)] = 32
    length: Annotated[int, Described(help="Steps of a sequence.", panel=_BATCH, minimum=1, maximum=1_000_000)] = 100
    ragged: Annotated[bool, Described(help="Whether lengths spread evenly from 1 to --length.", panel=_BATCH)] = False
    what: Annotated[
        Literal["training", "inference", "stream"],
        Described(help="What the budget's seconds are of: a training step, a forward pass, a step.", panel=_BUDGET),
    ] = "training"
    budget_seconds: Annotated[
        float | None,
        Described(help="Seconds at most: prints the largest hidden size.", panel=_BUDGET, above=0, maximum=1e9),
    ] = None
    budget_memory: Annotated[
        float | None, Described(help="MB at the peak of a training step at most.", panel=_BUDGET, above=0, maximum=1e12)
    ] = None
    budget_parameters: Annotated[
        int | None, Described(help="Parameters at most.", panel=_BUDGET, minimum=1, maximum=1_000_000_000_000)
    ] = None
    cells: Annotated[
        str | None,
        Described(help="Cells to compare under the budget, separated by commas, or all.", panel=_BUDGET),
    ] = None
    confirm: Annotated[bool, Described(help="Run sizes near the answer and correct it.", panel=_BUDGET)] = True
    device: Annotated[
        Literal["cpu", "cuda"], Described(help="The processor, or this machine's GPU.", panel=_MACHINE)
    ] = "cpu"
    threads: Annotated[
        int | None,
        Described(help="Threads; by default as many as torch takes.", panel=_MACHINE, minimum=1, maximum=1024),
    ] = None
    compare_threads: Annotated[
        bool, Described(help="Compare 1, 2, 4, ... threads; each needs a calibration.", panel=_MACHINE)
    ] = False
    calibrate: Annotated[bool, Described(help="Measure this machine anew, about 10 s.", panel=_MACHINE)] = False
    calibration: Annotated[
        Path | None, Described(help="Calibration of this machine, as --export writes it.", panel=_MACHINE)
    ] = None
    export: Annotated[Path | None, Described(help="File for the calibration.", panel=_MACHINE)] = None

    def __post_init__(self) -> None:
        check_options(self)


def _command(task: Task) -> Any:
    """Return the command that plans a task's training."""

    def command(
        *, data: Path | None, validation: Part = None, test: Part = None, as_json: _Json = False, options: Any
    ) -> None:
        from recurra.tasks.cost import cost_of, recurrent_costs, threads_of
        from recurra.tasks.model import Sources

        estimator = task.estimator_class()(options)
        prepared = estimator.prepare(Sources(training=data, validation=validation, test=test))
        cost, epochs, minutes = cost_of(prepared), prepared.options.epochs, prepared.options.minutes
        layers = recurrent_costs(prepared, calibration=_calibrated(threads_of(prepared)))
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
    cls=task_group(_command, help=lambda task: f"Say what a training of {task.name} will cost, from a few steps."),
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
    answers = _answered(options, draws_growth=out is not None)
    if out is not None:
        _draw(answers, out)
    if as_json:
        say_json(answers.to_dictionary())
        return
    _print(answers)
    if out is not None:
        say(f"Wrote how the time grows to {out}.")


plan.callback()(reporting_failures(with_options(PlanOptions, task=None)(_layers)))


@dataclass(frozen=True, kw_only=True)
class _Answers:
    """What was asked about layers.

    Attributes
    ----------
    workload
        The layers.
    prediction
        What they cost; None where no time was asked about and this machine has not been measured: growth, batches and
        threads are empty then.
    growth
        How the time grows with each size.
    batches
        Seconds for each sequence by the size of the batch.
    threads
        Seconds of a training step by the number of threads; empty if that was not asked.
    affordable
        The largest hidden size within the budget; None if there is no budget.
    cells
        The same for other cells.
    """

    workload: costs.Workload
    prediction: costs.Prediction | None
    affordable: costs.Affordable | None
    cells: dict[str, costs.Affordable | None]
    growth: tuple[costs.Growth, ...] = ()
    batches: dict[int, float] = field(default_factory=dict)
    threads: dict[int, float] = field(default_factory=dict)

    def to_dictionary(self) -> dict[str, Any]:
        """Return it as plain numbers and texts."""
        workload, passes = self.workload, self.prediction.passes if self.prediction else {}
        described = {
            field.name: getattr(workload, field.name) for field in dataclasses.fields(workload) if field.name != "cell"
        }
        return {
            "layers": {"cell": workload.cell.name, **described},
            "parameters": workload.parameters,
            "memory": dataclasses.asdict(costs.memory_of(workload)),
            "passes": {
                name: {**dataclasses.asdict(each), "intensity": each.intensity} for name, each in passes.items()
            },
            "growth": [dataclasses.asdict(each) for each in self.growth],
            "batches": self.batches,
            "threads": self.threads,
            "affordable": _plain(self.affordable),
            "cells": {name: _plain(each) for name, each in self.cells.items()},
        }


def _plain(found: costs.Affordable | None) -> dict[str, Any] | None:
    """Return an answer without what is not known, of which JSON has no number."""
    if found is None:
        return None
    fields = dataclasses.asdict(found)
    return {name: value for name, value in fields.items() if not (isinstance(value, float) and math.isnan(value))}


def _answered(options: PlanOptions, *, draws_growth: bool) -> _Answers:
    """Return the answers to what the options ask.

    Raises
    ------
    InputError
        If there is no such cell, nothing meets the budget, or a calibration does not fit this machine.
    """
    workload, budget = _workload(options), _budget(options)
    if options.cells is not None and budget is None:
        raise InputError("--cells: expected a budget too, such as --budget-seconds 0.01")
    known = (
        _calibration(options, workload)
        if draws_growth or _asks_for_times(options)
        else costs.stored_calibration(workload.threads, gpu=workload.gpu)
    )
    affordable, cells = None, {}
    if budget is not None:
        affordable = costs.largest_hidden_size(workload, budget=budget, calibration=known, confirm=options.confirm)
    if budget is not None and options.cells is not None:
        cells = costs.affordable_cells(workload, cells=_chosen(options.cells), budget=budget, calibration=known)
    if known is None:
        return _Answers(workload=workload, prediction=None, affordable=affordable, cells=cells)
    if options.export is not None:
        write_whole(options.export, known.to_json())
    return _Answers(
        workload=workload,
        prediction=costs.predict(workload, calibration=known),
        affordable=affordable,
        cells=cells,
        growth=costs.growth(workload, calibration=known),
        batches=dict(costs.best_batch(workload, calibration=known)),
        threads=_threads(workload) if options.compare_threads else {},
    )


def _asks_for_times(options: PlanOptions) -> bool:
    """Return whether an answer needs a calibration; a budget of parameters or memory alone needs none."""
    has_counts = options.budget_parameters is not None or options.budget_memory is not None
    about_times = (options.calibrate, options.calibration, options.export, options.compare_threads)
    return not has_counts or options.budget_seconds is not None or any(about_times)


def _calibrated(threads: int, *, gpu: costs.Limits | None = None, anew: bool = False) -> costs.Calibration:
    """Return the calibration of this machine; one that has to be made is said on stderr."""
    if anew or costs.stored_calibration(threads, gpu=gpu) is None:
        what = f"this machine with {threads} of its threads" if gpu is None else "this machine's GPU"
        sys.stderr.write(translated(f"Measuring {what}, for about ten seconds ...\n"))
    return costs.calibration_for(threads, gpu=gpu, anew=anew)


def _workload(options: PlanOptions) -> costs.Workload:
    import torch

    from recurra.tasks.cell_choice import choose_cell

    length, batch = options.length, options.batch
    lengths = [max(1, round(length * (k + 1) / batch)) for k in range(batch)] if options.ragged else [length] * batch
    return costs.Workload(
        cell=choose_cell(options.cell), input_size=options.input_size, hidden_size=options.hidden_size,
        layers=options.layers, bidirectional=options.bidirectional, dtype=options.dtype,
        lengths=tuple(sorted(lengths, reverse=True)), threads=options.threads or torch.get_num_threads(),
        gpu=_gpu(options),
    )  # fmt: skip


def _gpu(options: PlanOptions) -> costs.Limits | None:
    if options.device == "cpu":
        return None
    if options.compare_threads:
        raise InputError("--compare-threads: a GPU has none to choose; leave it or --device out")
    found = costs.gpu_here()
    if found is None:
        raise InputError("--device cuda: this machine has no GPU that torch can use")
    return found


def _budget(options: PlanOptions) -> costs.Budget | None:
    if options.budget_seconds is None and options.budget_memory is None and options.budget_parameters is None:
        return None
    bytes = None if options.budget_memory is None else round(options.budget_memory * 1e6)
    return costs.Budget(
        seconds=options.budget_seconds, bytes=bytes, parameters=options.budget_parameters, kind=options.what
    )


def _calibration(options: PlanOptions, workload: costs.Workload) -> costs.Calibration:
    if options.calibration is None:
        return _calibrated(workload.threads, gpu=workload.gpu, anew=options.calibrate)
    try:
        known = costs.Calibration.from_json(options.calibration.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{options.calibration} cannot be read: {error.strerror}") from None
    known.check_fits(costs.Machine.of(workload.threads, workload.gpu))
    return known


def _threads(workload: costs.Workload) -> dict[int, float]:
    cores, numbers = os.cpu_count() or 1, [1]
    while 2 * numbers[-1] <= cores:
        numbers.append(2 * numbers[-1])
    return dict(costs.best_threads(workload, calibrations=[_calibrated(number) for number in numbers]))


def _chosen(names: str) -> list[Cell]:
    from recurra.cells import all_cells
    from recurra.tasks.cell_choice import choose_cell

    if names != "all":
        return [choose_cell(name.strip()) for name in names.split(",")]
    return [cell for cell in all_cells.values() if not cell.further_inputs and len(cell.sizes) == 2]


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


def _print(answers: _Answers) -> None:
    """Print the tables."""
    prediction, memory = answers.prediction, costs.memory_of(answers.workload)
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


def _print_passes(prediction: costs.Prediction) -> None:
    rows = [
        (
            found.name, _time(found.seconds), f"{found.flops / 1e6:,.2f}", f"{found.bytes / 1e6:,.2f}",
            f"{found.intensity:,.1f}", f"{found.flops / found.seconds / 1e9:,.1f}", found.bound,
        )
        for found in prediction.passes.values()
    ]  # fmt: skip
    print_table(("pass", "time", "MFLOP", "MB", "FLOP/byte", "GFLOP/s", "bound by"), rows, dense=True)


def _print_stages(prediction: costs.Prediction) -> None:
    rows = [
        (found.name, stage.name, _time(stage.seconds), f"{stage.seconds / found.seconds:.0%}", stage.bound)
        for found in prediction.passes.values()
        for stage in found.stages
        if stage.seconds
    ]
    print_table(("pass", "stage", "time", "share", "bound by"), rows, numeric_from=2, dense=True)


def _print_growth(found: tuple[costs.Growth, ...]) -> None:
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


def _affordable(found: costs.Affordable) -> str:
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


def _print_cells(found: dict[str, costs.Affordable | None]) -> None:
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


def _draw(answers: _Answers, out: Path) -> None:
    from recurra.plan.sweeps import growth_picture
    from recurra.report import standalone_svg

    write_whole(out, standalone_svg(growth_picture(answers.growth)))


def _time(seconds: float) -> str:
    """Write a time from microseconds on."""
    for size, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size or unit == "µs":
            return f"{seconds / size:.3g} {unit}"
    return ""
