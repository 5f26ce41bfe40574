"""Call table: tables of whole numbers that compiled functions read, and the compiled functions that follow one.

`Slots` numbers the arguments of a function, `ArgumentTable` collects the numbers of a run. `script` runs other
functions, so that a run is one call from Python, which costs as much as a step of a small layer; `launch` completes a
table with addresses before, `copy` puts rows where another function reads them, and `add` adds arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from llvmlite import ir

from recurra.backends.llvm.vectors import I64, ControlFlow, Vectors, constant
from recurra.derive.stages import Product
from recurra.graph.node import Node

__all__ = [
    "ADD", "ADD_FIELDS", "COPY", "COPY_FIELDS", "HEADER", "LAUNCH", "LAUNCH_FIELDS", "SCRIPT", "SCRIPT_FIELDS",
    "ArgumentTable", "Slot", "Slots", "write_add", "write_copy", "write_launch", "write_script", "write_table",
]  # fmt: skip

HEADER = (
    "first", "steps", "row_base", "count", "bounds", "scratch", "scratch_bytes", "batch", "sequence_table",
    "step_table", "seed", "barrier",
)  # fmt: skip
"""What every function is given first."""

SCRIPT, COPY, ADD = "script", "copy", "add"
"""The names of the functions; each takes the address of a table, which is a number of lines and their fields."""

LAUNCH = "launch"
"""The name of the function that completes a table and runs its script; it takes the address of `LAUNCH_FIELDS`."""

SCRIPT_FIELDS = ("function", "arguments", "threads")
"""Call function(arguments, 0, threads)."""

COPY_FIELDS = ("source", "target", "row_bytes", "source_row_bytes", "target_row_bytes", "rows", "places")
"""Copy rows; their numbers in the target are 0, 1, ..., or stand in a table if there is one."""

ADD_FIELDS = ("first", "second", "target", "count")
"""target = first + second, so many numbers."""

LAUNCH_FIELDS = ("count", "numbers", "sources", "memory", "begin", "script")
"""So many numbers, and where the address stands that is added to each (both as addresses); of which address the
completed table is `begin` bytes behind, and how many bytes behind that the script's table begins."""

Value = Any
Line = Callable[[ir.IRBuilder, ControlFlow, list[Value], Value, Value], None]
"""What is written for a line: with the builder, its loops, the line's fields, the thread's number and their count."""

Kind = Literal["row", "local", "once", "state", "final", "weights", "matrix", "scale", "total"]


@dataclass(frozen=True)
class Slot:
    """Where an array is: kind and node say which; its address and row stride stand at `place` and `place + 1`.

    In place of the row stride, packed weights have the number of panels, and a matrix of weights as they lie has a
    stride in bytes: from row to row, or, as a negative number, from column to column. A scale is that of a matrix.
    """

    kind: Kind
    node: Node | Product
    place: int


@dataclass
class Slots:
    """Hands out places in the array of arguments, in the order in which they are asked for."""

    sizes: Sequence[str]
    slots: dict[tuple[Kind, Node | Product], Slot] = field(default_factory=dict)

    def header(self, name: str) -> int:
        """Return the place of a header field."""
        return HEADER.index(name)

    def size(self, name: str) -> int:
        """Return the place of a size's number."""
        return len(HEADER) + list(self.sizes).index(name)

    def slot(self, kind: Kind, node: Node | Product) -> Slot:
        """Return the slot of an array."""
        if (kind, node) not in self.slots:
            self.slots[kind, node] = Slot(kind, node, len(self))
        return self.slots[kind, node]

    def __len__(self) -> int:
        return len(HEADER) + len(self.sizes) + 2 * len(self.slots)


class ArgumentTable:
    """Numbers, and what is to be added to them.

    Attributes
    ----------
    numbers : list of int, while the table is made
    array : int64 array
        The same when it is settled.
    names : list
        The pieces of memory whose addresses a run adds.
    sources : int64 array
        A run adds the address of `names[sources[k]]` to `array[k]`, or nothing where that is `len(names)`.
    """

    def __init__(self, bytes: int) -> None:
        self.bytes = bytes
        self.numbers: list[int] = []
        self.added: list[tuple[int, Hashable]] = []
        self._kept: list[np.ndarray] = []  # what numbers point to

    def begin(self, length: int) -> int:
        """Return where so many further numbers begin."""
        self.numbers += [0] * length
        return len(self.numbers) - length

    def add(self, at: int, name: Hashable, elements: int = 0, *, bytes: int = 0) -> None:
        """Let a number be the address of an element of a piece of memory, or of a byte."""
        self.numbers[at] = elements * self.bytes + bytes
        self.added.append((at, name))

    def of(self, values: np.ndarray) -> int:
        """Return the address of whole numbers that live as long as the table."""
        # the address is all that the table has of them: without this list they would be freed under it
        self._kept.append(np.ascontiguousarray(values, dtype=np.int64))
        return self._kept[-1].ctypes.data

    def settle(self) -> None:
        """Turn what was collected into arrays."""
        self.names = list(dict.fromkeys(name for _, name in self.added))
        # at a run one addition of arrays completes all arguments: `array + addresses[sources]`, the last of them 0
        index = {name: k for k, name in enumerate(self.names)}
        self.array = np.array(self.numbers, dtype=np.int64)
        self.sources = np.full(len(self.array), len(self.names))
        for at, name in self.added:
            self.sources[at] = index[name]


