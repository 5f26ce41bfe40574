"""What a kernel computes of values with several axes: the time loop, and as much beside it as it can.

A program has some sequences, and of each all that the loop's sums and products go over: a head, a matrix, or some of
its columns. It goes through all steps by itself; matrices stay in its registers. To read a matrix from memory costs
more than what is computed of it, so all that is elementwise is computed in the loop: what is made before it for the
loop alone, and what is made after it. Outside stay products with parameters, what these are made of, and what goes
over more than a program has.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from recurra.backends.triton.axes import Axes, TileError, unshaped
from recurra.backends.triton.layout import PassPlan
from recurra.derive.stages import Segment, Stage
from recurra.graph.node import REDUCTIONS, SCANS, Node, Size

__all__ = ["Nest", "nest_of"]


@dataclass(frozen=True)
class Nest:
    """A pass whose loop is over tiles of several axes.

    Attributes
    ----------
    run : PassPlan
        With everything that can be in the loop there; its one stage has the loop's values in their order.
    axes : Axes
        Of the values of the loop.
    free : tuple of int
        The parts of axes that programs may divide: nothing of the loop goes over them.
    parted : tuple of int
        Those that may be divided too, though `partial` sums go over them.
    partial : mapping from a sum to the parts of axes that may be divided and that it goes over
        Where they are, each program has a part of the sum, and the whole is known after the loop.
    totals : tuple of Node
        Values of which nothing but the sum over all rows is wanted: a program adds them up over its steps.
    """

    run: PassPlan
    axes: Axes
    free: tuple[int, ...]
    parted: tuple[int, ...]
    partial: Mapping[Node, tuple[int, ...]]
    totals: tuple[Node, ...]

    def parts(self, node: Node, blocks: Sequence[int], wide: Callable[[Size], int]) -> int:
        """Return in how many parts programs have a partial sum, if they have so much of each part of the axes."""
        return math.prod(-(-wide(self.axes.sizes[atom]) // blocks[atom]) for atom in self.partial[node])


def nest_of(run: PassPlan, *, is_parted: bool = False) -> Nest:
    """Return a pass as a nest.

    Parameters
    ----------
    run : PassPlan
    is_parted : bool
        Whether programs may divide what sums that no step waits for go over. A program then has less of a matrix, but
        what is made of these sums waits until the loop is over.

    Raises
    ------
    TileError
        If no program can have what the loop needs; the message says why.
    """
    products = {result: p for s in (run.before, run.loop, run.after) for t in s.stages for p in t.products
                for result in p.results}  # fmt: skip

    def inputs(node: Node) -> Iterable[Node]:
        return products[node].operands if node in products else (a for a in node.args if a.rows)

    core = _needed_next(run, inputs)
    others = [n for n in dict.fromkeys((*run.before.nodes, *run.loop.nodes, *run.after.nodes)) if n not in core]
    _check([*core, *others])
    needed = _under(core, {*others}, inputs)
    early = {node for node in needed if node in products}
    ahead = early | _under(early, {*others}, inputs)
    ahead |= {result for node in ahead if node in products for result in products[node].results}
    later = [node for node in others if node not in needed and node not in ahead]
    waiting = _over((node for node in later if node in products), later, inputs)
    beside = [node for node in later if node not in waiting]
    inside = [node for node in others if node in needed and node not in ahead]
    results = [node for node in core if node in products]
    axes = Axes((n for n in (*inside, *core, *beside) if n not in products), results, equal=run.carried)
    divided = () if results else _divisible(run, axes, core, () if is_parted else beside)
    # what goes over more than a program has is done outside of the loop
    blocked = [node for node in inside if _goes_over(node, axes, divided)]
    ahead |= {*blocked} | _under(blocked, {*others}, inputs)
    inside = [node for node in inside if node not in ahead]
    partial, waiting = _partial(beside, axes, divided, waiting, inputs, is_parted=is_parted)
    beside = [node for node in beside if node not in waiting]
    loop = (*inside, *(node for node in core if node not in products), *beside)
    read_after = {operand for node in later if node in waiting for operand in inputs(node)}
    totals = _totals(run, {*loop}, read_after | partial.keys())
    run = replace(run, summed=tuple(node for node in run.summed if node not in totals))
    wanted = run.wanted | read_after
    segments = (
        _segment(_only(run.before, ahead), inputs, wanted | {a for n in (*loop, *results) for a in inputs(n)}),
        _segment((_joined(_only(run.loop, core), loop),), inputs, wanted),
        _segment(
            tuple(stage for part in (run.before, run.loop, run.after) for stage in _only(part, waiting)),
            inputs,
            run.wanted,
        ),
    )
    whole = replace(run, before=segments[0], loop=segments[1], after=segments[2])
    summed = {atom for atoms in partial.values() for atom in atoms}
    return Nest(
        whole, axes, tuple(atom for atom in divided if atom not in summed),
        tuple(atom for atom in divided if atom in summed), partial, totals,
    )  # fmt: skip


Inputs = Callable[[Node], Iterable[Node]]


def _needed_next(run: PassPlan, inputs: Inputs) -> dict[Node, None]:
    """Return in their order the values of the loop that the next step waits for."""
    loop = dict.fromkeys(run.loop.nodes)
    next_values = [value for _, value in run.carried if value in loop]
    needed = {*next_values} | _under(next_values, loop, inputs)
    return {node: None for node in loop if node in needed}


def _check(nodes: Iterable[Node]) -> None:
    if any(node.op == "batch_mean" for node in nodes):
        raise TileError(
            "a mean over the batch stands beside values with several axes, and no program has the whole batch"
        )


def _under(roots: Iterable[Node], among: Collection[Node], inputs: Inputs) -> set[Node]:
    """Return those of some nodes that the roots are made of."""
    found: set[Node] = set()
    pending = [*roots]
    while pending:
        for node in inputs(pending.pop()):
            if node in among and node not in found:
                found.add(node)
                pending.append(node)
    return found


def _over(roots: Iterable[Node], among: Iterable[Node], inputs: Inputs) -> set[Node]:
    """Return the roots, and those of some nodes in their order that are made of them."""
    found = {*roots}
    for node in among:
        if not found.isdisjoint(inputs(node)):
            found.add(node)
    return found


def _divisible(run: PassPlan, axes: Axes, core: Iterable[Node], beside: Iterable[Node]) -> tuple[int, ...]:
    """Return the parts of axes of the widest value of the loop over which nothing goes that needs all of them.

    That is what the next step needs, and among the values beside the loop sums over as wide a value as that: they are
    not read again. (A product with a matrix needs all of its operand: then programs divide nothing.)
    """
    core = [node for node in core if node in axes]
    bound: set[int] = set()
    for node in core:
        if node.op in SCANS and len(axes.summed(node)) != 1:
            raise TileError("a running sum goes over the features of all heads")
        if node.op in REDUCTIONS | SCANS:
            bound.update(axes.summed(node))
    for node in axes.nodes:  # a tile's place along an axis is one: a value that has the axis twice needs all of it
        atoms = axes.atoms(node)
        bound.update(atom for atom in atoms if atoms.count(atom) > 1)
    widest = {*max(map(axes.atoms, (*core, *(leaf for leaf, _ in run.carried))), key=len)}
    for node in beside:
        if node.op in REDUCTIONS and widest <= {*axes.atoms(node.args[0])}:
            bound.update(axes.summed(node))
    return tuple(sorted(widest - bound))


def _goes_over(node: Node, axes: Axes, divided: Collection[int]) -> bool:
    """Return whether a sum, a largest feature or a running sum goes over what programs may divide."""
    if node.op in SCANS and len(axes.summed(node)) != 1:
        return True
    return node.op in REDUCTIONS | SCANS and not {*divided}.isdisjoint(axes.summed(node))


def _partial(
    beside: Sequence[Node],
    axes: Axes,
    divided: Collection[int],
    waiting: Collection[Node],
    inputs: Inputs,
    *,
    is_parted: bool,
) -> tuple[dict[Node, tuple[int, ...]], set[Node]]:
    """Return the sums over what programs may divide, and what waits until the loop is over, as these sums' users do."""
    partial: dict[Node, tuple[int, ...]] = {}
    waiting = {*waiting}
    for node in beside:
        atoms = {atom for each in inputs(node) for atom in partial.get(each, ())}
        goes_over = _goes_over(node, axes, divided)
        is_known_late = goes_over and not (is_parted and node.op == "sum")
        is_made_of_parts = atoms and node.op not in ("sum", "reshape")
        if is_known_late or is_made_of_parts or not waiting.isdisjoint(inputs(node)):
            waiting.add(node)
        elif atoms or goes_over:
            more = axes.summed(node) if goes_over else ()
            partial[node] = tuple(sorted(atoms | {atom for atom in more if atom in divided}))
    return partial, waiting


