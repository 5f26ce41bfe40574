"""What a pass has to do, in units whose prices a machine decides: multiply-adds, functions, bytes, calls.

The units of compiled code are those of the thread with the most rows; torch's products are shared by all threads.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

import numpy as np

from recurra.backends.llvm.arrangement import Arrangement
from recurra.backends.llvm.loops import Function
from recurra.backends.llvm.packing import PACK
from recurra.backends.llvm.places import number_of, width_of
from recurra.backends.llvm.schedule import Group
from recurra.backends.llvm.sums import ParameterSums
from recurra.derive.stages import Product
from recurra.graph.node import COMPARISONS, REDUCTIONS, Node
from recurra.plan.cpu.passes import Pass
from recurra.plan.cpu.tiles import LATENCY, tiles
from recurra.plan.work import Work

__all__ = ["BOUNDS", "MOVED", "UNITS", "work_of"]

UNITS: Mapping[str, str] = {
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
    "torch call": "calls of torch's products and sums",
    "packing": "numbers of weights packed",
    "team": "calls of a team of threads",
    "tensor": "tensors of parameters",
    "inference call": "directions of layers, run without history",
    "forward call": "directions of layers, run with history",
    "backward call": "directions of layers, run backwards",
    "stream call": "layers of a step of a stream",
    "inference start": "calls of a module without history",
    "forward start": "calls of a module with history",
    "backward start": "backward passes",
    "stream start": "steps of a stream",
}
"""Unit -> what is counted."""

BOUNDS: Mapping[str, tuple[str, ...]] = {
    "multiply-adds": ("tile", "narrow tile", "tile call", "torch product"),
    "reading weights": ("weights from L2", "weights from afar"),
    "functions": ("function", "operation", "row"),
    "reading and writing arrays": ("array bytes", "array bytes from afar", "array bytes from memory", "torch bytes"),
    "waiting": ("step", "barrier", "team"),
}
"""What can bind, and its units; what is in none is calls."""

MOVED = ("weights from L2", "weights from afar", "array bytes", "torch bytes")
"""The units of bytes that are moved; of each thread."""

_FUNCTIONS = {"sigmoid": 1.0, "tanh": 1.0, "exp": 0.8, "log": 1.4, "softplus": 2.4, "sqrt": 0.7, "div": 0.6}
"""What a function takes, a sigmoid being 1."""

_NOISE = 14
"""Operations of a draw."""

_FIRST_CACHE, _SECOND_CACHE, _LARGE = 32 << 10, 1 << 20, 16 << 20
"""Bytes that a core's caches hold beside the rest, and from which on all caches together do not."""


