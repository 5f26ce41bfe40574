"""Cost model: the passes of a workload, and what they have to do in the units of the backend that would run them.

The kernels say what they take; nothing is compiled. What a unit costs a machine is a matter of a calibration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch

from recurra.backends.cost import CallShape, Limits, PassCost, Units, Work
from recurra.backends.kernel import compiled_kernel_of, units_of
from recurra.derive.plan import Plans
from recurra.nn.stack import Direction, known_parameters
from recurra.plan.workload import Kind, Workload

__all__ = ["KernelRun", "passes", "units_on", "works_of"]


@dataclass(frozen=True)
class KernelRun:
    """One run of a kernel.

    Attributes
    ----------
    layer, direction
        Whose it is, from 0.
    plans
        The plans of the cell.
    sizes
        Size -> number.
    cost
        What the kernel says that it takes.
    """

    layer: int
    direction: int
    plans: Plans
    sizes: Mapping[str, int]
    cost: PassCost

    @property
    def name(self) -> str:
        """One of "inference", "forward", "backward" and "stream"."""
        return self.cost.name


def units_on(gpu: Limits | None, /) -> Units:
    """Return how work is counted on a GPU, or on a processor for None."""
    return units_of(_backend(gpu))


def _backend(gpu: Limits | None) -> str:
    return "llvm" if gpu is None else "triton"


def works_of(workload: Workload, kind: Kind, /) -> dict[str, Work]:
    """Return what each kind of pass of a workload has to do, all layers together."""
    found: dict[str, Work] = {}
    for run in passes(workload, kind):
        found[run.name] = found.get(run.name, Work()) + run.cost.work()
    for name, work in found.items():
        work.add("overhead", f"{name} start", 1)
    return found


def passes(workload: Workload, kind: Kind) -> tuple[KernelRun, ...]:
    """Return the runs in their order: the forward ones, then, in training, the backward ones."""
    forward: list[KernelRun] = []
    backward: list[KernelRun] = []
    plans = workload.plans(kind)
    kernel = compiled_kernel_of(plans, _backend(workload.gpu))
    for layer, directions in enumerate(workload.stack.layers):
        for number, direction in enumerate(directions[:1] if kind == "stream" else directions):
            for cost in kernel.costs(kind, _call_shape(workload, kind, layer, direction)):
                run = KernelRun(layer, number, plans, dict(direction.sizes), cost)
                (backward if run.name == "backward" else forward).append(run)
    return (*forward, *reversed(backward))


def _call_shape(workload: Workload, kind: Kind, layer: int, direction: Direction) -> CallShape:
    parameters = known_parameters(workload.stack.cell, workload.plans(kind), direction)
    batch_sizes = (workload.batch,) if kind == "stream" else workload.batch_sizes
    return CallShape(
        sizes=dict(direction.sizes), batch_sizes=batch_sizes, reverse=direction.reverse,
        dtype=getattr(torch, workload.dtype), parts=tuple(parameters.parts), tensors=len(parameters.tensors),
        wanted=workload.wanted(layer), threads=workload.threads, gpu=workload.gpu,
    )  # fmt: skip
