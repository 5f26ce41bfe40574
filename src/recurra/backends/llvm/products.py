"""Matrix products on packed weights: tiles of rows by panels of columns, all of a tile's sums in registers.

Weights are packed once for a run: what the sums begin with (biases, or zeros), then the weights, row after row, in
panels of two vectors of columns. So a tile reads its weights one after the other, however they lie in the layer. A run
of a few rows would read packed weights hardly more often than it takes to pack them: `write_unpacked` multiplies by
weights as they lie.

A weight gradient is a product the other way round, a sum over all rows: `write_sums` has those of small layers, of
which a call of torch would cost more than the arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from recurra.backends.llvm.call_table import write_table
from recurra.backends.llvm.compiler import Target
from recurra.backends.llvm.vectors import I64, ControlFlow, Vectors, constant

__all__ = [
    "FIELDS", "PACK", "PANEL_VECTORS", "SUMS", "SUM_FIELDS", "Operand", "Tiles", "write_packing", "write_sums",
    "write_unpacked",
]  # fmt: skip

Value = Any
PANEL_VECTORS = 2
"""Vectors in a panel."""

PACK = "pack"
"""The name of the function that packs."""

FIELDS = ("source", "row_stride", "column_stride", "rows", "columns", "first_row", "first_column", "panels", "depth")
"""A block of its table: a matrix (strides in bytes), where it goes in the packed one, that one's address and rows."""

SUMS = "sums"
"""The name of the function that sums products over rows."""

SUM_FIELDS = (
    "left", "left_row", "right", "right_row", "rows", "columns", "width", "target", "target_row",
)  # fmt: skip
"""A line of its table: target (columns, width) = left (rows, columns).T @ right (rows, width); row strides in bytes."""

_ROWS_IN_A_SUM = 256
"""After so many rows a sum is added to the total: the fewer numbers in one sum, the smaller its error."""

_SUMS_AT_ONCE = 8
"""How many rows of the target are summed together: a chain of multiply-adds waits for each, eight do not."""


@dataclass(frozen=True)
class Operand:
    """The left side of a product: the address of its first row, the row stride and the number of columns."""

    address: Value
    stride: Value
    columns: Value


# tiles ---------------------------------------------------------------------------------------------------------------


