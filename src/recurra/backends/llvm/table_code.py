"""Compiled functions that follow a table of whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir

from recurra.backends.llvm.flow import Flow, constant
from recurra.backends.llvm.vectors import I64

__all__ = ["write_table"]

Value = Any
Line = Callable[[ir.IRBuilder, Flow, list[Value], Value, Value], None]
"""What is written for a line: with the builder, its loops, the line's fields, the thread's number and their count."""


def write_table(module: ir.Module, name: str, width: int, line: Line) -> None:
    """Write name(table, thread, threads): it does `line` with the fields of each line of a table.

    The table is the number of its lines, then the fields of each.
    """
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [I64, I64, I64]), name)
    b = ir.IRBuilder(function.append_basic_block("entry"))
    address, thread, threads = function.args
    flow, table = Flow(b), b.inttoptr(address, ir.PointerType())

    def number(place: Value) -> Value:
        return b.load(b.gep(table, [place], source_etype=I64), typ=I64)

    def one(index: Value) -> None:
        first = b.add(b.mul(index, constant(width)), constant(1))
        line(b, flow, [number(b.add(first, constant(k))) for k in range(width)], thread, threads)

    flow.repeat(constant(0), number(constant(0)), 1, one)
    b.ret_void()
