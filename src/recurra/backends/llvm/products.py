"""Matrix products on packed weights: tiles of rows by panels of columns, all of a tile's sums in registers.

Weights are packed once for a run: what the sums begin with (biases, or zeros), then the weights, row after row, in
panels of two vectors of columns. So a tile reads its weights one after the other, however they lie in the layer. A run
of a few rows would read packed weights hardly more often than it takes to pack them: `write_unpacked` multiplies by
weights as they lie. Weights of another `Storage` are packed as words, each of which has several rows of its column.

A weight gradient is a product the other way round, a sum over all rows: `write_sums` has those of small layers, of
which a call of torch would cost more than the arithmetic.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir

from recurra.backends.llvm.call_table import write_table
from recurra.backends.llvm.compiler import Target
from recurra.backends.llvm.rounded import write_rounded
from recurra.backends.llvm.storage import AS_COMPUTED, Operand, Storage
from recurra.backends.llvm.vectors import I64, ControlFlow, Vectors, constant

__all__ = [
    "FIELDS", "PACK", "PANEL_VECTORS", "SUMS", "SUM_FIELDS", "Tiles", "write_packing", "write_sums",
    "write_unpacked",
]  # fmt: skip

Value = Any
PANEL_VECTORS = 2
"""Vectors in a panel."""

FEW = 4
"""Rows; of fewer, a tile takes several panels at once."""

PACK = "pack"
"""The name of the function that packs."""

FIELDS = (
    "source", "row_stride", "column_stride", "rows", "columns", "first_row", "first_column", "panels", "depth", "rest",
)  # fmt: skip
"""A block of its table: a matrix of words (strides in bytes), where it goes in the packed one, that one's address and
rows, and how many numbers of each column are behind its last whole word."""

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


# tiles ---------------------------------------------------------------------------------------------------------------


class Tiles:
    """The products of one module.

    A tile is `rows` x `panels` panels, over all operands: it reads a panel of weights once for all of its rows.
    """

    def __init__(
        self, module: ir.Module, target: Target, dtype: ir.Type, lanes: int, storage: Storage = AS_COMPUTED
    ) -> None:
        self.module, self.target, self.scalar, self.lanes, self.storage = module, target, dtype, lanes, storage
        self.bytes = 8 if isinstance(dtype, ir.DoubleType) else 4
        self.width = PANEL_VECTORS * lanes
        # panels side by side, for a few rows
        self.wide = 2 if target.vector_bits == 256 and storage.name != "bfloat16" else 4

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
        depth, per_word = constant(1), self.storage.per_word
        for operand in operands:
            words = operand.columns
            if per_word > 1:
                words = builder.sdiv(builder.add(words, constant(per_word - 1)), constant(per_word))
            depth = builder.add(depth, words)
        if self.storage.is_scaled:
            depth = builder.add(depth, constant(len(operands)))
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
        few = builder.icmp_signed("<", rows, constant(FEW))
        with builder.if_else(few) as (narrow, tall):
            with narrow:
                left = panels[0]
                if self.storage.is_scaled:
                    is_done = self._rounded(builder, operands, packed, panel_bytes, panels, rows, result, row_bytes)
                    left = builder.select(builder.icmp_signed("==", is_done, constant(1)), panels[1], left)
                after = flow.repeat(left, panels[1], self.wide, lambda p: block(p, self.wide, (2, 1)))
                flow.repeat(after, panels[1], 1, lambda p: block(p, 1, (2, 1)))
            with tall:
                sizes = [s for s in (self.target.tile_rows, 8, 6, 4, 2, 1) if s <= self.target.tile_rows]
                flow.repeat(*panels, 1, lambda p: block(p, 1, list(dict.fromkeys(sizes))))

    def _rounded(
        self, builder: ir.IRBuilder, operands: Sequence[Operand], packed: Value, panel_bytes: Value,
        panels: tuple[Value, Value], rows: Value, result: Value, row_bytes: Value,
    ) -> Value:  # fmt: skip
        """Emit the product in whole numbers; return whether that was possible, 1 or 0."""
        function = write_rounded(
            self.module, self.target, self.scalar, self.lanes, self.storage, operands=len(operands),
            panel_vectors=PANEL_VECTORS, wide=2,
        )  # fmt: skip
        given = [(o.address, builder.mul(o.stride, constant(self.bytes)), o.columns) for o in operands]
        flat = [value for each in given for value in each]
        return builder.call(function, [*flat, packed, panel_bytes, *panels, rows, result, row_bytes])

    def _tile(self, rows: int, panels: int, operands: int) -> ir.Function:
        """Return the function of a tile; made at its first use."""
        name = f"tile_{rows}x{panels}_{operands}"
        if name in self.module.globals:
            return self.module.globals[name]
        function = ir.Function(self.module, ir.FunctionType(ir.VoidType(), [I64] * (3 * operands + 4)), name)
        function.linkage = "internal"
        function.attributes.add("noinline")  # all registers are for its sums
        writer = TileWriter(self, function, rows, panels)
        writer.write([Operand(*function.args[3 * k : 3 * k + 3]) for k in range(operands)])
        return function


class TileWriter:
    """The function of a tile while it is written."""

    def __init__(self, tiles: Tiles, function: ir.Function, rows: int, panels: int) -> None:
        self.storage, self.lanes, self.rows, self.panels = tiles.storage, tiles.lanes, rows, panels
        self.builder = ir.IRBuilder(function.append_basic_block("entry"))
        self.vectors = Vectors(self.builder, tiles.scalar, tiles.lanes)
        *_, self.weights, self.panel_bytes, self.result, self.row_bytes = function.args
        self.places = [(p, v) for p in range(panels) for v in range(PANEL_VECTORS)]
        self.line_bytes, self.vector_bytes = tiles.width * tiles.bytes, tiles.lanes * tiles.bytes

    def write(self, operands: Sequence[Operand]) -> None:
        """Write the function."""
        b, flow, storage = self.builder, ControlFlow(self.builder), self.storage
        # the sums of every row begin with the first row of the packed weights; of scaled ones, that is added behind
        zeros = [self.vectors.number(0.0)] * (self.rows * len(self.places))
        sums: list[Value] = zeros if storage.is_scaled else self._line(self.weights) * self.rows
        position = b.add(self.weights, constant(self.line_bytes))
        for k, operand in enumerate(operands):

            def body(index: Value, carried: list[Value], operand: Operand = operand) -> list[Value]:
                return self._multiplied(operand, index, carried)

            if storage.is_scaled:
                sums = zeros
            if storage.per_word == 1:
                position, *sums = flow.accumulate(operand.columns, [position, *sums], body)
            else:
                whole = b.sdiv(operand.columns, constant(storage.per_word))
                position, *sums = flow.accumulate(whole, [position, *sums], body)
                rest = b.sub(operand.columns, b.mul(whole, constant(storage.per_word)))
                is_rest = b.zext(b.icmp_signed(">", rest, constant(0)), I64)  # none or once

                def last(
                    _: Value, carried: list[Value], operand: Operand = operand, whole: Value = whole, rest: Value = rest
                ) -> list[Value]:
                    return self._multiplied(operand, whole, carried, rest)

                position, *sums = flow.accumulate(is_rest, [position, *sums], last)
            if storage.is_scaled:
                sums = self._scaled(sums, self._line(position), is_first=k == 0)
                position = b.add(position, constant(self.line_bytes))
                if k < len(operands) - 1:
                    self._store(sums)
        self._store(sums)
        b.ret_void()

    def _multiplied(
        self, operand: Operand, index: Value, carried: Sequence[Value], present: Value | None = None
    ) -> list[Value]:
        """Return the next position, and the sums with a row of words times what the operand's rows have there.

        Of a last word only the rows below `present` count.
        """
        b, storage, scalar = self.builder, self.storage, self.vectors.scalar
        position, *sums = carried
        first = index if storage.per_word == 1 else b.mul(index, constant(storage.per_word))

        @functools.cache
        def left(part: int, row: int) -> Value:
            at, is_there = b.add(first, constant(part)) if part else first, None
            if part and present is not None:  # the first one is there, or there would be no word
                is_there = b.icmp_signed("<", constant(part), present)
                at = b.select(is_there, at, first)
            begin = b.add(operand.address, b.mul(operand.stride, constant(row)))
            number = b.load(b.gep(b.inttoptr(begin, ir.PointerType()), [at], source_etype=scalar), typ=scalar)
            if is_there is not None:
                number = b.select(is_there, number, ir.Constant(scalar, 0.0))
            return self.vectors.splat(number)

        # all rows read what is widened once; of few rows, the words of the next column wait in memory
        kind, every = self.vectors.type if storage.per_word == 1 else self.vectors.integers, range(len(self.places))
        apart = self.rows < FEW and storage.per_word > 1
        for columns in [[column] for column in every] if apart else [every]:
            words = {column: self._vector(position, column, kind) for column in columns}
            for part in range(storage.per_word):
                right = {column: storage.number(self.vectors, words[column], part) for column in columns}
                for row in range(self.rows):
                    for column in columns:
                        place = row * len(self.places) + column
                        sums[place] = self.vectors.fma(left(part, row), right[column], sums[place])
        return [b.add(position, constant(self.line_bytes)), *sums]

    def _scaled(self, sums: Sequence[Value], scales: Sequence[Value], *, is_first: bool) -> list[Value]:
        """Return what the sums begin with, or what the operands before gave, and the sums times their scales."""
        begun, found = self._line(self.weights) if is_first else [], []
        for number, total in enumerate(sums):
            row, column = divmod(number, len(self.places))
            before = begun[column] if is_first else self.vectors.load(self._target(row, column))
            found.append(self.vectors.fma(total, scales[column], before))
        return found

    def _store(self, values: Sequence[Value]) -> None:
        """Store whole panels: rows of the result are long enough, and what is behind the last column is not read."""
        for number, value in enumerate(values):
            self.vectors.store(value, self._target(*divmod(number, len(self.places))))

    def _target(self, row: int, column: int) -> Value:
        p, v = self.places[column]
        base = self.builder.add(self.result, self.builder.mul(self.row_bytes, constant(row)))
        at = self.builder.add(base, constant(p * self.line_bytes + v * self.vector_bytes))
        return self.builder.inttoptr(at, ir.PointerType())

    def _line(self, position: Value) -> list[Value]:
        """Return the vectors of a row of the panels."""
        return [self._vector(position, column, self.vectors.type) for column in range(len(self.places))]

    def _vector(self, position: Value, column: int, kind: ir.Type) -> Value:
        b, (p, v) = self.builder, self.places[column]
        at = b.add(b.add(position, b.mul(self.panel_bytes, constant(p))), constant(v * self.vector_bytes))
        return b.load(b.inttoptr(at, ir.PointerType()), typ=kind, align=self.vectors.bytes)


# weights as they lie -------------------------------------------------------------------------------------------------

_COLUMNS_AT_ONCE = 4
"""Vectors of columns whose sums do not wait for each other, where the rows of the weights lie in one piece each."""

_ROWS_AT_ONCE = 2
"""Rows for which they are read together."""

_COLUMNS_OF_A_TILE = 4
"""Columns of weights that lie column by column which are read for several rows together."""

_DEEP = 128
"""Numbers in a column for which that pays: to add up the lanes of so few columns takes longer than of many."""


def write_unpacked(module: ir.Module, scalar: ir.Type, lanes: int, storage: Storage = AS_COMPUTED) -> ir.Function:
    """Return the function of the module by which result = begin + operand @ weights; made at its first use.

    Its arguments are the operand's address, row stride and columns; the weights' address, stride and columns; the
    address and row stride of what the sums begin with, 0 for zeros; those of the result; and the rows of both. Strides
    are in bytes; that of the weights is from row to row, or, as a negative number, from column to column, as those of
    another storage lie. The last argument is the address of the columns' scales, where the storage has some.
    """
    name = "unpacked"
    if name in module.globals:
        return module.globals[name]
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [I64] * (11 + storage.is_scaled)), name)
    function.linkage = "internal"
    function.attributes.add("noinline")
    _UnpackedWriter(function, scalar, lanes, storage).write()
    return function


class _UnpackedWriter:
    """The function of a product with weights as they lie, while it is written.

    A few columns of the weights, which stay in the cache, go over all rows.
    """

    def __init__(self, function: ir.Function, scalar: ir.Type, lanes: int, storage: Storage) -> None:
        self.lanes, self.storage, self.builder = lanes, storage, ir.IRBuilder(function.append_basic_block("entry"))
        self.flow, self.vectors = ControlFlow(self.builder), Vectors(self.builder, scalar, lanes)
        self.stored = ir.IntType(storage.bits) if storage.name else scalar
        (
            self.operand, self.operand_row, self.depth, self.weights, self.stride, self.columns, self.begin,
            self.begin_row, self.result, self.result_row, self.rows, *self.scales,
        ) = function.args  # fmt: skip

    def write(self) -> None:
        """Write the function."""
        if self.storage.name:
            self._repeat(self.lanes, self._by_columns)
        else:
            b, at_once = self.builder, _COLUMNS_AT_ONCE
            with b.if_else(b.icmp_signed(">=", self.stride, constant(0))) as (lie_by_rows, lie_by_columns):
                with lie_by_rows:
                    done = self.flow.repeat(
                        constant(0), self.columns, at_once * self.lanes, lambda column: self._by_rows(column, at_once)
                    )
                    self._repeat(self.lanes, lambda column: self._by_rows(column, 1), done)
                with lie_by_columns:
                    self._repeat(self.lanes, self._by_columns)
        self.builder.ret_void()

    def _repeat(
        self, step: int, body: Callable[[Value], None], start: Value | None = None, end: Value | None = None
    ) -> None:
        """Go through the columns, so many at a time, and at last through those that are left."""
        end = self.builder.add(self.columns if end is None else end, constant(step - 1))
        self.flow.repeat(constant(0) if start is None else start, end, step, body)

    def _by_rows(self, column: Value, count: int) -> None:
        """Write some vectors of columns: of each row, the sum of its numbers times rows of weights."""
        b, vectors = self.builder, self.vectors
        at = [b.add(column, constant(k * self.lanes)) for k in range(count)]
        masks = [vectors.first(b.sub(self.columns, each)) for each in at]
        read = [None] * count if count > 1 else masks

        def some(top: Value, tall: int) -> None:
            numbers = [b.add(top, constant(row)) for row in range(tall)]
            lines = [self._row(self.operand, self.operand_row, number) for number in numbers]

            def line(index: Value, sums: list[Value]) -> list[Value]:
                source = b.add(self.weights, b.mul(index, self.stride))
                weights = [vectors.load(self._pointer(source, k), mask) for k, mask in zip(at, read, strict=True)]
                factors = [vectors.splat(b.load(self._pointer(each, index), typ=vectors.scalar)) for each in lines]
                pairs = ((factor, weight) for factor in factors for weight in weights)
                return [vectors.fma(*pair, total) for pair, total in zip(pairs, sums, strict=True)]

            places = [(number, place, mask) for number in numbers for place, mask in zip(at, masks, strict=True)]
            sums = self.flow.accumulate(self.depth, [self._begun(*place) for place in places], line)
            for (number, place, mask), total in zip(places, sums, strict=True):
                into = self._row(self.result, self.result_row, number)
                vectors.store(total, self._pointer(into, place), mask)

        done = self.flow.repeat(constant(0), self.rows, _ROWS_AT_ONCE, lambda top: some(top, _ROWS_AT_ONCE))
        self.flow.repeat(done, self.rows, 1, lambda top: some(top, 1))

    def _by_columns(self, column: Value) -> None:
        """Write a vector of columns: several rows at once where columns are deep, then row after row."""
        b, done, tall = self.builder, constant(0), max(1, self.lanes // _COLUMNS_OF_A_TILE)
        end = b.add(column, constant(self.lanes))
        end = b.select(b.icmp_signed("<", end, self.columns), end, self.columns)

        def several(top: Value) -> None:
            self._repeat(self.lanes // tall, lambda at: self._tile(top, at, tall), column, end)

        if tall > 1:
            is_deep = b.icmp_signed(">=", self.depth, constant(_DEEP))
            done = self.flow.repeat(done, b.select(is_deep, self.rows, constant(0)), tall, several)
        self.flow.repeat(done, self.rows, 1, lambda top: self._tile(top, column, 1))

    def _tile(self, top: Value, column: Value, tall: int) -> None:
        """Write so many rows of a few columns, whose sums fill a vector: of vectors of a row by those of a column."""
        b, vectors, across = self.builder, self.vectors, self.lanes // tall
        last, left = b.sub(self.columns, constant(1)), b.sub(self.columns, column)
        sources = []
        for k in range(across):  # a lane without a column reads the last one, and is not stored
            at = b.add(column, constant(k))
            at = b.select(b.icmp_signed("<", at, last), at, last)
            sources.append(b.sub(self.weights, b.mul(at, self.stride)))
        numbers = [b.add(top, constant(row)) for row in range(tall)]
        lines = [self._row(self.operand, self.operand_row, number) for number in numbers]

        def piece(index: Value, sums: Sequence[Value], mask: Value | None = None) -> list[Value]:
            factors = [vectors.load(self._pointer(line, index), mask) for line in lines]
            places = [b.gep(self._pointer(at), [index], source_etype=self.stored) for at in sources]
            read = [self.storage.load(vectors, place, mask) for place in places]
            pairs = ((factor, weight) for factor in factors for weight in read)
            return [vectors.fma(*pair, total) for pair, total in zip(pairs, sums, strict=True)]

        wide, zeros = constant(self.lanes), [vectors.number(0.0)] * self.lanes
        whole = b.sdiv(self.depth, wide)
        sums = self.flow.accumulate(whole, zeros, lambda number, sums: piece(b.mul(number, wide), sums))
        index = b.mul(whole, wide)
        rest = b.sub(self.depth, index)
        # the numbers behind the last whole vector, none or once
        is_rest = b.zext(b.icmp_signed(">", rest, constant(0)), I64)
        sums = self.flow.accumulate(is_rest, sums, lambda _, sums: piece(index, sums, vectors.first(rest)))
        total = vectors.sums_of(sums)
        for row, number in enumerate(numbers):  # the lanes of this row alone: as if it began so much before
            before = constant(row * across)
            mask = b.and_(vectors.between(row * across, (row + 1) * across), vectors.first(b.add(left, before)))
            at = b.sub(column, before)
            found = self._begun(number, at, mask)
            if self.storage.is_scaled:
                found = vectors.fma(total, vectors.load(self._pointer(self.scales[0], at), mask), found)
            else:
                found = b.fadd(found, total)
            vectors.store(found, self._pointer(self._row(self.result, self.result_row, number), at), mask)

    def _begun(self, row: Value, column: Value, mask: Value) -> Value:
        """Return what the sums begin with, of a vector of columns."""
        has_begin = self.vectors.splat(self.builder.icmp_signed("!=", self.begin, constant(0)))
        begun = self._row(self.begin, self.begin_row, row)
        return self.vectors.load(self._pointer(begun, column), self.builder.and_(mask, has_begin))

    def _row(self, base: Value, stride: Value, number: Value) -> Value:
        return self.builder.add(base, self.builder.mul(number, stride))

    def _pointer(self, base: Value, elements: Value | None = None) -> Value:
        at = self.builder.inttoptr(base, ir.PointerType())
        return at if elements is None else self.builder.gep(at, [elements], source_etype=self.vectors.scalar)


# packing -------------------------------------------------------------------------------------------------------------


def write_packing(module: ir.Module, scalar: ir.Type, lanes: int, storage: Storage = AS_COMPUTED) -> None:
    """Write pack(table, thread, threads): the table is the number of blocks, then the fields of each.

    A panel holds a few vectors of columns, row after row. The vectors of a block are shared among the threads. Of a
    matrix, either the numbers of a row or those of a column lie one after the other; or all are one zero, of which
    there is a vector.
    """

    def block(b: ir.IRBuilder, flow: ControlFlow, fields: list[Value], thread: Value, threads: Value) -> None:
        _block(b, flow, Vectors(b, scalar, lanes), storage, fields, thread, threads)

    write_table(module, PACK, len(FIELDS), block)


def _block(
    b: ir.IRBuilder, flow: ControlFlow, vectors: Vectors, storage: Storage, fields: list[Value], thread: Value,
    threads: Value,
) -> None:  # fmt: skip
    source, row_stride, column_stride, rows, columns, first_row, first_column, panels, depth, rest = fields
    align = vectors.bytes if storage.per_word == 1 else storage.bytes  # a column of words begins where a number does
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
        # what is whole needs no masks, of which AVX2 takes a dozen cycles for a store
        is_whole = b.and_(
            b.icmp_signed(">=", b.mul(number, lanes), first_column),
            b.icmp_signed("<=", b.add(b.mul(number, lanes), lanes), end),
        )
        panel = b.add(panels, b.mul(b.sdiv(number, constant(PANEL_VECTORS)), b.mul(depth, row_bytes)))
        target = b.add(panel, b.add(b.mul(first_row, row_bytes), b.mul(
            b.srem(number, constant(PANEL_VECTORS)), constant(vectors.lanes * size))))  # fmt: skip

        def stored(value: Value, row: Value, mask: Value | None) -> None:
            vectors.store(value, pointer(b.add(target, b.mul(row, row_bytes))), mask)

        begun = b.mul(b.sub(b.mul(number, lanes), first_column), column_stride)

        def row(index: Value, mask: Value | None = inside) -> None:
            line = b.add(source, b.add(b.mul(index, row_stride), begun))
            stored(vectors.load(pointer(line), mask, align=align), index, mask)

        def columns_at(index: Value) -> list[Value]:
            """Return the address of a row in each column of the vector."""
            # a lane without a column reads the nearest one, and is not stored
            nearest = b.select(b.icmp_signed("<", places, first), first, places)
            nearest = b.select(b.icmp_signed(">", nearest, last), last, nearest)
            offsets = b.mul(b.sub(nearest, first), vectors.splat(column_stride))
            line = b.add(source, b.mul(index, row_stride))
            return [b.add(line, b.extract_element(offsets, constant(k))) for k in range(vectors.lanes)]

        def square(index: Value) -> None:
            """Pack as many rows as there are lanes, of a matrix whose columns lie in one piece each."""
            begun = b.mul(index, lanes)
            left = b.sub(rows, begun)
            there = vectors.first(left)
            lines = [vectors.load(pointer(at), there, align=align) for at in columns_at(begun)]
            for k, value in enumerate(vectors.transposed(lines)):
                is_there = b.icmp_signed("<", constant(k), left)
                stored(value, b.add(begun, constant(k)), b.and_(inside, vectors.splat(is_there)))

        def whole_square(index: Value) -> None:
            first_row = b.mul(index, lanes)
            line = b.add(source, b.add(b.mul(first_row, row_stride), begun))
            starts = [b.add(line, b.mul(column_stride, constant(k))) for k in range(vectors.lanes)]
            lines = [vectors.load(pointer(at), None, align=align) for at in starts]
            for k, value in enumerate(vectors.transposed(lines)):
                stored(value, b.add(first_row, constant(k)), None)

        def last_words() -> None:
            """Pack what is behind the last whole word of each column, number by number."""
            words = vectors.whole(0)
            for lane, at in enumerate(columns_at(rows)):
                word = ir.Constant(vectors.integer, 0)
                for k in range(storage.per_word - 1):
                    is_there = b.icmp_signed("<", constant(k), rest)
                    place = b.add(at, b.select(is_there, constant(k * storage.bytes), constant(0)))
                    number = b.load(pointer(place), typ=ir.IntType(storage.bits), align=storage.bytes)
                    number = b.shl(b.zext(number, vectors.integer), ir.Constant(vectors.integer, k * storage.bits))
                    word = b.or_(word, b.select(is_there, number, ir.Constant(vectors.integer, 0)))
                words = b.insert_element(words, word, constant(lane))
            stored(b.bitcast(words, vectors.type), rows, inside)

        with b.if_else(b.icmp_signed("==", column_stride, constant(size))) as (by_rows, by_columns):
            with by_rows:
                done = flow.repeat(constant(0), b.select(is_whole, rows, constant(0)), 1, lambda k: row(k, None))
                flow.repeat(done, rows, 1, row)
            with by_columns:
                squares = b.select(is_whole, b.sdiv(rows, lanes), constant(0))
                done = flow.repeat(constant(0), squares, 1, whole_square)
                flow.repeat(done, b.sdiv(b.add(rows, constant(vectors.lanes - 1)), lanes), 1, square)
        if storage.per_word > 1:
            with b.if_then(b.icmp_signed(">", rest, constant(0))):
                last_words()

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

    def some(index: Value, count: int) -> None:
        """Sum some columns of the left side for all of the right one: so many rows of the target, from end to end."""
        begun = b.add(left, b.mul(index, constant(bytes)))

        def vector(column: Value, mask: Value | None) -> None:
            first, into = (b.add(address, b.mul(column, constant(bytes))) for address in (right, target))

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

        full = flow.repeat(constant(0), width, vectors.lanes, lambda column: vector(column, None))
        rest = b.sub(width, full)
        with b.if_then(b.icmp_signed(">", rest, constant(0))):
            vector(full, vectors.first(rest))

    # a thread has every `threads`-th block of columns of the left side, and the last one what no block has
    stride = b.mul(threads, constant(_SUMS_AT_ONCE))
    mine = b.sdiv(b.add(b.sub(blocks, thread), b.sub(threads, constant(1))), threads)
    begin = b.mul(thread, constant(_SUMS_AT_ONCE))
    flow.repeat(constant(0), mine, 1, lambda turn: some(b.add(begin, b.mul(turn, stride)), _SUMS_AT_ONCE))
    last = b.select(is_last, b.mul(blocks, constant(_SUMS_AT_ONCE)), columns)
    flow.repeat(last, columns, 1, lambda index: some(index, 1))