class Tiles:
    """The products of one module.

    A tile is `rows` x `panels` panels, over all operands: it reads a panel of weights once for all of its rows.
    """

    def __init__(self, module: ir.Module, target: Target, dtype: ir.Type, lanes: int) -> None:
        self.module, self.target, self.scalar, self.lanes = module, target, dtype, lanes
        self.bytes = 8 if isinstance(dtype, ir.DoubleType) else 4
        self.width = PANEL_VECTORS * lanes
        self.wide = 4 if target.vector_bits != 256 else 2  # panels side by side, for a few rows

    def emit(
        self,
        builder: ir.IRBuilder,
        operands: Sequence[Operand],
        packed: Value,
        panels: tuple[Value, Value],
        rows: Value,
        result: Value,
        row_bytes: Value,
    ) -> None:
        """Emit result[rows, columns] = start + the sum over the operands of operand @ weights.

        The columns are those of the panels from the first of `panels` to before the second. The start is the first row
        of the packed weights. Rows of the result are `row_bytes` apart, at least what its panels take.
        """
        flow = ControlFlow(builder)
        depth = constant(1)
        for operand in operands:
            depth = builder.add(depth, operand.columns)
        panel_bytes = builder.mul(depth, constant(self.width * self.bytes))

        def balanced(rows: Value, full: int) -> Value:
            """Return where full tiles end: a third of one left over is better as two of two thirds each."""
            third = full // 3
            left = builder.srem(rows, constant(full))
            both = builder.and_(
                builder.icmp_signed("==", left, constant(third)), builder.icmp_signed(">", rows, constant(full))
            )
            return builder.select(both, builder.sub(rows, constant(full + third)), rows) if third > 1 else rows

        def block(first_panel: Value, count: int, sizes: Sequence[int]) -> None:
            weights = builder.add(packed, builder.mul(first_panel, panel_bytes))
            column = builder.add(result, builder.mul(first_panel, constant(self.width * self.bytes)))

            def tile(size: int) -> Callable[[Value], None]:
                function = self._tile(size, count, len(operands))

                def call(row: Value) -> None:
                    moved = [
                        value
                        for o in operands
                        for value in (
                            builder.add(o.address, builder.mul(row, builder.mul(o.stride, constant(self.bytes)))),
                            builder.mul(o.stride, constant(self.bytes)),
                            o.columns,
                        )
                    ]
                    to = builder.add(column, builder.mul(row, row_bytes))
                    builder.call(function, [*moved, weights, panel_bytes, to, row_bytes])

                return call

            done, full = constant(0), sizes[0]
            for size in sizes:
                done = flow.repeat(done, balanced(rows, full) if size == full else rows, size, tile(size))

        # A sum is a chain of multiply-adds, each of which waits for the last. So a tile needs many sums, which do not
        # wait for each other: of few rows, several panels at once.
        few = builder.icmp_signed("<", rows, constant(4))
        with builder.if_else(few) as (narrow, tall):
            with narrow:
                after = flow.repeat(*panels, self.wide, lambda p: block(p, self.wide, (2, 1)))
                flow.repeat(after, panels[1], 1, lambda p: block(p, 1, (2, 1)))
            with tall:
                sizes = [s for s in (self.target.tile_rows, 8, 6, 4, 2, 1) if s <= self.target.tile_rows]
                flow.repeat(*panels, 1, lambda p: block(p, 1, list(dict.fromkeys(sizes))))

    def _tile(self, rows: int, panels: int, operands: int) -> ir.Function:
        """Return the function of a tile; made at its first use."""
        name = f"tile_{rows}x{panels}_{operands}"
        if name in self.module.globals:
            return self.module.globals[name]
        function = ir.Function(self.module, ir.FunctionType(ir.VoidType(), [I64] * (3 * operands + 4)), name)
        function.linkage = "internal"
        function.attributes.add("noinline")  # all registers are for its sums
        builder = ir.IRBuilder(function.append_basic_block("entry"))
        vectors = Vectors(builder, self.scalar, self.lanes)
        flow = ControlFlow(builder)
        *given, weights, panel_bytes, result, row_bytes = function.args
        # the first row of the packed weights, from which the sums of every row begin
        begun = [
            self._vector(builder, vectors, builder.add(weights, builder.mul(panel_bytes, constant(p))), v)
            for p in range(panels)
            for v in range(PANEL_VECTORS)
        ]
        sums: list[Value] = begun * rows
        position = builder.add(weights, constant(self.width * self.bytes))
        for k in range(operands):
            address, stride, columns = given[3 * k : 3 * k + 3]

            def body(
                index: Value, carried: list[Value], address: Value = address, stride: Value = stride
            ) -> list[Value]:
                # one row of the panels, times the number that each row of the operand has there
                position, *sums = carried
                blocks = [
                    self._vector(builder, vectors, builder.add(position, builder.mul(panel_bytes, constant(p))), v)
                    for p in range(panels)
                    for v in range(PANEL_VECTORS)
                ]
                added = []
                for row in range(rows):
                    at = builder.add(address, builder.mul(stride, constant(row)))
                    number = builder.load(
                        builder.gep(builder.inttoptr(at, ir.PointerType()), [index], source_etype=self.scalar),
                        typ=self.scalar,
                    )
                    left = vectors.splat(number)
                    for column, right in enumerate(blocks):
                        added.append(vectors.fma(left, right, sums[row * len(blocks) + column]))
                return [builder.add(position, constant(self.width * self.bytes)), *added]

            position, *sums = flow.accumulate(columns, [position, *sums], body)
        # whole panels are stored: rows of the result are long enough, and what is behind the last column is not read
        for row in range(rows):
            for p in range(panels):
                base = builder.add(result, builder.mul(row_bytes, constant(row)))
                base = builder.add(base, constant(p * self.width * self.bytes))
                for v in range(PANEL_VECTORS):
                    to = builder.add(base, constant(v * self.lanes * self.bytes))
                    value = sums[(row * panels + p) * PANEL_VECTORS + v]
                    builder.store(value, builder.inttoptr(to, ir.PointerType()), align=self.bytes)
        builder.ret_void()
        return function

    def _vector(self, builder: ir.IRBuilder, vectors: Vectors, base: Value, number: int) -> Value:
        at = builder.add(base, constant(number * self.lanes * self.bytes))
        return builder.load(builder.inttoptr(at, ir.PointerType()), typ=vectors.type, align=self.bytes)


