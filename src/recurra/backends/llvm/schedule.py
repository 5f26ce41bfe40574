"""Schedule: a segment as products and loops, what it stores, which elementwise values are fused. No LLVM here.

Fusion goes two ways: elementwise values of one width share a loop, so that what is between them stays in registers; and
products begin with what is added to them, a vector of parameters or the results of other products.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from recurra.derive.stages import Product, Segment, Stage
from recurra.graph.node import COMPARISONS, REDUCTIONS, SCANS, Node, Size

__all__ = ["FusedLoop", "Schedule", "SegmentStage", "StartedProduct", "fused", "inputs_of", "schedule"]


@dataclass(frozen=True)
class FusedLoop:
    """Values stored by one loop over the features; what they are made of stays in registers."""

    width: Size
    stores: tuple[Node, ...]

    @property
    def is_across_rows(self) -> bool:
        """Whether the values are means over the rows: such a loop holds nothing else."""
        return self.stores[0].op == "batch_mean"

    @property
    def is_scan(self) -> bool:
        """Whether the values are sums up to each feature, or from it on: such a loop holds nothing else."""
        return self.stores[0].op in SCANS


@dataclass(frozen=True)
class SegmentStage:
    """Products, then loops in their order."""

    products: tuple[Product, ...]
    groups: tuple[FusedLoop, ...]


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


Home = tuple[int, int, Size, str]
"""A loop: the number of its stage, its level in the stage, its width, and the operation that alone is in it, or ""."""

_ALONE = SCANS | {"batch_mean"}
"""What has loops of its own."""


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
            at = (stage_of.get(node, len(segment.stages)), 0, node.shape[-1], "")
            stores.setdefault(at, {})[node] = None
    stages = (
        SegmentStage(
            segment.stages[k].products if k < len(segment.stages) else (),
            tuple(FusedLoop(at[2], tuple(stores[at])) for at in sorted(stores, key=lambda h: h[:2]) if at[0] == k),
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
            kind, level = (loop_width(node), node.op if node.op in _ALONE else ""), 0
            # A loop that reads what another of its stage made runs after that one. What is made in the same loop, of
            # the same feature and row, is in a register, and the level stays. A sum is known only when its loop ends.
            for a in inputs_of(node):
                if a in home and home[a][0] == number:
                    is_from_another = a.op in REDUCTIONS | _ALONE or (a.shape[-1], "") != kind
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


@dataclass(frozen=True)
class StartedProduct(Product):
    """results[j] = start[j] + sum over k of operands[k] @ weights[k][j]; a start is a vector, or None."""

    start: tuple[Node | None, ...] = ()


@dataclass(frozen=True)
class _Sum:
    """One result: (operand, weight) terms, and what they begin with."""

    terms: tuple[tuple[Node, Node], ...]
    start: Node | None = None


def fused(segment: Segment, wanted: Iterable[Node]) -> Segment:
    """Return a segment whose products compute as much of the sums around them as they can; `wanted` stays."""
    consumed = [node for stage in segment.stages for product in stage.products for node in product.operands]
    consumed += [argument for stage in segment.stages for node in stage.pointwise for argument in node.args]
    uses = Counter([*consumed, *wanted])
    return replace(segment, stages=tuple(_fused(stage, uses) for stage in segment.stages))


def _fused(stage: Stage, uses: Counter[Node]) -> Stage:
    sums: dict[Node, _Sum] = {}
    for product in stage.products:
        for k, result in enumerate(product.results):
            lines = zip(product.operands, product.weights, strict=True)
            sums[result] = _Sum(tuple((operand, line[k]) for operand, line in lines))
    pointwise = []
    for node in stage.pointwise:
        # only what nobody else reads may vanish in a larger sum
        parts = [argument for argument in node.args if argument in sums and uses[argument] == 1]
        together = _together(node, parts, sums) if node.op == "add" else None
        if together is None:
            pointwise.append(node)
            continue
        for part in parts:
            del sums[part]
        sums[node] = together
    return Stage(_products(sums), tuple(pointwise))


def _together(node: Node, parts: list[Node], sums: dict[Node, _Sum]) -> _Sum | None:
    """Return a sum as one that a product computes, None if it is not of that kind."""
    if len(parts) == 2:
        first, second = (sums[part] for part in parts)
        if first.start is None or second.start is None:
            return _Sum(first.terms + second.terms, first.start or second.start)
    elif len(parts) == 1:
        (other,) = (argument for argument in node.args if argument is not parts[0])
        if not other.rows and other.shape == node.shape and sums[parts[0]].start is None:
            return replace(sums[parts[0]], start=other)
    return None


def _products(sums: dict[Node, _Sum]) -> tuple[Product, ...]:
    """Return one product for all sums over the same operands."""
    groups: dict[tuple[Node, ...], list[Node]] = {}
    for node, each in sums.items():
        groups.setdefault(tuple(operand for operand, _ in each.terms), []).append(node)
    return tuple(
        StartedProduct(
            operands,
            tuple(tuple(sums[result].terms[k][1] for result in results) for k in range(len(operands))),
            tuple(results),
            tuple(sums[result].start for result in results),
        )
        for operands, results in groups.items()
    )
