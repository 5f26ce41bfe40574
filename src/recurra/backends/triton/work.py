"""Work: what a pass has to do on a GPU, in units whose prices are its ceilings, and the memory that it takes.

Programs of a loop run beside each other, so what only they do (products of tiles, functions) is counted for the one
that is busy longest; bytes are those of all programs, which share the memory.
"""

from __future__ import annotations

import bisect
import itertools
import math
import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recurra.backends.cost import CALL_UNITS, Buffer, CallShape, Pool, Units, Work
from recurra.backends.triton.axes import unshaped
from recurra.backends.triton.kernel_choice import Form
from recurra.backends.triton.layout import SLICES
from recurra.backends.triton.phases import Phase, width_of
from recurra.backends.triton.program import Program
from recurra.derive.plan import Plans
from recurra.derive.stages import Product
from recurra.graph.node import REDUCTIONS, Node, Size, number_of

__all__ = ["UNITS", "TritonPassCost"]

_COUNTED: Mapping[str, str] = {
    "torch product": "operations of torch's products of float32",
    "torch half product": "operations of torch's products of bfloat16 and float16",
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
    **CALL_UNITS,
}
"""Unit -> what is counted."""

_BOUNDS: Mapping[str, tuple[str, ...]] = {
    "multiply-adds": ("torch product", "torch half product", "tile", "half tile"),
    "reading weights": ("weight bytes", "operand bytes"),
    "functions": ("function", "operation"),
    "reading and writing arrays": ("array bytes", "loop bytes"),
    "waiting": ("phase", "barrier"),
}
"""What can bind, and its units; what is in none is calls."""

_MOVED = ("array bytes", "loop bytes", "operand bytes", "weight bytes")
"""The units of bytes that are moved."""

_NANOSECONDS: Mapping[str, float] = {
    "torch product": 4e-6, "torch half product": 2e-6, "torch call": 8_000, "array bytes": 4e-4, "tile": 5e-4,
    "half tile": 2.5e-4, "operand bytes": 0.01, "weight bytes": 0.01, "loop bytes": 4e-4, "function": 4,
    "operation": 0.6, "phase": 600, "barrier": 1_000, "launch": 15_000, "inference call": 60_000,
    "forward call": 150_000, "backward call": 150_000, "inference start": 20_000, "forward start": 60_000,
    "backward start": 30_000,
}  # fmt: skip
"""On an H100, from its data sheet and what is known of launches and barriers; scaled to the device that is measured."""

UNITS = Units(
    counted=_COUNTED, usual={unit: 1e-9 * _NANOSECONDS[unit] for unit in _COUNTED}, bounds=_BOUNDS, moved=_MOVED,
    pool=Pool(least=0, most=0),
)  # fmt: skip
"""In which a GPU's kernels count."""

_FUNCTIONS = frozenset({
    "sigmoid", "tanh", "exp", "log", "softplus", "sqrt", "div", "sin", "cos", "erf", "mod", "pow", "cumsum",
    "reverse_cumsum",
})  # fmt: skip
_NOISE = 14
"""Operations of a draw."""

_WARP = 32


@dataclass(frozen=True)
class TritonPassCost:
    """What one pass takes; see `recurra.backends.cost.PassCost`.

    Attributes
    ----------
    name
        "inference", "forward" or "backward".
    plans, program, form
        What runs, and how it is launched.
    taped
        The buffers that the backward pass reads.
    shape
        The call.
    """

    name: str
    plans: Plans
    program: Program
    form: Form
    taped: tuple[str, ...]
    shape: CallShape

    def work(self) -> Work:
        """Return what it has to do."""
        work = Work()
        for stages, name in ((self.program.before, "input projection"), (self.program.after, "pointwise")):
            for stage in stages:
                for product in stage.products:
                    _product(work, self, name, product)
                for phase in stage.phases:
                    work.add(name, "array bytes", _width(self, _moved(self, phase)) * _of_rows(self))
                    work.add("overhead", "launch", 1)
        _loop(work, self)
        if self.name == "backward":
            _weight_gradients(work, self)
        work.add("overhead", f"{self.name} call", 1)
        return work

    def buffers(self) -> tuple[Buffer, ...]:
        """Return the memory that it takes: that of `Run`."""
        found: list[Buffer] = []
        layout, nest = self.program.layout, self.program.nest
        sums = dict.fromkeys(layout.totals.values(), self.shape.batch_sizes[0])
        if nest:
            parts = {name: nest.parts(node, self.form.blocks, self.wide) for node, name in layout.partial.items()}
            sums |= {name: self.rows * count for name, count in parts.items()}
        for name, columns in self.program.layout.columns.items():
            width, is_kept = sum(map(self.wide, columns)), name in self.taped
            if name in ("carry", "scratch"):
                bytes = 2 * self.shape.batch_sizes[0] * width * max(self.bytes, 4)
                found.append(Buffer(name=name, bytes=bytes, is_kept=is_kept))
            elif name in sums:
                found.append(Buffer(name=name, bytes=sums[name] * width * max(self.bytes, 4)))
            elif name not in self.program.run.columns:
                found.append(Buffer(name=name, bytes=self.rows * width * self.bytes, is_kept=is_kept))
        return tuple(found)

    def beside(self) -> int:
        """Return 0: products of torch read and write the buffers."""
        return 0

    def wide(self, size: Size) -> int:
        """Return the number behind a size."""
        return self.form.slices if size == SLICES else number_of(size, self.shape.sizes)

    @property
    def rows(self) -> int:
        """The steps of all sequences together."""
        return sum(self.shape.batch_sizes)

    @property
    def bytes(self) -> int:
        """Of a number."""
        return self.shape.dtype.itemsize


