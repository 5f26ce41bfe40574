"""The calls of compiled functions that a run makes, and their arguments under a memory plan, as one call table.

A small layer's arithmetic takes a few microseconds, which is what a handful of Python's operations takes. So all that
does not depend on addresses is worked out once for a shape, and where the calls are complete a run is a `Launch`: one
foreign call that is given addresses, in which machine code completes the table of arguments and does what it says.
"""

from __future__ import annotations

import ctypes
import functools
import math
import struct
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from recurra.backends.buffer_pool import take
from recurra.backends.evaluator import Evaluator
from recurra.backends.llvm.call_table import ADD, COPY, HEADER, LAUNCH, SCRIPT_FIELDS, ArgumentTable, Slot
from recurra.backends.llvm.compiler import MachineCode
from recurra.backends.llvm.loops import LINE, ROWS_AT_A_TIME, Function
from recurra.backends.llvm.memory_plan import ArrayPlace, KeptStates, MemoryPlan, Order, Piece, order_of
from recurra.backends.llvm.products import FIELDS, PACK, SUMS
from recurra.backends.llvm.weight_gradients import WeightGradients
from recurra.derive.schedule import StartedProduct
from recurra.derive.stages import Product
from recurra.graph.node import Node, number_of, topological, width_of
from recurra.graph.ops import numpy_spelling
from recurra.locks import made_once

__all__ = ["ROWS_FOR_A_THREAD", "SUMS_FOR_A_THREAD", "Calls", "FunctionCall", "Launch"]

ROWS_FOR_A_THREAD = 64
"""Of a loop over all rows: a thread with fewer is not worth waking."""
SUMS_FOR_A_THREAD = 1 << 19
"""Multiply-adds of weight gradients; fewer are not worth a team of threads."""
_BYTES_OF_A_SHARE = 4 * LINE  # of a row; of less, a processor that reads ahead reads the other threads' too
_ELEMENTS_FOR_A_THREAD = 1 << 16  # of weights to pack
_ZEROS = np.zeros(8)  # the widest vector
_SMALL = 1 << 16  # bytes that may wait for the next run
_KIND = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_char_p)  # the GIL is released


