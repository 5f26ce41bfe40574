"""Two small compiled functions: one that puts initial values where a loop reads them, one that runs other functions.

With them a run is one call from Python, which costs as much as a step of a small layer.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from recurra.backends.llvm.flow import Flow, constant
from recurra.backends.llvm.table_code import write_table
from recurra.backends.llvm.vectors import I64

__all__ = ["SCRIPT", "SCRIPT_FIELDS", "START", "START_FIELDS", "write_script", "write_start"]

Value = Any
SCRIPT, START = "script", "start"
"""The names of the functions; each takes the address of a table, which is a number of lines and their fields."""

SCRIPT_FIELDS = ("function", "arguments", "threads")
"""Call function(arguments, 0, threads)."""

START_FIELDS = ("source", "target", "row_bytes", "target_row_bytes", "rows", "places")
"""Copy rows; their numbers in the target are 0, 1, ..., or stand in a table if there is one."""


def write_script(module: ir.Module) -> None:
    """Write script(table, -, -): run the functions of the table one after the other."""
    kind = ir.FunctionType(ir.VoidType(), [I64, I64, I64])

    def line(b: ir.IRBuilder, flow: Flow, fields: list[Value], *_: Value) -> None:
        function, arguments, threads = fields
        b.call(b.inttoptr(function, kind.as_pointer()), [arguments, constant(0), threads])

    write_table(module, SCRIPT, len(SCRIPT_FIELDS), line)


def write_start(module: ir.Module) -> None:
    """Write start(table, -, -): copy rows."""
    pointer = ir.PointerType()
    copy = ir.Function(
        module, ir.FunctionType(ir.VoidType(), [pointer, pointer, I64, ir.IntType(1)]), "llvm.memcpy.p0.p0.i64"
    )

    def line(b: ir.IRBuilder, flow: Flow, fields: list[Value], *_: Value) -> None:
        source, target, row_bytes, target_row_bytes, rows, places = fields
        in_order = b.icmp_signed("==", places, constant(0))

        def row(number: Value) -> None:
            with b.if_else(in_order) as (plain, looked_up):
                with plain:
                    first = b.block
                with looked_up:
                    at = b.gep(b.inttoptr(places, pointer), [number], source_etype=I64)
                    found = b.load(at, typ=I64)
                    second = b.block
            place = b.phi(I64)
            place.add_incoming(number, first)
            place.add_incoming(found, second)
            to = b.inttoptr(b.add(target, b.mul(place, target_row_bytes)), pointer)
            of = b.inttoptr(b.add(source, b.mul(number, row_bytes)), pointer)
            b.call(copy, [to, of, row_bytes, ir.Constant(ir.IntType(1), 0)])

        flow.repeat(constant(0), rows, 1, row)

    write_table(module, START, len(START_FIELDS), line)