def _totals(run: PassPlan, loop: Collection[Node], read: Collection[Node]) -> tuple[Node, ...]:
    """Return the values of the loop of which only the sum over all rows is wanted."""
    wanted = replace(run, summed=()).wanted | {value for _, value in run.carried}
    elsewhere = {unshaped(node) for node in (*wanted, *read)}
    return tuple(node for node in dict.fromkeys(run.summed) if node in loop and unshaped(node) not in elsewhere)


def _only(segment: Segment, nodes: Collection[Node]) -> tuple[Stage, ...]:
    """Return the stages of a segment with nothing but some of its values, and the products that give any of them."""
    stages = (
        Stage(
            tuple(p for p in stage.products if not {*nodes}.isdisjoint(p.results)),
            tuple(node for node in stage.pointwise if node in nodes),
        )
        for stage in segment.stages
    )
    return tuple(stage for stage in stages if stage.products or stage.pointwise)


def _joined(stages: Iterable[Stage], pointwise: tuple[Node, ...]) -> Stage:
    """Return one stage with the products of several, and these values."""
    return Stage(tuple(product for stage in stages for product in stage.products), pointwise)


def _segment(stages: Sequence[Stage], inputs: Inputs, wanted: Collection[Node]) -> Segment:
    made = [n for s in stages for n in (*itertools.chain.from_iterable(p.results for p in s.products), *s.pointwise)]
    here = {*made}
    reads = dict.fromkeys(read for node in made for read in inputs(node) if read not in here)
    return Segment(tuple(reads), tuple(stages), tuple(node for node in made if node in wanted))