# weights as they lie -------------------------------------------------------------------------------------------------

_COLUMNS_AT_ONCE = 4
"""Vectors of columns whose sums do not wait for each other, where the rows of the weights lie in one piece each."""


def write_unpacked(module: ir.Module, scalar: ir.Type, lanes: int) -> ir.Function:
    """Return the function of the module by which result = begin + operand @ weights; made at its first use.

    Its arguments are the operand's address, row stride and columns; the weights' address, stride and columns; the
    address and row stride of what the sums begin with, 0 for zeros; those of the result; and the rows of both. Strides
    are in bytes; that of the weights is from row to row, or, as a negative number, from column to column.
    """
    name = "unpacked"
    if name in module.globals:
        return module.globals[name]
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [I64] * 11), name)
    function.linkage = "internal"
    function.attributes.add("noinline")
    b = ir.IRBuilder(function.append_basic_block("entry"))
    flow, vectors = ControlFlow(b), Vectors(b, scalar, lanes)
    operand, operand_row, depth, weights, stride, columns, begin, begin_row, result, result_row, rows = function.args
    wide, has_begin = constant(lanes), b.icmp_signed("!=", begin, constant(0))

    def pointer(base: Value, elements: Value | None = None) -> Value:
        at = b.inttoptr(base, ir.PointerType())
        return at if elements is None else b.gep(at, [elements], source_etype=scalar)

    def row(number: Value) -> None:
        left, into, begun = (
            b.add(base, b.mul(number, step))
            for base, step in ((operand, operand_row), (result, result_row), (begin, begin_row))
        )

        def first(column: Value, mask: Value) -> Value:
            return vectors.load(pointer(begun, column), b.and_(mask, vectors.splat(has_begin)))

        def by_rows(count: int) -> Callable[[Value], None]:
            def some(column: Value) -> None:
                at = [b.add(column, constant(k * lanes)) for k in range(count)]
                masks = [vectors.first(b.sub(columns, each)) for each in at]

                def line(index: Value, sums: list[Value]) -> list[Value]:
                    factor = vectors.splat(b.load(pointer(left, index), typ=scalar))
                    source = b.add(weights, b.mul(index, stride))
                    whole = [None] * count if count > 1 else masks
                    parts = zip(at, whole, sums, strict=True)
                    return [vectors.fma(factor, vectors.load(pointer(source, k), m), s) for k, m, s in parts]

                sums = flow.accumulate(depth, [*map(first, at, masks)], line)
                for place, mask, total in zip(at, masks, sums, strict=True):
                    vectors.store(total, pointer(into, place), mask)

            return some

        def by_columns(column: Value) -> None:
            last = b.sub(columns, constant(1))
            sources = []
            for k in range(lanes):  # a lane without a column reads the last one, and is not stored
                at = b.add(column, constant(k))
                at = b.select(b.icmp_signed("<", at, last), at, last)
                sources.append(b.sub(weights, b.mul(at, stride)))

            def piece(index: Value, sums: Sequence[Value], mask: Value | None = None) -> list[Value]:
                factors = vectors.load(pointer(left, index), mask)
                parts = zip(sources, sums, strict=True)
                return [vectors.fma(factors, vectors.load(pointer(at, index), mask), total) for at, total in parts]

            whole = b.sdiv(depth, wide)
            zeros = [vectors.number(0.0)] * lanes
            sums = flow.accumulate(whole, zeros, lambda number, sums: piece(b.mul(number, wide), sums))
            index = b.mul(whole, wide)
            rest = b.sub(depth, index)
            # the numbers behind the last whole vector, none or once
            is_rest = b.zext(b.icmp_signed(">", rest, constant(0)), I64)
            sums = flow.accumulate(is_rest, sums, lambda _, sums: piece(index, sums, vectors.first(rest)))
            mask = vectors.first(b.sub(columns, column))
            vectors.store(b.fadd(first(column, mask), vectors.sums_of(sums)), pointer(into, column), mask)

        with b.if_else(b.icmp_signed(">=", stride, constant(0))) as (lie_by_rows, lie_by_columns):
            with lie_by_rows:
                done = flow.repeat(constant(0), columns, _COLUMNS_AT_ONCE * lanes, by_rows(_COLUMNS_AT_ONCE))
                flow.repeat(done, b.add(columns, constant(lanes - 1)), lanes, by_rows(1))
            with lie_by_columns:
                flow.repeat(constant(0), b.add(columns, constant(lanes - 1)), lanes, by_columns)

    flow.repeat(constant(0), rows, 1, row)
    b.ret_void()
    return function