def work_of(run: Pass, /) -> Work:
    """Return what a pass has to do."""
    work, arrangement = Work(), run.arrangement
    program = arrangement.program
    footprint = _array_bytes(arrangement)
    for stage in program.before:
        if stage.function is not None:
            rows = np.full(-(-arrangement.count // 120), min(120, arrangement.count)) / _threads_over_rows(arrangement)
            _function(work, arrangement, stage.function, rows, "input projection")
    _function(work, arrangement, program.loop, _rows_of_steps(arrangement), "state products")
    for stage in program.after:
        for product in stage.products:
            _torch_product(work, arrangement, product)
        if stage.function is not None:
            rows = np.full(-(-arrangement.count // 120), min(120, arrangement.count)) / _threads_over_rows(arrangement)
            _function(work, arrangement, stage.function, rows, "pointwise")
    if run.sums is not None:
        _weight_gradients(work, arrangement, run.sums)
    threads = arrangement.shape.threads
    work.add("pointwise", "array bytes", footprint / threads)
    work.add("pointwise", "array bytes from afar", footprint * _beyond(2 * footprint, _SECOND_CACHE) / threads)
    work.add("pointwise", "array bytes from memory", footprint * _beyond(2 * footprint, _LARGE) / threads)
    _overhead(work, run)
    return work


def _beyond(bytes: float, cache: int) -> float:
    """Return the share of bytes, gone through again and again, that a cache does not hold."""
    return float(np.clip(bytes / cache - 1, 0, 1))


def _array_bytes(arrangement: Arrangement) -> int:
    """Return the bytes of all arrays of all rows that a pass reads or writes."""
    count = sum(place.width for node, place in arrangement.places.items() if node not in arrangement.program.totals)
    return count * arrangement.count * arrangement.shape.bytes


def _threads_over_rows(arrangement: Arrangement) -> int:
    return max(1, min(arrangement.shape.threads, arrangement.count // 64))


def _rows_of_steps(arrangement: Arrangement) -> np.ndarray:
    """Return the rows of each step of the thread that has the most."""
    order, shape = arrangement.order, arrangement.shape
    count = order.count[:-1]
    if arrangement.program.loop.is_joint:
        return count
    threads = max(1, min(shape.threads, shape.batch_sizes[0]))
    bounds, _ = order.bounds(threads)
    shares = [np.clip(count, low, high) - low for low, high in itertools.pairwise(bounds)]
    return max(shares, key=np.sum)


def _function(work: Work, arrangement: Arrangement, function: Function, rows: np.ndarray, stage: str) -> None:
    """Add what a compiled function does for these numbers of rows, one after the other."""
    rows = rows[rows > 0]
    numbers, times = np.unique(rows, return_counts=True)
    threads = arrangement.shape.threads if function.is_joint else 1
    bytes = _packed_bytes(arrangement, function.products) / threads
    for part in function.schedule.stages:
        for product in part.products:
            _product(work, arrangement, product, numbers, times, threads, stage, bytes)
        for group in part.groups:
            _group(work, arrangement, function, group, numbers, times, threads)
        work.add("overhead", "step", float(times.sum()) * (bool(part.products) + len(part.groups)))
        if function.is_joint:
            work.add("overhead", "barrier", float(times.sum()) * (bool(part.products) + len(part.groups)))


def _packed_bytes(arrangement: Arrangement, products: Iterable[Product]) -> int:
    return sum(_panels(arrangement, p) * _depth(arrangement, p) * arrangement.panel for p in products) * (
        arrangement.shape.bytes
    )


def _depth(arrangement: Arrangement, product: Product) -> int:
    return 1 + sum(width_of(operand, arrangement.sizes) for operand in product.operands)


def _panels(arrangement: Arrangement, product: Product) -> int:
    return arrangement.panels(sum(width_of(result, arrangement.sizes) for result in product.results))


def _product(
    work: Work, arrangement: Arrangement, product: Product, numbers: np.ndarray, times: np.ndarray, threads: int,
    stage: str, read: float,
) -> None:  # fmt: skip
    panels, depth = -(-_panels(arrangement, product) // threads), _depth(arrangement, product)
    bytes = panels * depth * arrangement.panel * arrangement.shape.bytes
    for number, count in zip(numbers.tolist(), times.tolist(), strict=True):
        cycles, calls = tiles(max(1, round(number)), panels)
        unit = "tile" if number >= LATENCY else "narrow tile"
        work.add(stage, unit, count * cycles * depth)
        work.add(stage, "tile call", count * calls)
        work.add(stage, "weights from L2", count * bytes * _beyond(read, _FIRST_CACHE))
        work.add(stage, "weights from afar", count * bytes * _beyond(read, _SECOND_CACHE))


def _group(
    work: Work, arrangement: Arrangement, function: Function, group: Group, numbers: np.ndarray, times: np.ndarray,
    threads: int,
) -> None:  # fmt: skip
    functions, operations = _in_registers(arrangement, function, group)
    rows = float(numbers @ times) / threads
    lanes, width = arrangement.shape.lanes, number_of(group.width, arrangement.sizes)
    pairs, left = divmod(width, 2 * lanes)
    vectors = 2 * pairs + 1.3 * -(-left // lanes)
    work.add("pointwise", "function", rows * vectors * functions)
    work.add("pointwise", "operation", rows * vectors * operations)
    work.add("pointwise", "row", rows)


def _in_registers(arrangement: Arrangement, function: Function, group: Group) -> tuple[float, float]:
    """Return the functions and the operations for a vector of a group's loop."""
    made = {result for product in function.products for result in product.results}
    stored = made | {*function.schedule.local, *arrangement.program.arrays}
    functions, operations, seen = 0.0, 0.0, set[Node]()
    left = [*group.stores]
    while left:
        node = left.pop()
        if node in seen or node.op == "constant":
            continue
        seen.add(node)
        is_read = (
            not node.args or node in made or (node in stored and (node not in group.stores or node.op in REDUCTIONS))
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


def _torch_product(work: Work, arrangement: Arrangement, product: Product) -> None:
    inner = [width_of(operand, arrangement.sizes) for operand in product.operands]
    outer = sum(width_of(result, arrangement.sizes) for result in product.results)
    joined = len(inner) if len(arrangement.neighbours(product.operands)) > 1 else 1
    for depth in inner if joined > 1 else [sum(inner)]:
        _torch(work, arrangement, "input projection", arrangement.count, depth, outer)
    work.add("input projection", "torch bytes", 2 * sum(inner) * outer * arrangement.shape.bytes)


def _torch(work: Work, arrangement: Arrangement, stage: str, rows: int, depth: int, columns: int) -> None:
    """Add a product of torch's: rows by depth by columns, in any order."""
    lanes, bytes, threads = arrangement.shape.lanes, arrangement.shape.bytes, arrangement.shape.threads
    filled = [-(-number // lanes) * lanes for number in (depth, columns)]
    work.add(stage, "torch product", 2 * rows * filled[0] * filled[1] * bytes / 4 / threads)
    work.add(stage, "torch bytes", (rows * (depth + columns) + depth * columns) * bytes / threads)
    work.add(stage, "torch call", 1)


def _weight_gradients(work: Work, arrangement: Arrangement, sums: ParameterSums) -> None:
    sizes, stage = arrangement.sizes, "weight gradients"
    for each in (*sums.upright, *sums.flat):
        for side in arrangement.neighbours(each.deltas):
            _torch(work, arrangement, stage, arrangement.count, width_of(each.operand, sizes), side.width)
    for deltas in {each.deltas for each in sums.vectors}:
        apart = not arrangement.program.totals.isdisjoint(deltas)
        rows = arrangement.parts if apart else arrangement.count
        width = sum(width_of(delta, sizes) for delta in deltas)
        work.add(stage, "torch bytes", rows * width * arrangement.shape.bytes / arrangement.shape.threads)
        work.add(stage, "torch call", len(deltas) if apart else len(arrangement.neighbours(deltas)))


def _overhead(work: Work, run: Pass) -> None:
    arrangement = run.arrangement
    program, calls = arrangement.program, arrangement.arguments.calls
    functions = [program.loop, *(s.function for s in (*program.before, *program.after) if s.function is not None)]
    packed = sum(_packed_bytes(arrangement, each.products) for each in functions) / arrangement.shape.bytes
    threads = max((call.threads for call in calls if call.name == PACK), default=1)
    work.add("overhead", f"{run.name} call", 1)
    if run.name != "stream":
        work.add("overhead", "packing", packed / threads)
        work.add("overhead", "team", sum(call.threads > 1 for call in calls))
        work.add("overhead", "tensor", run.tensors)
