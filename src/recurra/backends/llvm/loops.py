"""The functions of a plan: a segment over all rows, or the time loop with its segment inside."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from recurra.backends.llvm.barrier import write_barrier
from recurra.backends.llvm.call_table import write_script, write_start
from recurra.backends.llvm.elementwise import GroupLoop
from recurra.backends.llvm.flow import Flow, constant
from recurra.backends.llvm.packing import PACK, write_packing
from recurra.backends.llvm.products import Operand, Tiles
from recurra.backends.llvm.schedule import Schedule, SegmentStage
from recurra.backends.llvm.slots import Slot, Slots
from recurra.backends.llvm.target import Target, scalar_type
from recurra.backends.llvm.threads import write_team
from recurra.backends.llvm.values import Rows
from recurra.backends.llvm.vectors import I64
from recurra.derive.stages import Product
from recurra.graph.node import Node, Size

__all__ = ["PARTS_OF_A_TOTAL", "ROWS_AT_A_TIME", "Carried", "Function", "Writer"]

Value = Any
ROWS_AT_A_TIME = 120
"""Of a function over all rows: a multiple of the rows of every tile."""
PARTS_OF_A_TOTAL = 8
"""A thread adds to so many rows in turns, which torch adds up: the fewer numbers in one sum, the smaller its error."""


@dataclass(frozen=True)
class Carried:
    """What goes from step to step: a leaf, its next value, and whether every step's value is kept."""

    leaf: Node
    following: Node
    kept: bool


@dataclass(frozen=True)
class Function:
    """A compiled function's name and arguments, and whether its threads work jointly."""

    name: str
    schedule: Schedule
    slots: Slots
    is_joint: bool = False

    @property
    def products(self) -> list[Product]:
        """The products that it computes."""
        return [product for stage in self.schedule.stages for product in stage.products]