def _of_rows(run: TritonPassCost) -> int:
    """Return the bytes of a column of all rows."""
    return run.rows * run.bytes


def _width(run: TritonPassCost, nodes: Iterable[Node]) -> int:
    return sum(run.wide(width_of(node)) for node in nodes)


def _moved(run: TritonPassCost, phase: Phase) -> list[Node]:
    """Return what a phase reads or writes, one element with one other; what is carried in a nest stays where it is."""
    moved = [*phase.loads, *phase.stores, *phase.keeps, *(leaf for leaf, _ in phase.carried)]
    if not run.program.nest:
        return moved
    carried = {leaf for leaf, _ in run.program.run.carried} - {*phase.keeps}
    return [*dict.fromkeys(unshaped(node) for node in moved if unshaped(node) not in carried)]


def _half(run: TritonPassCost, unit: str, half: str) -> str:
    return half if run.bytes == 2 else unit


def _product(work: Work, run: TritonPassCost, stage: str, product: Product) -> None:
    for operand in product.operands:
        _torch(work, run, stage, run.rows, _width(run, [operand]), _width(run, product.results))


def _torch(work: Work, run: TritonPassCost, stage: str, rows: int, depth: int, columns: int) -> None:
    """Add a product of torch's: rows by depth by columns, in any order."""
    work.add(stage, _half(run, "torch product", "torch half product"), 2 * rows * depth * columns)
    work.add(stage, "array bytes", (rows * (depth + columns) + depth * columns) * run.bytes)
    work.add(stage, "torch call", 1)


def _weight_gradients(work: Work, run: TritonPassCost) -> None:
    stage, plan = "weight gradients", run.plans.backward
    for gradient in plan.weight_gradients:
        _torch(work, run, stage, run.rows, _width(run, [gradient.operand]), _width(run, gradient.deltas))
    if plan.row_sums:
        work.add(stage, "array bytes", _width(run, (node.args[0] for node in plan.row_sums)) * _of_rows(run))
        work.add(stage, "torch call", 1)


def _loop(work: Work, run: TritonPassCost) -> None:
    form, steps = run.form, len(run.shape.batch_sizes)
    turns = _turns(run)
    for phase in run.program.phases:
        for product in phase.products:
            _tile(work, run, product, turns)
        functions, operations = _elementwise(run, phase)
        work.add("pointwise", "function", turns * form.block_rows * functions / _WARP)
        work.add("pointwise", "operation", turns * form.block_rows * operations / _WARP)
        work.add("pointwise", "loop bytes", _width(run, _moved(run, phase)) * _of_rows(run))
        work.add("state products", "phase", turns)
    if form.shape.is_persistent:
        work.add("state products", "barrier", steps * run.program.barriers)
    work.add("overhead", "launch", len(run.program.loop) * (1 if form.shape.is_persistent else steps))


def _turns(run: TritonPassCost) -> float:
    """Return how many steps a multiprocessor runs, one after another."""
    form, sizes = run.form, run.shape.batch_sizes
    assert run.shape.gpu is not None
    together = run.shape.gpu.multiprocessors
    if not form.shape.is_persistent:
        return sum(-(-(-(-size // form.block_rows) * form.slices) // together) for size in sizes)
    # a tile runs as many steps as the longest of its sequences, the first of them
    lengths = [bisect.bisect_left(sizes, -first, key=operator.neg) for first in range(0, sizes[0], form.block_rows)]
    return max(lengths[0], sum(lengths) * form.slices / together)


def _tile(work: Work, run: TritonPassCost, product: Product, turns: float) -> None:
    """Add what a program multiplies at each of its turns."""
    form, bytes = run.form, run.bytes
    for operand in product.operands:
        depth = run.wide(width_of(operand))
        filled = -(-depth // form.block_inner) * form.block_inner
        columns = form.block_columns * len(product.results)
        unit = _half(run, "tile", "half tile")
        work.add("state products", unit, turns * form.block_rows * columns * filled)
        work.add("state products", "operand bytes", turns * form.block_rows * depth * bytes)
        if not form.shape.is_resident:
            work.add("state products", "weight bytes", turns * columns * depth * bytes)


def _elementwise(run: TritonPassCost, phase: Phase) -> tuple[int, int]:
    """Return the functions and the operations of a phase for a row of a tile."""

    def numbers(node: Node) -> int:
        nest, form = run.program.nest, run.form
        of = node.args[0] if node.op in REDUCTIONS else node
        return math.prod(form.blocks[atom] for atom in nest.axes.atoms(of)) if nest else form.block_columns

    computed = [node for node in phase.pointwise if node.op != "reshape"]
    draws = (node for node in itertools.chain(phase.loads, phase.pointwise) if node.op == "noise")
    functions = sum(numbers(node) for node in computed if node.op in _FUNCTIONS)
    return functions, sum(map(numbers, computed)) - functions + _NOISE * sum(map(numbers, draws))
