"""What the shapes of a run decide, worked out once for them: where everything is.

With it come the arguments of the compiled functions; a run adds the addresses of its pieces of memory.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recurra.backends.llvm.arguments import Arguments
from recurra.backends.llvm.compiler import Code
from recurra.backends.llvm.loops import PARTS_OF_A_TOTAL
from recurra.backends.llvm.order import Order, order_of
from recurra.backends.llvm.places import Group, Piece, Place, merged, number_of, side_by_side, width_of
from recurra.backends.llvm.products import PANEL_VECTORS
from recurra.backends.llvm.program import Program
from recurra.backends.parameters import Part
from recurra.graph.node import Node, topological

__all__ = ["Arrangement", "Shape"]


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


class Arrangement:
    """Where everything of a run of a program is.

    Parameters
    ----------
    given : the places of what exists before the run
    parameters : where each parameter stands in the layer's tensors
    code : Code or None
        The compiled functions, whose addresses the arguments hold; None if nothing is to be run.
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
    totals : Piece
        What values are added up in over the rows; it begins with zeros.
    arguments : Arguments
    """

    def __init__(
        self,
        program: Program,
        shape: Shape,
        *,
        given: Mapping[Node, Place],
        parameters: Mapping[Node, Part],
        code: Code | None,
        apart: Sequence[Node] = (),
        together: Sequence[Sequence[Node]] = (),
        saved: Collection[Node] | None = None,
        name: str = "forward",
    ) -> None:
        self.program, self.shape, self.sizes, self.code = program, shape, shape.sizes, code
        self.order: Order = order_of(shape.batch_sizes, shape.backwards)
        self.count = sum(shape.batch_sizes)
        self.kept, self.work = Piece(("kept", name), shape.bytes), Piece("work", shape.bytes)
        self.places, self.parameters = dict(given), parameters
        self.totals = Piece("totals", shape.bytes)
        self._place_arrays(apart, together, saved)
        self._neighbours: dict[tuple[Node, ...], list[Place]] = {}
        self.arguments = Arguments(self, {} if code is None else code.addresses)

    def _place_arrays(
        self, apart: Sequence[Node], together: Sequence[Sequence[Node]], saved: Collection[Node] | None
    ) -> None:
        program, rows, batch = self.program, self.count, self.shape.batch_sizes[0]
        made = [p.results for stage in program.before if stage.function for p in stage.function.products]
        by_torch = [product.results for stage in program.after for product in stage.products]
        groups = [
            *(Group(results, self.panel) for results in made),
            *(Group(tuple(nodes)) for nodes in (*by_torch, *together) if program.totals.isdisjoint(nodes)),
        ]
        shared = {node for results in made for node in results}
        shared |= {node for group in groups if len(group.nodes) > 1 for node in group.nodes}
        own = {*program.arrays, *(each.leaf for each in program.carried if each.kept)}
        self.apart = {node for node in apart if node in own and node not in shared}
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
        lasting |= {node for group in groups if not lasting.isdisjoint(group.nodes) for node in group.nodes}
        self.places |= side_by_side((n for n in missing if n in lasting), groups, self.kept, rows, self.sizes)
        self.places |= side_by_side((n for n in missing if n not in lasting), groups, self.work, rows, self.sizes)
        summed = Group(tuple(node for nodes in together for node in nodes if node in program.totals))
        self.places |= side_by_side(program.totals, [summed], self.totals, self.parts, self.sizes)
        for each in program.carried:
            if not each.kept:
                width = width_of(each.leaf, self.sizes)
                begun = self.work.reserve(2 * batch * width)
                self.places[each.leaf] = Place(self.work.name, begun, width, width)

    @property
    def parts(self) -> int:
        """The rows to which a total is added up."""
        return self.shape.threads * PARTS_OF_A_TOTAL

    def rows_at(self, place: Place) -> int:
        """Return the number of rows that an array has."""
        return self.parts if place.memory == self.totals.name else self.count

    def neighbours(self, nodes: tuple[Node, ...]) -> list[Place]:
        """Return the places of nodes, with those that lie side by side made one."""
        if nodes not in self._neighbours:
            self._neighbours[nodes] = merged(self.places[node] for node in nodes)
        return self._neighbours[nodes]

    def memory_of(self, nodes: Collection[Node]) -> tuple[Hashable, ...]:
        """Return the names of the memory in which nodes lie, with that of the kept arrays."""
        places = (self.places[node].memory for node in nodes if node in self.places)
        return tuple(dict.fromkeys((self.kept.name, *places)))

    def once(self, node: Node) -> Place:
        """Return the place of a parameter, or of a value that is computed once, as it lies in memory."""
        shape = [number_of(size, self.sizes) for size in node.shape or (1,)]
        part = self.parameters.get(node)
        if part is None:
            return Place(("once", node), 0, shape[-1], shape[-1])
        first, *others = part.tensors
        tensor = ("sum", part.tensors) if others else ("tensor", first)
        width = shape[0] if part.is_transposed else shape[-1]
        return Place(tensor, part.number * math.prod(shape), width, width)

    @functools.cached_property
    def sequences(self) -> np.ndarray:
        """The number of each row's sequence."""
        return np.concatenate([np.arange(size) for size in self.shape.batch_sizes])

    @functools.cached_property
    def steps(self) -> np.ndarray:
        """The number of each row's step."""
        return np.repeat(np.arange(len(self.shape.batch_sizes)), self.shape.batch_sizes)

    @functools.cached_property
    def leaves(self) -> tuple[Node, ...]:
        """The parameters of which a run needs the values: other values are computed from them."""
        by_torch = [product for stage in self.program.after for product in stage.products]
        needed = [weight for product in by_torch for line in product.weights for weight in line]
        names = (name for name in self.arguments.table.names if isinstance(name, tuple))
        needed += [node for kind, node in names if kind == "once"]
        return tuple(node for node in topological(needed) if node in self.parameters)

    @property
    def panel(self) -> int:
        """The columns of a panel of packed weights."""
        return PANEL_VECTORS * self.shape.lanes

    def panels(self, columns: int) -> int:
        """Return how many panels so many columns fill."""
        return -(-columns // self.panel)