class Writer:
    """Writes the functions of one module, in one dtype.

    Parameters
    ----------
    arrays : the row-wise nodes that have an array of all rows; what has none is computed where it is used
    totals : those that are added up over the rows
    """

    def __init__(
        self,
        target: Target,
        dtype: str,
        sizes: Sequence[str],
        arrays: Collection[Node],
        totals: Collection[Node] = (),
    ) -> None:
        self.target, self.dtype, self.sizes = target, dtype, sizes
        self.arrays, self.totals = set(arrays), frozenset(totals)
        self.scalar, self.lanes = scalar_type(dtype), target.lanes(dtype)
        self.bytes = 8 if dtype == "float64" else 4
        self.module = ir.Module(name="recurra")
        self.module.triple = target.triple
        self.tiles = Tiles(self.module, target, self.scalar, self.lanes)
        self.functions: list[Function] = []

    def over_rows(self, name: str, schedule: Schedule) -> Function:
        """Write a function over all rows, a share of them on each thread."""
        body = Body(self, name, schedule, ())
        body.over_rows()
        return self._finished(body)

    def over_steps(self, name: str, schedule: Schedule, carried: Sequence[Carried], *, is_joint: bool) -> Function:
        """Write a function that runs the time loop.

        Each thread runs a share of the sequences by itself. If the work is joint, all of them run every sequence:
        a thread computes a share of each product, waits for the others, and goes on with a share of the rest.
        """
        body = Body(self, name, schedule, carried, is_joint=is_joint)
        body.over_steps()
        return self._finished(body)

    def _finished(self, body: Body) -> Function:
        body.builder.ret_void()
        function = Function(body.name, body.schedule, body.slots, body.is_joint)
        self.functions.append(function)
        return function

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the functions that several threads may run: packing is one if there is a product."""
        packing = [PACK] if any(function.products for function in self.functions) else []
        return (*(function.name for function in self.functions), *packing)

    def text(self, *, team: bool) -> str:
        """Return the module; with `team`, each function also as one that a team of OpenMP threads runs."""
        write_script(self.module)
        write_start(self.module)
        if PACK in self.names:
            write_packing(self.module, self.scalar, self.lanes)
        if team:
            joint = {function.name for function in self.functions if function.is_joint}
            for name in self.names:
                write_team(self.module, name, is_joint=name in joint)
        return str(self.module)


class Body:
    """One function while it is being written."""

    def __init__(
        self, writer: Writer, name: str, schedule: Schedule, carried: Sequence[Carried], *, is_joint: bool = False
    ) -> None:
        self.writer, self.name, self.schedule, self.carried = writer, name, schedule, carried
        self.is_joint = is_joint
        self.slots = Slots(writer.sizes)
        function = ir.Function(writer.module, ir.FunctionType(ir.VoidType(), [I64, I64, I64]), name)
        self.arguments, self.thread, self.threads = function.args
        self.entry = ir.IRBuilder(function.append_basic_block("entry"))  # loads of arguments stand here
        start = function.append_basic_block("start")
        self.entry_end = self.entry.branch(start)
        self.entry.position_before(self.entry_end)
        self.builder = ir.IRBuilder(start)
        self.flow = Flow(self.builder)
        self.loaded: dict[int, Value] = {}
        self.local, self.made = set(schedule.local), {r for s in schedule.stages for p in s.products for r in p.results}

    # arguments ---------------------------------------------------------------------------------------------------

    def argument(self, place: int) -> Value:
        """Return an argument; it is loaded once, at the entry."""
        if place not in self.loaded:
            pointer = self.entry.inttoptr(self.arguments, ir.PointerType())
            at = self.entry.gep(pointer, [constant(place)], source_etype=I64)
            self.loaded[place] = self.entry.load(at, typ=I64)
        return self.loaded[place]

    def header(self, name: str) -> Value:
        """Return a header field."""
        return self.argument(self.slots.header(name))

    def size(self, size: Size) -> Value:
        """Return the number of a size."""
        return constant(size) if isinstance(size, int) else self.argument(self.slots.size(size))

    def table(self, name: str, index: Value) -> Value:
        """Return an entry of a table of whole numbers."""
        pointer = self.builder.inttoptr(self.header(name), ir.PointerType())
        return self.builder.load(self.builder.gep(pointer, [index], source_etype=I64), typ=I64)

    def scratch(self) -> Value:
        """Return the address of this thread's own memory, or of that which all share."""
        if self.is_joint:
            return self.header("scratch")
        return self.builder.add(self.header("scratch"), self.builder.mul(self.thread, self.header("scratch_bytes")))

    # loops -------------------------------------------------------------------------------------------------------

    def share(self) -> tuple[Value, Value]:
        """Return the first and the end of this thread's share of the rows."""
        if self.is_joint:
            return constant(0), self.header("batch")
        return self.table("bounds", self.thread), self.table("bounds", self.builder.add(self.thread, constant(1)))

    def over_rows(self) -> None:
        """Write the loops over all rows, some at a time, so that what one leaves in the cache the next finds there."""
        b = self.builder
        first, end = self.share()

        def part(at: Value) -> None:
            following = b.add(at, constant(ROWS_AT_A_TIME))
            last = b.select(b.icmp_signed("<", following, end), following, end)
            rows = Rows(at, last, constant(0), {}, {}, None, None)
            for stage in self.schedule.stages:
                self.stage(stage, rows)

        whole = b.mul(b.sdiv(b.add(b.sub(end, first), constant(ROWS_AT_A_TIME - 1)), constant(ROWS_AT_A_TIME)),
                      constant(ROWS_AT_A_TIME))  # fmt: skip
        self.flow.repeat(first, b.add(first, whole), ROWS_AT_A_TIME, part)

    def over_steps(self) -> None:
        """Write the time loop."""
        low, high = self.share()

        def step(number: Value) -> None:
            b = self.builder
            following = b.add(number, constant(1))
            count, base = self.table("count", number), self.table("row_base", number)
            end = b.select(b.icmp_signed("<", count, high), count, high)
            turn = b.mul(b.and_(number, constant(1)), self.header("batch"))
            rows = Rows(
                low,
                end,
                base,
                {True: base, False: turn},
                {True: self.table("row_base", following), False: b.sub(self.header("batch"), turn)},
                self.table("count", following),
                number,
            )
            with b.if_then(b.icmp_signed("<", low, end)):
                for stage in self.schedule.stages:
                    self.stage(stage, rows)

        self.flow.repeat(constant(0), self.header("steps"), 1, step)

    def stage(self, stage: SegmentStage, rows: Rows) -> None:
        """Write the products and the loops of a stage."""
        for product in stage.products:
            self.product(product, rows)
        if stage.products:
            self.wait()
        loops = [GroupLoop(self, group, rows) for group in stage.groups]
        if self.is_joint or any(group.is_across_rows for group in stage.groups):
            for loop in loops:
                loop.write()
                self.wait()
            return

        def each(row: Value) -> None:
            for loop in loops:
                loop.write_row(row)

        self.flow.repeat(rows.first, rows.end, 1, each)

    def wait(self) -> None:
        """Wait for the other threads, if the work is joint."""
        if self.is_joint:
            barrier = write_barrier(self.writer.module)
            self.builder.call(barrier, [self.header("barrier"), self.threads])

    def part(self, count: Value) -> tuple[Value, Value]:
        """Return this thread's part of so many pieces: from the first to before the second."""
        if not self.is_joint:
            return constant(0), count
        b = self.builder
        return (
            b.sdiv(b.mul(count, self.thread), self.threads),
            b.sdiv(b.mul(count, b.add(self.thread, constant(1))), self.threads),
        )

    def product(self, product: Product, rows: Rows) -> None:
        """Write a product; its results lie side by side, in the thread's memory or in an array."""
        weights = self.slots.slot("weights", product)
        panels = self.part(self.argument(weights.place + 1))
        operands = []
        for node in product.operands:
            address, stride = self.row(node, rows, rows.first)
            operands.append(Operand(address, stride, self.size(node.shape[-1])))
        result, stride = self.row(product.results[0], rows, rows.first)
        row_bytes = self.builder.mul(stride, constant(self.writer.bytes))
        count = self.builder.sub(rows.end, rows.first)
        self.writer.tiles.emit(self.builder, operands, self.argument(weights.place), panels, count, result, row_bytes)

    # arrays ------------------------------------------------------------------------------------------------------

    def address(self, slot: Slot, row: Value) -> Value:
        """Return the address of a row of an array."""
        b = self.builder
        base = self.argument(slot.place)
        if slot.kind == "local":
            base = b.add(base, self.scratch())
        return b.add(base, b.mul(row, b.mul(self.argument(slot.place + 1), constant(self.writer.bytes))))

    def row(self, node: Node, rows: Rows, row: Value) -> tuple[Value, Value]:
        """Return the address and the stride of the row of a node that is stored, to be read."""
        b = self.builder
        state = next((c for c in self.carried if c.leaf is node), None)
        if state is not None:
            slot, at = self.slots.slot("state", node), b.add(rows.place[state.kept], row)
        elif node in self.local:
            slot, at = self.slots.slot("local", node), b.sub(row, rows.first)
        else:
            slot, at = self.slots.slot("row", node), b.add(rows.base, row)
        return self.address(slot, at), self.argument(slot.place + 1)

    def destinations(self, node: Node, rows: Rows, row: Value) -> list[Value]:
        """Return the addresses of the rows where a node's value goes."""
        b = self.builder
        if node in self.writer.totals:
            own = b.mul(self.thread, constant(PARTS_OF_A_TOTAL))
            part = b.and_(b.add(rows.base, row), constant(PARTS_OF_A_TOTAL - 1))
            return [self.address(self.slots.slot("total", node), b.add(own, part))]
        found = []
        if node in self.local and node not in self.made:
            found.append(self.address(self.slots.slot("local", node), b.sub(row, rows.first)))
        if node in self.schedule.written:
            found.append(self.address(self.slots.slot("row", node), b.add(rows.base, row)))
        for carried in self.carried:
            if carried.following is node:
                assert rows.running_next is not None
                at = b.add(rows.next_place[carried.kept], row)
                goes_on = self.address(self.slots.slot("state", carried.leaf), at)
                ends = self.address(self.slots.slot("final", carried.leaf), row)
                found.append(b.select(b.icmp_signed("<", row, rows.running_next), goes_on, ends))
        return found
