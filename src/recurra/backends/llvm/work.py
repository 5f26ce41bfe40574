"""Work: what a pass of the CPU's kernels has to do, in units whose prices a machine decides, and the memory it takes.

The units of compiled code are those of the thread with the most rows; torch's products are shared by all threads.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from recurra.backends import buffer_pool
from recurra.backends.cost import CALL_UNITS, Buffer, Pool, Units, Work
from recurra.backends.llvm.calls import ROWS_FOR_A_THREAD, SUMS_FOR_A_THREAD, Calls
from recurra.backends.llvm.compiler import host
from recurra.backends.llvm.loops import ROWS_AT_A_TIME, Function
from recurra.backends.llvm.memory_plan import MemoryPlan
from recurra.backends.llvm.products import PACK, SUMS
from recurra.backends.llvm.weight_gradients import WeightGradients
from recurra.derive.schedule import FusedLoop
from recurra.derive.stages import Product
from recurra.graph.node import COMPARISONS, REDUCTIONS, SCANS, Node, number_of, width_of

__all__ = ["UNITS", "LLVMPassCost", "tiles"]

_COUNTED: Mapping[str, str] = {
    "tile": "cycles of multiply-adds in tiles of 4 rows and more",
    "narrow tile": "cycles of multiply-adds where a step has fewer than 4 rows",
    "tile call": "tiles",
    "weights from L2": "bytes of packed weights that a step reads and the first cache does not hold",
    "weights from afar": "bytes of packed weights that a step reads and the second cache does not hold",
    "function": "vectors of a transcendental function",
    "operation": "vectors of an addition, a product, a load, a store",
    "row": "rows of a loop over features",
    "step": "stages of a step",
    "barrier": "waits of all threads for each other",
    "array bytes": "bytes of arrays of all rows, read or written",
    "array bytes from afar": "the same, where the second cache does not hold them",
    "array bytes from memory": "the same, where no cache of a core holds them",
    "torch product": "operations of torch's products, filled up to whole vectors",
    "torch bytes": "bytes that torch's products and sums read and write",
    "packing": "numbers of weights packed",
    "team": "calls of a team of threads",
    "tensor": "tensors of parameters",
    "stream call": "layers of a step of a stream",
    **CALL_UNITS,
    "stream start": "steps of a stream",
}
"""Unit -> what is counted."""

_BOUNDS: Mapping[str, tuple[str, ...]] = {
    "multiply-adds": ("tile", "narrow tile", "tile call", "torch product"),
    "reading weights": ("weights from L2", "weights from afar"),
    "functions": ("function", "operation", "row"),
    "reading and writing arrays": ("array bytes", "array bytes from afar", "array bytes from memory", "torch bytes"),
    "waiting": ("step", "barrier", "team"),
}
"""What can bind, and its units; what is in none is calls."""

_MOVED = ("weights from L2", "weights from afar", "array bytes", "torch bytes")
"""The units of bytes that are moved; of each thread."""

_NANOSECONDS: Mapping[str, float] = {
    "tile": 0.36, "narrow tile": 0.42, "tile call": 10, "weights from L2": 0.01, "weights from afar": 0.025,
    "function": 5.5, "operation": 0.25, "row": 2, "step": 6, "barrier": 300, "array bytes": 0.006,
    "array bytes from afar": 0.035, "array bytes from memory": 0.025, "torch product": 0.007, "torch bytes": 0.03,
    "torch call": 9000, "packing": 0.3, "team": 3000, "tensor": 1000, "inference call": 5_000, "forward call": 10_000,
    "backward call": 15_000, "stream call": 700, "inference start": 10_000, "forward start": 30_000,
    "backward start": 30_000, "stream start": 500,
}  # fmt: skip
"""On a server's core of 2023."""

