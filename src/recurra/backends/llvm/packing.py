"""How weights get into panels: a compiled function that follows a table of blocks."""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from recurra.backends.llvm.flow import Flow, constant
from recurra.backends.llvm.products import PANEL_VECTORS
from recurra.backends.llvm.table_code import write_table
from recurra.backends.llvm.vectors import I64, Vectors

__all__ = ["FIELDS", "PACK", "write_packing"]

Value = Any
PACK = "pack"
"""The name of the function."""

FIELDS = ("source", "row_stride", "column_stride", "rows", "columns", "first_row", "first_column", "panels", "depth")
"""One block of the table: a matrix (strides in bytes), where it goes in the packed one, that one's address and rows."""


def write_packing(module: ir.Module, scalar: ir.Type, lanes: int) -> None:
    """Write pack(table, thread, threads): the table is the number of blocks, then the fields of each.

    A panel holds a few vectors of columns, row after row. The vectors of a block are shared among the threads.
    """

    def block(b: ir.IRBuilder, flow: Flow, fields: list[Value], thread: Value, threads: Value) -> None:
        _block(b, flow, Vectors(b, scalar, lanes), fields, thread, threads)

    write_table(module, PACK, len(FIELDS), block)


def _block(b: ir.IRBuilder, flow: Flow, vectors: Vectors, fields: list[Value], thread: Value, threads: Value) -> None:
    source, row_stride, column_stride, rows, columns, first_row, first_column, panels, depth = fields
    size = 8 if vectors.double else 4
    lanes = constant(vectors.lanes)
    row_bytes = constant(PANEL_VECTORS * vectors.lanes * size)
    end = b.add(first_column, columns)
    ramp = ir.Constant(ir.VectorType(I64, vectors.lanes), [ir.Constant(I64, k) for k in range(vectors.lanes)])

    def vector(share: Value) -> None:
        number = b.add(b.sdiv(first_column, lanes), b.add(b.mul(share, threads), thread))
        column = b.mul(number, lanes)
        places = b.add(vectors.splat(column), ramp)
        inside = b.and_(
            b.icmp_signed(">=", places, vectors.splat(first_column)), b.icmp_signed("<", places, vectors.splat(end))
        )
        offsets = b.mul(b.sub(places, vectors.splat(first_column)), vectors.splat(column_stride))
        panel = b.add(panels, b.mul(b.sdiv(number, constant(PANEL_VECTORS)), b.mul(depth, row_bytes)))
        target = b.add(panel, b.add(b.mul(first_row, row_bytes), b.mul(
            b.srem(number, constant(PANEL_VECTORS)), constant(vectors.lanes * size))))  # fmt: skip

        def row(index: Value) -> None:
            line = b.add(source, b.mul(index, row_stride))
            pointers = b.inttoptr(b.add(vectors.splat(line), offsets), ir.VectorType(ir.PointerType(), vectors.lanes))
            value = vectors.gather(pointers, inside)
            to = b.inttoptr(b.add(target, b.mul(index, row_bytes)), ir.PointerType())
            vectors.store(value, to, inside)

        flow.repeat(constant(0), rows, 1, row)

    count = b.sub(b.add(b.sdiv(b.sub(end, constant(1)), lanes), constant(1)), b.sdiv(first_column, lanes))
    mine = b.sdiv(b.add(b.sub(count, thread), b.sub(threads, constant(1))), threads)
    flow.repeat(constant(0), mine, 1, vector)
