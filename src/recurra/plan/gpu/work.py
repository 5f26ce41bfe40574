"""What a pass has to do on a GPU, in units whose prices are its ceilings.

Programs of a loop run beside each other, so what only they do (products of tiles, functions) is counted for the one
that is busy longest; bytes are those of all programs, which share the memory.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

from recurra.backends.triton.phases import Phase, width_of
from recurra.derive.stages import Product
from recurra.graph.node import Node
from recurra.plan.gpu.passes import Pass
from recurra.plan.work import Work

__all__ = ["BOUNDS", "MOVED", "UNITS", "work_of"]

UNITS: Mapping[str, str] = {
    "torch product": "operations of torch's products of float32",
    "torch half product": "operations of torch's products of bfloat16 and float16",
    "torch call": "calls of torch's products and sums",
    "array bytes": "bytes that are read or written for all steps at once",
    "tile": "multiply-adds of a program's tiles in float32",
    "half tile": "multiply-adds of a program's tiles in bfloat16 and float16",
    "operand bytes": "bytes of operands that a program reads in the loop",
    "weight bytes": "bytes of weights that a program reads in the loop, where they do not stay",
    "loop bytes": "bytes that all programs of a loop read or write, one element with one other",
    "function": "transcendental functions of a warp",
    "operation": "other operations of a warp",
    "phase": "phases of the steps of a program",
    "barrier": "waits of programs for each other",
    "launch": "kernels launched",
    "inference call": "directions of layers, run without history",
    "forward call": "directions of layers, run with history",
    "backward call": "directions of layers, run backwards",
    "inference start": "calls of a module without history",
    "forward start": "calls of a module with history",
    "backward start": "backward passes",
}
"""Unit -> what is counted."""

BOUNDS: Mapping[str, tuple[str, ...]] = {
    "multiply-adds": ("torch product", "torch half product", "tile", "half tile"),
    "reading weights": ("weight bytes", "operand bytes"),
    "functions": ("function", "operation"),
    "reading and writing arrays": ("array bytes", "loop bytes"),
    "waiting": ("phase", "barrier"),
}
"""What can bind, and its units; what is in none is calls."""

MOVED = ("array bytes", "loop bytes", "operand bytes", "weight bytes")
"""The units of bytes that are moved."""

_FUNCTIONS = frozenset({"sigmoid", "tanh", "exp", "log", "softplus", "sqrt", "div"})
_NOISE = 14
"""Operations of a draw."""

_WARP = 32


def work_of(run: Pass, /) -> Work:
    """Return what a pass has to do."""
    work = Work()
    for stages, name in ((run.program.before, "input projection"), (run.program.after, "pointwise")):
        for stage in stages:
            for product in stage.products:
                _product(work, run, name, product)
            for phase in stage.phases:
                work.add(name, "array bytes", _width(run, _moved(phase)) * _of_rows(run))
                work.add("overhead", "launch", 1)
    _loop(work, run)
    if run.name == "backward":
        _weight_gradients(work, run)
    work.add("overhead", f"{run.name} call", 1)
    return work


def _of_rows(run: Pass) -> int:
    """Return the bytes of a column of all rows."""
    return run.workload.rows * run.workload.bytes


def _width(run: Pass, nodes: Iterable[Node]) -> int:
    return sum(run.wide(width_of(node)) for node in nodes)


def _moved(phase: Phase) -> list[Node]:
    """Return what a phase reads or writes, one element with one other."""
    return [*phase.loads, *phase.stores, *phase.keeps, *(leaf for leaf, _ in phase.carried)]


def _half(run: Pass, unit: str, half: str) -> str:
    return half if run.workload.bytes == 2 else unit


def _product(work: Work, run: Pass, stage: str, product: Product) -> None:
    for operand in product.operands:
        _torch(work, run, stage, run.workload.rows, _width(run, [operand]), _width(run, product.results))


def _torch(work: Work, run: Pass, stage: str, rows: int, depth: int, columns: int) -> None:
    """Add a product of torch's: rows by depth by columns, in any order."""
    work.add(stage, _half(run, "torch product", "torch half product"), 2 * rows * depth * columns)
    work.add(stage, "array bytes", (rows * (depth + columns) + depth * columns) * run.workload.bytes)
    work.add(stage, "torch call", 1)


def _weight_gradients(work: Work, run: Pass) -> None:
    stage, plan = "weight gradients", run.plans.backward
    for gradient in plan.weight_gradients:
        _torch(work, run, stage, run.workload.rows, _width(run, [gradient.operand]), _width(run, gradient.deltas))
    if plan.row_sums:
        work.add(stage, "array bytes", _width(run, (node.args[0] for node in plan.row_sums)) * _of_rows(run))
        work.add(stage, "torch call", 1)


def _loop(work: Work, run: Pass) -> None:
    form, steps = run.form, len(run.workload.batch_sizes)
    turns = _turns(run)
    for phase in run.program.phases:
        for product in phase.products:
            _tile(work, run, product, turns)
        functions, operations = _elementwise(phase)
        warps = turns * form.block_rows * form.block_columns / _WARP
        work.add("pointwise", "function", warps * functions)
        work.add("pointwise", "operation", warps * operations)
        work.add("pointwise", "loop bytes", _width(run, _moved(phase)) * _of_rows(run))
        work.add("state products", "phase", turns)
    if form.shape.is_persistent:
        work.add("state products", "barrier", steps * run.program.barriers)
    work.add("overhead", "launch", len(run.program.loop) * (1 if form.shape.is_persistent else steps))


def _turns(run: Pass) -> float:
    """Return how many steps a multiprocessor runs, one after another."""
    form, workload = run.form, run.workload
    assert workload.gpu is not None
    together = workload.gpu.multiprocessors
    if not form.shape.is_persistent:
        return sum(-(-(-(-size // form.block_rows) * form.slices) // together) for size in workload.batch_sizes)
    lengths = sorted(workload.lengths, reverse=True)
    return max(lengths[0], sum(lengths[:: form.block_rows]) * form.slices / together)


def _tile(work: Work, run: Pass, product: Product, turns: float) -> None:
    """Add what a program multiplies at each of its turns."""
    form, bytes = run.form, run.workload.bytes
    for operand in product.operands:
        depth = run.wide(width_of(operand))
        filled = -(-depth // form.block_inner) * form.block_inner
        columns = form.block_columns * len(product.results)
        unit = _half(run, "tile", "half tile")
        work.add("state products", unit, turns * form.block_rows * columns * filled)
        work.add("state products", "operand bytes", turns * form.block_rows * depth * bytes)
        if not form.shape.is_resident:
            work.add("state products", "weight bytes", turns * columns * depth * bytes)


def _elementwise(phase: Phase) -> tuple[int, int]:
    """Return the functions and the operations for an element of a phase."""
    functions = sum(node.op in _FUNCTIONS for node in phase.pointwise)
    draws = sum(node.op == "noise" for node in itertools.chain(phase.loads, phase.pointwise))
    return functions, len(phase.pointwise) - functions + _NOISE * draws
