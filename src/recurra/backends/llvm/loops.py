"""Loops: the functions of a plan, each a segment over all rows, or the time loop with its segment inside.

`module_of` is the module of some functions, `ModuleWriter` writes it, `Body` one function of it, `LoopWriter` a loop
over the features, `Values` what stands in registers at one row and a vector of features.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from llvmlite import ir

from recurra.backends.llvm.call_table import Slot, Slots
from recurra.backends.llvm.compiler import Target, scalar_type
from recurra.backends.llvm.denormals import Flushing
from recurra.backends.llvm.module import Description, Module, Written
from recurra.backends.llvm.products import Tiles, write_unpacked
from recurra.backends.llvm.storage import Operand, Storage
from recurra.backends.llvm.threads import write_barrier, write_team
from recurra.backends.llvm.vectors import BRANCHING, I32, I64, SPELLING, ControlFlow, Vectors, constant
from recurra.backends.noise import DROPPED_BITS, MASK, STRIDE, UNIFORM_STEP, kind_of, mix, threshold
from recurra.derive.schedule import FusedLoop, Schedule, SegmentStage, StartedProduct
from recurra.derive.stages import Product
from recurra.graph.compound import Size, factors_of, product_of
from recurra.graph.node import COMPARISONS, REDUCTIONS, SCANS, Node, Shape

__all__ = [
    "LINE",
    "PARTS_OF_A_TOTAL",
    "ROWS_AT_A_TIME",
    "Carried",
    "Function",
    "ModuleForm",
    "ModuleWriter",
    "module_of",
]

Value = Any
LINE = 64
"""Bytes to which memory is aligned: a cache line, and the widest vector."""
ROWS_AT_A_TIME = 120
"""Of a function over all rows: a multiple of the rows of every tile."""
PARTS_OF_A_TOTAL = 8
"""A thread adds to so many rows in turns, which torch adds up: the fewer numbers in one sum, the smaller its error."""
LINES = 2
"""Of a matrix, along which a loop goes at once."""
_NEUTRAL = {"sum": 0.0, "max": -math.inf, "min": math.inf}
"""Reduction -> the number that changes no other."""


@dataclass(frozen=True)
class Carried:
    """What goes from step to step: a leaf, its next value, and whether every step's value is kept."""

    leaf: Node
    following: Node
    kept: bool


@dataclass(frozen=True)
class Function:
    """A function: a schedule over all rows, a share of them on each thread, or in the time loop.

    Of a time loop each thread runs a share of the sequences by itself. If the work is joint, all of them run every
    sequence: a thread computes a share of each product, waits for the others, and goes on with a share of the rest.

    Attributes
    ----------
    name : str
    schedule : Schedule
    over_steps : bool
        Whether it is a time loop.
    carried : tuple of Carried
        What that carries from step to step.
    is_joint : bool
    by_columns : bool
        Whether each thread runs a share of the features of every sequence by itself: no feature may read another.
    arrays : frozenset of nodes, or None
        The arrays that it may read, by default all of its module.
    """

    name: str
    schedule: Schedule
    over_steps: bool = False
    carried: tuple[Carried, ...] = ()
    is_joint: bool = False
    by_columns: bool = False
    arrays: frozenset[Node] | None = None

    @property
    def products(self) -> list[Product]:
        """The products that it computes."""
        return [product for stage in self.schedule.stages for product in stage.products]


@dataclass(frozen=True)
class Rows:
    """Which rows a loop runs over, and where their values stand.

    Attributes
    ----------
    first, end : row numbers in the batch (or of all rows)
    base : what is added to find the row among those of all steps
    place, next_place : the same for carried values: (kept for every step, or in turns)
    running_next : rows below this number go on to the next step; None outside of a time loop
    step : the step's number; None where a table says it
    """

    first: Value
    end: Value
    base: Value
    place: Mapping[bool, Value]
    next_place: Mapping[bool, Value]
    running_next: Value | None
    step: Value | None


