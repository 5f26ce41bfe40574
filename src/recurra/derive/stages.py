"""Split a graph into what runs before, in and after the time loop, and each part into stages.

The rule is the same for the forward and the backward pass. Something is carried from step to step (the states;
the gradients of the states). Products that need nothing carried run *before* the loop, for all steps at once.
What the next carried values need runs *in* the loop. All else runs *after* it, again for all steps at once. A mean
over a batch is over the rows of one step: it runs in the loop, whoever needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from recurra.derive.width import made_of, stretched
from recurra.graph.node import Node, depends_on, topological, uses

__all__ = ["Product", "Segment", "Segments", "Stage", "segments"]


@dataclass(frozen=True)
class Product:
    """One matrix product: results[j] = sum over k of operands[k] @ weights[k][j].

    The operands lie side by side, the weights form one block matrix, and the results lie side by side.
    """

    operands: tuple[Node, ...]
    weights: tuple[tuple[Node, ...], ...]
    results: tuple[Node, ...]


@dataclass(frozen=True)
class Stage:
    """Products that can run together, then the elementwise operations that they make possible."""

    products: tuple[Product, ...]
    pointwise: tuple[Node, ...]


@dataclass(frozen=True)
class Segment:
    """A part of a plan.

    Attributes
    ----------
    reads : tuple of row-wise nodes that are computed elsewhere: leaves, saved values, other segments' writes
    stages : tuple of Stage
    writes : tuple of nodes that others read, or that are results
    """

    reads: tuple[Node, ...]
    stages: tuple[Stage, ...]
    writes: tuple[Node, ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All that is computed here."""
        return tuple(n for s in self.stages for n in (*(r for p in s.products for r in p.results), *s.pointwise))


@dataclass(frozen=True)
class Segments:
    """The three parts of a pass."""

    before: Segment
    loop: Segment
    after: Segment


def segments(
    carried: Iterable[Node],
    results: Iterable[Node],
    *,
    sources: Iterable[Node],
    given: Callable[[Node], bool],
    matrices: Iterable[Node] = (),
) -> Segments:
    """Split the graph under its roots.

    Parameters
    ----------
    carried : the values that the next step of the loop needs
    results : everything else that is wanted
    sources : the leaves that hold what the previous step of the loop carried
    given : whether a node's value is at hand (saved, or a leaf), and so not computed
    matrices : leaves that are much wider than the rest: they are read in the loop alone
    """
    carried, results, sources, matrices = list(carried), list(results), list(sources), list(matrices)
    every = [n for n in topological([*carried, *results], stop=given) if n.rows and n.args and not given(n)]
    # a mean over a batch waits for all rows of a step, so it is in the loop though it may need nothing that is carried
    means = [node for node in every if node.op == "batch_mean"]
    dependent = depends_on([*carried, *results], [*sources, *matrices, *means])
    before = _hoisted([node for node in every if node not in dependent])
    loop = _under([*carried, *means, *made_of(matrices, every)], set(every) - before)
    # What the loop makes of leaves alone, elementwise, is made again after it where it is wanted there: to store it for
    # all steps would cost more.
    after = _under(results, set(every) - before - (loop & dependent))
    used_after = {*results, *(a for n in after for a in n.args)}
    used_in_loop = {*carried, *(a for n in loop for a in n.args)}
    return Segments(
        _segment(before, every, used_in_loop | used_after),
        _segment(loop, every, {*carried, *(used_after - after)}),
        _segment(after, every, set(results)),
    )


def _under(roots: Iterable[Node], allowed: set[Node]) -> set[Node]:
    """Return the allowed nodes that the roots need, going through allowed nodes only."""
    return {node for node in topological(roots, stop=lambda n: n not in allowed) if node in allowed}


def _hoisted(free: Sequence[Node]) -> set[Node]:
    """Return, of the nodes that need nothing carried, the products, what is made of them and what they are made of.

    Elementwise values made of leaves alone stay where they are used: storing them would cost more. So do those that
    are stretched, such as an outer product, unless a product needs them.
    """
    hoisted: set[Node] = set()
    wide = stretched(free)
    for node in free:
        if node.op == "matmul" or (node not in wide and any(a in hoisted for a in node.args)):
            hoisted.add(node)
    for node in reversed(free):
        if node in hoisted:
            hoisted.update(a for a in node.args if a.rows and a.args)
    return hoisted & set(free)


def _segment(nodes: set[Node], order: Sequence[Node], wanted: set[Node]) -> Segment:
    mine = [node for node in order if node in nodes]
    reads = dict.fromkeys(a for node in mine for a in node.args if a.rows and a not in nodes)
    return Segment(tuple(reads), _stages(mine, wanted), tuple(node for node in mine if node in wanted))


def _stages(nodes: Sequence[Node], wanted: set[Node]) -> tuple[Stage, ...]:
    """Group nodes by the number of products that come before them."""
    # Products of one level do not wait for each other. In a GRU that resets before its product, the candidate's is one
    # level after the gates'.
    level: dict[Node, int] = {}
    for node in nodes:
        level[node] = max((level.get(a, 0) for a in node.args), default=0) + (node.op == "matmul")
    sums = _sums_of_products(nodes, level, wanted)
    depths = range(max(level.values(), default=-1) + 1)
    stages = (_stage([node for node in nodes if level[node] == depth], sums) for depth in depths)
    return tuple(stage for stage in stages if stage.products or stage.pointwise)


Terms = tuple[tuple[Node, Node], ...]


def _sums_of_products(nodes: Sequence[Node], level: dict[Node, int], wanted: set[Node]) -> dict[Node, Terms]:
    """Return, for every largest sum of products of one level, its (operand, weight) terms."""
    sums: dict[Node, Terms] = {node: (node.args,) for node in nodes if node.op == "matmul"}  # pyright: ignore
    count = uses(nodes)  # 2 is one use, as each node is a root, too
    for node in nodes:
        parts = [a for a in node.args if a in sums and level[a] == level[node] and count[a] == 2 and a not in wanted]
        if node.op == "add" and len(parts) == 2:
            sums[node] = sums.pop(parts[0]) + sums.pop(parts[1])
    return sums


def _stage(nodes: Sequence[Node], sums: dict[Node, Terms]) -> Stage:
    """Make one product of all sums over the same operands; what is in no sum is elementwise."""
    groups: dict[tuple[Node, ...], list[Node]] = {}
    for node in nodes:
        if node in sums:
            groups.setdefault(tuple(operand for operand, _ in sums[node]), []).append(node)
    inside = {part for node in nodes if node in sums for part in _parts(node, sums[node])}
    return Stage(
        tuple(_product(operands, results, sums) for operands, results in groups.items()),
        tuple(node for node in nodes if node not in inside),
    )


def _parts(node: Node, terms: Terms) -> Iterable[Node]:
    """Return a sum of products and the partial sums and products in it."""
    yield node
    if node.op == "add":
        for argument in node.args:
            yield from _parts(argument, terms)


def _product(operands: tuple[Node, ...], results: list[Node], sums: dict[Node, Terms]) -> Product:
    weights = tuple(tuple(sums[result][k][1] for result in results) for k in range(len(operands)))
    return Product(operands, weights, tuple(results))
