"""The loops of elementwise values: over rows and features, or, for a mean over the rows, over features and rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from llvmlite import ir

from recurra.backends.llvm.flow import constant
from recurra.backends.llvm.schedule import Group
from recurra.backends.llvm.values import Rows, Values
from recurra.backends.llvm.vectors import I32, Vectors
from recurra.graph.node import REDUCTIONS

if TYPE_CHECKING:
    from recurra.backends.llvm.loops import Body

__all__ = ["GroupLoop"]

Value = Any

_NEUTRAL = {"sum": 0.0, "max": -math.inf}
"""Reduction -> the number that changes no other."""


class GroupLoop:
    """The loop that stores the values of a group for the rows of a function."""

    def __init__(self, body: Body, group: Group, rows: Rows) -> None:
        self.body, self.group, self.rows = body, group, rows
        self.builder, self.flow = body.builder, body.flow
        self.lanes, self.width = body.writer.lanes, body.size(group.width)
        self.vectors = Vectors(self.builder, body.writer.scalar, self.lanes)

    def write(self) -> None:
        """Write the loop."""
        if self.group.is_across_rows:
            self._across_rows()
            return
        first, end, columns = self._share()
        self.flow.repeat(first, end, 1, lambda row: self._over_features(row, columns))

    def write_row(self, row: Value) -> None:
        """Write the loop of one row."""
        self._over_features(row, (constant(0), self.width))

    def _over_features(self, row: Value, columns: tuple[Value, Value]) -> None:
        """Write a loop over features: pairs of vectors, whose work overlaps, then one, then a part of one."""
        body, rows, group, vectors = self.body, self.rows, self.group, self.vectors
        pairs = Vectors(self.builder, body.writer.scalar, 2 * self.lanes)
        reduced = {node: body.entry.alloca(vectors.type) for node in group.stores if node.op in REDUCTIONS}

        to = {node: body.destinations(node, rows, row) for node in group.stores}
        for node, total in reduced.items():
            self.builder.store(vectors.number(_NEUTRAL[node.op]), total)

        def chunk(kind: Vectors, column: Value, mask: Value | None = None) -> None:
            values = Values(body, kind, rows, row, column, mask, group)
            for node in group.stores:
                if node.op in REDUCTIONS:
                    part = values.of(node.args[0])
                    part = part if mask is None else vectors.select(mask, part, vectors.number(_NEUTRAL[node.op]))
                    total = self.builder.load(reduced[node], typ=vectors.type)
                    self.builder.store(vectors.joined(node.op, total, part), reduced[node])
                else:
                    values.store(values.of(node), to[node], is_added=node in body.writer.totals)

        left, last = columns
        if not reduced:
            left = self.flow.repeat(left, last, 2 * self.lanes, lambda column: chunk(pairs, column))
        self._over_vectors(left, last, lambda column, mask: chunk(vectors, column, mask))
        for node, total in reduced.items():
            number = vectors.reduced(node.op, self.builder.load(total, typ=vectors.type))
            for address in to[node]:
                self.builder.store(number, self.builder.inttoptr(address, ir.PointerType()))

    def _across_rows(self) -> None:
        """Write a loop over features and rows: the mean over the rows, which then goes to every row."""
        b, body, rows, group, vectors = self.builder, self.body, self.rows, self.group, self.vectors
        count = b.sub(rows.end, rows.first)
        number = vectors.splat(b.sitofp(count, body.writer.scalar))

        def chunk(column: Value, mask: Value | None) -> None:
            def added(row: Value, totals: list[Value]) -> list[Value]:
                values = Values(body, vectors, rows, b.add(rows.first, row), column, mask, group)
                return [b.fadd(t, values.of(node.args[0])) for t, node in zip(totals, group.stores, strict=True)]

            totals = self.flow.accumulate(count, [vectors.number(0.0)] * len(group.stores), added)
            means = [b.fdiv(total, number) for total in totals]

            def stored(row: Value) -> None:
                values = Values(body, vectors, rows, row, column, mask, group)
                for node, mean in zip(group.stores, means, strict=True):
                    values.store(mean, body.destinations(node, rows, row))

            self.flow.repeat(rows.first, rows.end, 1, stored)

        self._over_vectors(*self._share_of_columns(), chunk)

    def _over_vectors(self, first: Value, end: Value, chunk: Callable[[Value, Value | None], None]) -> None:
        """Write `chunk(column, mask)` for each vector of columns, the last of which may be a part of one."""
        left = self.flow.repeat(first, end, self.lanes, lambda column: chunk(column, None))
        rest = self.builder.sub(end, left)
        with self.builder.if_then(self.builder.icmp_signed(">", rest, constant(0))):
            chunk(left, self._first(rest))

    def _share(self) -> tuple[Value, Value, tuple[Value, Value]]:
        """Return which rows and columns of a loop are this thread's: rows where there are enough of them."""
        b, body, rows, width = self.builder, self.body, self.rows, self.width
        if not body.is_joint:
            return rows.first, rows.end, (constant(0), width)
        first, end = body.part(rows.end)
        if any(node.op in REDUCTIONS for node in self.group.stores):
            return first, end, (constant(0), width)
        low, high = self._share_of_columns()
        by_rows = b.icmp_signed(">=", rows.end, body.threads)
        return (
            b.select(by_rows, first, rows.first),
            b.select(by_rows, end, rows.end),
            (b.select(by_rows, constant(0), low), b.select(by_rows, width, high)),
        )

    def _share_of_columns(self) -> tuple[Value, Value]:
        """Return which columns are this thread's, in whole vectors: from the first to before the second."""
        b, width, lanes = self.builder, self.width, constant(self.lanes)
        vectors = b.sdiv(b.add(width, b.sub(lanes, constant(1))), lanes)
        low, high = (b.mul(number, lanes) for number in self.body.part(vectors))
        return low, b.select(b.icmp_signed("<", high, width), high, width)

    def _first(self, count: Value) -> Value:
        """Return a mask of the first lanes."""
        kind = ir.VectorType(I32, self.lanes)
        ramp = ir.Constant(kind, [ir.Constant(I32, k) for k in range(self.lanes)])
        return self.builder.icmp_signed("<", ramp, self.vectors.splat(self.builder.trunc(count, I32)))
