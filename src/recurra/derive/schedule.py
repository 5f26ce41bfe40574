"""Schedule: a segment as products and loops, what it stores, which elementwise values are fused. No LLVM here.

Fusion goes two ways: elementwise values of one width share a loop, so that what is between them stays in registers; and
products begin with what is added to them, a vector of parameters or the results of other products.

A row of values lies flat, whatever axes it has, so most loops are over one axis. Where a value is stretched along an
axis, or summed along one, the loop is a nest over all axes: `FusedLoop.shape` says which. What has the same width joins
it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from recurra.derive.stages import Product, Segment, Stage
from recurra.graph.compound import Size, product_of
from recurra.graph.node import COMPARISONS, REDUCTIONS, SCANS, Node, Shape

__all__ = ["FusedLoop", "Schedule", "SegmentStage", "StartedProduct", "fused", "inputs_of", "schedule"]


@dataclass(frozen=True)
class FusedLoop:
    """Values stored by one loop over the features; what they are made of stays in registers.

    The loop is a nest over all axes of `shape`; that of most has one.
    """

    shape: Shape
    stores: tuple[Node, ...]

    @property
    def width(self) -> Size:
        """The number of features, over all axes."""
        return product_of(self.shape)

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


def inputs_of(node: Node, *, stored: Collection[Node] = ()) -> Iterator[Node]:
    """Yield the row-wise values that a node is made of.

    Truth values are made anew wherever they are used, and so is the other shape of a value unless it is `stored`.
    """
    for argument in node.args:
        if argument.op in COMPARISONS or (argument.op == "reshape" and argument not in stored):
            yield from inputs_of(argument, stored=stored)
        elif argument.rows:
            yield argument


def _seen_flat(node: Node, *, stored: Collection[Node]) -> Iterator[Node]:
    """Yield those of `inputs_of` of which a node sees another shape than their own."""
    if node.op == "reshape":
        yield from inputs_of(node, stored=stored)
    for argument in node.args:
        if argument.op == "reshape" and argument not in stored:
            yield from inputs_of(argument, stored=stored)
        elif argument.op in COMPARISONS:
            yield from _seen_flat(argument, stored=stored)


def _computed_over(node: Node) -> Node:
    """Return the node over whose features a node is computed: a sum is computed over its argument's."""
    return node.args[0] if node.op in REDUCTIONS else node


def _needs_axes(node: Node, here: Collection[Node]) -> bool:
    """Return whether a loop that computes a node has to know where it is along each axis; `here` have their own."""
    over = _computed_over(node)
    if node.op in REDUCTIONS and len(over.shape) > 1:
        return True
    if any(a.width not in (1, over.width) for a in node.args):
        return True
    made_anew = (a for a in node.args if a.rows and a.args and a not in here and a.op not in _STORED | {"reshape"})
    return any(_needs_axes(a, here) for a in made_anew)


_ALONE = SCANS | {"batch_mean"}
"""What has loops of its own."""

_STORED = REDUCTIONS | _ALONE | {"matmul"}
"""What is read from memory by any other loop."""

Home = tuple[int, int, Shape, str]
"""A loop: the number of its stage, its level in the stage, its shape, and the operation that alone is in it, or ""."""


def schedule(
    segment: Segment, written: Iterable[Node], carried: Sequence[Node] = (), *, results_in_arrays: bool = False
) -> Schedule:
    """Return the loops of a segment; the results of its products may have arrays of all rows."""
    written = tuple(dict.fromkeys(written))
    stored = {*written, *carried, *(operand for s in segment.stages for p in s.products for operand in p.operands)}
    home = _homes(segment, stored)
    made = [result for stage in segment.stages for p in stage.products for result in p.results]
    wanted = {*_crossing(home, stored), *_operands(segment, home)}
    kept = set(written)
    local = [*(() if results_in_arrays else made), *(node for node in home if node in wanted and node not in kept)]
    stores: dict[Home, dict[Node, None]] = {}
    for node in home:
        if node in wanted or node in written or node in carried:
            stores.setdefault(home[node], {})[node] = None
    stage_of = {r: k for k, stage in enumerate(segment.stages) for p in stage.products for r in p.results}
    for node in dict.fromkeys((*written, *carried)):
        if node not in home:  # the result of a product, or a value from elsewhere that is only passed on
            at = (stage_of.get(node, len(segment.stages)), 0, (node.width,), "")
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


def _homes(segment: Segment, stored: Collection[Node]) -> dict[Node, Home]:
    """Return the loop of every elementwise value: what another loop makes of the same stage is read a level later."""
    home: dict[Node, Home] = {}
    for number, stage in enumerate(segment.stages):
        shapes = _loop_shapes(stage.pointwise, stored)
        for node, shape in shapes.items():
            kind, level = (shape, node.op if node.op in _ALONE else ""), 0
            # A loop that reads what another of its stage made runs after that one. What is made in the same loop, of
            # the same feature and row, is in a register, and the level stays. A sum is known only when its loop ends.
            flat = {*_seen_flat(node, stored=stored)}
            for a in inputs_of(node, stored=stored):
                if a in home and home[a][0] == number:
                    is_from_another = a.op in REDUCTIONS | _ALONE or home[a][2:] != kind
                    is_from_another |= a in flat and len(shape) > 1
                    level = max(level, home[a][1] + is_from_another)
            home[node] = (number, level, *kind)
        _sink(home, shapes, stored)
    return home


def _sink(home: dict[Node, Home], nodes: Iterable[Node], stored: Collection[Node]) -> None:
    """Move what only later loops of its own shape read into the first of them: there it stays in a register."""
    readers: dict[Node, list[Home]] = {}
    for node in reversed(list(nodes)):
        number, level, *kind = home[node]
        found = readers.get(node, [])
        if found and node.op not in REDUCTIONS | _ALONE and all([*reader[2:]] == kind for reader in found):
            home[node] = (number, max(level, min(reader[1] for reader in found)), *home[node][2:])
        flat = {*_seen_flat(node, stored=stored)} if len(home[node][2]) > 1 else ()
        for a in inputs_of(node, stored=stored):
            # seen flat in a nest, it is read by another loop than its own
            readers.setdefault(a, []).append((-1, -1, (), "") if a in flat else home[node])


def _loop_shapes(nodes: Iterable[Node], stored: Collection[Node]) -> dict[Node, Shape]:
    """Return the shape of the loop that computes each of a stage's values; those that are made anew have none."""
    nodes = [n for n in nodes if n.op not in COMPARISONS and (n.op != "reshape" or n in stored)]
    here = set(nodes)
    nested = {node: _computed_over(node).shape for node in nodes if _needs_axes(node, here) and node.op != "reshape"}
    of_width: dict[Size, Shape] = {}
    for shape in nested.values():
        of_width.setdefault(product_of(shape), shape)
    flat = {node: (_computed_over(node).width,) for node in nodes}
    # a sum over all features of a vector would begin anew in each turn of a nest
    return {
        node: nested.get(node)
        or (flat[node] if node.op in _ALONE | REDUCTIONS else of_width.get(flat[node][0], flat[node]))
        for node in nodes
    }


def _crossing(home: dict[Node, Home], stored: Collection[Node]) -> Iterator[Node]:
    """Yield the values that another loop than their own reads, or the same one as if they had another shape."""
    for node, at in home.items():
        flat = {*_seen_flat(node, stored=stored)} if len(at[2]) > 1 else ()
        yield from (a for a in inputs_of(node, stored=stored) if a in home and (home[a] != at or a in flat))


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
