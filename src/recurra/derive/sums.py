"""Sums, reordered: what does not depend on what is carried leaves the time loop, and products are added up first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce

from recurra.graph.node import Node, add, uses, with_args

__all__ = ["gather_sums"]


def gather_sums(roots: Iterable[Node], dependent: set[Node], *, keep: Collection[Node] = ()) -> dict[Node, Node]:
    """Reorder sums: what does not depend on the carried values first, then products, then the rest.

    `x @ W + h @ U + b` becomes `(x @ W + b) + h @ U`: the bracket is hoisted out of the time loop, and the
    product accumulates onto it. Returns old -> new for every node; what is in `keep` stays as it is.
    """
    count = uses(roots)
    # an addition that one other addition alone reads is a part of that one's sum
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
