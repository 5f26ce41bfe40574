"""Denormal numbers, too small for full precision: processors take ten times as long with them, so they count as zero.

A gradient that vanishes over the steps passes through them, and so do a state that decays and Adam's moments of a row
that has no gradient any more.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from recurra.backends.llvm.compiler import Target
from recurra.backends.llvm.vectors import I32, I64, constant, declared

__all__ = ["FLUSH", "Flushing", "write_flush"]

Value = Any
FLUSH = "flush"


class Flushing:
    """From where it is made to where it is ended a function takes denormal numbers for zero.

    Parameters
    ----------
    builder : ir.IRBuilder
        At the entry of the function.
    target : Target
    """

    def __init__(self, builder: ir.IRBuilder, target: Target) -> None:
        self._register = _register(builder, target)
        self._before = self._register.read(builder)
        self._register.write(builder, builder.or_(self._before, self._register.bits))

    def end(self, builder: ir.IRBuilder) -> None:
        """Write the way back to how the caller had it."""
        self._register.write(builder, self._before)


def write_flush(module: ir.Module, target: Target) -> None:
    """Write flush(is_wanted, -, -), after which the thread that calls it takes denormals for zero, or does not."""
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [I64, I64, I64]), FLUSH)
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    register = _register(builder, target)
    before, bits = register.read(builder), register.bits
    cleared = builder.and_(before, builder.not_(bits))
    is_wanted = builder.icmp_signed("!=", function.args[0], constant(0))
    register.write(builder, builder.select(is_wanted, builder.or_(before, bits), cleared))
    builder.ret_void()


def _register(builder: ir.IRBuilder, target: Target) -> _Register:
    if target.triple.startswith("x86_64"):
        return _Mxcsr(builder)
    return _Fpcr() if target.triple.startswith(("aarch64", "arm64")) else _Register()


class _Register:
    """The one whose bits say what becomes of denormal numbers; of a processor that nothing is known of, none."""

    bits = constant(0)

    def read(self, builder: ir.IRBuilder) -> Value:
        """Return what it holds."""
        return constant(0)

    def write(self, builder: ir.IRBuilder, value: Value) -> None:
        """Write to it."""


class _Mxcsr(_Register):
    """Of x86: results that are denormal become zero, and operands that are count as zero."""

    bits = ir.Constant(I32, 1 << 15 | 1 << 6)

    def __init__(self, builder: ir.IRBuilder) -> None:
        self._place = builder.alloca(I32)

    def read(self, builder: ir.IRBuilder) -> Value:
        self._call(builder, "llvm.x86.sse.stmxcsr")
        return builder.load(self._place, typ=I32)

    def write(self, builder: ir.IRBuilder, value: Value) -> None:
        builder.store(value, self._place)
        self._call(builder, "llvm.x86.sse.ldmxcsr")

    def _call(self, builder: ir.IRBuilder, name: str) -> None:
        builder.call(declared(builder.module, name, ir.VoidType(), [ir.PointerType()]), [self._place])


class _Fpcr(_Register):
    """Of 64-bit ARM: one bit for both."""

    bits = ir.Constant(I64, 1 << 24)

    def read(self, builder: ir.IRBuilder) -> Value:
        return builder.call(declared(builder.module, "llvm.aarch64.get.fpcr", I64, []), [])

    def write(self, builder: ir.IRBuilder, value: Value) -> None:
        builder.call(declared(builder.module, "llvm.aarch64.set.fpcr", ir.VoidType(), [I64]), [value])
