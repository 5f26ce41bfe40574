"""What the shapes of a run decide, worked out once for them: where everything is, and what functions are given.

A run then adds the addresses of its pieces of memory to numbers that are known.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recurra.backends.llvm.absorb import StartedProduct
from recurra.backends.llvm.loops import ROWS_AT_A_TIME, Function
from recurra.backends.llvm.order import Order, order_of
from recurra.backends.llvm.packing import PACK
from recurra.backends.llvm.places import LINE, Group, Piece, Place, merged, number_of, side_by_side, width_of
from recurra.backends.llvm.products import PANEL_VECTORS
from recurra.backends.llvm.program import Program
from recurra.backends.llvm.script import SCRIPT_FIELDS, START, START_FIELDS
from recurra.backends.llvm.slots import HEADER, Slot
from recurra.backends.parameters import Part
from recurra.derive.stages import Product
from recurra.graph.node import Node, topological

__all__ = ["Arrangement", "Shape"]

_ROWS_FOR_A_THREAD = 64  # of a loop over all rows
_ELEMENTS_FOR_A_THREAD = 1 << 16  # of weights to pack
_ZERO = np.zeros(1)


@dataclass(frozen=True)
class Shape:
    """What an arrangement is made for; `names` and `numbers` are the sizes."""

    names: tuple[str, ...]
    numbers: tuple[int, ...]
    batch_sizes: tuple[int, ...]
    backwards: bool
    threads: int
    bytes: int
    lanes: int

    @property
    def sizes(self) -> dict[str, int]:
        """The number behind each size."""
        return dict(zip(self.names, self.numbers, strict=True))


@dataclass(frozen=True)
class Call:
    """One call of a compiled function: where its arguments begin, and on how many threads it runs."""

    name: str
    start: int
    threads: int


class Arrangement:
    """Where everything of a run of a program is.

    Parameters
    ----------
    given : the places of what exists before the run
    parameters : where each parameter stands in the layer's tensors
    addresses : those of the compiled functions
    apart : nodes with a memory of their own: what is handed out
    together : nodes whose arrays shall be columns of one
    saved : what is read after the run; other arrays go with it. None: all of them

    Attributes
    ----------
    places : node -> Place
    apart : set of nodes
        Those with a memory of their own.
    alone : tuple of (name, shape)
        The memory of those, and of the carried values after the last step.
    kept, work : Piece
        Arrays of all rows; and memory that is needed while the run goes on.
    calls : list of Call
        What a run does, but for what comes after the loop.
    script : int or None
        Where the table begins by which one call does all of that; None where threads are Python's.
    after : list of lists of Call
        What each stage after the loop does.
    arguments : int64 array
        Those of all calls; a run adds addresses.
    memories : list
        The pieces of memory whose addresses a run adds.
    at, sources : int64 arrays
        A run adds the address of `memories[sources[k]]` to `arguments[at[k]]`.
    leaves : tuple of nodes
        The parameters of which a run needs the values: other values are computed from them.
    """

    def __init__(
        self,
        program: Program,
        shape: Shape,
        *,
        given: Mapping[Node, Place],
        parameters: Mapping[Node, Part],
        addresses: Mapping[str, int],
        apart: Sequence[Node] = (),
        together: Sequence[Sequence[Node]] = (),
        saved: Collection[Node] | None = None,
        name: str = "forward",
    ) -> None:
        self.program, self.shape, self.sizes = program, shape, shape.sizes
        self.order: Order = order_of(shape.batch_sizes, shape.backwards)
        self.count = sum(shape.batch_sizes)
        self.kept, self.work = Piece(("kept", name), shape.bytes), Piece("work", shape.bytes)
        self.places, self.parameters = dict(given), parameters
        self._place_arrays(apart, together, saved)
        self._neighbours: dict[tuple[Node, ...], list[Place]] = {}
        self.memories: list[Hashable] = []
        self._numbers: list[int] = []
        self._added: list[tuple[int, Hashable]] = []
        self._keep: list[np.ndarray] = []  # tables that arguments point to
        self._arrange_calls(addresses)
        self._settle()

    # places ------------------------------------------------------------------------------------------------------

    def _place_arrays(
        self, apart: Sequence[Node], together: Sequence[Sequence[Node]], saved: Collection[Node] | None
    ) -> None:
        program, rows, batch = self.program, self.count, self.shape.batch_sizes[0]
        made = [p.results for stage in program.before if stage.function for p in products_of(stage.function)]
        by_torch = [product.results for stage in program.after for product in stage.products]
        groups = [
            *(Group(results, self._panel) for results in made),
            *(Group(tuple(nodes)) for nodes in (*by_torch, *together)),
        ]
        shared = {node for results in made for node in results}
        shared |= {node for group in groups if len(group.nodes) > 1 for node in group.nodes}
        self.apart = {node for node in apart if node in program.arrays and node not in shared}
        for node in self.apart:
            width = width_of(node, self.sizes)
            self.places[node] = Place(("row", node), 0, width, width)
        missing = [*program.arrays, *program.drawn, *(each.leaf for each in program.carried if each.kept)]
        missing = [node for node in missing if node not in self.places]
        states = {each.leaf for each in program.carried}
        finals = [(("final", each.leaf), batch, width_of(each.leaf, self.sizes)) for each in program.carried]
        outputs = [(("row", node), rows, width_of(node, self.sizes)) for node in self.apart]
        self.alone = tuple((name, (count, width)) for name, count, width in (*outputs, *finals))
        lasting = {n for n in missing if saved is None or n in saved or n in states or n in program.drawn}
        self.places |= side_by_side((n for n in missing if n in lasting), groups, self.kept, rows, self.sizes)
        self.places |= side_by_side((n for n in missing if n not in lasting), groups, self.work, rows, self.sizes)
        for each in program.carried:
            if not each.kept:
                width = width_of(each.leaf, self.sizes)
                begun = self.work.reserve(2 * batch * width)
                self.places[each.leaf] = Place(self.work.name, begun, width, width)

    def neighbours(self, nodes: tuple[Node, ...]) -> list[Place]:
        """Return the places of nodes, with those that lie side by side made one."""
        if nodes not in self._neighbours:
            self._neighbours[nodes] = merged(self.places[node] for node in nodes)
        return self._neighbours[nodes]

    # arguments ---------------------------------------------------------------------------------------------------

    def _arrange_calls(self, addresses: Mapping[str, int]) -> None:
        program = self.program
        self.calls, self.script = [], None
        self.after: list[list[Call]] = [[] for _ in program.after]
        if not self.count:
            return
        self.calls.append(self._start())
        for stage in program.before:
            self.calls += self._over_rows(stage.function)
        self.calls += self._time_loop()
        self.after = [self._over_rows(stage.function) for stage in program.after]
        self.script = self._script(self.calls, addresses)

    def _over_rows(self, function: Function | None) -> list[Call]:
        if function is None:
            return []
        threads = max(1, min(self.shape.threads, self.count // _ROWS_FOR_A_THREAD))
        bounds = self._table(np.linspace(0, self.count, threads + 1))
        return self._arrange(function, {"bounds": bounds}, threads, min(ROWS_AT_A_TIME, -(-self.count // threads)))

    def _time_loop(self) -> list[Call]:
        shape, program = self.shape, self.program
        if program.loop.is_joint:
            threads, rows, bounds = shape.threads, shape.batch_sizes[0], _ZERO
        else:
            threads = max(1, min(shape.threads, shape.batch_sizes[0]))
            bounds, rows = self.order.bounds(threads)
        header = {
            "steps": len(shape.batch_sizes), "row_base": self._table(self.order.row_base),
            "count": self._table(self.order.count), "batch": shape.batch_sizes[0], "bounds": self._table(bounds),
        }  # fmt: skip
        return self._arrange(program.loop, header, threads, rows)

    def _start(self) -> Call:
        """Write the table by which initial values get where the loop reads them."""
        number, bytes, batch = self._begin(1), self.shape.bytes, self.shape.batch_sizes[0]
        for carried in self.program.carried:
            place = self.places[carried.leaf]
            rows, places = [place.offset, place.offset + batch * place.stride], 0
            if carried.kept and self.order.start_rows is None:
                rows = [place.offset + int(self.order.row_base[0]) * place.stride]
            elif carried.kept:
                rows, places = [place.offset], self._table(np.asarray(self.order.start_rows))
            for offset in rows:
                at = self._begin(len(START_FIELDS))
                self._numbers[at : at + 6] = [0, 0, place.width * bytes, place.stride * bytes, batch, places]
                self._add(at, ("initial", carried.leaf), 0)
                self._add(at + 1, place.memory, offset)
                self._numbers[number] += 1
        return Call(START, number, 1)

    def _script(self, calls: Sequence[Call], addresses: Mapping[str, int]) -> int | None:
        """Write the table by which one call does all of these; None if a team of threads is missing."""
        names = [call.name if call.threads == 1 else f"{call.name}.team" for call in calls]
        if not all(name in addresses for name in names):
            return None
        start = self._begin(1)
        self._numbers[start] = len(calls)
        for name, call in zip(names, calls, strict=True):
            at = self._begin(len(SCRIPT_FIELDS))
            self._numbers[at : at + 3] = [addresses[name], 8 * call.start, call.threads]
            self._added.append((at + 1, "arguments"))
        return start

    def _table(self, values: np.ndarray) -> int:
        """Return the address of a table."""
        self._keep.append(np.ascontiguousarray(values, dtype=np.int64))
        return self._keep[-1].ctypes.data

    def _arrange(self, function: Function, header: Mapping[str, int], threads: int, rows: int) -> list[Call]:
        """Write the arguments of a function, and of what packs for it; a thread has at most `rows` rows."""
        slots, bytes = function.slots, self.shape.bytes
        start = self._begin(len(slots))
        local, thread_bytes = self._local(function, rows)
        fields = {**header, **self._noise_tables(), "scratch_bytes": thread_bytes}
        for name, value in fields.items():
            self._numbers[start + HEADER.index(name)] = value
        pieces = 1 if function.is_joint else threads
        self._add(start + HEADER.index("scratch"), self.work.name, self.work.reserve(pieces * thread_bytes // bytes))
        if function.is_joint:
            self._add(start + HEADER.index("barrier"), "arguments", 0)
            counter = self._begin(3 * LINE // 8) + LINE // 8  # with a cache line for itself
            self._numbers[start + HEADER.index("barrier")] = 8 * counter
        if self.program.has_noise:
            self._added.append((start + HEADER.index("seed"), "seed"))
        for k, name in enumerate(slots.sizes):
            self._numbers[start + len(HEADER) + k] = self.sizes[name]
        for slot in slots.slots.values():
            at = start + slot.place
            if slot.kind == "local":
                assert isinstance(slot.node, Node)
                self._numbers[at], self._numbers[at + 1] = local[slot.node]
            elif slot.kind != "weights":
                place = self._place(slot)
                self._add(at, place.memory, place.offset)
                self._numbers[at + 1] = place.stride
        packed = [(start + slot.place, slot.node) for slot in slots.slots.values() if isinstance(slot.node, Product)]
        return [*([self._packing(packed)] if packed else []), Call(function.name, start, threads)]

    def _begin(self, length: int) -> int:
        """Return where so many further arguments begin."""
        self._numbers += [0] * length
        return len(self._numbers) - length

    def _add(self, at: int, memory: Hashable, elements: int) -> None:
        """Let an argument be the address of an element of a piece of memory."""
        self._numbers[at] = elements * self.shape.bytes
        self._added.append((at, memory))

    def _place(self, slot: Slot) -> Place:
        """Return the place of what stands at a slot."""
        assert isinstance(slot.node, Node)
        if slot.kind == "once":
            return self._once(slot.node)
        if slot.kind == "final":
            width = width_of(slot.node, self.sizes)
            return Place((slot.kind, slot.node), 0, width, width)
        return self.places[slot.node]

    def _once(self, node: Node) -> Place:
        """Return the place of a parameter, or of a value that is computed once, as it lies in memory."""
        shape = [number_of(size, self.sizes) for size in node.shape or (1,)]
        part = self.parameters.get(node)
        if part is None:
            return Place(("once", node), 0, shape[-1], shape[-1])
        first, *others = part.tensors
        tensor = ("sum", part.tensors) if others else ("tensor", first)
        width = shape[0] if part.is_transposed else shape[-1]
        return Place(tensor, part.number * math.prod(shape), width, width)

    def _noise_tables(self) -> dict[str, int]:
        if not self.program.has_noise:
            return {}
        sizes = self.shape.batch_sizes
        sequences = np.concatenate([np.arange(size) for size in sizes])
        steps = np.repeat(np.arange(len(sizes)), sizes)
        return {"sequence_table": self._table(sequences), "step_table": self._table(steps)}

    def _local(self, function: Function, rows: int) -> tuple[dict[Node, tuple[int, int]], int]:
        """Return the places of values in a thread's own memory, bytes and stride each, and its bytes."""
        products = products_of(function)
        of = {result: product for product in products for result in product.results}
        piece, bytes = Piece("local", self.shape.bytes), self.shape.bytes
        begun: dict[Product, int] = {}
        found: dict[Node, tuple[int, int]] = {}
        for node in function.schedule.local:
            product = of.get(node)
            if product is None:
                stride = piece.apart(piece.rounded(width_of(node, self.sizes)))
                found[node] = piece.reserve(rows * stride) * bytes, stride
                continue
            widths = [width_of(result, self.sizes) for result in product.results]
            stride = piece.apart(self._panels(sum(widths)) * self._panel)
            if product not in begun:
                begun[product] = piece.reserve(rows * stride)
            found[node] = (begun[product] + sum(widths[: product.results.index(node)])) * bytes, stride
        return found, piece.length * bytes

    # packed weights ----------------------------------------------------------------------------------------------

    @property
    def _panel(self) -> int:
        return PANEL_VECTORS * self.shape.lanes

    def _panels(self, columns: int) -> int:
        return -(-columns // self._panel)

    def _packing(self, products: Sequence[tuple[int, Product]]) -> Call:
        """Write the table by which weights are packed, and where each product finds them."""
        number, total = self._begin(1), 0
        for at, product in products:
            columns = [number_of(weight.shape[1], self.sizes) for weight in product.weights[0]]
            rows = [number_of(line[0].shape[0], self.sizes) for line in product.weights]
            panels, depth = self._panels(sum(columns)), 1 + sum(rows)
            begun = self.work.reserve(panels * depth * self._panel)
            self._add(at, self.work.name, begun)
            self._numbers[at + 1] = panels
            start = product.start if isinstance(product, StartedProduct) else (None,) * len(columns)
            lines = ((1, start), *zip(rows, product.weights, strict=True))
            blocks = [
                (weight, lines[k][0], columns[j], sum(count for count, _ in lines[:k]), sum(columns[:j]))
                for k, (_, line) in enumerate(lines)
                for j, weight in enumerate(line)
            ]
            rest = panels * self._panel - sum(columns)
            blocks += [(None, depth, rest, 0, sum(columns))] if rest else []
            for weight, *numbers in blocks:
                self._block(weight, numbers, begun, depth)
            self._numbers[number] += len(blocks)
            total += panels * depth * self._panel
        return Call(PACK, number, self.shape.threads if total > _ELEMENTS_FOR_A_THREAD else 1)

    def _block(self, weight: Node | None, numbers: Sequence[int], begun: int, depth: int) -> None:
        """Write a line of the table: a weight, or zeros."""
        at, bytes = len(self._numbers), self.shape.bytes
        self._numbers += [_ZERO.ctypes.data, 0, 0, *numbers, 0, depth]
        self._add(at + 7, self.work.name, begun)
        if weight is not None:
            is_transposed = weight.op == "transpose"
            node = weight.args[0] if is_transposed else weight
            place, part = self._once(node), self.parameters.get(node)
            lies_transposed = is_transposed != (part is not None and part.is_transposed)
            self._add(at, place.memory, place.offset)
            strides = (1, place.stride) if lies_transposed else (place.stride, 1)
            self._numbers[at + 1 : at + 3] = [stride * bytes for stride in strides]

    def _settle(self) -> None:
        """Turn what was collected into arrays."""
        self.memories = list(dict.fromkeys(memory for _, memory in self._added))
        index = {memory: k for k, memory in enumerate(self.memories)}
        self.arguments = np.array(self._numbers, dtype=np.int64)
        self.at = np.array([at for at, _ in self._added], dtype=np.int64)
        self.sources = np.array([index[memory] for _, memory in self._added], dtype=np.int64)
        by_torch = [product for stage in self.program.after for product in stage.products]
        needed = [weight for product in by_torch for line in product.weights for weight in line]
        needed += [memory[1] for memory in self.memories if isinstance(memory, tuple) and memory[0] == "once"]
        self.leaves = tuple(node for node in topological(needed) if node in self.parameters)


def products_of(function: Function) -> list[Product]:
    """Return the products that a function computes."""
    return [product for stage in function.schedule.stages for product in stage.products]