UNITS = Units(
    counted=_COUNTED, usual={unit: 1e-9 * _NANOSECONDS[unit] for unit in _COUNTED}, bounds=_BOUNDS, moved=_MOVED,
    pool=Pool(least=buffer_pool.LEAST, most=buffer_pool.MOST),
)  # fmt: skip
"""In which the CPU's kernels count."""

LATENCY = 4
"""Cycles of a multiply-add, which a tile of fewer rows waits for."""

_FUNCTIONS = {
    "sigmoid": 1.0, "tanh": 1.0, "exp": 0.8, "log": 1.4, "softplus": 2.4, "sqrt": 0.7, "div": 0.6, "sin": 1.2,
    "cos": 1.2, "erf": 2.2, "pow": 3.5, "mod": 1.2, "cumsum": 1.0, "reverse_cumsum": 1.0,
}  # fmt: skip
"""What a function takes, a sigmoid being 1."""

_NOISE = 14
"""Operations of a draw."""

_FIRST_CACHE, _SECOND_CACHE, _LARGE = 32 << 10, 1 << 20, 16 << 20
"""Bytes that a core's caches hold beside the rest, and from which on all caches together do not."""


@dataclass(frozen=True)
class LLVMPassCost:
    """What one pass takes; see `recurra.backends.cost.PassCost`.

    Attributes
    ----------
    name
        "inference", "forward", "backward" or "stream".
    calls
        What it calls, and where everything lies.
    tensors
        How many tensors the parameters are.
    memory_kept
        The names of the memory that the backward pass reads.
    sums
        How the parameters' gradients are summed; None forward.
    """

    name: str
    calls: Calls
    tensors: int
    memory_kept: tuple[Hashable, ...] = ()
    sums: WeightGradients | None = None

    def work(self) -> Work:
        """Return what it has to do."""
        work, memory_plan = Work(), self.calls.memory_plan
        program = memory_plan.program
        footprint = _array_bytes(memory_plan)
        for stage in program.before:
            if stage.function is not None:
                _function(work, memory_plan, stage.function, _rows_at_a_time(memory_plan), "input projection")
        _function(work, memory_plan, program.loop, _rows_of_steps(memory_plan), "state products")
        if program.again is not None:
            _function(work, memory_plan, program.again, _rows_of_steps(memory_plan), "state products")
        for stage in program.after:
            for product in stage.products:
                _torch_product(work, memory_plan, product)
            if stage.function is not None:
                _function(work, memory_plan, stage.function, _rows_at_a_time(memory_plan), "pointwise")
        if self.sums is not None:
            _weight_gradients(work, memory_plan, self.sums)
        threads = memory_plan.shape.threads
        work.add("pointwise", "array bytes", footprint / threads)
        work.add("pointwise", "array bytes from afar", footprint * _beyond(2 * footprint, _SECOND_CACHE) / threads)
        work.add("pointwise", "array bytes from memory", footprint * _beyond(2 * footprint, _LARGE) / threads)
        self._add_overhead(work)
        return work

    def _add_overhead(self, work: Work) -> None:
        memory_plan, calls = self.calls.memory_plan, self.calls.calls
        program = memory_plan.program
        functions = [program.loop, *(s.function for s in (*program.before, *program.after) if s.function is not None)]
        packed = sum(_packed_bytes(memory_plan, each.products) for each in functions) / memory_plan.shape.bytes
        packing = [call.threads for call in calls if call.name == PACK]
        work.add("overhead", f"{self.name} call", 1)
        if self.name != "stream":
            work.add("overhead", "packing", packed / max(packing) if packing else 0)
            work.add("overhead", "team", sum(call.threads > 1 for call in calls))
            work.add("overhead", "tensor", self.tensors)

    def buffers(self) -> tuple[Buffer, ...]:
        """Return the memory that it takes: that of `Run`, in the same order."""
        memory_plan, bytes = self.calls.memory_plan, self.calls.shape.bytes
        pieces = [(piece.name, piece.length) for piece in (memory_plan.kept, memory_plan.work, memory_plan.totals)]
        pieces += [(name, math.prod(shape)) for name, shape in memory_plan.alone]
        return tuple(
            Buffer(name=name, bytes=length * bytes, holds=_holds(name), is_kept=name in self.memory_kept)
            for name, length in pieces
        )

    def beside(self) -> int:
        """Return the bytes of weights that are put side by side for a product of torch's."""
        sizes, program = self.calls.memory_plan.sizes, self.calls.program
        products = [product for stage in program.after for product in stage.products]
        weights = [weight for product in products for line in product.weights for weight in line]
        numbers = sum(number_of(w.shape[0], sizes) * number_of(w.shape[1], sizes) for w in weights)
        return self.calls.shape.bytes * numbers


