"""Loops in LLVM IR."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir

__all__ = ["Flow", "constant"]

Value = Any
I64 = ir.IntType(64)


def constant(value: int) -> ir.Constant:
    """Return a whole number of 64 bits."""
    return ir.Constant(I64, value)


class Flow:
    """Loops at the place where a builder is."""

    def __init__(self, builder: ir.IRBuilder) -> None:
        self.builder = builder

    def repeat(self, start: Value, end: Value, step: int, body: Callable[[Value], None]) -> Value:
        """Run `body(i)` for i = start, start + step, ... while i + step <= end; return the first i that is left."""
        b = self.builder
        before = b.block
        head, inside, after = (b.append_basic_block(name) for name in ("head", "body", "after"))
        b.branch(head)
        b.position_at_end(head)
        index = b.phi(I64)
        index.add_incoming(start, before)
        following = b.add(index, constant(step))
        b.cbranch(b.icmp_signed("<=", following, end), inside, after)
        b.position_at_end(inside)
        body(index)
        index.add_incoming(following, b.block)
        b.branch(head)
        b.position_at_end(after)
        return index

    def accumulate(
        self, count: Value, start: Sequence[Value], body: Callable[[Value, list[Value]], list[Value]]
    ) -> list[Value]:
        """Run `values = body(i, values)` for i = 0 ... count - 1 and return the last values."""
        b = self.builder
        before = b.block
        head, inside, after = (b.append_basic_block(name) for name in ("head", "body", "after"))
        b.branch(head)
        b.position_at_end(head)
        index = b.phi(I64)
        index.add_incoming(constant(0), before)
        values = [b.phi(value.type) for value in start]
        for phi, value in zip(values, start, strict=True):
            phi.add_incoming(value, before)
        b.cbranch(b.icmp_signed("<", index, count), inside, after)
        b.position_at_end(inside)
        new = body(index, list(values))
        index.add_incoming(b.add(index, constant(1)), b.block)
        for phi, value in zip(values, new, strict=True):
            phi.add_incoming(value, b.block)
        b.branch(head)
        b.position_at_end(after)
        return list(values)
