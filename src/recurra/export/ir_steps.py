"""The statements of a program in LLVM's intermediate representation (IR): loops of vectors, and products of panels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from llvmlite import ir

from recurra.export.ir_functions import applied
from recurra.export.ir_numbers import BYTE, FLOAT, WORD, Lanes, Number
from recurra.export.program import (
    Apply,
    CodeArray,
    Copy,
    Fill,
    Literal,
    Load,
    Location,
    Loop,
    MatrixProduct,
    ProductTerm,
    Statement,
    Store,
    TableRow,
)

__all__ = ["ALIGNMENT", "CodeShape", "Memory", "StatementWriter", "repeat"]

ALIGNMENT = 64
"""Of constants and scratch, in bytes."""


@dataclass(frozen=True)
class CodeShape:
    """What code is shaped for.

    Attributes
    ----------
    word_bits : int
        Of a pointer.
    lanes : int
        Numbers of a register.
    panel : int
        Columns of a matrix whose sums stay in registers over all rows: a power of two.
    is_big_endian : bool
        Whether a number's highest byte comes first in memory.
    """

    word_bits: int
    lanes: int
    panel: int
    is_big_endian: bool = False


class Memory(Protocol):
    """Where constants and scratch are."""

    def constant(self, name: str, content: bytes) -> Any:
        """Return a pointer to bytes that never change."""
        ...

    def scratch(self, builder: ir.IRBuilder, array: CodeArray) -> Any:
        """Return a pointer to floats of one step, where its function begins."""
        ...


class StatementWriter:
    """Writes the statements of a function.

    Parameters
    ----------
    builder : IRBuilder
    shape : CodeShape
    memory : Memory
    prefix : str
        What the names of constants begin with.
    pointers : mapping from an array to a pointer to it; that of all states under None
    offsets : mapping from a state to where it lies among all of them
    """

    def __init__(
        self, builder: Any, shape: CodeShape, memory: Memory, prefix: str, pointers: Mapping[Any, Any],
        offsets: Mapping[CodeArray, int],
    ) -> None:  # fmt: skip
        self.builder, self.shape, self.memory, self._prefix = builder, shape, memory, prefix
        self._pointers, self._offsets = dict(pointers), offsets
        self._size = ir.IntType(shape.word_bits)

    def write(self, statement: Statement) -> None:
        """Write a statement."""
        match statement:
            case MatrixProduct():
                self._product(statement)
            case Loop():
                self._loop(statement, [])
            case Fill(target, size, value):
                self._loop(Loop((size,), (Literal(value), Store(target, (1,), 0))), [])
            case Copy(target, source, size):
                self._loop(Loop((size,), (Load(source, (1,)), Store(target, (1,), 0))), [])
            case TableRow(target, table, rows, place):
                size = table.size // rows
                counted = self.builder.load(self.pointer(Location(place)), typ=WORD)
                last = ir.Constant(WORD, rows - 1)
                row = self.builder.select(self.builder.icmp_unsigned("<", counted, last), counted, last)
                first = self.builder.mul(self._whole(row), self._number(size))
                here = CodeArray(f"{table.name}_row", size, "scratch")
                self._pointers[here] = self._at(self.pointer(Location(table)), first)
                self.write(Copy(target, Location(here), size))

    # memory ------------------------------------------------------------------------------------------------------

    def pointer(self, location: Location) -> Any:
        """Return a pointer to a place."""
        array, offset = location.array, location.offset
        if array.kind == "state":
            return self._at(self._pointers[None], self._number(offset + self._offsets[array]))
        if array not in self._pointers:
            self._pointers[array] = self._content(array.name, array.values)
        return self._at(self._pointers[array], self._number(offset))

    def _at(self, pointer: Any, place: Any, kind: Any = FLOAT) -> Any:
        if isinstance(place, ir.Constant) and place.constant == 0:
            return pointer
        return self.builder.gep(pointer, [place], source_etype=kind)

    def _number(self, value: int) -> Any:
        return ir.Constant(self._size, value)

    def _whole(self, word: Any) -> Any:
        """Return 32 bits as wide as a pointer."""
        bits = self._size.width
        if bits == 32:
            return word
        return self.builder.zext(word, self._size) if bits > 32 else self.builder.trunc(word, self._size)

    def _content(self, name: str, values: np.ndarray[Any, Any] | None) -> Any:
        """Return a pointer to constant numbers."""
        assert values is not None
        kind = np.dtype(np.int8 if values.dtype == np.int8 else np.float32)
        kind = kind.newbyteorder(">" if self.shape.is_big_endian else "<")
        return self.memory.constant(self._prefix + name, values.astype(kind).tobytes())

    # products ----------------------------------------------------------------------------------------------------

    def _product(self, product: MatrixProduct) -> None:
        """Write a product panel by panel: the sums of its columns stay in registers over the rows of all terms."""
        weights = [self._panels(term, product.width) for term in product.terms]
        for first, size, count in self._panel_runs(product.width):

            def panel(k: Any, _: Any, first: int = first, size: int = size) -> list[Any]:
                column = self.builder.add(self.builder.mul(k, self._number(size)), self._number(first))
                self._panel(product, weights, column, size)
                return []

            if count == 1:
                panel(self._number(0), [])
            else:
                repeat(self.builder, self._number(count), panel)

    def _panels(self, term: ProductTerm, width: int) -> Any:
        """Return a pointer to the weights of a product, panel by panel."""
        assert term.weights.values is not None
        matrix = term.weights.values.reshape(-1, width)
        parts = [matrix[:, first : first + size].ravel() for first, size in self._panel_places(width)]
        return self._content(term.weights.name, np.concatenate(parts))

    def _panel_places(self, width: int) -> Iterator[tuple[int, int]]:
        """Yield the first column and the number of columns of each panel; the last ones become narrower."""
        first, size = 0, self.shape.panel
        while first < width:
            while size > width - first:
                size //= 2
            yield first, size
            first += size

    def _panel_runs(self, width: int) -> list[tuple[int, int, int]]:
        """Return the first column, the size and the number of all panels of a size."""
        found: dict[int, list[int]] = {}
        for first, size in self._panel_places(width):
            found.setdefault(size, []).append(first)
        return [(places[0], size, len(places)) for size, places in found.items()]

    def _panel(self, product: MatrixProduct, weights: Sequence[Any], column: Any, size: int) -> None:
        builder, lanes = self.builder, Lanes(self.builder, size)
        target = self._at(self.pointer(product.target), column)
        sums = lanes.constant(FLOAT, 0.0)
        if product.start is not None:
            sums = self._vector(self._at(self.pointer(Location(product.start)), column), lanes, 4 * size)
        for term, matrix in zip(product.terms, weights, strict=True):
            kind, begin = (FLOAT, sums) if term.scales is None else (BYTE, lanes.constant(FLOAT, 0.0))
            here = self._at(matrix, builder.mul(column, self._number(term.rows)), kind)
            operand = self.pointer(term.operand)

            def row(i: Any, values: list[Any], kind: Any = kind, here: Any = here, operand: Any = operand) -> list[Any]:
                x = lanes.splat(builder.load(self._at(operand, i), typ=FLOAT))
                place = self._at(here, builder.mul(i, self._number(size)), kind)
                line = self._vector(place, lanes, size * (4 if kind is FLOAT else 1), kind)
                line = line if kind is FLOAT else line.single
                return [(Number(lanes, values[0]) + x * line).value]

            (found,) = repeat(builder, self._number(term.rows), row, [begin.value])
            total = Number(lanes, found)
            if term.scales is not None:
                scales = self._vector(self._at(self.pointer(Location(term.scales)), column), lanes, 4 * size)
                total = sums + total * scales
            sums = total
        builder.store(sums.value, target, align=4)

    def _vector(self, pointer: Any, lanes: Lanes, aligned: int, kind: Any = FLOAT) -> Number:
        """Return numbers side by side from memory, aligned by so many bytes at least, a power of two."""
        value = self.builder.load(pointer, typ=lanes.kind(kind), align=min(aligned, ALIGNMENT))
        return Number(lanes, value)

    # loops -------------------------------------------------------------------------------------------------------

    def _loop(self, loop: Loop, outer: list[Any]) -> None:
        """Write a nest of loops, given the places in those that are outside of what is left."""
        size, builder = loop.shape[len(outer)], self.builder
        if len(outer) + 1 < len(loop.shape):
            repeat(builder, self._number(size), lambda i, _: self._loop(loop, [*outer, i]) or [])
            return
        count = 1 if loop.is_scan or _is_stored_over(loop) else self.shape.lanes
        whole = size // count * count if count <= size else 0

        def turns(lanes: int, first: int, number: int) -> None:
            def turn(i: Any, _: Any) -> list[Any]:
                i = builder.add(builder.mul(i, self._number(lanes)), self._number(first))
                self._turn(loop, [*outer, i], Lanes(builder, lanes))
                return []

            if number == 1:
                turn(self._number(0), [])
            elif number:
                repeat(builder, self._number(number), turn)

        turns(count, 0, whole // count)
        if size > whole:
            turns(1, whole, size - whole)

    def _turn(self, loop: Loop, places: list[Any], lanes: Lanes) -> None:
        if loop.is_reversed:
            places = [self.builder.sub(self._number(size - 1), i) for size, i in zip(loop.shape, places, strict=True)]
        found: list[Any] = []
        for instruction in loop.instructions:
            match instruction:
                case Load(source, strides):
                    value = self._load(self._place(source, places, strides), strides[-1], lanes)
                case Literal(number):
                    value = lanes.constant(FLOAT, number)
                case Apply(op, arguments):
                    value = applied(op, [found[k] for k in arguments])
                case Store(target, strides, k, joined):
                    value = None
                    self._store(found[k], self._place(target, places, strides), strides[-1], joined)
            found.append(value)

    def _place(self, location: Location, places: list[Any], strides: Sequence[int]) -> Any:
        pointer = self.pointer(location)
        for i, stride in zip(places, strides, strict=True):
            if stride:
                pointer = self._at(pointer, self.builder.mul(i, self._number(stride)))
        return pointer

    def _load(self, pointer: Any, stride: int, lanes: Lanes) -> Number:
        if stride == 1:
            return self._vector(pointer, lanes, 4)
        if stride == 0:
            return lanes.splat(self.builder.load(pointer, typ=FLOAT))
        places = [self._at(pointer, self._number(k * stride)) for k in range(lanes.count)]
        return lanes.gathered([self.builder.load(place, typ=FLOAT) for place in places])

    def _store(self, value: Number, pointer: Any, stride: int, joined: str) -> None:
        if stride == 1:
            if joined:
                value = applied(joined, [self._vector(pointer, value.lanes, 4), value])
            self.builder.store(value.value, pointer, align=4)
            return
        one = Lanes(self.builder, 1)
        for k in range(value.lanes.count):
            place, part = self._at(pointer, self._number(k * stride)), Number(one, value.of_lane(k))
            if joined:
                part = applied(joined, [Number(one, self.builder.load(place, typ=FLOAT)), part])
            self.builder.store(part.value, place)


def _is_stored_over(loop: Loop) -> bool:
    """Return whether turns of the innermost loop store to the same place, one after the other."""
    stores = (each for each in loop.instructions if isinstance(each, Store))
    return any(not each.strides[-1] and not each.joined for each in stores)


def repeat(
    builder: Any, count: Any, body: Callable[[Any, list[Any]], list[Any]], start: Sequence[Any] = ()
) -> list[Any]:
    """Write `values = body(i, values)` for i = 0 ... count - 1, and return the last values."""
    before = builder.block
    head, inside, after = (builder.append_basic_block(name) for name in ("head", "body", "after"))
    builder.branch(head)
    builder.position_at_end(head)
    index = builder.phi(count.type)
    index.add_incoming(ir.Constant(count.type, 0), before)
    values = [builder.phi(value.type) for value in start]
    for phi, value in zip(values, start, strict=True):
        phi.add_incoming(value, before)
    builder.cbranch(builder.icmp_unsigned("<", index, count), inside, after)
    builder.position_at_end(inside)
    following = body(index, list(values))
    index.add_incoming(builder.add(index, ir.Constant(count.type, 1)), builder.block)
    for phi, value in zip(values, following, strict=True):
        phi.add_incoming(value, builder.block)
    builder.branch(head)
    builder.position_at_end(after)
    return list(values)
