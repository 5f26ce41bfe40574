"""The passes of a workload as Triton's kernels run them: programs and their forms, without a device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import torch

from recurra.backends.kernels import kernel_of
from recurra.backends.triton.form import Form
from recurra.backends.triton.kernel import TritonKernel
from recurra.backends.triton.layout import SLICES
from recurra.backends.triton.program import Program
from recurra.derive.plan import Plans
from recurra.errors import InputError
from recurra.graph.node import Size
from recurra.nn.stack import Direction
from recurra.plan.workload import Kind, Workload

__all__ = ["Pass", "passes"]


@dataclass(frozen=True)
class Pass:
    """One run of a kernel.

    Attributes
    ----------
    name
        "inference", "forward" or "backward".
    layer, direction
        Whose it is, from 0.
    plans, program, form
        What runs, and how it is launched.
    taped
        The buffers that the backward pass reads.
    sizes
        Size -> number.
    workload
        Whose batch it is.
    """

    name: str
    layer: int
    direction: int
    plans: Plans
    program: Program
    form: Form
    taped: tuple[str, ...]
    sizes: Mapping[str, int]
    workload: Workload

    def wide(self, size: Size) -> int:
        """Return the number behind a size."""
        if size == SLICES:
            return self.form.slices
        return size if isinstance(size, int) else self.sizes[size]


def passes(workload: Workload, kind: Kind) -> tuple[Pass, ...]:
    """Return the runs in their order: the forward ones, then, in training, the backward ones."""
    if kind == "stream":
        raise InputError("a stream runs on the processor: ask without the GPU")
    forward: list[Pass] = []
    backward: list[Pass] = []
    for layer, directions in enumerate(workload.stack.layers):
        for number, direction in enumerate(directions):
            for which in ("forward", "backward") if kind == "training" else ("inference",):
                found = _pass(workload, which, layer, number, direction)
                (backward if which == "backward" else forward).append(found)
    return (*forward, *reversed(backward))


def _pass(workload: Workload, which: str, layer: int, number: int, direction: Direction) -> Pass:
    plans = workload.plans("inference" if which == "inference" else "training")
    kernel, sizes = cast(TritonKernel, kernel_of(plans, "triton")), dict(direction.sizes)
    assert workload.gpu is not None
    dtype = getattr(torch, workload.dtype)
    form = kernel.form(which, sizes, batch=workload.batch, dtype=dtype, limits=workload.gpu)
    program = kernel.program(which, form.shape)
    return Pass(which, layer, number, plans, program, form, kernel.taped(program), sizes, workload)