def write_table(module: ir.Module, name: str, width: int, line: Line) -> None:
    """Write name(table, thread, threads): it does `line` with the fields of each line of a table.

    The table is the number of its lines, then the fields of each.
    """
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [I64, I64, I64]), name)
    b = ir.IRBuilder(function.append_basic_block("entry"))
    address, thread, threads = function.args
    flow, table = ControlFlow(b), b.inttoptr(address, ir.PointerType())

    def number(place: Value) -> Value:
        return b.load(b.gep(table, [place], source_etype=I64), typ=I64)

    def one(index: Value) -> None:
        first = b.add(b.mul(index, constant(width)), constant(1))
        line(b, flow, [number(b.add(first, constant(k))) for k in range(width)], thread, threads)

    flow.repeat(constant(0), number(constant(0)), 1, one)
    b.ret_void()


def write_script(module: ir.Module) -> None:
    """Write script(table, -, -): run the functions of the table one after the other."""
    kind = ir.FunctionType(ir.VoidType(), [I64, I64, I64])

    def line(b: ir.IRBuilder, flow: ControlFlow, fields: list[Value], *_: Value) -> None:
        function, arguments, threads = fields
        b.call(b.inttoptr(function, kind.as_pointer()), [arguments, constant(0), threads])

    write_table(module, SCRIPT, len(SCRIPT_FIELDS), line)


def write_launch(module: ir.Module) -> None:
    """Write launch(plan, addresses): complete a table with addresses, and run its script.

    In machine code this takes less time than one operation of NumPy. The table is written to memory of the run, so that
    threads can launch one plan at once.
    """
    kind = ir.FunctionType(ir.VoidType(), [I64, ir.PointerType()])
    function = ir.Function(module, kind, LAUNCH)
    b = ir.IRBuilder(function.append_basic_block("entry"))
    plan, addresses = b.inttoptr(function.args[0], ir.PointerType()), function.args[1]

    def at(base: Value, index: Value) -> Value:
        return b.load(b.gep(base, [index], source_etype=I64), typ=I64)

    count, numbers, sources, memory, begin, script = (at(plan, constant(k)) for k in range(len(LAUNCH_FIELDS)))
    numbers, sources = (b.inttoptr(each, ir.PointerType()) for each in (numbers, sources))
    table = b.add(at(addresses, memory), begin)
    completed = b.inttoptr(table, ir.PointerType())

    def complete(index: Value) -> None:
        value = b.add(at(numbers, index), at(addresses, at(sources, index)))
        b.store(value, b.gep(completed, [index], source_etype=I64))

    ControlFlow(b).repeat(constant(0), count, 1, complete)
    b.call(module.globals[SCRIPT], [b.add(table, script), constant(0), constant(1)])
    b.ret_void()


def write_add(module: ir.Module, scalar: ir.Type, lanes: int) -> None:
    """Write add(table, -, -): add arrays."""

    def line(b: ir.IRBuilder, flow: ControlFlow, fields: list[Value], *_: Value) -> None:
        first, second, target, count = fields
        vectors = Vectors(b, scalar, lanes)

        def vector(index: Value, mask: Value | None) -> None:
            places = [
                b.gep(b.inttoptr(base, ir.PointerType()), [index], source_etype=scalar)
                for base in (first, second, target)
            ]
            values = [vectors.load(place, mask) for place in places[:2]]
            vectors.store(b.fadd(*values), places[2], mask)

        full = flow.repeat(constant(0), count, lanes, lambda index: vector(index, None))
        vector(full, vectors.first(b.sub(count, full)))

    write_table(module, ADD, len(ADD_FIELDS), line)


def write_copy(module: ir.Module) -> None:
    """Write copy(table, -, -): copy rows."""
    pointer = ir.PointerType()
    copy = ir.Function(
        module, ir.FunctionType(ir.VoidType(), [pointer, pointer, I64, ir.IntType(1)]), "llvm.memcpy.p0.p0.i64"
    )

    def line(b: ir.IRBuilder, flow: ControlFlow, fields: list[Value], *_: Value) -> None:
        source, target, row_bytes, source_row_bytes, target_row_bytes, rows, places = fields
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
            of = b.inttoptr(b.add(source, b.mul(number, source_row_bytes)), pointer)
            b.call(copy, [to, of, row_bytes, ir.Constant(ir.IntType(1), 0)])

        flow.repeat(constant(0), rows, 1, row)

    write_table(module, COPY, len(COPY_FIELDS), line)