_Line = tuple[Sequence[int], Mapping[int, tuple[Hashable, int]]]


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
    handed : nodes, optional
        Those whose rows are handed out; None if it takes more than copies, so that the calls are not complete.
    is_kept : bool
        Whether a backward pass reads the memory of the kept arrays.
    sums : WeightGradients, optional
        The gradients that are handed out: ``("gradient", number of the tensor)``.

    Attributes
    ----------
    calls : list of FunctionCall
        What a run does, but for what comes after the loop unless the calls are complete.
    script : int or None
        Where the table begins by which one call does all of that; None where threads are Python's.
    after : list of lists of FunctionCall
        What each stage after the loop does.
    handed : tuple of names
        The memory where what is handed out lies: of a node's own, or ``("out", number)``, to which its rows are copied.
    results : tuple of (name, shape)
        The memory that a run of complete calls fills, beside gradients of tensors.
    own : tuple of Piece
        The memory that a run gives back at its end.
    is_complete : bool
        Whether the script does all that a run does: nothing is computed by torch, drawn, or once.
    table : ArgumentTable
    """

    def __init__(
        self,
        memory_plan: MemoryPlan,
        code: MachineCode | None,
        *,
        handed: Sequence[Node] | None = None,
        is_kept: bool = False,
        sums: WeightGradients | None = None,
    ) -> None:
        self.memory_plan, self.code, self.sums = memory_plan, code, sums
        is_whole, handed = handed is not None, handed or ()
        self.handed = tuple(
            ("row", node) if node in memory_plan.apart and node not in handed[:number] else ("out", number)
            for number, node in enumerate(handed)
        )
        self.program, self.shape = memory_plan.program, memory_plan.shape
        rows = [(memory_plan.count, width_of(node, memory_plan.sizes)) for node in handed]
        outs = [pair for pair in zip(self.handed, rows, strict=True) if pair[0][0] == "out"]
        kept = [(memory_plan.kept.name, (memory_plan.kept.length,))] if is_kept else []
        self.results: tuple[tuple[Hashable, tuple[int, ...]], ...] = (*memory_plan.alone, *outs, *kept)
        self.own = (memory_plan.work, memory_plan.totals, *(() if is_kept else (memory_plan.kept,)))
        self.table = ArgumentTable(self.shape.bytes)
        self.calls: list[FunctionCall] = []
        self.script: int | None = None
        self.after: list[list[FunctionCall]] = [[] for _ in self.program.after]
        self.is_complete = False
        if memory_plan.count:
            self._write_all({} if code is None else code.addresses, handed, is_whole=is_whole)
        self.table.settle()

    @functools.cached_property
    def leaves(self) -> tuple[Node, ...]:
        """The parameters of which a run needs the values: other values are computed from them."""
        by_torch = [product for stage in self.program.after for product in stage.products]
        needed = [weight for product in by_torch for line in product.weights for weight in line]
        names = (name for name in self.table.names if isinstance(name, tuple))
        needed += [node for kind, node in names if kind == "once"]
        return tuple(node for node in topological(needed) if node in self.memory_plan.parameters)

    @property
    def summed(self) -> tuple[int, ...]:
        """The numbers of the tensors of which a run of complete calls sums the gradients."""
        return () if self.sums is None else self.sums.tensors

    @made_once
    def launch(self) -> Launch:
        """A run as one foreign call; the calls have to be complete."""
        return Launch(self)

    def _write_all(self, addresses: Mapping[str, int], handed: Sequence[Node], *, is_whole: bool) -> None:
        self.calls.append(self._start())
        for stage in self.program.before:
            self.calls += self._over_rows(stage.function)
        self.calls += self._time_loop()
        self.after = [self._over_rows(stage.function) for stage in self.program.after]
        self._write_numbers()
        is_by_torch = any(stage.products for stage in self.program.after) or self.program.drawn
        is_once = any(isinstance(name, tuple) and name[0] == "once" for _, name in self.table.added)
        is_summed = self.sums is None or (SUMS in self.program.names and not self.sums.rest)
        calls = [*self.calls, *(call for each in self.after for call in each)]
        has_teams = all(call.threads == 1 or f"{call.name}.team" in self.program.names for call in calls)
        if is_whole and has_teams and is_summed and not is_by_torch and not is_once:
            self.calls = calls
            self.after = [[] for _ in self.after]
            self.calls += [*self._handing_out(handed), *self._weight_gradients()]
            self.is_complete = True
        self.calls[:0] = self._added_tensors()
        self.script = self._script(self.calls, addresses)
        self.is_complete &= self.script is not None

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
        elif program.loop.by_columns:
            width = number_of(program.loop.schedule.stages[0].groups[0].width, self.memory_plan.sizes)
            threads = max(1, min(shape.threads, width * shape.bytes // _BYTES_OF_A_SHARE))
            rows, bounds = shape.batch_sizes[0], np.zeros(1)
        else:
            threads = max(1, min(shape.threads, shape.batch_sizes[0]))
            bounds, rows = order.bounds(threads)
        header = {
            "steps": len(shape.batch_sizes), "batch": shape.batch_sizes[0], "bounds": self.table.of(bounds),
            "row_base": self.table.of(order.row_base), "count": self.table.of(order.count),
        }  # fmt: skip
        calls = self._write(program.loop, header, threads, rows)
        checkpoints = self.memory_plan.checkpoints
        if checkpoints is None:
            return calls
        if program.again is None:
            return self._keeping(checkpoints, calls)
        own = order_of(shape.batch_sizes, not shape.backwards)
        header |= {"row_base": self.table.of(own.row_base), "count": self.table.of(own.count)}
        again = self._write(program.again, header, threads, rows)
        return self._computing_again(checkpoints, calls, again, own)

    def _keeping(self, checkpoints: KeptStates, calls: Sequence[FunctionCall]) -> list[FunctionCall]:
        """Return the calls of a time loop that keeps states before each span of steps."""
        *found, loop = calls
        batch = self.shape.batch_sizes[0]
        for number, (first, end) in enumerate(checkpoints.spans(len(self.shape.batch_sizes))):
            pairs = []
            for state, place in checkpoints.places.items():
                of = self.memory_plan.places[state]  # of its two places in turns the first, as a span begins evenly
                pairs.append((of, replace(place, offset=place.offset + number * batch * place.stride)))
            found += [self._copied(pairs, batch), self._part(self.program.loop, loop, first, end)]
        return found

    def _computing_again(
        self, checkpoints: KeptStates, calls: Sequence[FunctionCall], again: Sequence[FunctionCall], order: Order
    ) -> list[FunctionCall]:
        """Return the calls of a time loop that, before each span of steps, computes states again; `order` is theirs."""
        assert self.program.again is not None
        *packing, loop = calls
        *more, forward = again
        found, batch, steps = [*packing, *more], self.shape.batch_sizes[0], len(self.shape.batch_sizes)
        spans = [*enumerate(checkpoints.spans(steps))]
        for number, (first, end) in reversed(spans):
            low = int(order.row_base[first:end].min())
            begin = int(order.row_base[first]) - low
            pairs = []
            for state, place in checkpoints.places.items():
                into = self.memory_plan.places[state]
                of = replace(place, offset=place.offset + number * batch * place.stride)
                pairs.append((of, replace(into, offset=into.offset + begin * into.stride)))
            found += [
                self._copied(pairs, int(order.count[first])),
                self._part(self.program.again, forward, first, end - 1, low),
                self._part(self.program.loop, loop, steps - end, steps - first, low),
            ]
        return found

    def _copied(self, pairs: Sequence[tuple[ArrayPlace, ArrayPlace]], rows: int) -> FunctionCall:
        """Return the call that copies so many rows from one place to another."""
        lines, bytes = [], self.shape.bytes
        for of, into in pairs:
            numbers = [0, 0, of.width * bytes, of.stride * bytes, into.stride * bytes, rows, 0]
            lines.append((numbers, {0: (of.memory, of.offset), 1: (into.memory, into.offset)}))
        return self._lines(COPY, lines)

    def _part(self, function: Function, call: FunctionCall, first: int, end: int, row: int = 0) -> FunctionCall:
        """Return a call of a time loop for some steps; the arrays of a span begin with this row."""
        table, slots = self.table, self.program.slots(function)
        length = len(slots)
        start = table.begin(length)
        table.numbers[start:] = table.numbers[call.start : call.start + length]
        own = range(call.start, call.start + length)  # packed weights are added when all other arguments are written
        table.added += [(at - call.start + start, name) for at, name in table.added if at in own]
        table.numbers[start + HEADER.index("first")] = first
        table.numbers[start + HEADER.index("steps")] = end
        for slot in slots.slots.values():
            if slot.kind in ("row", "state") and slot.node in self.memory_plan.dropped:
                place = self._place(slot)
                table.numbers[start + slot.place] -= row * place.stride * self.shape.bytes
        return replace(call, start=start)

    def _start(self) -> FunctionCall:
        """Write the table by which initial values get where the loop reads them, and totals begin with zeros."""
        lines, bytes, batch = [], self.shape.bytes, self.shape.batch_sizes[0]
        for carried in self.program.carried:
            place = self.memory_plan.places[carried.leaf]
            rows, places = [place.offset, place.offset + batch * place.stride], 0
            if carried.kept and self.memory_plan.order.start_rows is None:
                rows = [place.offset + int(self.memory_plan.order.row_base[0]) * place.stride]
            elif carried.kept:
                rows, places = [place.offset], self.table.of(np.asarray(self.memory_plan.order.start_rows))
            width = place.width * bytes
            numbers = [0, 0, width, width, place.stride * bytes, batch, places]
            lines += [(numbers, {0: (("initial", carried.leaf), 0), 1: (place.memory, offset)}) for offset in rows]
        totals = self.memory_plan.totals
        if length := totals.length * bytes:
            zeros = self.table.of(np.zeros(-(-length // 8)))
            lines.append(([zeros, 0, length, length, length, 1, 0], {1: (totals.name, 0)}))
        return self._lines(COPY, lines)

    def _handing_out(self, nodes: Sequence[Node]) -> list[FunctionCall]:
        """Return the call that copies what is handed out to where it is wanted, if anything lies elsewhere."""
        plan, bytes, lines = self.memory_plan, self.shape.bytes, []
        for name, node in zip(self.handed, nodes, strict=True):
            if name != ("row", node):
                place = plan.places[node]
                width = place.width * bytes
                numbers = [0, 0, width, place.stride * bytes, width, plan.count, 0]
                lines.append((numbers, {0: (place.memory, place.offset), 1: (name, 0)}))
        return [self._lines(COPY, lines)] if lines else []

    def _weight_gradients(self) -> list[FunctionCall]:
        """Return the calls that sum the gradients of the tensors over all rows."""
        if self.sums is None:
            return []
        plan, bytes, lines, added = self.memory_plan, self.shape.bytes, [], []
        ones = self.table.of(np.ones(8 // bytes, f"f{bytes}").view(np.int64))

        def line(left: ArrayPlace | None, right: ArrayPlace, into: tuple[Hashable, int], rows: int) -> None:
            """Let elements of memory be left.T @ right, or the sum of right, over so many rows."""
            numbers = [ones, 0, 0, right.stride * bytes, rows, 1, right.width, 0, right.width * bytes]
            if left is not None:
                numbers[1], numbers[5] = left.stride * bytes, left.width
            found = {2: (right.memory, right.offset), 7: into}
            lines.append((numbers, found if left is None else {0: (left.memory, left.offset), **found}))

        for each in self.sums.transposed:
            right, begin = plan.places[each.operand], 0
            for left in plan.neighbours(each.deltas):
                line(left, right, (("gradient", each.tensor), begin), plan.count)
                begin += left.width * right.width
        for each in self.sums.matrices:
            for tensor, delta in zip(each.tensors, each.deltas, strict=True):
                line(plan.places[each.operand], plan.places[delta], (("gradient", tensor), 0), plan.count)
        for each in self.sums.vectors:
            for tensor in each.tensors:
                begin = 0
                for right in plan.neighbours(each.deltas):
                    line(None, right, (("gradient", tensor), begin), plan.rows_at(right))
                    begin += right.width
        for each in self.sums.summed:
            into: tuple[Hashable, int] = (("gradient", each.tensor), 0)
            for number, (operand, delta) in enumerate(zip(each.operands, each.deltas, strict=True)):
                left, right = plan.places[operand], plan.places[delta]
                length = left.width * right.width
                part = (plan.work.name, plan.work.reserve(length)) if number else into
                line(left, right, part, plan.count)
                added += [([0, 0, 0, length], {0: into, 1: part, 2: into})] if number else []
        for tensor in self.sums.zero:  # sums over no rows
            length = self._length_of(tensor)
            line(None, ArrayPlace(plan.work.name, 0, 0, length), (("gradient", tensor), 0), 0)
        operations = sum(numbers[4] * numbers[5] * numbers[6] for numbers, _ in lines)
        has_team = f"{SUMS}.team" in self.program.names
        threads = self.shape.threads if has_team and operations > SUMS_FOR_A_THREAD else 1
        found = [replace(self._lines(SUMS, lines), threads=threads)]
        return [*found, self._lines(ADD, added)] if added else found

    def _length_of(self, tensor: int) -> int:
        """Return how many numbers a tensor of parameters has."""
        node, part = next(pair for pair in self.memory_plan.parameters.items() if tensor in pair[1].tensors)
        return part.count * math.prod(number_of(size, self.memory_plan.sizes) for size in node.shape)

    def _write_numbers(self) -> None:
        """Write down what is computed once of sizes and numbers alone: a run has nothing to compute of it."""
        table, left = self.table, []
        numpy = np.float64 if table.bytes == 8 else np.float32
        evaluator = Evaluator(numpy_spelling(), self.memory_plan.sizes, number=numpy, known={})
        for at, name in table.added:
            if isinstance(name, tuple) and name[0] == "once" and not _reads_parameters(name[1]):
                value = np.zeros(2, numpy) + evaluator.once(name[1])
                table.numbers[at] += table.of(value.view(np.int64)[:1])
            else:
                left.append((at, name))
        table.added = left

    def _added_tensors(self) -> list[FunctionCall]:
        """Return the call that adds tensors of which only the sum is read, if there are any."""
        plan, table, lines = self.memory_plan, self.table, []
        begun: dict[Hashable, int] = {}
        needed = {name for _, name in table.added}
        for part in plan.parameters.values():
            name = ("sum", part.tensors)
            if name in begun or name not in needed:
                continue
            length = self._length_of(part.tensors[0])
            begun[name] = plan.work.reserve(length)
            into, (first, *others) = (plan.work.name, begun[name]), part.tensors
            operand: tuple[Hashable, int] = (("tensor", first), 0)
            for other in others:
                lines.append(([0, 0, 0, length], {0: operand, 1: (("tensor", other), 0), 2: into}))
                operand = into
        for number, (at, name) in enumerate(table.added):
            if name in begun:
                table.numbers[at] += begun[name] * table.bytes
                table.added[number] = at, plan.work.name
        return [self._lines(ADD, lines)] if lines else []

    def _lines(self, name: str, lines: Sequence[_Line]) -> FunctionCall:
        """Write a table of lines, each its numbers and, by field, the elements of memory that are added to them."""
        begun = self.table.begin(1)
        self.table.numbers[begun] = len(lines)
        for numbers, added in lines:
            at = self.table.begin(len(numbers))
            self.table.numbers[at:] = numbers
            for field, (memory, elements) in added.items():
                self.table.add(at + field, memory, elements)
        return FunctionCall(name, begun, 1)

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
        slots, bytes = self.program.slots(function), self.shape.bytes
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
            elif slot.kind == "matrix":
                assert isinstance(slot.node, Node)
                matrix = self._matrix(slot.node)
                self.table.add(at, matrix.memory, bytes=matrix.begin)
                lies_by_rows = matrix.columns_apart == bytes and not matrix.is_stored
                self.table.numbers[at + 1] = matrix.rows_apart if lies_by_rows else -matrix.columns_apart
            elif slot.kind == "scale":
                assert isinstance(slot.node, Node)
                scale = self._scale(slot.node)
                self.table.add(at, scale.memory, bytes=scale.begin)
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
        if slot.kind == "final" and slot.node in self.memory_plan.dropped:
            return self.memory_plan.dropped[slot.node]
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
        table, memory_plan, storage = self.table, self.memory_plan, self.shape.storage
        sizes, panel = memory_plan.sizes, memory_plan.panel
        number, total = table.begin(1), 0
        for at, product in products:
            columns = [number_of(weight.shape[1], sizes) for weight in product.weights[0]]
            rows = [number_of(line[0].shape[0], sizes) for line in product.weights]
            panels, depth = memory_plan.panels(sum(columns)), storage.depth(rows)
            begun = memory_plan.work.reserve(panels * depth * panel)
            table.add(at, memory_plan.work.name, begun)
            table.numbers[at + 1] = panels
            start = product.start if isinstance(product, StartedProduct) else (None,) * len(columns)
            lines: list[tuple[int, Sequence[_Matrix | None]]] = [(1, [each and self._matrix(each) for each in start])]
            for count, line in zip(rows, product.weights, strict=True):
                lines.append((count, [self._matrix(weight) for weight in line]))
                lines += [(1, [self._scale(weight) for weight in line])] if storage.is_scaled else []
            first_row = 0
            for count, line in lines:
                is_stored = bool(line[0] and line[0].is_stored)
                whole, rest = divmod(count, storage.per_word) if is_stored else (count, 0)
                for j, matrix in enumerate(line):
                    self._write_block(matrix, [whole, columns[j], first_row, sum(columns[:j])], begun, depth, rest)
                first_row += whole + bool(rest)
            filling = panels * panel - sum(columns)
            if filling:
                self._write_block(None, [depth, filling, 0, sum(columns)], begun, depth)
            table.numbers[number] += len(columns) * len(lines) + bool(filling)
            total += panels * depth * panel
        return number, total

    def _write_block(
        self, matrix: _Matrix | None, extent: Sequence[int], begun: int, depth: int, rest: int = 0
    ) -> None:
        """Write a line of the table: a matrix, or zeros."""
        table, memory_plan = self.table, self.memory_plan
        at = table.begin(len(FIELDS))
        table.numbers[at:] = [table.of(_ZEROS), 0, 0, *extent, 0, depth, rest]
        table.add(at + FIELDS.index("panels"), memory_plan.work.name, begun)
        if matrix is not None:
            table.add(at, matrix.memory, bytes=matrix.begin)
            table.numbers[at + 1 : at + 3] = [matrix.rows_apart, matrix.columns_apart]

    def _matrix(self, weight: Node) -> _Matrix:
        """Return where a matrix of weights is."""
        is_transposed = weight.op == "transpose"
        node = weight.args[0] if is_transposed else weight
        part = self.memory_plan.parameters.get(node)
        bytes = self.table.bytes
        if part is not None and part.storage:
            inputs, outputs = (number_of(size, self.memory_plan.sizes) for size in node.shape)
            column = inputs * self.shape.storage.bytes
            return _Matrix(("tensor", part.tensors[0]), part.number * outputs * column, bytes, column, is_stored=True)
        place = self.memory_plan.once(node)
        lies_transposed = is_transposed != (part is not None and part.is_transposed)
        begin, apart = place.offset * bytes, place.stride * bytes
        strides = (bytes, apart) if lies_transposed else (apart, bytes)
        return _Matrix(place.memory, begin, *strides)

    def _scale(self, weight: Node) -> _Matrix:
        """Return where the scales of the columns of a matrix are, as a matrix of one row."""
        part, bytes = self.memory_plan.parameters[weight], self.table.bytes
        begin = part.number * number_of(weight.shape[1], self.memory_plan.sizes) * bytes
        return _Matrix(("tensor", part.scale), begin, 0, bytes)


@dataclass(frozen=True)
class _Matrix:
    """A matrix in a piece of memory, from a byte on; its rows and its columns are so many bytes apart.

    A stored one has words in place of numbers: they follow each other in a column.
    """

    memory: Hashable
    begin: int
    rows_apart: int
    columns_apart: int
    is_stored: bool = False


def _reads_parameters(node: Node) -> bool:
    return any(each.op not in ("constant", "size") for each in topological([node]) if not each.args)


class Launch:
    """A run of calls that are complete.

    Parameters
    ----------
    given : names of memory, by default those that the calls need
    own : names of results that nobody reads after a run, for which it has memory of its own

    Attributes
    ----------
    given : tuple of names
        Of the memory whose addresses a run is given, in this order; ``"seed"`` is a number.
    """

    def __init__(self, calls: Calls, given: Sequence[Hashable] | None = None, *, own: Sequence[Hashable] = ()) -> None:
        assert calls.code is not None
        assert calls.script is not None
        table, bytes = calls.table, calls.shape.bytes
        self._kept_alive = calls.code, table  # to which addresses point
        begins, begin = {}, 0
        lengths = {piece.name: piece.length for piece in calls.own}
        lengths |= {name: math.prod(shape) for name, shape in calls.results if name in own}
        for name, length in lengths.items():
            begins[name] = begin
            begin += -(-length * bytes // LINE) * LINE
        begins["arguments"] = begin  # the completed table is behind the run's own memory
        needed = [name for name in table.names if name not in begins]
        self.given = tuple(needed if given is None else given)
        if missing := set(needed).difference(self.given):
            raise KeyError(f"a run needs the addresses of {missing}")
        assert len(set(self.given)) == len(self.given), "a name stands for one piece of memory"
        self._length = begin // bytes + len(table.array) * 8 // bytes
        self._dtype = torch.float64 if bytes == 8 else torch.float32
        places = {name: number for number, name in enumerate(self.given)}
        mine, nothing = len(places), len(places) + 1
        sources = [*(places.get(name, mine) for name in table.names), nothing]
        offsets = np.array([*(begins[name] if name not in places else 0 for name in table.names), 0])
        self._numbers = table.array + offsets[table.sources]
        self._sources = np.array(sources, dtype=np.int64)[table.sources]
        arrays = (self._numbers, self._sources)
        self._plan = np.array(
            [len(self._numbers), *(each.ctypes.data for each in arrays), mine, begin, 8 * calls.script], dtype=np.int64
        )
        self._address = self._plan.ctypes.data
        # small memory waits here, with its address: to allocate it takes a microsecond
        self._spare: list[tuple[Tensor, int]] = []
        self._may_wait = self._length * bytes < _SMALL
        self._pack = struct.Struct(f"{nothing + 1}q").pack
        self._run = _KIND(calls.code.addresses[LAUNCH])

    def run(self, *addresses: int) -> None:
        """Run, with memory at these addresses, in the order of `given`. The GIL is released meanwhile."""
        try:
            own = self._spare.pop()
        except IndexError:  # another thread runs this, too
            memory = take((self._length,), self._dtype)
            own = memory, memory.data_ptr()
        self._run(self._address, self._pack(*addresses, own[1], 0))
        if self._may_wait and not self._spare:
            self._spare.append(own)
