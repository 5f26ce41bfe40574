"""The arguments of the compiled functions in one arrangement: numbers that are known, and where addresses are added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from recurra.backends.llvm.call_table import SCRIPT_FIELDS, START, START_FIELDS
from recurra.backends.llvm.loops import ROWS_AT_A_TIME, Function
from recurra.backends.llvm.packing import PACK
from recurra.backends.llvm.panels import write_panels
from recurra.backends.llvm.places import LINE, Piece, Place, width_of
from recurra.backends.llvm.slots import HEADER, Slot
from recurra.backends.llvm.table import Table
from recurra.derive.stages import Product
from recurra.graph.node import Node

if TYPE_CHECKING:
    from recurra.backends.llvm.memory_plan import Arrangement

__all__ = ["Arguments", "Call"]

_ROWS_FOR_A_THREAD = 64  # of a loop over all rows
_ELEMENTS_FOR_A_THREAD = 1 << 16  # of weights to pack


@dataclass(frozen=True)
class Call:
    """One call of a compiled function: where its arguments begin, and on how many threads it runs."""

    name: str
    start: int
    threads: int


class Arguments:
    """The calls of a run, and their arguments.

    Parameters
    ----------
    arrangement : where everything is; it makes room for threads and packed weights
    addresses : those of the compiled functions

    Attributes
    ----------
    calls : list of Call
        What a run does, but for what comes after the loop.
    script : int or None
        Where the table begins by which one call does all of that; None where threads are Python's.
    after : list of lists of Call
        What each stage after the loop does.
    table : Table
    """

    def __init__(self, arrangement: Arrangement, addresses: Mapping[str, int]) -> None:
        self.arrangement, self.program, self.shape = arrangement, arrangement.program, arrangement.shape
        self.table = Table(self.shape.bytes)
        self.calls: list[Call] = []
        self.script: int | None = None
        self.after: list[list[Call]] = [[] for _ in self.program.after]
        if arrangement.count:
            self._arrange_calls(addresses)
        self.table.settle()

    def _arrange_calls(self, addresses: Mapping[str, int]) -> None:
        self.calls.append(self._start())
        for stage in self.program.before:
            self.calls += self._over_rows(stage.function)
        self.calls += self._time_loop()
        self.after = [self._over_rows(stage.function) for stage in self.program.after]
        self.script = self._script(self.calls, addresses)

    def _over_rows(self, function: Function | None) -> list[Call]:
        if function is None:
            return []
        threads = max(1, min(self.shape.threads, self.arrangement.count // _ROWS_FOR_A_THREAD))
        bounds = self.table.of(np.linspace(0, self.arrangement.count, threads + 1))
        return self._arrange(
            function, {"bounds": bounds}, threads, min(ROWS_AT_A_TIME, -(-self.arrangement.count // threads))
        )

    def _time_loop(self) -> list[Call]:
        shape, program, order = self.shape, self.program, self.arrangement.order
        if program.loop.is_joint:
            threads, rows, bounds = shape.threads, shape.batch_sizes[0], np.zeros(1)
        else:
            threads = max(1, min(shape.threads, shape.batch_sizes[0]))
            bounds, rows = order.bounds(threads)
        header = {
            "steps": len(shape.batch_sizes), "batch": shape.batch_sizes[0], "bounds": self.table.of(bounds),
            "row_base": self.table.of(order.row_base), "count": self.table.of(order.count),
        }  # fmt: skip
        return self._arrange(program.loop, header, threads, rows)

    def _start(self) -> Call:
        """Write the table by which initial values get where the loop reads them."""
        number, bytes, batch = self.table.begin(1), self.shape.bytes, self.shape.batch_sizes[0]
        for carried in self.program.carried:
            place = self.arrangement.places[carried.leaf]
            rows, places = [place.offset, place.offset + batch * place.stride], 0
            if carried.kept and self.arrangement.order.start_rows is None:
                rows = [place.offset + int(self.arrangement.order.row_base[0]) * place.stride]
            elif carried.kept:
                rows, places = [place.offset], self.table.of(np.asarray(self.arrangement.order.start_rows))
            for offset in rows:
                at = self.table.begin(len(START_FIELDS))
                self.table.numbers[at : at + 6] = [0, 0, place.width * bytes, place.stride * bytes, batch, places]
                self.table.add(at, ("initial", carried.leaf), 0)
                self.table.add(at + 1, place.memory, offset)
                self.table.numbers[number] += 1
        return Call(START, number, 1)

    def _script(self, calls: Sequence[Call], addresses: Mapping[str, int]) -> int | None:
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

    def _arrange(self, function: Function, header: Mapping[str, int], threads: int, rows: int) -> list[Call]:
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
            self.arrangement.work.name,
            self.arrangement.work.reserve(pieces * thread_bytes // bytes),
        )
        if function.is_joint:
            self.table.add(start + HEADER.index("barrier"), "arguments", 0)
            counter = self.table.begin(3 * LINE // 8) + LINE // 8  # with a cache line for itself
            self.table.numbers[start + HEADER.index("barrier")] = 8 * counter
        if self.program.has_noise:
            self.table.add(start + HEADER.index("seed"), "seed")
        for k, name in enumerate(slots.sizes):
            self.table.numbers[start + len(HEADER) + k] = self.arrangement.sizes[name]
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
        return [*self._packing(packed), Call(function.name, start, threads)]

    def _packing(self, products: Sequence[tuple[int, Product]]) -> list[Call]:
        """Return the call that packs the weights of products, if there are any."""
        if not products:
            return []
        start, elements = write_panels(self.table, self.arrangement, products)
        return [Call(PACK, start, self.shape.threads if elements > _ELEMENTS_FOR_A_THREAD else 1)]

    def _place(self, slot: Slot) -> Place:
        """Return the place of what stands at a slot."""
        assert isinstance(slot.node, Node)
        if slot.kind == "once":
            return self.arrangement.once(slot.node)
        if slot.kind == "final":
            width = width_of(slot.node, self.arrangement.sizes)
            return Place((slot.kind, slot.node), 0, width, width)
        return self.arrangement.places[slot.node]

    def _noise_tables(self) -> dict[str, int]:
        if not self.program.has_noise:
            return {}
        arrangement, table = self.arrangement, self.table
        return {"sequence_table": table.of(arrangement.sequences), "step_table": table.of(arrangement.steps)}

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
                stride = piece.apart(piece.rounded(width_of(node, self.arrangement.sizes)))
                found[node] = piece.reserve(rows * stride) * bytes, stride
                continue
            widths = [width_of(result, self.arrangement.sizes) for result in product.results]
            stride = piece.apart(self.arrangement.panels(sum(widths)) * self.arrangement.panel)
            if product not in begun:
                begun[product] = piece.reserve(rows * stride)
            found[node] = (begun[product] + sum(widths[: product.results.index(node)])) * bytes, stride
        return found, piece.length * bytes