@dataclass(frozen=True)
class ModuleForm:
    """What all functions of a module have in common.

    Attributes
    ----------
    target, dtype, sizes : for which, in which and with which names of sizes it is written
    is_packed : bool
        Whether products read packed weights, or weights as they lie.
    storage : Storage
        Of the weights.
    team : bool
        Whether each function is there also as one that a team of OpenMP threads runs.
    arrays : frozenset of nodes
        The row-wise ones that have an array of all rows; what has none is computed where it is used.
    totals : frozenset of nodes
        Those that are added up over the rows.
    """

    target: Target
    dtype: str
    sizes: tuple[str, ...]
    is_packed: bool
    storage: Storage
    team: bool
    arrays: frozenset[Node]
    totals: frozenset[Node]


def module_of(form: ModuleForm, functions: Sequence[Function]) -> Module:
    """Return the module of some functions."""
    names = [each for f in functions for each in ((f.name, f"{f.name}.team") if form.team else (f.name,))]
    return Module(
        names, form.target, lambda: Description(tuple(functions), form), lambda: ModuleWriter(form).write(functions)
    )


class ModuleWriter:
    """Writes the functions of one module."""

    def __init__(self, form: ModuleForm) -> None:
        self.form = form
        self.scalar, self.lanes = scalar_type(form.dtype), form.target.lanes(form.dtype)
        self.bytes = 8 if form.dtype == "float64" else 4
        self.module = ir.Module(name="recurra")
        self.module.triple = form.target.triple
        self.tiles = Tiles(self.module, form.target, self.scalar, self.lanes, form.storage)

    def write(self, functions: Sequence[Function]) -> Written:
        """Return the module, and the arrays of its functions."""
        slots = {function.name: self._slots_of(function) for function in functions}
        for function in functions if self.form.team else ():
            write_team(self.module, function.name, is_joint=function.is_joint)
        return Written(str(self.module), slots)

    def _slots_of(self, function: Function) -> Slots:
        """Write a function."""
        body = Body(self, function)
        if function.over_steps:
            body.over_steps()
        else:
            body.over_rows()
        body.flushing.end(body.builder)
        body.builder.ret_void()
        return body.slots


