"""What a segment stores, and which elementwise values share a loop over the features. No LLVM here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from recurra.derive.stages import Product, Segment
from recurra.graph.node import COMPARISONS, REDUCTIONS, Node, Size

__all__ = ["Group", "Schedule", "SegmentStage", "inputs_of", "schedule"]


@dataclass(frozen=True)
class Group:
    """Values stored by one loop over the features; what they are made of stays in registers."""

    width: Size
    stores: tuple[Node, ...]

    @property
    def is_across_rows(self) -> bool:
        """Whether the values are means over the rows: such a loop holds nothing else."""
        return self.stores[0].op == "batch_mean"


@dataclass(frozen=True)
class SegmentStage:
    """Products, then loops in their order."""

    products: tuple[Product, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Schedule:
    """A segment as loops.

    Attributes
    ----------
    stages : tuple of SegmentStage
    local : tuple of nodes
        Kept for the rows at hand: results of products, and what another loop or a product reads and has no array.
    written : tuple of nodes
        Kept for all rows: the segment's writes.
    carried : tuple of nodes
        The next values of what is carried from step to step.
    passed_on : tuple of nodes
        Those of them that are computed elsewhere, and here only read.
    """

    stages: tuple[SegmentStage, ...]
    local: tuple[Node, ...]
    written: tuple[Node, ...]
    carried: tuple[Node, ...]
    passed_on: tuple[Node, ...] = ()


def inputs_of(node: Node) -> Iterator[Node]:
    """Yield the row-wise values that a node is made of; truth values are made anew wherever they are used."""
    for argument in node.args:
        if argument.op in COMPARISONS:
            yield from inputs_of(argument)
        elif argument.rows:
            yield argument


def loop_width(node: Node) -> Size:
    """Return the number of features of the loop that computes a node: a sum is computed over its argument's."""
    return (node.args[0] if node.op in REDUCTIONS else node).shape[-1]


Home = tuple[int, int, Size, bool]
"""A loop: the number of its stage, its level in the stage, its width, and whether it is across the rows."""


def schedule(
    segment: Segment, written: Iterable[Node], carried: Sequence[Node] = (), *, results_in_arrays: bool = False
) -> Schedule:
    """Return the loops of a segment; the results of its products may have arrays of all rows."""
    home, written = _homes(segment), tuple(dict.fromkeys(written))
    made = [result for stage in segment.stages for p in stage.products for result in p.results]
    wanted = {*_crossing(home), *_operands(segment, home)}
    kept = set(written)
    local = [*(() if results_in_arrays else made), *(node for node in home if node in wanted and node not in kept)]
    stores: dict[Home, dict[Node, None]] = {}
    for node in home:
        if node in wanted or node in written or node in carried:
            stores.setdefault(home[node], {})[node] = None
    stage_of = {r: k for k, stage in enumerate(segment.stages) for p in stage.products for r in p.results}
    for node in dict.fromkeys((*written, *carried)):
        if node not in home:  # the result of a product, or a value from elsewhere that is only passed on
            at = (stage_of.get(node, len(segment.stages)), 0, node.shape[-1], False)
            stores.setdefault(at, {})[node] = None
    stages = (
        SegmentStage(
            segment.stages[k].products if k < len(segment.stages) else (),
            tuple(Group(at[2], tuple(stores[at])) for at in sorted(stores, key=lambda h: h[:2]) if at[0] == k),
        )
        for k in range(len(segment.stages) + 1)
    )
    passed_on = tuple(node for node in carried if node not in home and node not in stage_of)
    needed = tuple(stage for stage in stages if stage.products or stage.groups)
    return Schedule(needed, tuple(local), written, tuple(carried), passed_on)


def _homes(segment: Segment) -> dict[Node, Home]:
    """Return the loop of every elementwise value: what another loop makes of the same stage is read a level later."""
    home: dict[Node, Home] = {}
    for number, stage in enumerate(segment.stages):
        for node in stage.pointwise:
            if node.op in COMPARISONS:
                continue
            kind, level = (loop_width(node), node.op == "batch_mean"), 0
            for a in inputs_of(node):
                if a in home and home[a][0] == number:
                    is_from_another = a.op in REDUCTIONS or a.op == "batch_mean" or (a.shape[-1], False) != kind
                    level = max(level, home[a][1] + is_from_another)
            home[node] = (number, level, *kind)
    return home


def _crossing(home: dict[Node, Home]) -> Iterator[Node]:
    """Yield the values that another loop than their own reads."""
    for node, at in home.items():
        yield from (a for a in inputs_of(node) if a in home and home[a] != at)


def _operands(segment: Segment, home: dict[Node, Home]) -> Iterator[Node]:
    for stage in segment.stages:
        for product in stage.products:
            yield from (operand for operand in product.operands if operand in home)