def _holds(name: Hashable) -> Literal["rows", "states", "own"]:
    """Return what a piece of memory holds."""
    kind = name[0] if isinstance(name, tuple) else ""
    return "rows" if kind == "row" else "states" if kind == "final" else "own"


def _rows_at_a_time(memory_plan: MemoryPlan) -> np.ndarray:
    """Return the rows of each turn of a function over all rows, of one thread."""
    count = memory_plan.count
    threads = max(1, min(memory_plan.shape.threads, count // ROWS_FOR_A_THREAD))
    return np.full(-(-count // ROWS_AT_A_TIME), min(ROWS_AT_A_TIME, count)) / threads


def _beyond(bytes: float, cache: int) -> float:
    """Return the share of bytes, gone through again and again, that a cache does not hold."""
    return float(np.clip(bytes / cache - 1, 0, 1))


def _array_bytes(memory_plan: MemoryPlan) -> int:
    """Return the bytes of all arrays of all rows that a pass reads or writes."""
    checkpoints = memory_plan.checkpoints
    seldom = checkpoints.places if checkpoints else {}
    often = {*memory_plan.places} - memory_plan.program.totals - {*seldom}
    count = sum(memory_plan.places[node].width for node in often)
    count += sum(place.width for place in seldom.values()) // (checkpoints.distance if checkpoints else 1)
    return count * memory_plan.count * memory_plan.shape.bytes


def _rows_of_steps(memory_plan: MemoryPlan) -> np.ndarray:
    """Return the rows of each step of the thread that has the most."""
    order, shape = memory_plan.order, memory_plan.shape
    count = order.count[:-1]
    if memory_plan.program.loop.is_joint:
        return count
    threads = max(1, min(shape.threads, shape.batch_sizes[0]))
    bounds, _ = order.bounds(threads)
    shares = [np.clip(count, low, high) - low for low, high in itertools.pairwise(bounds)]
    return max(shares, key=np.sum)


def _function(work: Work, memory_plan: MemoryPlan, function: Function, rows: np.ndarray, stage: str) -> None:
    """Add what a compiled function does for these numbers of rows, one after the other."""
    rows = rows[rows > 0]
    numbers, times = np.unique(rows, return_counts=True)
    threads = memory_plan.shape.threads if function.is_joint or function.by_columns else 1
    bytes = _packed_bytes(memory_plan, function.products) / threads
    for part in function.schedule.stages:
        for product in part.products:
            _product(work, memory_plan, product, numbers, times, threads, stage, bytes)
        for group in part.groups:
            _group(work, memory_plan, function, group, numbers, times, threads)
        work.add("overhead", "step", float(times.sum()) * (bool(part.products) + len(part.groups)))
        if function.is_joint:
            work.add("overhead", "barrier", float(times.sum()) * (bool(part.products) + len(part.groups)))


def _packed_bytes(memory_plan: MemoryPlan, products: Iterable[Product]) -> int:
    return sum(_panel_bytes(memory_plan, product) * _panels(memory_plan, product) for product in products)


def _depth(memory_plan: MemoryPlan, product: Product) -> int:
    return 1 + sum(width_of(operand, memory_plan.sizes) for operand in product.operands)


def _panel_bytes(memory_plan: MemoryPlan, product: Product) -> int:
    rows = [width_of(operand, memory_plan.sizes) for operand in product.operands]
    return memory_plan.shape.storage.depth(rows) * memory_plan.panel * memory_plan.shape.bytes


def _panels(memory_plan: MemoryPlan, product: Product) -> int:
    return memory_plan.panels(sum(width_of(result, memory_plan.sizes) for result in product.results))


def _product(
    work: Work, memory_plan: MemoryPlan, product: Product, numbers: np.ndarray, times: np.ndarray, threads: int,
    stage: str, read: float,
) -> None:  # fmt: skip
    panels, depth = -(-_panels(memory_plan, product) // threads), _depth(memory_plan, product)
    bytes = panels * _panel_bytes(memory_plan, product)
    for number, count in zip(numbers.tolist(), times.tolist(), strict=True):
        cycles, calls = tiles(max(1, round(number)), panels)
        unit = "tile" if number >= LATENCY else "narrow tile"
        work.add(stage, unit, count * cycles * depth)
        work.add(stage, "tile call", count * calls)
        work.add(stage, "weights from L2", count * bytes * _beyond(read, _FIRST_CACHE))
        work.add(stage, "weights from afar", count * bytes * _beyond(read, _SECOND_CACHE))


def _group(
    work: Work, memory_plan: MemoryPlan, function: Function, group: FusedLoop, numbers: np.ndarray, times: np.ndarray,
    threads: int,
) -> None:  # fmt: skip
    functions, operations = _in_registers(memory_plan, function, group)
    rows = float(numbers @ times) / threads
    lanes, width = memory_plan.shape.lanes, number_of(group.width, memory_plan.sizes)
    pairs, left = divmod(width, 2 * lanes)
    vectors = 2 * pairs + 1.3 * -(-left // lanes)
    work.add("pointwise", "function", rows * vectors * functions)
    work.add("pointwise", "operation", rows * vectors * operations)
    work.add("pointwise", "row", rows)


def _in_registers(memory_plan: MemoryPlan, function: Function, group: FusedLoop) -> tuple[float, float]:
    """Return the functions and the operations for a vector of a group's loop."""
    made = {result for product in function.products for result in product.results}
    stored = made | {*function.schedule.local, *memory_plan.program.arrays}
    functions, operations, seen = 0.0, 0.0, set[Node]()
    left = [*group.stores]
    while left:
        node = left.pop()
        if node in seen or node.op == "constant":
            continue
        seen.add(node)
        is_read = (
            not node.args
            or node in made
            or (node in stored and (node not in group.stores or node.op in REDUCTIONS | SCANS))
        )
        if node.op == "noise":
            operations += _NOISE
        elif (not node.rows and node.op not in COMPARISONS) or (is_read and node not in group.stores):
            operations += 1
        else:
            functions += _FUNCTIONS.get(node.op, 0.0)
            operations += node.op not in _FUNCTIONS
            left += node.args
    return functions, operations + len(group.stores)


def _torch_product(work: Work, memory_plan: MemoryPlan, product: Product) -> None:
    inner = [width_of(operand, memory_plan.sizes) for operand in product.operands]
    outer = sum(width_of(result, memory_plan.sizes) for result in product.results)
    joined = len(inner) if len(memory_plan.neighbours(product.operands)) > 1 else 1
    for depth in inner if joined > 1 else [sum(inner)]:
        _torch(work, memory_plan, "input projection", memory_plan.count, depth, outer)
    work.add("input projection", "torch bytes", 2 * sum(inner) * outer * memory_plan.shape.bytes)


def _torch(work: Work, memory_plan: MemoryPlan, stage: str, rows: int, depth: int, columns: int) -> None:
    """Add a product of torch's: rows by depth by columns, in any order."""
    lanes, bytes, threads = memory_plan.shape.lanes, memory_plan.shape.bytes, memory_plan.shape.threads
    filled = [-(-number // lanes) * lanes for number in (depth, columns)]
    work.add(stage, "torch product", 2 * rows * filled[0] * filled[1] * bytes / 4 / threads)
    work.add(stage, "torch bytes", (rows * (depth + columns) + depth * columns) * bytes / threads)
    work.add(stage, "torch call", 1)


def _weight_gradients(work: Work, memory_plan: MemoryPlan, sums: WeightGradients) -> None:
    if SUMS in memory_plan.program.names:
        _compiled_sums(work, memory_plan, sums)
        return
    sizes, stage = memory_plan.sizes, "weight gradients"
    for each in (*sums.transposed, *sums.matrices):
        for side in memory_plan.neighbours(each.deltas):
            _torch(work, memory_plan, stage, memory_plan.count, width_of(each.operand, sizes), side.width)
    for each in sums.summed:
        for operand, delta in zip(each.operands, each.deltas, strict=True):
            _torch(work, memory_plan, stage, memory_plan.count, width_of(operand, sizes), width_of(delta, sizes))
    for deltas in {each.deltas for each in sums.vectors}:
        apart = not memory_plan.program.totals.isdisjoint(deltas)
        rows = memory_plan.parts if apart else memory_plan.count
        width = sum(width_of(delta, sizes) for delta in deltas)
        work.add(stage, "torch bytes", rows * width * memory_plan.shape.bytes / memory_plan.shape.threads)
        work.add(stage, "torch call", len(deltas) if apart else len(memory_plan.neighbours(deltas)))


def _compiled_sums(work: Work, memory_plan: MemoryPlan, sums: WeightGradients) -> None:
    """Add the sums over rows of compiled code: two vectors of multiply-adds a cycle, as in a tile."""
    sizes, shape = memory_plan.sizes, memory_plan.shape

    def add(columns: int, width: int, rows: int) -> None:
        cycles = rows * columns * -(-width // shape.lanes) / 2
        work.add("weight gradients", "tile", cycles / (shape.threads if cycles > SUMS_FOR_A_THREAD else 1))

    for each in sums.transposed:
        add(sum(width_of(delta, sizes) for delta in each.deltas), width_of(each.operand, sizes), memory_plan.count)
    for each in sums.matrices:
        for delta in each.deltas:
            add(width_of(each.operand, sizes), width_of(delta, sizes), memory_plan.count)
    for each in sums.summed:
        for operand, delta in zip(each.operands, each.deltas, strict=True):
            add(width_of(operand, sizes), width_of(delta, sizes), memory_plan.count)
    for each in sums.vectors:
        for delta in each.deltas:
            rows = memory_plan.parts if delta in memory_plan.program.totals else memory_plan.count
            add(len(each.tensors), width_of(delta, sizes), rows)


def tiles(rows: int, panels: int) -> tuple[float, int]:
    """Return the cycles for each row of weights, and the calls, of a product's tiles; see `products`."""
    if rows < 4:
        wide = 4 if host().vector_bits != 256 else 2
        blocks, rest = divmod(panels, wide)
        pairs, single = divmod(rows, 2)
        cycles = blocks * (pairs * max(2 * wide, LATENCY) + single * max(wide, LATENCY))
        return cycles + rest * (pairs + single) * LATENCY, (blocks + rest) * (pairs + single)
    heights = _heights(rows)
    return panels * sum(max(height, LATENCY) for height in heights), panels * len(heights)


def _heights(rows: int) -> list[int]:
    """Return the heights of the tiles that rows are divided into."""
    full = host().tile_rows
    third, found = full // 3, []
    end = rows - full - third if third > 1 and rows % full == third and rows > full else rows
    done = end // full * full
    found += [full] * (done // full)
    for size in [each for each in (8, 6, 4, 2, 1) if each <= full]:
        number = (rows - done) // size
        found += [size] * number
        done += size * number
    return found