class Body:
    """One function while it is being written."""

    def __init__(self, writer: ModuleWriter, function: Function) -> None:
        self.writer, self.form = writer, writer.form
        self.schedule, self.carried = function.schedule, function.carried
        self.is_joint, self.by_columns = function.is_joint, function.by_columns
        self.arrays = self.form.arrays if function.arrays is None else function.arrays
        self.slots = Slots(self.form.sizes)
        written = ir.Function(writer.module, ir.FunctionType(ir.VoidType(), [I64, I64, I64]), function.name)
        self.arguments, self.thread, self.threads = written.args
        self.entry = ir.IRBuilder(written.append_basic_block("entry"))  # loads of arguments stand here
        start = written.append_basic_block("start")
        self.entry_end = self.entry.branch(start)
        self.entry.position_before(self.entry_end)
        self.flushing = Flushing(self.entry, writer.form.target)
        self.builder = ir.IRBuilder(start)
        self.flow = ControlFlow(self.builder)
        self.loaded: dict[int, Value] = {}
        self.computed: dict[Size, Value] = {}
        self.local, self.made = (
            set(self.schedule.local), {r for s in self.schedule.stages for p in s.products for r in p.results},
        )  # fmt: skip

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
        """Return the number of a size; that of a compound one is worked out at the entry."""
        if isinstance(size, int):
            return constant(size)
        if size in self.form.sizes:
            return self.argument(self.slots.size(size))
        if size not in self.computed:
            above, below = factors_of(size)
            number = functools.reduce(self.entry.mul, map(self.size, above))
            self.computed[size] = (
                self.entry.sdiv(number, functools.reduce(self.entry.mul, map(self.size, below))) if below else number
            )
        return self.computed[size]

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
        if self.is_joint or self.by_columns:
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

        # `repeat` runs whole strides: the end is rounded up to one, and `part` stops where the rows do
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
            end = b.select(b.icmp_signed("<", count, high), count, high)  # sequences are sorted: the first ones go on
            # what is carried without being kept has two places: it is read in one and written to the other, in turns
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

        self.flow.repeat(self.header("first"), self.header("steps"), 1, step)

    def stage(self, stage: SegmentStage, rows: Rows) -> None:
        """Write the products and the loops of a stage."""
        for product in stage.products:
            self.product(product, rows)
        if stage.products:
            self.wait()
        loops = [LoopWriter(self, group, rows) for group in stage.groups]
        # loops by themselves where one waits for another's rows or threads, else all of a row while it is in the cache
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
        if not (self.is_joint or self.by_columns):
            return constant(0), count
        b = self.builder
        return (
            b.sdiv(b.mul(count, self.thread), self.threads),
            b.sdiv(b.mul(count, b.add(self.thread, constant(1))), self.threads),
        )

    def product(self, product: Product, rows: Rows) -> None:
        """Write a product; its results lie side by side, in the thread's memory or in an array."""
        if not self.form.is_packed:
            self._product_unpacked(product, rows)
            return
        weights = self.slots.slot("weights", product)
        panels = self.part(self.argument(weights.place + 1))
        operands = []
        for node in product.operands:
            address, stride = self.row(node, rows, rows.first)
            operands.append(Operand(address, stride, self.size(node.width)))
        result, stride = self.row(product.results[0], rows, rows.first)
        row_bytes = self.builder.mul(stride, constant(self.writer.bytes))
        count = self.builder.sub(rows.end, rows.first)
        self.writer.tiles.emit(self.builder, operands, self.argument(weights.place), panels, count, result, row_bytes)

    def _product_unpacked(self, product: Product, rows: Rows) -> None:
        """Write a product with weights as they lie: for each result one call an operand, the first from its start."""
        b, writer = self.builder, self.writer
        storage, bytes = self.form.storage, constant(writer.bytes)
        function = write_unpacked(writer.module, writer.scalar, writer.lanes, storage)
        lanes, count = constant(writer.lanes), b.sub(rows.end, rows.first)
        starts = product.start if isinstance(product, StartedProduct) else (None,) * len(product.results)
        for number, (node, start) in enumerate(zip(product.results, starts, strict=True)):
            width = self.size(node.width)
            low, high = self.part(b.sdiv(b.add(width, b.sub(lanes, constant(1))), lanes))  # in vectors of columns
            low, high = b.mul(low, lanes), b.mul(high, lanes)
            columns = b.sub(b.select(b.icmp_signed("<", high, width), high, width), low)
            result, stride = self.row(node, rows, rows.first)
            moved = b.mul(low, bytes)
            into, into_row = b.add(result, moved), b.mul(stride, bytes)
            begin, begin_row = constant(0), constant(0)
            if start is not None:
                begin = b.add(self.argument(self.slots.slot("once", start).place), moved)
            for operand, line in zip(product.operands, product.weights, strict=True):
                address, operand_stride = self.row(operand, rows, rows.first)
                matrix = self.slots.slot("matrix", line[number])
                weights, step = self.argument(matrix.place), self.argument(matrix.place + 1)
                lies_by_rows = b.icmp_signed(">=", step, constant(0))
                offset = b.select(lies_by_rows, moved, b.mul(low, b.neg(step)))
                scales = []
                if storage.is_scaled:
                    scales = [b.add(self.argument(self.slots.slot("scale", line[number]).place), moved)]
                b.call(function, [
                    address, b.mul(operand_stride, bytes), self.size(operand.width), b.add(weights, offset), step,
                    columns, begin, begin_row, into, into_row, count, *scales,
                ])  # fmt: skip
                begin, begin_row = into, into_row

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
        if node in self.form.totals:
            # no two threads add to one row, and the rows take turns in a thread's own: torch adds them up at the end
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
                # a sequence that ends here leaves its last state; two addresses and a choice, instead of a branch
                found.append(b.select(b.icmp_signed("<", row, rows.running_next), goes_on, ends))
        return found


