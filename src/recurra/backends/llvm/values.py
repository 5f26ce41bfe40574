"""The values of nodes at one row and a vector of features: loaded, drawn, or computed in registers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llvmlite import ir

from recurra.backends.llvm.pointwise import SPELLING
from recurra.backends.llvm.schedule import Group
from recurra.backends.llvm.vectors import I32, Vectors
from recurra.backends.noise import MASK, STRIDE, mix, threshold
from recurra.graph.node import COMPARISONS, REDUCTIONS, Node

if TYPE_CHECKING:
    from recurra.backends.llvm.loops import Body

__all__ = ["Rows", "Values"]

Value = Any


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


class Values:
    """The values of nodes at one row and a vector of features."""

    def __init__(
        self, body: Body, vectors: Vectors, rows: Rows, row: Value, column: Value, mask: Value | None, group: Group
    ) -> None:
        self.body, self.vectors, self.rows, self.row = body, vectors, rows, row
        self.column, self.mask, self.group = column, mask, group
        self.known: dict[Node, Value] = {}

    def of(self, node: Node) -> Value:
        """Return a node's value: stored somewhere, a number, or computed from its arguments."""
        if node not in self.known:
            self.known[node] = self._find(node)
        return self.known[node]

    def _find(self, node: Node) -> Value:
        if node.op == "constant":
            return self.vectors.number(node["value"])
        if not node.rows and node.op not in COMPARISONS:
            return self._once(node)
        if node.op == "noise":
            return self._noise(node)
        if self._is_stored(node):
            address, _ = self.body.row(node, self.rows, self.row)
            return self._load(address, node)
        return SPELLING[node.op](self.vectors, *(self.of(argument) for argument in node.args))

    def _is_stored(self, node: Node) -> bool:
        body = self.body
        if not node.args or node in body.made or node in body.schedule.passed_on:
            return True
        has_place = node in body.local or node in body.writer.arrays
        return has_place and (node not in self.group.stores or node.op in REDUCTIONS)

    def _once(self, node: Node) -> Value:
        if node.op == "broadcast":
            return self.of(node.args[0])
        slot = self.body.slots.slot("once", node)
        return self._load(self.body.argument(slot.place), node)

    def _load(self, address: Value, node: Node) -> Value:
        b, v = self.body.builder, self.vectors
        pointer = b.inttoptr(address, ir.PointerType())
        if node.shape in ((), (1,)):
            return v.splat(b.load(pointer, typ=v.scalar))
        pointer = b.gep(pointer, [self.column], source_etype=v.scalar)
        return v.load(pointer, self.mask)

    def store(self, value: Value, addresses: Sequence[Value], *, is_added: bool = False) -> None:
        """Store a vector at the column of each address, or add it to what is there."""
        b, v = self.body.builder, self.vectors
        for address in addresses:
            pointer = b.gep(b.inttoptr(address, ir.PointerType()), [self.column], source_etype=v.scalar)
            v.store(b.fadd(v.load(pointer, self.mask), value) if is_added else value, pointer, self.mask)

    def _noise(self, node: Node) -> Value:
        """Draw as `recurra.backends.noise.bernoulli` does, in 32 bits, where its masks are the natural overflow."""
        b, v = self.body.builder, self.vectors
        row = b.add(self.rows.base, self.row)
        sequence = b.trunc(self.body.table("sequence_table", row), I32)
        key = _mix(b, b.add(b.trunc(self.body.header("seed"), I32), ir.Constant(I32, mix(node["index"] + 1))), _scalar)
        if node["per"] == "step":
            step = b.trunc(self.body.table("step_table", row), I32)
            counted = b.mul(b.add(step, ir.Constant(I32, 1)), ir.Constant(I32, STRIDE))
            key = _mix(b, b.add(key, counted), _scalar)
        own = b.add(b.add(key, b.mul(sequence, ir.Constant(I32, STRIDE))), ir.Constant(I32, 1))
        own = v.splat(_mix(b, own, _scalar))
        first = v.splat(b.mul(b.trunc(self.column, I32), ir.Constant(I32, STRIDE)))
        kind = ir.VectorType(I32, v.lanes)
        ramp = ir.Constant(kind, [ir.Constant(I32, (k * STRIDE) & MASK) for k in range(v.lanes)])
        drawn = _mix(b, b.add(own, b.add(first, ramp)), lambda value: v.whole(value, 32))
        bound = threshold(node["rate"])
        if bound > MASK:
            return v.number(1.0)
        return v.select(b.icmp_unsigned("<", drawn, v.whole(bound, 32)), v.number(1.0), v.number(0.0))


def _scalar(value: int) -> ir.Constant:
    return ir.Constant(I32, value)


def _mix(b: ir.IRBuilder, value: Value, whole: Callable[[int], Value]) -> Value:
    """Return the hash of `recurra.backends.noise.mix`."""
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        value = b.mul(b.xor(value, b.lshr(value, whole(shift))), whole(factor))
    return b.xor(value, b.lshr(value, whole(16)))
