"""A segment as phases: each is what the programs of a grid do without reading what another program has just written.

A program has a tile: some rows, and some columns of every value. Elementwise operations stay inside of it. A product
reads all columns of its operands, and a sum over the features needs the part of every program: what they read was
written in an earlier phase, with a barrier between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from recurra.derive.stages import Product, Segment
from recurra.graph.node import REDUCTIONS, SCANS, Node, Size

__all__ = ["Carried", "Phase", "arrange", "width_of"]

Carried = tuple[Node, Node]
"""The leaf of a state, and the value that it takes with the next step."""


@dataclass(frozen=True)
class Phase:
    """What a program does with one tile.

    Attributes
    ----------
    width : size
        The columns of its values; values 1 wide may stand among them.
    products : tuple of Product
        All results have this width.
    pointwise : tuple of Node
        In their order; sums over the features among them.
    parts : tuple of sum nodes, and of sums up to each feature
        Of which each program stores the sum over its own columns; empty where a program has all columns.
    totals : tuple of sum nodes
        The sums, among the elementwise operations, that add such parts up.
    stores : tuple of Node
        Values of this phase that others read.
    carried : tuple of Carried
    keeps : tuple of state leaves
        Of which the value before each step is stored.
    begins_with_barrier : bool
        Whether it reads what other programs have written since the last barrier.
    """

    width: Size
    products: tuple[Product, ...] = ()
    pointwise: tuple[Node, ...] = ()
    parts: tuple[Node, ...] = ()
    totals: tuple[Node, ...] = ()
    stores: tuple[Node, ...] = ()
    carried: tuple[Carried, ...] = ()
    keeps: tuple[Node, ...] = ()
    begins_with_barrier: bool = False

    @property
    def made(self) -> tuple[Node, ...]:
        """The values that are computed here."""
        return (*(result for product in self.products for result in product.results), *self.pointwise)

    @property
    def tiles(self) -> tuple[Node, ...]:
        """The values that every program has of its own tile: where a phase is 1 wide, one program has them."""
        return self.made if self.width != 1 else ()

    @property
    def loads(self) -> tuple[Node, ...]:
        """The row-wise values that are read elementwise."""
        made = set(self.made)
        computed = [node for node in self.pointwise if node not in self.totals or node.op in SCANS]
        used = [argument for node in (*computed, *self.parts) for argument in node.args]
        used += [*self.keeps, *(value for _, value in self.carried)]
        return tuple(dict.fromkeys(node for node in used if node.rows and node not in made))


def width_of(node: Node) -> Size:
    """Return the number of columns of a row-wise value, all axes together."""
    return node.width


def arrange(
    segment: Segment,
    *,
    has_all_columns: bool,
    is_one_function: bool = False,
    carried: Sequence[Carried] = (),
    keeps: Sequence[Node] = (),
) -> tuple[Phase, ...]:
    """Divide a segment into phases.

    Parameters
    ----------
    segment : Segment
    has_all_columns : bool
        Whether a program has all columns of its rows, so that sums over the features end in it.
    is_one_function : bool
        Whether a program goes through all phases of a step, and so has the tiles of the earlier ones at hand.
    carried, keeps : as in Phase
        For a segment that is run step by step.
    """
    arranger = _Arranger(has_all_columns)
    for stage in segment.stages:
        for product in stage.products:
            arranger.multiply(product)
        for node in stage.pointwise:
            arranger.compute(node)
    arranger.finish(carried, keeps)
    phases = arranger.phases(wanted={*segment.writes}, is_one_function=is_one_function)
    return _with_barriers(phases, has_all_columns=has_all_columns)


@dataclass
class _Draft:
    """A phase that grows."""

    width: Size
    products: list[Product] = field(default_factory=list)
    pointwise: list[Node] = field(default_factory=list)
    parts: list[Node] = field(default_factory=list)
    totals: list[Node] = field(default_factory=list)
    carried: list[Carried] = field(default_factory=list)
    keeps: list[Node] = field(default_factory=list)

    def phase(self, read_elsewhere: set[Node]) -> Phase:
        phase = Phase(self.width, tuple(self.products), tuple(self.pointwise), tuple(self.parts), tuple(self.totals))
        stores = tuple(node for node in phase.made if node in read_elsewhere)
        return replace(phase, stores=stores, carried=tuple(self.carried), keeps=tuple(self.keeps))


class _Arranger:
    """Puts each value into the first phase that can have it."""

    def __init__(self, has_all_columns: bool) -> None:
        self.has_all_columns = has_all_columns
        self.drafts: list[_Draft] = []
        self.number: dict[Node, int] = {}

    def _first(self, width: Size, begin: int, *, among_others: bool = False) -> int:
        """Return the first phase from `begin` on with this width, or of any if a value may stand among others."""
        for number in range(begin, len(self.drafts)):
            if among_others or self.drafts[number].width == width:
                return number
        self.drafts.append(_Draft(width))
        return len(self.drafts) - 1

    def _after(self, nodes: Iterable[Node]) -> int:
        """Return the phase in which the last of these values is made."""
        return max((self.number[node] for node in nodes if node in self.number), default=-1)

    def multiply(self, product: Product) -> None:
        for width in dict.fromkeys(map(width_of, product.results)):
            part = _of_width(product, width)
            number = self._first(width, self._after(product.operands) + 1)
            self.drafts[number].products.append(part)
            self.number.update(dict.fromkeys(part.results, number))

    def compute(self, node: Node) -> None:
        begin = max(self._after(node.args), 0)
        if node.op in REDUCTIONS | SCANS:
            width = width_of(node.args[0])
            number = self._first(width, begin)
            if not self.has_all_columns:
                self.drafts[number].parts.append(node)
                number = self._first(width, number + 1)
                self.drafts[number].totals.append(node)
        else:
            width = width_of(node)
            number = self._first(width, begin, among_others=width == 1)
        self.drafts[number].pointwise.append(node)
        self.number[node] = number

    def finish(self, carried: Sequence[Carried], keeps: Sequence[Node]) -> None:
        """Say where states are stored: their next values where these are made, else wherever the width fits."""
        for leaf, value in carried:
            number = self.number[value] if value in self.number else self._first(width_of(leaf), 0)
            self.drafts[number].carried.append((leaf, value))
        for leaf in keeps:
            self.drafts[self._first(width_of(leaf), 0)].keeps.append(leaf)

    def phases(self, *, wanted: set[Node], is_one_function: bool) -> tuple[Phase, ...]:
        phases = [draft.phase(set()) for draft in self.drafts]
        operands = {o for phase in phases for product in phase.products for o in product.operands}
        at_hand = {node for phase in phases for node in phase.tiles} if is_one_function else set()
        elsewhere = wanted | operands | {node for phase in phases for node in phase.loads if node not in at_hand}
        return tuple(draft.phase(elsewhere) for draft in self.drafts)


def _of_width(product: Product, width: Size) -> Product:
    """Return the columns of a product whose results have this width."""
    mine = [number for number, result in enumerate(product.results) if width_of(result) == width]
    weights = tuple(tuple(line[number] for number in mine) for line in product.weights)
    return Product(product.operands, weights, tuple(product.results[number] for number in mine))


def _with_barriers(phases: Sequence[Phase], *, has_all_columns: bool) -> tuple[Phase, ...]:
    """Say which phases begin with a barrier; the loop comes round, so the last phases bear upon the first ones."""
    if has_all_columns:
        return tuple(phases)
    written: set[Node] = set()
    for phase in phases:
        written |= _written(phase)
    found = []
    for _ in range(2):
        found = []
        for phase in phases:
            waits = bool(_read_across(phase) & written)
            written = (set() if waits else written) | _written(phase)
            found.append(replace(phase, begins_with_barrier=waits))
    return tuple(found)


def _written(phase: Phase) -> set[Node]:
    return {*phase.stores, *phase.parts, *(leaf for leaf, _ in phase.carried)}


def _read_across(phase: Phase) -> set[Node]:
    """Return what a phase reads that other programs may have written: values 1 wide are written by one of them."""
    operands = {operand for product in phase.products for operand in product.operands}
    return operands | {*phase.totals} | {node for node in phase.loads if width_of(node) == 1}