# packing -------------------------------------------------------------------------------------------------------------


def write_packing(module: ir.Module, scalar: ir.Type, lanes: int) -> None:
    """Write pack(table, thread, threads): the table is the number of blocks, then the fields of each.

    A panel holds a few vectors of columns, row after row. The vectors of a block are shared among the threads. Of a
    matrix, either the numbers of a row or those of a column lie one after the other; or all are one zero, of which
    there is a vector.
    """

    def block(b: ir.IRBuilder, flow: ControlFlow, fields: list[Value], thread: Value, threads: Value) -> None:
        _block(b, flow, Vectors(b, scalar, lanes), fields, thread, threads)

    write_table(module, PACK, len(FIELDS), block)


def _block(
    b: ir.IRBuilder, flow: ControlFlow, vectors: Vectors, fields: list[Value], thread: Value, threads: Value
) -> None:
    source, row_stride, column_stride, rows, columns, first_row, first_column, panels, depth = fields
    size, lanes = vectors.bytes, constant(vectors.lanes)
    row_bytes = constant(PANEL_VECTORS * vectors.lanes * size)
    end = b.add(first_column, columns)

    def pointer(address: Value) -> Value:
        return b.inttoptr(address, ir.PointerType())

    def vector(share: Value) -> None:
        number = b.add(b.sdiv(first_column, lanes), b.add(b.mul(share, threads), thread))
        places = b.add(vectors.splat(b.mul(number, lanes)), _ramp(vectors.lanes))
        # matrices stand side by side without a gap, so a vector may have columns of two: each block fills its own lanes
        first, last = vectors.splat(first_column), vectors.splat(b.sub(end, constant(1)))
        inside = b.and_(b.icmp_signed(">=", places, first), b.icmp_signed("<=", places, last))
        panel = b.add(panels, b.mul(b.sdiv(number, constant(PANEL_VECTORS)), b.mul(depth, row_bytes)))
        target = b.add(panel, b.add(b.mul(first_row, row_bytes), b.mul(
            b.srem(number, constant(PANEL_VECTORS)), constant(vectors.lanes * size))))  # fmt: skip

        def stored(value: Value, row: Value, mask: Value) -> None:
            vectors.store(value, pointer(b.add(target, b.mul(row, row_bytes))), mask)

        def row(index: Value) -> None:
            begun = b.mul(b.sub(b.mul(number, lanes), first_column), column_stride)
            line = b.add(source, b.add(b.mul(index, row_stride), begun))
            stored(vectors.load(pointer(line), inside), index, inside)

        def square(index: Value) -> None:
            """Pack as many rows as there are lanes, of a matrix whose columns lie in one piece each."""
            begun = b.mul(index, lanes)
            left = b.sub(rows, begun)
            # a lane without a column reads the nearest one, and is not stored
            nearest = b.select(b.icmp_signed("<", places, first), first, places)
            nearest = b.select(b.icmp_signed(">", nearest, last), last, nearest)
            offsets = b.mul(b.sub(nearest, first), vectors.splat(column_stride))
            line = b.add(source, b.mul(begun, row_stride))
            there = vectors.first(left)
            lines = [
                vectors.load(pointer(b.add(line, b.extract_element(offsets, constant(k)))), there)
                for k in range(vectors.lanes)
            ]
            for k, value in enumerate(vectors.transposed(lines)):
                is_there = b.icmp_signed("<", constant(k), left)
                stored(value, b.add(begun, constant(k)), b.and_(inside, vectors.splat(is_there)))

        with b.if_else(b.icmp_signed("==", column_stride, constant(size))) as (by_rows, by_columns):
            with by_rows:
                flow.repeat(constant(0), rows, 1, row)
            with by_columns:
                flow.repeat(constant(0), b.sdiv(b.add(rows, constant(vectors.lanes - 1)), lanes), 1, square)

    # the vectors that the columns of this block touch; a thread has every `threads`-th
    count = b.sub(b.add(b.sdiv(b.sub(end, constant(1)), lanes), constant(1)), b.sdiv(first_column, lanes))
    mine = b.sdiv(b.add(b.sub(count, thread), b.sub(threads, constant(1))), threads)
    flow.repeat(constant(0), mine, 1, vector)


