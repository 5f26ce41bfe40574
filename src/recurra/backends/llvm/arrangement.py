"""What the shapes of a run decide, worked out once for them: where everything is, and what functions are given.

A run then adds the addresses of its pieces of memory to numbers that are known.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recurra.backends.llvm.loops import Function
from recurra.backends.llvm.order import Order, order_of
from recurra.backends.llvm.packing import PACK
from recurra.backends.llvm.places import Piece, Place, number_of, side_by_side, width_of
from recurra.backends.llvm.products import PANEL_VECTORS
from recurra.backends.llvm.program import Program
from recurra.backends.llvm.slots import HEADER, Slot
from recurra.derive.stages import Product
from recurra.graph.node import Node

__all__ = ["Arrangement", "Shape", "Weight"]

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
class Weight:
    """A matrix that is packed: that of a node, or its transpose."""

    node: Node
    is_transposed: bool


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
    apart : nodes with a memory of their own: what is handed out
    together : nodes whose arrays shall be columns of one

    Attributes
    ----------
    places : node -> Place
    apart : set of nodes
        Those with a memory of their own.
    kept, work : Piece
        Arrays of all rows; and memory that is needed while the run goes on.
    calls : function's name -> Call
    arguments : int64 array
        Those of all calls; a run adds addresses.
    memories : list
        The pieces of memory whose addresses a run adds, in the order of `sources`.
    weights : list of Weight
        Their addresses and strides, three numbers each, follow those of `memories`.
    at, sources : int64 arrays
        A run adds number `sources[k]` to `arguments[at[k]]`.
    """

    def __init__(
        self,
        program: Program,
        shape: Shape,
        *,
        given: Mapping[Node, Place],
        apart: Sequence[Node] = (),
        together: Sequence[Sequence[Node]] = (),
        name: str = "forward",
    ) -> None:
        self.program, self.shape, self.sizes = program, shape, shape.sizes
        self.order: Order = order_of(shape.batch_sizes, shape.backwards)
        self.count = sum(shape.batch_sizes)
        self.kept, self.work = Piece(("kept", name), shape.bytes), Piece("work", shape.bytes)
        self.places = dict(given)
        self._place_arrays(apart, together)
        self.calls: dict[str, Call] = {}
        self.memories: list[Hashable] = []
        self.weights: list[Weight] = []
        self._numbers: list[int] = []
        self._added: list[tuple[int, Hashable]] = []
        self._keep: list[np.ndarray] = []  # tables that arguments point to
        self._arrange_calls()
        self._settle()

    # places ------------------------------------------------------------------------------------------------------

    def _place_arrays(self, apart: Sequence[Node], together: Sequence[Sequence[Node]]) -> None:
        program, rows = self.program, self.count
        flat = [product for stage in (*program.before, *program.after) for product in stage.products]
        groups = [*(product.results for product in flat), *together]
        shared = {node for group in groups if len(group) > 1 for node in group}
        self.apart = {node for node in apart if node in program.arrays and node not in shared}
        for node in self.apart:
            width = width_of(node, self.sizes)
            self.places[node] = Place(("row", node), 0, width, width)
        missing = [node for node in program.arrays if node not in self.places]
        missing += [node for node in program.drawn if node not in self.places]
        missing += [carried.leaf for carried in program.carried if carried.kept]
        self.places.update(side_by_side(missing, groups, self.kept, rows, self.sizes))
        for carried in program.carried:
            if not carried.kept:
                width = width_of(carried.leaf, self.sizes)
                begun = self.work.reserve(2 * self.shape.batch_sizes[0] * width)
                self.places[carried.leaf] = Place(self.work.name, begun, width, width)

    # arguments ---------------------------------------------------------------------------------------------------

    def _arrange_calls(self) -> None:
        shape, program = self.shape, self.program
        for stage in (*program.before, *program.after):
            if stage.function is not None:
                threads = max(1, min(shape.threads, self.count // _ROWS_FOR_A_THREAD))
                bounds = self._table(np.linspace(0, self.count, threads + 1))
                self._arrange(stage.function, {"bounds": bounds}, threads, -(-self.count // threads))
        if not self.count:
            return
        threads = max(1, min(shape.threads, shape.batch_sizes[0]))
        bounds, rows = self.order.bounds(threads)
        header = {
            "steps": len(shape.batch_sizes), "row_base": self._table(self.order.row_base),
            "count": self._table(self.order.count), "batch": shape.batch_sizes[0], "bounds": self._table(bounds),
        }  # fmt: skip
        self._arrange(program.loop, header, threads, rows)

    def _table(self, values: np.ndarray) -> int:
        """Return the address of a table."""
        self._keep.append(np.ascontiguousarray(values, dtype=np.int64))
        return self._keep[-1].ctypes.data

    def _arrange(self, function: Function, header: Mapping[str, int], threads: int, rows: int) -> None:
        """Write the arguments of a function; a thread has at most `rows` rows."""
        slots, bytes = function.slots, self.shape.bytes
        start = self._begin(function.name, threads, len(slots))
        local, thread_bytes = self._local(function, rows)
        fields = {**header, **self._noise_tables(), "scratch_bytes": thread_bytes}
        for name, value in fields.items():
            self._numbers[start + HEADER.index(name)] = value
        self._add(start + HEADER.index("scratch"), self.work.name, self.work.reserve(threads * thread_bytes // bytes))
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
        self._arrange_packing([(start + s.place, s.node) for s in slots.slots.values() if isinstance(s.node, Product)])

    def _begin(self, name: str, threads: int, length: int) -> int:
        self.calls[name] = Call(name, len(self._numbers), threads)
        self._numbers += [0] * length
        return self.calls[name].start

    def _add(self, at: int, memory: Hashable, elements: int) -> None:
        """Let an argument be the address of an element of a piece of memory."""
        self._numbers[at] = elements * self.shape.bytes
        self._added.append((at, memory))

    def _place(self, slot: Slot) -> Place:
        """Return the place of what stands at a slot."""
        assert isinstance(slot.node, Node)
        if slot.kind in ("once", "final"):
            width = width_of(slot.node, self.sizes) if slot.node.shape else 1
            return Place((slot.kind, slot.node), 0, width, width)
        return self.places[slot.node]

    def _noise_tables(self) -> dict[str, int]:
        if not self.program.has_noise:
            return {}
        sizes = self.shape.batch_sizes
        sequences = np.concatenate([np.arange(size) for size in sizes])
        steps = np.repeat(np.arange(len(sizes)), sizes)
        return {"sequence_table": self._table(sequences), "step_table": self._table(steps)}

    def _local(self, function: Function, rows: int) -> tuple[dict[Node, tuple[int, int]], int]:
        """Return the places of values in a thread's own memory, bytes and stride each, and its bytes."""
        products = [product for stage in function.schedule.stages for product in stage.products]
        of = {result: product for product in products for result in product.results}
        piece, bytes = Piece("local", self.shape.bytes), self.shape.bytes
        begun: dict[Product, int] = {}
        found: dict[Node, tuple[int, int]] = {}
        for node in function.schedule.local:
            product = of.get(node)
            if product is None:
                stride = piece.rounded(width_of(node, self.sizes))
                found[node] = piece.reserve(rows * stride) * bytes, stride
                continue
            widths = [width_of(result, self.sizes) for result in product.results]
            stride = self._panels(sum(widths)) * self._panel
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

    def _arrange_packing(self, products: Sequence[tuple[int, Product]]) -> None:
        """Write the table by which weights are packed, and where each product of the loop finds them."""
        if not products:
            return
        number, total = self._begin(PACK, 1, 1), 0
        for at, product in products:
            columns = [number_of(weight.shape[1], self.sizes) for weight in product.weights[0]]
            rows = [number_of(line[0].shape[0], self.sizes) for line in product.weights]
            panels, depth = self._panels(sum(columns)), sum(rows)
            begun = self.work.reserve(panels * depth * self._panel)
            self._add(at, self.work.name, begun)
            self._numbers[at + 1] = panels
            blocks = [
                (weight, rows[k], columns[j], sum(rows[:k]), sum(columns[:j]))
                for k, line in enumerate(product.weights)
                for j, weight in enumerate(line)
            ]
            rest = panels * self._panel - sum(columns)
            blocks += [(None, depth, rest, 0, sum(columns))] if rest else []
            for weight, *numbers in blocks:
                self._block(weight, numbers, begun, depth)
            self._numbers[number] += len(blocks)
            total += panels * depth * self._panel
        threads = self.shape.threads if total > _ELEMENTS_FOR_A_THREAD else 1
        self.calls[PACK] = Call(PACK, number, threads)

    def _block(self, weight: Node | None, numbers: Sequence[int], begun: int, depth: int) -> None:
        """Write a line of the table: a weight, or zeros."""
        at = len(self._numbers)
        self._numbers += [_ZERO.ctypes.data if weight is None else 0, 0, 0, *numbers, 0, depth]
        self._add(at + 7, self.work.name, begun)
        if weight is not None:
            is_transposed = weight.op == "transpose"
            each = Weight(weight.args[0] if is_transposed else weight, is_transposed)
            for k in range(3):
                self._added.append((at + k, (each, k)))
            self.weights.append(each)

    def _settle(self) -> None:
        """Turn what was collected into arrays."""
        self.weights = list(dict.fromkeys(self.weights))
        weights = {(each, k): 3 * number + k for number, each in enumerate(self.weights) for k in range(3)}
        self.memories = list(dict.fromkeys(memory for _, memory in self._added if memory not in weights))
        index: dict[Hashable, int] = {memory: k for k, memory in enumerate(self.memories)}
        index |= {key: len(self.memories) + k for key, k in weights.items()}
        self.arguments = np.array(self._numbers, dtype=np.int64)
        self.at = np.array([at for at, _ in self._added], dtype=np.int64)
        self.sources = np.array([index[memory] for _, memory in self._added], dtype=np.int64)
