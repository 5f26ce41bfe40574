"""The calls of compiled functions that a run makes, and their arguments under a memory plan, as one call table."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recurra.backends.llvm.call_table import HEADER, SCRIPT_FIELDS, START, START_FIELDS, ArgumentTable, Slot
from recurra.backends.llvm.compiler import MachineCode
from recurra.backends.llvm.loops import ROWS_AT_A_TIME, Function
from recurra.backends.llvm.memory_plan import LINE, ArrayPlace, MemoryPlan, Piece
from recurra.backends.llvm.products import FIELDS, PACK
from recurra.backends.llvm.schedule import StartedProduct
from recurra.derive.stages import Product
from recurra.graph.node import Node, number_of, topological, width_of

__all__ = ["ROWS_FOR_A_THREAD", "Calls", "FunctionCall"]

ROWS_FOR_A_THREAD = 64
"""Of a loop over all rows: a thread with fewer is not worth waking."""
_ELEMENTS_FOR_A_THREAD = 1 << 16  # of weights to pack
_ZERO = np.zeros(1)


@dataclass(frozen=True)
class FunctionCall:
    """One call of a compiled function: where its arguments begin, and on how many threads it runs."""

    name: str
    start: int
    threads: int


class Calls:
    """The calls of a run, and their arguments.

    Parameters
    ----------
    memory_plan : where every array is; its working memory grows by that of threads and of packed weights
    code : MachineCode or None
        The compiled functions; None if nothing is to be run.

    Attributes
    ----------
    calls : list of FunctionCall
        What a run does, but for what comes after the loop.
    script : int or None
        Where the table begins by which one call does all of that; None where threads are Python's.
    after : list of lists of FunctionCall
        What each stage after the loop does.
    table : ArgumentTable
    """

    def __init__(self, memory_plan: MemoryPlan, code: MachineCode | None) -> None:
        self.memory_plan, self.code = memory_plan, code
        self.program, self.shape = memory_plan.program, memory_plan.shape
        self.table = ArgumentTable(self.shape.bytes)
        self.calls: list[FunctionCall] = []
        self.script: int | None = None
        self.after: list[list[FunctionCall]] = [[] for _ in self.program.after]
        if memory_plan.count:
            self._write_all({} if code is None else code.addresses)
        self.table.settle()

    @functools.cached_property
    def leaves(self) -> tuple[Node, ...]:
        """The parameters of which a run needs the values: other values are computed from them."""
        by_torch = [product for stage in self.program.after for product in stage.products]
        needed = [weight for product in by_torch for line in product.weights for weight in line]
        names = (name for name in self.table.names if isinstance(name, tuple))
        needed += [node for kind, node in names if kind == "once"]
        return tuple(node for node in topological(needed) if node in self.memory_plan.parameters)

    def _write_all(self, addresses: Mapping[str, int]) -> None:
        self.calls.append(self._start())
        for stage in self.program.before:
            self.calls += self._over_rows(stage.function)
        self.calls += self._time_loop()
        self.after = [self._over_rows(stage.function) for stage in self.program.after]
        self.script = self._script(self.calls, addresses)

    def _over_rows(self, function: Function | None) -> list[FunctionCall]:
        if function is None:
            return []
        threads = max(1, min(self.shape.threads, self.memory_plan.count // ROWS_FOR_A_THREAD))
        bounds = self.table.of(np.linspace(0, self.memory_plan.count, threads + 1))
        return self._write(
            function, {"bounds": bounds}, threads, min(ROWS_AT_A_TIME, -(-self.memory_plan.count // threads))
        )

    def _time_loop(self) -> list[FunctionCall]:
        shape, program, order = self.shape, self.program, self.memory_plan.order
        if program.loop.is_joint:
            threads, rows, bounds = shape.threads, shape.batch_sizes[0], np.zeros(1)
        else:
            threads = max(1, min(shape.threads, shape.batch_sizes[0]))
            bounds, rows = order.bounds(threads)
        header = {
            "steps": len(shape.batch_sizes), "batch": shape.batch_sizes[0], "bounds": self.table.of(bounds),
            "row_base": self.table.of(order.row_base), "count": self.table.of(order.count),
        }  # fmt: skip
        return self._write(program.loop, header, threads, rows)

    def _start(self) -> FunctionCall:
        """Write the table by which initial values get where the loop reads them."""
        number, bytes, batch = self.table.begin(1), self.shape.bytes, self.shape.batch_sizes[0]
        for carried in self.program.carried:
            place = self.memory_plan.places[carried.leaf]
            rows, places = [place.offset, place.offset + batch * place.stride], 0
            if carried.kept and self.memory_plan.order.start_rows is None:
                rows = [place.offset + int(self.memory_plan.order.row_base[0]) * place.stride]
            elif carried.kept:
                rows, places = [place.offset], self.table.of(np.asarray(self.memory_plan.order.start_rows))
            for offset in rows:
                at = self.table.begin(len(START_FIELDS))
                self.table.numbers[at : at + 6] = [0, 0, place.width * bytes, place.stride * bytes, batch, places]
                self.table.add(at, ("initial", carried.leaf), 0)
                self.table.add(at + 1, place.memory, offset)
                self.table.numbers[number] += 1
        return FunctionCall(START, number, 1)

    def _script(self, calls: Sequence[FunctionCall], addresses: Mapping[str, int]) -> int | None:
        """Write the table by which one call does all of these; None if a team of threads is missing."""
        names = [call.name if call.threads == 1 else f"{call.name}.team" for call in calls]
        if not all(name in addresses for name in names):
            return None
        start = self.table.begin(1)
        self.table.numbers[start] = len(calls)
        for name, call in zip(names, calls, strict=True):
            at = self.table.begin(len(SCRIPT_FIELDS))
            self.table.numbers[at : at + 3] = [addresses[name], 8 * call.start, call.threads]
            self.table.added.append((at + 1, "arguments"))
        return start

    def _write(self, function: Function, header: Mapping[str, int], threads: int, rows: int) -> list[FunctionCall]:
        """Write the arguments of a function, and of what packs for it; a thread has at most `rows` rows."""
        slots, bytes = function.slots, self.shape.bytes
        start = self.table.begin(len(slots))
        local, thread_bytes = self._local(function, rows)
        fields = {**header, **self._noise_tables(), "scratch_bytes": thread_bytes}
        for name, value in fields.items():
            self.table.numbers[start + HEADER.index(name)] = value
        pieces = 1 if function.is_joint else threads
        self.table.add(
            start + HEADER.index("scratch"),
            self.memory_plan.work.name,
            self.memory_plan.work.reserve(pieces * thread_bytes // bytes),
        )
        if function.is_joint:
            self.table.add(start + HEADER.index("barrier"), "arguments", 0)
            # all threads write to the counter: nothing else may stand in its cache line, wherever the table begins
            counter = self.table.begin(3 * LINE // 8) + LINE // 8
            self.table.numbers[start + HEADER.index("barrier")] = 8 * counter
        if self.program.has_noise:
            self.table.add(start + HEADER.index("seed"), "seed")
        for k, name in enumerate(slots.sizes):
            self.table.numbers[start + len(HEADER) + k] = self.memory_plan.sizes[name]
        for slot in slots.slots.values():
            at = start + slot.place
            if slot.kind == "local":
                assert isinstance(slot.node, Node)
                self.table.numbers[at], self.table.numbers[at + 1] = local[slot.node]
            elif slot.kind != "weights":
                place = self._place(slot)
                self.table.add(at, place.memory, place.offset)
                self.table.numbers[at + 1] = place.stride
        packed = [(start + slot.place, slot.node) for slot in slots.slots.values() if isinstance(slot.node, Product)]
        return [*self._packing(packed), FunctionCall(function.name, start, threads)]

    def _packing(self, products: Sequence[tuple[int, Product]]) -> list[FunctionCall]:
        """Return the call that packs the weights of products, if there are any."""
        if not products:
            return []
        start, elements = self._write_panels(products)
        return [FunctionCall(PACK, start, self.shape.threads if elements > _ELEMENTS_FOR_A_THREAD else 1)]

    def _place(self, slot: Slot) -> ArrayPlace:
        """Return the place of what stands at a slot."""
        assert isinstance(slot.node, Node)
        if slot.kind == "once":
            return self.memory_plan.once(slot.node)
        if slot.kind == "final":
            width = width_of(slot.node, self.memory_plan.sizes)
            return ArrayPlace((slot.kind, slot.node), 0, width, width)
        return self.memory_plan.places[slot.node]

    def _noise_tables(self) -> dict[str, int]:
        if not self.program.has_noise:
            return {}
        memory_plan, table = self.memory_plan, self.table
        return {"sequence_table": table.of(memory_plan.sequences), "step_table": table.of(memory_plan.steps)}

    def _local(self, function: Function, rows: int) -> tuple[dict[Node, tuple[int, int]], int]:
        """Return the places of values in a thread's own memory, bytes and stride each, and its bytes."""
        products = function.products
        of = {result: product for product in products for result in product.results}
        piece, bytes = Piece("local", self.shape.bytes), self.shape.bytes
        begun: dict[Product, int] = {}
        found: dict[Node, tuple[int, int]] = {}
        for node in function.schedule.local:
            product = of.get(node)
            if product is None:
                stride = piece.apart(piece.rounded(width_of(node, self.memory_plan.sizes)))
                found[node] = piece.reserve(rows * stride) * bytes, stride
                continue
            widths = [width_of(result, self.memory_plan.sizes) for result in product.results]
            stride = piece.apart(self.memory_plan.panels(sum(widths)) * self.memory_plan.panel)
            if product not in begun:
                begun[product] = piece.reserve(rows * stride)
            found[node] = (begun[product] + sum(widths[: product.results.index(node)])) * bytes, stride
        return found, piece.length * bytes

    def _write_panels(self, products: Sequence[tuple[int, Product]]) -> tuple[int, int]:
        """Write the table by which weights are packed, and where each product finds them.

        A product is given with the place of its argument. Returns where the table begins, and how many elements it
        fills.
        """
        table, memory_plan = self.table, self.memory_plan
        sizes, panel = memory_plan.sizes, memory_plan.panel
        number, total = table.begin(1), 0
        for at, product in products:
            columns = [number_of(weight.shape[1], sizes) for weight in product.weights[0]]
            rows = [number_of(line[0].shape[0], sizes) for line in product.weights]
            panels, depth = memory_plan.panels(sum(columns)), 1 + sum(rows)
            begun = memory_plan.work.reserve(panels * depth * panel)
            table.add(at, memory_plan.work.name, begun)
            table.numbers[at + 1] = panels
            start = product.start if isinstance(product, StartedProduct) else (None,) * len(columns)
            lines = ((1, start), *zip(rows, product.weights, strict=True))
            blocks = [
                (weight, lines[k][0], columns[j], sum(count for count, _ in lines[:k]), sum(columns[:j]))
                for k, (_, line) in enumerate(lines)
                for j, weight in enumerate(line)
            ]
            rest = panels * panel - sum(columns)
            blocks += [(None, depth, rest, 0, sum(columns))] if rest else []
            for weight, *numbers in blocks:
                self._write_block(weight, [*numbers, depth], begun)
            table.numbers[number] += len(blocks)
            total += panels * depth * panel
        return number, total

    def _write_block(self, weight: Node | None, numbers: Sequence[int], begun: int) -> None:
        """Write a line of the table: a weight, or zeros."""
        table, memory_plan = self.table, self.memory_plan
        at, (*extent, depth) = table.begin(len(FIELDS)), numbers
        table.numbers[at:] = [table.of(_ZERO), 0, 0, *extent, 0, depth]
        table.add(at + FIELDS.index("panels"), memory_plan.work.name, begun)
        if weight is not None:
            is_transposed = weight.op == "transpose"
            node = weight.args[0] if is_transposed else weight
            place, part = memory_plan.once(node), memory_plan.parameters.get(node)
            lies_transposed = is_transposed != (part is not None and part.is_transposed)
            table.add(at, place.memory, place.offset)
            strides = (1, place.stride) if lies_transposed else (place.stride, 1)
            table.numbers[at + 1 : at + 3] = [stride * table.bytes for stride in strides]
