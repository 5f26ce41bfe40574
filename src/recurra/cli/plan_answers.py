"""From the options of `recurra plan` to its answers, as plain numbers too."""

from __future__ import annotations

import dataclasses
import math
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from recurra.backends.cost import Limits
from recurra.cells import all_cells
from recurra.cli.plan_options import PlanOptions
from recurra.data.files import write_whole
from recurra.errors import InputError
from recurra.plan import (
    Affordable,
    Budget,
    Calibration,
    Growth,
    Machine,
    Prediction,
    Workload,
    affordable_cells,
    best_batch,
    best_threads,
    calibration_for,
    gpu_here,
    growth,
    largest_hidden_size,
    memory_of,
    predict,
    stored_calibration,
)
from recurra.plan.prediction import Pass
from recurra.spec import Cell
from recurra.tasks.cell_choice import choose_cell

__all__ = ["PlanAnswers", "answered", "calibrated"]

_MEGABYTE = 1_000_000


@dataclass(frozen=True, kw_only=True)
class PlanAnswers:
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

    workload: Workload
    prediction: Prediction | None
    affordable: Affordable | None
    cells: dict[str, Affordable | None]
    growth: tuple[Growth, ...] = ()
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
            "memory": dataclasses.asdict(memory_of(workload)),
            "passes": {name: _pass(each) for name, each in passes.items()},
            "growth": [dataclasses.asdict(each) for each in self.growth],
            "batches": self.batches,
            "threads": self.threads,
            "affordable": _plain(self.affordable),
            "cells": {name: _plain(each) for name, each in self.cells.items()},
        }


def _pass(found: Pass) -> Mapping[str, Any]:
    return {**dataclasses.asdict(found), "intensity": found.intensity}


def _plain(found: Affordable | None) -> dict[str, Any] | None:
    """Return an answer without what is not known, of which JSON has no number."""
    if found is None:
        return None
    fields = dataclasses.asdict(found)
    return {name: value for name, value in fields.items() if not (isinstance(value, float) and math.isnan(value))}


def answered(options: PlanOptions, /, *, draws_growth: bool = False) -> PlanAnswers:
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
        else stored_calibration(workload.threads, gpu=workload.gpu)
    )
    affordable = _affordable(options, workload, budget, known)
    cells = _cells(options, workload, budget, known)
    if known is None:
        return PlanAnswers(workload=workload, prediction=None, affordable=affordable, cells=cells)
    if options.export is not None:
        write_whole(options.export, known.to_json())
    return PlanAnswers(
        workload=workload,
        prediction=predict(workload, calibration=known),
        affordable=affordable,
        cells=cells,
        growth=growth(workload, calibration=known),
        batches=dict(best_batch(workload, calibration=known)),
        threads=_threads(workload) if options.compare_threads else {},
    )


def _asks_for_times(options: PlanOptions) -> bool:
    """Return whether an answer needs a calibration; a budget of parameters or memory alone needs none."""
    has_counts = options.budget_parameters is not None or options.budget_memory is not None
    about_times = (options.calibrate, options.calibration, options.export, options.compare_threads)
    return not has_counts or options.budget_seconds is not None or any(about_times)


def calibrated(threads: int, /, *, gpu: Limits | None = None, anew: bool = False) -> Calibration:
    """Return the calibration of this machine; one that has to be made is said on stderr."""
    if anew or stored_calibration(threads, gpu=gpu) is None:
        what = f"this machine with {threads} of its threads" if gpu is None else "this machine's GPU"
        sys.stderr.write(f"Measuring {what}, for about ten seconds ...\n")
    return calibration_for(threads, gpu=gpu, anew=anew)


def _workload(options: PlanOptions) -> Workload:
    length, batch = options.length, options.batch
    lengths = [max(1, round(length * (k + 1) / batch)) for k in range(batch)] if options.ragged else [length] * batch
    return Workload(
        cell=choose_cell(options.cell), input_size=options.input_size, hidden_size=options.hidden_size,
        layers=options.layers, bidirectional=options.bidirectional, dtype=options.dtype,
        lengths=tuple(sorted(lengths, reverse=True)), threads=options.threads or torch.get_num_threads(),
        gpu=_gpu(options),
    )  # fmt: skip


def _gpu(options: PlanOptions) -> Limits | None:
    if options.device == "cpu":
        return None
    if options.compare_threads:
        raise InputError("--compare-threads: a GPU has none to choose; leave it or --device out")
    found = gpu_here()
    if found is None:
        raise InputError("--device cuda: this machine has no GPU that torch can use")
    return found


def _budget(options: PlanOptions) -> Budget | None:
    if options.budget_seconds is None and options.budget_memory is None and options.budget_parameters is None:
        return None
    bytes = None if options.budget_memory is None else round(options.budget_memory * _MEGABYTE)
    return Budget(seconds=options.budget_seconds, bytes=bytes, parameters=options.budget_parameters, kind=options.what)


def _calibration(options: PlanOptions, workload: Workload) -> Calibration:
    if options.calibration is None:
        return calibrated(workload.threads, gpu=workload.gpu, anew=options.calibrate)
    try:
        known = Calibration.from_json(options.calibration.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{options.calibration} cannot be read: {error.strerror}") from None
    known.check_fits(Machine.of(workload.threads, workload.gpu))
    return known


def _threads(workload: Workload) -> dict[int, float]:
    cores, numbers = os.cpu_count() or 1, [1]
    while 2 * numbers[-1] <= cores:
        numbers.append(2 * numbers[-1])
    return dict(best_threads(workload, calibrations=[calibrated(number) for number in numbers]))


def _affordable(
    options: PlanOptions, workload: Workload, budget: Budget | None, known: Calibration | None
) -> Affordable | None:
    if budget is None:
        return None
    return largest_hidden_size(workload, budget=budget, calibration=known, confirm=options.confirm)


def _cells(
    options: PlanOptions, workload: Workload, budget: Budget | None, known: Calibration | None
) -> dict[str, Affordable | None]:
    if options.cells is None or budget is None:
        return {}
    return affordable_cells(workload, cells=_chosen(options.cells), budget=budget, calibration=known)


def _chosen(names: str) -> list[Cell]:
    if names != "all":
        return [choose_cell(name.strip()) for name in names.split(",")]
    return [cell for cell in all_cells.values() if not cell.further_inputs and len(cell.sizes) == 2]
