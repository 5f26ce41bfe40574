"""How much memory of a GPU a workload takes at its peak: the buffers of its passes, played through."""

from __future__ import annotations

import itertools
import math

from recurra.backends.triton.phases import width_of
from recurra.plan.gpu.passes import Pass, passes
from recurra.plan.work import Memory
from recurra.plan.workload import Kind, Workload

__all__ = ["buffers_of", "memory_of"]


def memory_of(workload: Workload, kind: Kind, /) -> Memory:
    """Return the memory that a workload takes; what torch keeps for its own products is not counted."""
    runs = passes(workload, kind)
    weights = workload.parameters * workload.bytes
    inputs = workload.rows * workload.input_size * workload.bytes
    live = peak = weights + inputs
    kept: dict[int, int] = {}
    for run in (run for run in runs if run.name != "backward"):
        buffers, shifted = buffers_of(run), workload.shifted_bytes(run.sizes)
        peak = max(peak, live + shifted + sum(buffers.values()))
        of_this = _output(run) + (shifted if kind == "training" else 0)
        of_this += sum(buffers[name] for name in run.taped if name in buffers and kind == "training")
        kept[run.layer] = kept.get(run.layer, 0) + of_this
        live += of_this
        if kind != "training" and run.layer > 0:
            live -= kept.pop(run.layer - 1, 0)
    saved = live - weights - inputs if kind == "training" else 0
    backward = (run for run in runs if run.name == "backward")
    for layer, directions in itertools.groupby(backward, key=lambda run: run.layer):
        group = [*directions]
        coming = sum(map(_output, group))
        for run in group:
            peak = max(peak, live + coming + sum(buffers_of(run).values()) + _gradients(run))
            live += _gradients(run)
        live -= kept[layer]
    return Memory(parameters=weights, inputs=inputs, saved=saved, peak=peak)


def buffers_of(run: Pass) -> dict[str, int]:
    """Return the bytes of each buffer that a pass allocates."""
    workload = run.workload
    found: dict[str, int] = {}
    for name, columns in run.program.layout.columns.items():
        width = sum(map(run.wide, columns))
        if name in ("carry", "scratch"):
            found[name] = 2 * workload.batch * width * max(workload.bytes, 4)
        elif name not in run.program.run.columns:
            found[name] = workload.rows * width * workload.bytes
    return found


def _output(run: Pass) -> int:
    """Return the bytes of the output of a direction."""
    output = run.plans.forward.step.outputs[0]
    return run.workload.rows * run.wide(width_of(output)) * run.workload.bytes


def _gradients(run: Pass) -> int:
    """Return the bytes of the gradients of a direction's parameters."""
    shapes = [leaf.shape for leaf in run.plans.forward.step.parameters]
    return run.workload.bytes * sum(math.prod(map(run.wide, shape)) for shape in shapes)