class LoopWriter:
    """The loop that stores the values of a group for the rows of a function."""

    def __init__(self, body: Body, group: FusedLoop, rows: Rows) -> None:
        self.body, self.group, self.rows = body, group, rows
        self.builder, self.flow = body.builder, body.flow
        self.lanes, self.width = body.writer.lanes, body.size(group.width)
        self.vectors = Vectors(self.builder, body.writer.scalar, self.lanes)
        self._movable: dict[Node, bool] = {}

    def write(self) -> None:
        """Write the loop."""
        if self.group.is_across_rows:
            self._across_rows()
            return
        first, end, columns = self._share()
        if self.group.is_scan:
            self.flow.repeat(first, end, 1, self._accumulated)
        else:
            self.flow.repeat(first, end, 1, lambda row: self._over_features(row, columns))

    def write_row(self, row: Value) -> None:
        """Write the loop of one row."""
        if self.group.is_scan:
            self._accumulated(row)
        else:
            self._over_features(row, self._share_of_columns())

    def is_movable(self, node: Node) -> bool:
        """Return whether a value may be computed before a loop in which it stays the same: without a branch."""
        if node not in self._movable:
            made_anew = () if self.is_stored(node) else node.args
            is_branch = not self.is_stored(node) and node.op in BRANCHING | {"noise"}
            self._movable[node] = not is_branch and all(map(self.is_movable, made_anew))
        return self._movable[node]

    def is_stored(self, node: Node) -> bool:
        """Return whether a value is read from memory, and not computed from its arguments."""
        body = self.body
        if not node.args or node in body.made or node in body.schedule.passed_on:
            return True
        has_place = node in body.local or node in body.arrays
        return has_place and (node not in self.group.stores or node.op in REDUCTIONS | SCANS)

    def _level(self, at: Position, axes: Iterable[int], mask: Value | None = None) -> Level:
        """Return the level of the loop whose body is being written; the places along these axes are known there."""
        return Level(self.builder.block, frozenset(axes), at, mask)

    def _accumulated(self, row: Value) -> None:
        """Write a loop over the features in their order, or against it: each vector goes on from the one before."""
        b, body, rows, group, vectors = self.builder, self.body, self.rows, self.group, self.vectors
        totals = {node: body.entry.alloca(vectors.type) for node in group.stores}
        to = {node: body.destinations(node, rows, row) for node in group.stores}
        outside = self._level(Position(group.shape, (), None), ())
        is_reversed = group.stores[0].op == "reverse_cumsum"
        for total in totals.values():
            b.store(vectors.number(0.0), total)

        def chunk(column: Value, mask: Value | None = None) -> None:
            values = Values(self, vectors, row, Position(group.shape, (), column), mask, (outside,))
            for node, total in totals.items():
                part = values.of(node.args[0])
                part = part if mask is None else vectors.select(mask, part, vectors.number(0.0))
                sums = b.fadd(vectors.sums_so_far(part, is_reversed=is_reversed), b.load(total, typ=vectors.type))
                values.store(sums, to[node], node.shape, is_added=node in body.form.totals)
                b.store(vectors.splat(b.extract_element(sums, I32(0 if is_reversed else self.lanes - 1))), total)

        if not is_reversed:
            self._over_vectors(constant(0), self.width, chunk)
            return
        lanes = constant(self.lanes)
        rest = b.srem(self.width, lanes)
        whole = b.sub(self.width, rest)
        with b.if_then(b.icmp_signed(">", rest, constant(0))):
            chunk(whole, vectors.first(rest))
        self.flow.repeat(constant(0), whole, self.lanes, lambda done: chunk(b.sub(b.sub(whole, lanes), done)))

    def _over_features(self, row: Value, columns: tuple[Value, Value]) -> None:
        """Write a loop over features, or a nest of loops over the axes that they have."""
        shape, to = self.group.shape, {n: self.body.destinations(n, self.rows, row) for n in self.group.stores}
        for node in self.group.stores:
            if _is_along_another(node):
                self._clear(node, to[node])
        outside = self._level(Position(shape, (), None), ())
        if len(shape) == 1:
            self._along(row, [(outside,)], columns, to)
            return
        *outer, last = (self.body.size(size) for size in shape)

        def nest(at: tuple[Value, ...], levels: tuple[Level, ...]) -> None:
            if len(at) < len(outer) - 1:
                self.flow.repeat(constant(0), outer[len(at)], 1, lambda index: deeper((*at, index), levels))
                return

            def lines(first: Value, count: int) -> None:
                places = [(*at, first if k == 0 else self.builder.add(first, constant(k))) for k in range(count)]
                mine = [(*levels, self._level(Position(shape, p, None), range(len(p)))) for p in places]
                self._along(row, mine, (constant(0), last), to)

            left = self.flow.repeat(constant(0), outer[-1], LINES, lambda index: lines(index, LINES))
            self.flow.repeat(left, outer[-1], 1, lambda index: lines(index, 1))

        def deeper(at: tuple[Value, ...], levels: tuple[Level, ...]) -> None:
            nest(at, (*levels, self._level(Position(shape, at, None), range(len(at)))))

        nest((), (outside,))

    def _clear(self, node: Node, addresses: Sequence[Value]) -> None:
        """Begin a sum along another axis than the last with zeros, where it is added up."""
        width = self.body.size(node.width)

        def chunk(column: Value, mask: Value | None) -> None:
            for address in addresses:
                self.vectors.store(self.vectors.number(0.0), self.vectors.at(address, column), mask)

        self._over_vectors(constant(0), width, chunk)

    def _along(
        self,
        row: Value,
        lines: Sequence[tuple[Level, ...]],
        columns: tuple[Value, Value],
        to: Mapping[Node, Sequence[Value]],
    ) -> None:
        """Write a loop along the last axis: pairs of vectors, whose work overlaps, then one, then a part of one.

        It goes along several lines of a matrix at once, each with the levels of the loops that it is in: what is the
        same in all of them is read once, and sums over the lines are added up before they are stored.
        """
        shape, vectors, b = self.group.shape, self.vectors, self.builder
        pairs = Vectors(b, self.body.writer.scalar, 2 * self.lanes)
        # a reduction goes on over the loops: it lies in memory that LLVM turns into a register
        along = [node for node in self.group.stores if node.op in REDUCTIONS and not _is_along_another(node)]
        reduced = {(node, k): self.body.entry.alloca(vectors.type) for node in along for k in range(len(lines))}
        for (node, _), total in reduced.items():
            b.store(vectors.number(_NEUTRAL[node.op]), total)
        across = set(range(len(shape))) - {len(shape) - 2}

        def chunk(kind: Vectors, column: Value, mask: Value | None = None) -> None:
            places = [Position(shape, levels[-1].at.outer, column) for levels in lines]
            # what goes on along the last axis, and is the same for all lines
            shared = (self._level(places[0], across, mask),) if len(lines) > 1 else ()
            every = [
                Values(self, kind, row, at, mask, (*levels, *shared)) for at, levels in zip(places, lines, strict=True)
            ]
            for node in self.group.stores:
                if node.op not in REDUCTIONS:
                    for values in every:
                        values.store(values.of(node), to[node], node.shape, is_added=node in self.body.form.totals)
                    continue
                parts = [values.of(node.args[0]) for values in every]
                if node not in along:
                    sums = [functools.reduce(b.fadd, parts)] if node["axis"] == -2 else parts
                    for values, part in zip(every, sums, strict=False):
                        values.store(part, to[node], node.shape, is_added=True)
                    continue
                for k, part in enumerate(parts):
                    part = part if mask is None else kind.select(mask, part, kind.number(_NEUTRAL[node.op]))
                    part = vectors.joined(node.op, *pairs.halves(part)) if kind is pairs else part
                    total = b.load(reduced[node, k], typ=vectors.type)
                    b.store(vectors.joined(node.op, total, part), reduced[node, k])

        left, last = columns
        if not reduced or len(shape) > 1:
            left = self.flow.repeat(left, last, 2 * self.lanes, lambda column: chunk(pairs, column))
        self._over_vectors(left, last, lambda column, mask: chunk(vectors, column, mask))
        for (node, k), total in reduced.items():
            number = vectors.reduced(node.op, b.load(total, typ=vectors.type))
            at = replace(lines[k][-1].at, column=constant(0))
            place, _ = Values(self, vectors, row, at, None, lines[k]).place(node.shape)
            for address in to[node]:
                b.store(number, vectors.at(address, place))

    def _across_rows(self) -> None:
        """Write a loop over features and rows: the mean over the rows, which then goes to every row."""
        b, body, rows, group, vectors = self.builder, self.body, self.rows, self.group, self.vectors
        # columns outside, rows inside: the totals of a vector of columns stay in registers over all rows
        count = b.sub(rows.end, rows.first)
        number = vectors.splat(b.sitofp(count, body.writer.scalar))

        def chunk(column: Value, mask: Value | None) -> None:
            at = Position(group.shape, (), column)

            def added(row: Value, totals: list[Value]) -> list[Value]:
                values = Values(self, vectors, b.add(rows.first, row), at, mask)
                return [b.fadd(t, values.of(node.args[0])) for t, node in zip(totals, group.stores, strict=True)]

            totals = self.flow.accumulate(count, [vectors.number(0.0)] * len(group.stores), added)
            means = [b.fdiv(total, number) for total in totals]

            def stored(row: Value) -> None:
                values = Values(self, vectors, row, at, mask)
                for node, mean in zip(group.stores, means, strict=True):
                    values.store(mean, body.destinations(node, rows, row), node.shape)

            self.flow.repeat(rows.first, rows.end, 1, stored)

        self._over_vectors(*self._share_of_columns(), chunk)

    def _over_vectors(self, first: Value, end: Value, chunk: Callable[[Value, Value | None], None]) -> None:
        """Write `chunk(column, mask)` for each vector of columns, the last of which may be a part of one."""
        left = self.flow.repeat(first, end, self.lanes, lambda column: chunk(column, None))
        rest = self.builder.sub(end, left)
        with self.builder.if_then(self.builder.icmp_signed(">", rest, constant(0))):
            chunk(left, self.vectors.first(rest))

    def _share(self) -> tuple[Value, Value, tuple[Value, Value]]:
        """Return which rows and columns of a loop are this thread's: rows where there are enough of them."""
        b, body, rows, width = self.builder, self.body, self.rows, self.width
        if not body.is_joint:
            return rows.first, rows.end, (constant(0), width)
        first, end = body.part(rows.end)
        if len(self.group.shape) > 1 or any(node.op in REDUCTIONS | SCANS for node in self.group.stores):
            return first, end, (constant(0), width)
        low, high = self._share_of_columns()
        by_rows = b.icmp_signed(">=", rows.end, body.threads)
        return (
            b.select(by_rows, first, rows.first),
            b.select(by_rows, end, rows.end),
            (b.select(by_rows, constant(0), low), b.select(by_rows, width, high)),
        )

    def _share_of_columns(self) -> tuple[Value, Value]:
        """Return which columns are this thread's, in whole vectors: from the first to before the second.

        Where threads do not wait for each other, none writes to a cache line of another's.
        """
        body = self.body
        if not body.by_columns:
            return self._part_of_columns(self.lanes) if body.is_joint else (constant(0), self.width)
        with self.flow.within(body.entry.block):  # it is the same at every step, and a division takes long
            return self._part_of_columns(max(self.lanes, LINE // body.writer.bytes))

    def _part_of_columns(self, columns: int) -> tuple[Value, Value]:
        """Return which columns are this thread's, in pieces of so many."""
        b, width, piece = self.builder, self.width, constant(columns)
        pieces = b.sdiv(b.add(width, b.sub(piece, constant(1))), piece)
        low, high = (b.mul(number, piece) for number in self.body.part(pieces))
        return low, b.select(b.icmp_signed("<", high, width), high, width)


def _is_along_another(node: Node) -> bool:
    """Return whether a node is a sum along another axis than the last."""
    return node.op in REDUCTIONS and bool(node.attributes)


@dataclass(frozen=True)
class Position:
    """Where a loop is among the features: at which place along each axis but the last, and from which on along that.

    Outside of the loops along them, places are missing, or None.
    """

    shape: Shape
    outer: tuple[Value, ...]
    column: Value | None

    def axes(self, shape: Shape) -> frozenset[int]:
        """Return along which axes here a value of a shape goes on; along the others it is stretched.

        A value that is as wide as all axes together is met feature by feature.
        """
        whole = range(len(self.shape))
        if product_of(shape) == product_of(self.shape):
            return frozenset(whole)
        pairs = zip(whole[len(whole) - len(shape) :], shape, strict=True)
        found = frozenset(axis for axis, size in pairs if size != 1 or self.shape[axis] == 1)
        assert all(shape[axis - len(whole)] == self.shape[axis] for axis in found), f"{shape} in {self.shape}"
        return found


@dataclass(frozen=True, eq=False)
class Level:
    """The body of a loop, in which the place is known along some axes: what is the same further in is computed here.

    Attributes
    ----------
    block : to whose end it is written
    axes : those along which the place is known
    at : that place
    mask : which features of a vector there are, where the place along the last axis is known
    known, places : what was computed
    """

    block: Value
    axes: frozenset[int]
    at: Position
    mask: Value | None = None
    known: dict[tuple[Node, int], Value] = field(default_factory=dict)
    places: dict[frozenset[int], Value] = field(default_factory=dict)
    rows: dict[Node, Value] = field(default_factory=dict)


class Values:
    """The values of nodes at one row and a vector of features; of one feature in all lanes, if it `is_one`.

    `levels` are those of the loops around, from the outermost in.
    """

    def __init__(
        self, loop: LoopWriter, vectors: Vectors, row: Value, at: Position, mask: Value | None,
        levels: Sequence[Level] = (), *, is_one: bool = False,
    ) -> None:  # fmt: skip
        self.loop, self.body, self.vectors, self.row = loop, loop.body, vectors, row
        self.at, self.mask, self.levels, self.is_one = at, mask, levels, is_one
        self.known: dict[Node, Value] = {}

    def of(self, node: Node) -> Value:
        """Return a node's value: stored somewhere, a number, or computed from its arguments."""
        if node not in self.known:
            self.known[node] = self._find(node)
        return self.known[node]

    def _find(self, node: Node) -> Value:
        number = self._outermost(self.at.axes(node.shape or (1,))) if node.op != "constant" else None
        if number is None or not self.loop.is_movable(node):
            return self._here(node)
        level, key = self.levels[number], (node, self.vectors.lanes)
        if key not in level.known:
            with self.body.flow.within(level.block):
                values = Values(self.loop, self.vectors, self.row, level.at, level.mask, self.levels[:number])
                level.known[key] = values._here(node)
        return level.known[key]

    def _outermost(self, axes: frozenset[int]) -> int | None:
        """Return the number of the outermost level at which the place along these axes is known; None: only here."""
        return next((number for number, level in enumerate(self.levels) if level.axes >= axes), None)

    def _here(self, node: Node) -> Value:
        if node.op == "constant":
            return self.vectors.number(node["value"])
        if not node.rows and node.op not in COMPARISONS:
            return self._once(node)
        if node.op == "noise":
            return self._noise(node)
        if self.loop.is_stored(node):
            return self._load(self._row(node), node)
        if node.op == "reshape":
            return self._in_shape(node.shape).of(node.args[0])
        return SPELLING[node.op](self.vectors, *(self.of(argument) for argument in node.args))

    def _row(self, node: Node) -> Value:
        """Return the address of the row of a node that is stored."""
        if not self.levels:
            return self.body.row(node, self.loop.rows, self.row)[0]
        outside = self.levels[0]
        if node not in outside.rows:
            with self.body.flow.within(outside.block):
                outside.rows[node] = self.body.row(node, self.loop.rows, self.row)[0]
        return outside.rows[node]

    def _in_shape(self, shape: Shape) -> Values:
        """Return the values that a row has at this place when it is seen flat, given the shape it is seen in here."""
        if len(self.at.shape) == 1 and product_of(shape) == self.at.shape[0]:
            return self
        place, is_vector = self.place(shape)
        at, is_one = Position((product_of(shape),), (), place), self.is_one or not is_vector
        return Values(self.loop, self.vectors, self.row, at, self.mask, self.levels[:1], is_one=is_one)

    def place(self, shape: Shape) -> tuple[Value, bool]:
        """Return which feature of a value of a shape this is, and whether the value goes on along the last axis."""
        axes, last, b = self.at.axes(shape), len(self.at.shape) - 1, self.body.builder
        is_vector, outer = last in axes, axes - {last}
        if not outer:
            return (self.at.column if is_vector else constant(0)), is_vector
        number = self._outermost(outer)
        if number is None:
            offset = self._offset(axes)
        else:
            level = self.levels[number]
            if axes not in level.places:
                with self.body.flow.within(level.block):
                    level.places[axes] = self._offset(axes)
            offset = level.places[axes]
        return (b.add(offset, self.at.column) if is_vector else offset), is_vector

    def _offset(self, axes: frozenset[int]) -> Value:
        """Return which feature the first along the last axis is, of a value that goes on along these axes."""
        b, offset = self.body.builder, constant(0)
        for axis, size in enumerate(self.at.shape):
            if axis in axes:
                offset = b.mul(offset, self.body.size(size))
                offset = offset if axis == len(self.at.shape) - 1 else b.add(offset, self.at.outer[axis])
        return offset

    def _once(self, node: Node) -> Value:
        if node.op == "broadcast":
            return self.of(node.args[0])
        if node.op == "reshape":
            return self._in_shape(node.shape).of(node.args[0])
        slot = self.body.slots.slot("once", node)
        return self._load(self.body.argument(slot.place), node)

    def _load(self, address: Value, node: Node) -> Value:
        b, v = self.body.builder, self.vectors
        if node.shape in ((), (1,)):
            return v.splat(b.load(b.inttoptr(address, ir.PointerType()), typ=v.scalar))
        place, is_vector = self.place(node.shape)
        pointer = v.at(address, place)
        return v.load(pointer, self.mask) if is_vector and not self.is_one else v.splat(b.load(pointer, typ=v.scalar))

    def store(self, value: Value, addresses: Sequence[Value], shape: Shape, *, is_added: bool = False) -> None:
        """Store a vector of a value of this shape at its place behind each address, or add it to what is there."""
        b, v = self.body.builder, self.vectors
        place, _ = self.place(shape)
        for address in addresses:
            pointer = v.at(address, place)
            v.store(b.fadd(v.load(pointer, self.mask), value) if is_added else value, pointer, self.mask)

    def _noise(self, node: Node) -> Value:
        """Draw as `recurra.backends.noise.drawn` does, in 32 bits, where its masks are the natural overflow."""
        b, v = self.body.builder, self.vectors
        row = b.add(self.loop.rows.base, self.row)
        sequence = b.trunc(self.body.table("sequence_table", row), I32)
        key = _mix(b, b.add(b.trunc(self.body.header("seed"), I32), ir.Constant(I32, mix(node["index"] + 1))), _scalar)
        if node["per"] == "step":
            step = b.trunc(self.body.table("step_table", row), I32)
            counted = b.mul(b.add(step, ir.Constant(I32, 1)), ir.Constant(I32, STRIDE))
            key = _mix(b, b.add(key, counted), _scalar)
        own = b.add(b.add(key, b.mul(sequence, ir.Constant(I32, STRIDE))), ir.Constant(I32, 1))
        own = v.splat(_mix(b, own, _scalar))
        place, is_vector = self.place(node.shape)
        first = v.splat(b.mul(b.trunc(place, I32), ir.Constant(I32, STRIDE)))
        kind, step = ir.VectorType(I32, v.lanes), STRIDE if is_vector and not self.is_one else 0
        ramp = ir.Constant(kind, [ir.Constant(I32, (k * step) & MASK) for k in range(v.lanes)])
        drawn = _mix(b, b.add(own, b.add(first, ramp)), lambda value: v.whole(value, 32))
        if kind_of(node) == "uniform":
            return self._uniform(drawn)
        if kind_of(node) == "normal":
            radius = v.call("sqrt", b.fmul(v.log(self._uniform(drawn)), v.number(-2.0)))
            other = _mix(b, b.add(drawn, v.whole(STRIDE, 32)), lambda value: v.whole(value, 32))
            return b.fmul(radius, v.cos(b.fmul(self._uniform(other), v.number(2 * math.pi))))
        bound = threshold(node["rate"])
        if bound > MASK:
            return v.number(1.0)
        return v.select(b.icmp_unsigned("<", drawn, v.whole(bound, 32)), v.number(1.0), v.number(0.0))

    def _uniform(self, drawn: Value) -> Value:
        b, v = self.body.builder, self.vectors
        numbers = b.uitofp(b.lshr(drawn, v.whole(DROPPED_BITS, 32)), v.type)
        return b.fmul(b.fadd(numbers, v.number(0.5)), v.number(UNIFORM_STEP))


def _scalar(value: int) -> ir.Constant:
    return ir.Constant(I32, value)


def _mix(b: ir.IRBuilder, value: Value, whole: Callable[[int], Value]) -> Value:
    """Return the hash of `recurra.backends.noise.mix`."""
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        value = b.mul(b.xor(value, b.lshr(value, whole(shift))), whole(factor))
    return b.xor(value, b.lshr(value, whole(16)))
