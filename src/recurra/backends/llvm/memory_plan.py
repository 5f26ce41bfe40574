"""Memory plan: where every array of a run lies, worked out once for its shapes.

Arrays are columns of pieces of memory, side by side where a product reads or writes them together.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from recurra.backends.llvm.loops import LINE, PARTS_OF_A_TOTAL
from recurra.backends.llvm.products import PANEL_VECTORS
from recurra.backends.llvm.program import Program, RunShape
from recurra.backends.parameters import Part
from recurra.graph.node import Node, number_of, width_of

__all__ = [
    "ArrayPlace",
    "KeptStates",
    "MemoryPlan",
    "Order",
    "Piece",
    "RunShape",
    "SideBySide",
    "merged",
    "number_of",
    "order_of",
    "side_by_side",
    "view_of",
    "width_of",
]


@dataclass(frozen=True)
class ArrayPlace:
    """An array (rows, width): elements after the beginning of a piece of memory, and from row to row."""

    memory: Hashable
    offset: int
    stride: int
    width: int


@dataclass(frozen=True)
class SideBySide:
    """Nodes that shall be columns of one array, whose rows are a multiple of so many elements apart."""

    nodes: tuple[Node, ...]
    multiple: int = 1


class Piece:
    """A piece of memory that is handed out in parts, each beginning with a cache line."""

    def __init__(self, name: Hashable, bytes: int) -> None:
        self.name, self.length, self._line = name, 0, LINE // bytes

    def reserve(self, elements: int) -> int:
        """Return where so many elements begin."""
        begun = self.length
        self.length += self.rounded(elements)
        return begun

    def apart(self, stride: int) -> int:
        """Return a stride by which rows do not all fall into one set of the cache, as those a page apart do."""
        # a cache of 64 sets finds a line's set by its address within a page: a column of all rows would share one set
        page = 4096 // LINE * self._line
        return stride + self._line if stride % page == 0 and stride else stride

    def rounded(self, elements: int) -> int:
        """Return a number of elements, filled up to whole cache lines."""
        return -(-elements // self._line) * self._line


def side_by_side(
    nodes: Iterable[Node], together: Iterable[SideBySide], piece: Piece, rows: int, sizes: Mapping[str, int]
) -> dict[Node, ArrayPlace]:
    """Return a place for each node; those of one group of `together` are columns of one array."""
    missing = dict.fromkeys(nodes)
    found: dict[Node, ArrayPlace] = {}
    for group in [*together, *(SideBySide((node,)) for node in missing)]:
        side = [node for node in dict.fromkeys(group.nodes) if node in missing and node not in found]
        widths = [width_of(node, sizes) for node in side]
        stride = piece.apart(-(-sum(widths) // group.multiple) * group.multiple)
        if side:
            begun = piece.reserve(rows * stride)
            for k, node in enumerate(side):
                found[node] = ArrayPlace(piece.name, begun + sum(widths[:k]), stride, widths[k])
    return found


def merged(places: Iterable[ArrayPlace]) -> list[ArrayPlace]:
    """Return places with neighbours made one, in their order."""
    found: list[ArrayPlace] = []
    for place in places:
        last = found[-1] if found else None
        if last and (last.memory, last.stride, last.offset + last.width) == (place.memory, place.stride, place.offset):
            found[-1] = replace(last, width=last.width + place.width)
        else:
            found.append(place)
    return found


def view_of(memory: Tensor, place: ArrayPlace, *, rows: int, first: int = 0) -> Tensor:
    """Return rows of a place as a tensor (rows, width)."""
    offset = memory.storage_offset() + place.offset + first * place.stride
    return memory.as_strided((rows, place.width), (place.stride, 1), offset)


@dataclass(frozen=True, eq=False)
class Order:
    """The steps in the order in which a time loop runs them, as tables.

    Attributes
    ----------
    row_base, count : int64 arrays (steps + 1,)
        Where the rows of a step begin, and how many there are; none after the last.
    start_rows : int64 tensor (sequences,), or None where all begin with the first step
        The row with which each sequence begins.
    """

    row_base: np.ndarray
    count: np.ndarray
    start_rows: Tensor | None

    @functools.cached_property
    def lengths(self) -> np.ndarray:
        """The number of steps of each sequence."""
        return (self.count[:-1, None] > np.arange(self.count.max(initial=0))).sum(0)

    @functools.lru_cache(maxsize=4)  # noqa: B019  # an order lives as long as the cache that holds it
    def bounds(self, threads: int) -> tuple[np.ndarray, int]:
        """Return where the sequences of each thread begin, (threads + 1,), each with as many rows, and the most."""
        if threads == 1:
            return np.array([0, self.count[:-1].max()], dtype=np.int64), int(self.count[:-1].max())
        # sequences stay whole: a share ends with the one in which its part of all rows does
        ends = np.cumsum(self.lengths)
        inner = np.searchsorted(ends, np.arange(1, threads) * ends[-1] / threads)
        bounds = np.array([0, *(inner + 1).clip(max=len(ends)), len(ends)], dtype=np.int64)
        return bounds, int(np.diff(bounds).max())


@functools.lru_cache(maxsize=64)
def order_of(batch_sizes: tuple[int, ...], backwards: bool) -> Order:
    """Return the tables of a batch, its steps in their own order or backwards."""
    count = np.array(batch_sizes, dtype=np.int64)
    base = np.cumsum(count) - count
    if backwards:
        count, base = count[::-1], base[::-1]
    starts = None
    if backwards and batch_sizes[0] > batch_sizes[-1]:  # short sequences begin after the long ones
        first = (count[:, None] > np.arange(count.max())).argmax(0)
        starts = torch.from_numpy(base[first] + np.arange(count.max()))
    return Order(np.append(base, 0).astype(np.int64), np.append(count, 0).astype(np.int64), starts)


@dataclass(frozen=True)
class KeptStates:
    """Where some states are kept before every so many steps, an even number; those between are computed again.

    An array has the rows of all sequences for one such step after the other.
    """

    distance: int
    places: Mapping[Node, ArrayPlace]

    def spans(self, steps: int) -> list[tuple[int, int]]:
        """Return the first step of each span, and the one after its last."""
        return [(first, min(first + self.distance, steps)) for first in range(0, steps, self.distance)]


class MemoryPlan:
    """Where every array of a run of a program is.

    Parameters
    ----------
    given : the places of what exists before the run
    parameters : where each parameter stands in the layer's tensors
    apart : nodes with a memory of their own: what is handed out
    together : nodes whose arrays shall be columns of one
    saved : what is read after the run; other arrays go with it. None: all of them
    matrices : states that are kept before every `distance` steps
    checkpoints : those of the forward pass, from which a backward pass computes states again

    Attributes
    ----------
    places : node -> ArrayPlace
    apart : set of nodes
        Those with a memory of their own.
    alone : tuple of (name, shape)
        The memory of those, and of the carried values after the last step.
    kept, work : Piece
        Arrays of all rows; and memory that is needed while the run goes on, of which `Calls` takes more for its threads
        and for packed weights.
    totals : Piece
        What values are added up in over the rows; it begins with zeros.
    """

    def __init__(
        self,
        program: Program,
        shape: RunShape,
        *,
        given: Mapping[Node, ArrayPlace],
        parameters: Mapping[Node, Part],
        apart: Sequence[Node] = (),
        together: Sequence[Sequence[Node]] = (),
        saved: Collection[Node] | None = None,
        matrices: Sequence[Node] = (),
        distance: int = 0,
        checkpoints: KeptStates | None = None,
        name: str = "forward",
    ) -> None:
        self.program, self.shape, self.sizes = program, shape, shape.sizes
        self.order: Order = order_of(shape.batch_sizes, shape.backwards)
        self.count = sum(shape.batch_sizes)
        self.kept, self.work = Piece(("kept", name), shape.bytes), Piece("work", shape.bytes)
        self.places, self.parameters = dict(given), parameters
        self.totals = Piece("totals", shape.bytes)
        self.checkpoints = checkpoints
        self.dropped: dict[Node, ArrayPlace] = {}
        self._place_arrays(apart, together, saved)
        if distance:
            self.checkpoints = self._checkpoints(matrices, distance)
        elif checkpoints:
            self._place_spans(checkpoints)
        self._neighbours: dict[tuple[Node, ...], list[ArrayPlace]] = {}

    def _place_arrays(
        self, apart: Sequence[Node], together: Sequence[Sequence[Node]], saved: Collection[Node] | None
    ) -> None:
        program, rows, batch = self.program, self.count, self.shape.batch_sizes[0]
        functions = [stage.function for stage in (*program.before, *program.after) if stage.function]
        made = [product.results for function in functions for product in function.products]
        by_torch = [product.results for stage in program.after for product in stage.products]
        groups = [
            *(SideBySide(results, self.panel) for results in made),
            *(SideBySide(tuple(nodes)) for nodes in (*by_torch, *together) if program.totals.isdisjoint(nodes)),
        ]
        # what is handed out has memory of its own, to which its owner may write, unless a product wants it elsewhere
        shared = {node for results in made for node in results}
        shared |= {node for group in groups if len(group.nodes) > 1 for node in group.nodes}
        own = {*program.arrays, *(each.leaf for each in program.carried if each.kept)}
        self.apart = {node for node in apart if node in own and node not in shared}
        for node in self.apart:
            width = width_of(node, self.sizes)
            self.places[node] = ArrayPlace(("row", node), 0, width, width)
        missing = [*program.arrays, *program.drawn, *(each.leaf for each in program.carried if each.kept)]
        missing = [node for node in missing if node not in self.places]
        states = {each.leaf for each in program.carried}
        finals = [(("final", each.leaf), batch, width_of(each.leaf, self.sizes)) for each in program.carried]
        outputs = [(("row", node), rows, width_of(node, self.sizes)) for node in self.apart]
        self.alone = tuple((name, (count, width)) for name, count, width in (*outputs, *finals))
        # what the backward pass reads lasts, with all that lies in the same array; the rest goes when the run is over
        lasting = {n for n in missing if saved is None or n in saved or n in states or n in program.drawn}
        lasting |= {node for group in groups if not lasting.isdisjoint(group.nodes) for node in group.nodes}
        self.places |= side_by_side((n for n in missing if n in lasting), groups, self.kept, rows, self.sizes)
        self.places |= side_by_side((n for n in missing if n not in lasting), groups, self.work, rows, self.sizes)
        summed = SideBySide(tuple(node for nodes in together for node in nodes if node in program.totals))
        self.places |= side_by_side(program.totals, [summed], self.totals, self.parts, self.sizes)
        for each in program.carried:
            if not each.kept:  # two places for each sequence, in turns
                width = width_of(each.leaf, self.sizes)
                begun = self.work.reserve(2 * batch * width)
                self.places[each.leaf] = ArrayPlace(self.work.name, begun, width, width)

    def _checkpoints(self, matrices: Sequence[Node], distance: int) -> KeptStates:
        """Return where matrices are kept."""
        rows = -(-len(self.shape.batch_sizes) // distance) * self.shape.batch_sizes[0]
        return KeptStates(distance, {state: self._array(self.kept, state, rows) for state in matrices})

    def _place_spans(self, checkpoints: KeptStates) -> None:
        """Place the states of the steps of a span, and what a sequence that ends in it would hand on."""
        count = np.asarray(self.shape.batch_sizes)
        rows = max(int(count[first:end].sum()) for first, end in checkpoints.spans(len(count)))
        for state in checkpoints.places:
            self.places[state] = self._array(self.work, state, rows)
            self.dropped[state] = self._array(self.work, state, self.shape.batch_sizes[0])

    def _array(self, piece: Piece, node: Node, rows: int) -> ArrayPlace:
        width = width_of(node, self.sizes)
        return ArrayPlace(piece.name, piece.reserve(rows * width), width, width)

    @property
    def parts(self) -> int:
        """The rows to which a total is added up."""
        return self.shape.threads * PARTS_OF_A_TOTAL

    def rows_at(self, place: ArrayPlace) -> int:
        """Return the number of rows that an array has."""
        return self.parts if place.memory == self.totals.name else self.count

    def neighbours(self, nodes: tuple[Node, ...]) -> list[ArrayPlace]:
        """Return the places of nodes, with those that lie side by side made one."""
        if nodes not in self._neighbours:
            self._neighbours[nodes] = merged(self.places[node] for node in nodes)
        return self._neighbours[nodes]

    def memory_of(self, nodes: Collection[Node]) -> tuple[Hashable, ...]:
        """Return the names of the memory in which nodes lie, with that of the kept arrays."""
        again = self.checkpoints.places if self.checkpoints else ()
        places = (self.places[node].memory for node in nodes if node in self.places and node not in again)
        return tuple(dict.fromkeys((self.kept.name, *places)))

    def once(self, node: Node) -> ArrayPlace:
        """Return the place of a parameter, or of a value that is computed once, as it lies in memory."""
        shape = [number_of(size, self.sizes) for size in node.shape or (1,)]
        part = self.parameters.get(node)
        if part is None:
            return ArrayPlace(("once", node), 0, shape[-1], shape[-1])
        first, *others = part.tensors
        tensor = ("sum", part.tensors) if others else ("tensor", first)
        width = shape[0] if part.is_transposed else shape[-1]
        return ArrayPlace(tensor, part.number * math.prod(shape), width, width)

    @functools.cached_property
    def sequences(self) -> np.ndarray:
        """The number of each row's sequence."""
        return np.concatenate([np.arange(size) for size in self.shape.batch_sizes])

    @functools.cached_property
    def steps(self) -> np.ndarray:
        """The number of each row's step."""
        return np.repeat(np.arange(len(self.shape.batch_sizes)), self.shape.batch_sizes)

    @property
    def panel(self) -> int:
        """The columns of a panel of packed weights."""
        return PANEL_VECTORS * self.shape.lanes

    def panels(self, columns: int) -> int:
        """Return how many panels so many columns fill."""
        return -(-columns // self.panel)