def _ramp(lanes: int) -> ir.Constant:
    return ir.Constant(ir.VectorType(I64, lanes), [ir.Constant(I64, k) for k in range(lanes)])


# sums over rows ------------------------------------------------------------------------------------------------------


def write_sums(module: ir.Module, scalar: ir.Type, lanes: int) -> None:
    """Write sums(table, thread, threads): the table is the number of lines, then the fields of each."""

    def line(b: ir.IRBuilder, flow: ControlFlow, fields: list[Value], thread: Value, threads: Value) -> None:
        _sum(b, flow, Vectors(b, scalar, lanes), fields, thread, threads)

    write_table(module, SUMS, len(SUM_FIELDS), line)


def _sum(
    b: ir.IRBuilder, flow: ControlFlow, vectors: Vectors, fields: list[Value], thread: Value, threads: Value
) -> None:
    left, left_row, right, right_row, rows, columns, width, target, target_row = fields
    bytes, blocks = vectors.bytes, b.sdiv(columns, constant(_SUMS_AT_ONCE))
    is_last = b.icmp_signed("==", thread, b.sub(threads, constant(1)))
    chunks = b.sdiv(b.add(rows, constant(_ROWS_IN_A_SUM - 1)), constant(_ROWS_IN_A_SUM))

    def pointer(address: Value) -> Value:
        return b.inttoptr(address, ir.PointerType())

    def vector(column: Value, mask: Value | None) -> None:
        """Sum a vector of columns of the right side for all columns of the left one."""
        first, into = (b.add(address, b.mul(column, constant(bytes))) for address in (right, target))

        def some(count: int) -> Callable[[Value], None]:
            def summed(index: Value) -> None:
                begun = b.add(left, b.mul(index, constant(bytes)))

                def row(number: Value, totals: list[Value]) -> list[Value]:
                    factors = vectors.load(pointer(b.add(first, b.mul(number, right_row))), mask)
                    line = pointer(b.add(begun, b.mul(number, left_row)))
                    found = []
                    for k, total in enumerate(totals):
                        at = b.gep(line, [constant(k)], source_etype=vectors.scalar)
                        found.append(vectors.fma(vectors.splat(b.load(at, typ=vectors.scalar)), factors, total))
                    return found

                def chunk(number: Value, totals: list[Value]) -> list[Value]:
                    before = b.mul(number, constant(_ROWS_IN_A_SUM))
                    left_over = b.sub(rows, before)
                    is_full = b.icmp_signed(">", left_over, constant(_ROWS_IN_A_SUM))
                    here = b.select(is_full, constant(_ROWS_IN_A_SUM), left_over)
                    sums = flow.accumulate(here, zeros, lambda k, sums: row(b.add(before, k), sums))
                    return [b.fadd(total, one) for total, one in zip(totals, sums, strict=True)]

                zeros = [vectors.number(0.0)] * count
                for k, total in enumerate(flow.accumulate(chunks, zeros, chunk)):
                    to = b.add(into, b.mul(b.add(index, constant(k)), target_row))
                    vectors.store(total, pointer(to), mask)

            return summed

        # a thread has every `threads`-th block of columns of the left side, and the last one what no block has
        stride, several = b.mul(threads, constant(_SUMS_AT_ONCE)), some(_SUMS_AT_ONCE)
        mine = b.sdiv(b.add(b.sub(blocks, thread), b.sub(threads, constant(1))), threads)
        begin = b.mul(thread, constant(_SUMS_AT_ONCE))
        flow.repeat(constant(0), mine, 1, lambda turn: several(b.add(begin, b.mul(turn, stride))))
        flow.repeat(b.select(is_last, b.mul(blocks, constant(_SUMS_AT_ONCE)), columns), columns, 1, some(1))

    full = flow.repeat(constant(0), width, vectors.lanes, lambda column: vector(column, None))
    rest = b.sub(width, full)
    with b.if_then(b.icmp_signed(">", rest, constant(0))):
        vector(full, vectors.first(rest))
