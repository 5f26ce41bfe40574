"""The passes that bring a step into the form that plans are made from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce

from recurra.graph.build import COMPARISONS, add
from recurra.graph.node import Node, depends_on, leaf, topological, uses, with_args
from recurra.graph.simplify import simplify_node
from recurra.graph.step import Step, map_step, substitute
from recurra.graph.verify import verify
from recurra.locks import made_once

__all__ = ["Prelude", "gather_sums", "normalise"]


@dataclass(frozen=True)
class Prelude:
    """What is computed from parameters alone, once per call.

    Attributes
    ----------
    leaves : tuple of parameter leaves
        They stand in the step for `values`.
    values : tuple of nodes
        The expressions, over the cell's own parameters.
    """

    leaves: tuple[Node, ...]
    values: tuple[Node, ...]

    @made_once
    def noises(self) -> tuple[Node, ...]:
        """The random matrices: they are drawn once per call."""
        return tuple(node for node in topological(self.values) if node.op == "noise")


def normalise(step: Step) -> tuple[Prelude, Step]:
    """Return the parameter expressions, and the step over their values, simplified and with its sums gathered."""
    prelude, step = split_parameters(map_step(step, simplify_node))
    step = substitute(step, gather_sums(step.roots, depends_on(step.roots, step.states)))
    verify(step.roots)
    return prelude, step


def split_parameters(step: Step) -> tuple[Prelude, Step]:
    """Replace each largest expression of parameters alone by a parameter of its own."""
    given = depends_on(step.roots, step.parameters)
    used = dict.fromkeys(top for node in topological(step.roots) if node.rows for top in _tops(node))
    tops = [top for top in used if top in given]  # what is made of numbers alone needs no parameter
    leaves = {top: leaf("parameter", f"expression {number}", top.shape) for number, top in enumerate(tops, start=1)}
    step = map_step(step, leaves.get)
    return Prelude(tuple(leaves.values()), tuple(tops)), replace(step, parameters=(*step.parameters, *leaves.values()))


def _tops(node: Node) -> Iterator[Node]:
    """Yield the expressions of parameters alone that a node uses; a comparison of them stays, as it is no number."""
    for argument in node.args:
        if argument.op in COMPARISONS and not argument.rows:
            yield from _tops(argument)
        elif argument.args and not argument.rows:
            yield argument


def gather_sums(roots: Iterable[Node], dependent: set[Node], *, keep: Collection[Node] = ()) -> dict[Node, Node]:
    """Reorder sums: what does not depend on the carried values first, then products, then the rest.

    `x @ W + h @ U + b` becomes `(x @ W + b) + h @ U`: the bracket is hoisted out of the time loop, and the
    product accumulates onto it. Returns old -> new for every node; what is in `keep` stays as it is.
    """
    count = uses(roots)
    inner = {a for n in count if n.op == "add" for a in n.args if a.op == "add" and count[a] == 1} - set(keep)
    new: dict[Node, Node] = {}
    for node in count:
        if node in keep:
            new[node] = node
        elif node.op == "add" and node not in inner:
            groups = _grouped(_addends(node, inner), dependent)
            new[node] = reduce(add, [reduce(add, [new[term] for term in group]) for group in groups if group])
        else:
            new[node] = with_args(node, tuple(new[argument] for argument in node.args))
    return new


def _addends(node: Node, inner: set[Node]) -> list[Node]:
    return [term for a in node.args for term in (_addends(a, inner) if a in inner else [a])]


def _grouped(terms: list[Node], dependent: set[Node]) -> tuple[list[Node], ...]:
    """Split the terms of a sum: free of what is carried, products, the rest."""
    free = [term for term in terms if term not in dependent]
    products = [term for term in terms if term in dependent and term.op == "matmul"]
    rest = [term for term in terms if term in dependent and term.op != "matmul"]
    return free, products, rest
