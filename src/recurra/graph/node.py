"""The node: one immutable value of a step, and how nodes are made and walked.

Nodes are interned: two nodes with the same operation, arguments, shape and attributes are the same object,
so a common subexpression exists once and identity is equality.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from recurra.locks import lock

__all__ = [
    "LEAVES",
    "Node",
    "Shape",
    "Size",
    "depends_on",
    "leaf",
    "make",
    "number_of",
    "rewrite",
    "topological",
    "uses",
    "width_of",
    "with_args",
]

Size = str | int
"""A named size (``"hidden_size"``) or a number."""
Shape = tuple[Size, ...]

LEAVES = frozenset({"input", "state", "parameter", "constant", "size", "noise", "gradient"})


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Node:
    """One value of a step.

    Attributes
    ----------
    op : str
        A row of `recurra.graph.ops.OPS`, or one of `LEAVES`.
    args : tuple of Node
    shape : tuple of sizes, without the batch axis
        ``()`` a number, ``(n,)`` a vector, ``(m, n)`` a matrix.
    rows : bool
        Whether there is one value for every row of the batch (False for what depends on parameters alone).
    attributes : tuple of (name, value) pairs
        A leaf's name, a constant's value.
    """

    op: str
    args: tuple[Node, ...]
    shape: Shape
    rows: bool
    attributes: tuple[tuple[str, Any], ...] = ()

    def __getitem__(self, attribute: str) -> Any:
        return dict(self.attributes)[attribute]

    @property
    def name(self) -> str:
        """The name of a leaf; empty for anything else."""
        return dict(self.attributes).get("name", "")

    def __repr__(self) -> str:
        return self._text(_SHOWN_LEVELS)

    def _text(self, levels: int) -> str:
        """Return the node as text; what is nested deeper is "...", as a graph may be huge as a tree."""
        shown = [argument._text(levels - 1) if levels else "..." for argument in self.args[:_SHOWN_ARGUMENTS]]
        more = ["..."] if len(self.args) > _SHOWN_ARGUMENTS else []
        return f"{self.op}({', '.join([*(str(value) for _, value in self.attributes), *shown, *more])})"


_SHOWN_LEVELS, _SHOWN_ARGUMENTS = 4, 4
"""How much of a graph an error message quotes."""


_interning = lock()
_interned: weakref.WeakValueDictionary[tuple[Any, ...], Node] = weakref.WeakValueDictionary()


def make(
    op: str, args: tuple[Node, ...] = (), *, shape: Shape, rows: bool, attributes: Mapping[str, Any] | None = None
) -> Node:
    """Return the one node with these fields."""
    pairs = tuple(sorted((attributes or {}).items()))
    key = (op, args, shape, rows, tuple((name, type(value), value) for name, value in pairs))
    with _interning:  # of two equal nodes that two threads make, one would be another than the graph's
        node = _interned.get(key)
        if node is None:
            node = Node(op, args, shape, rows, pairs)
            _interned[key] = node
    return node


def leaf(op: str, name: str, shape: Shape) -> Node:
    """Return a named leaf: an input, a state, a parameter or an incoming gradient."""
    return make(op, shape=shape, rows=op != "parameter", attributes={"name": name})


def topological(roots: Iterable[Node], *, stop: Callable[[Node], bool] | None = None) -> list[Node]:
    """Return every node that the roots need, arguments first; what `stop` accepts is listed but not entered."""
    order: dict[Node, None] = {}
    pending = [(root, False) for root in reversed(list(roots))]
    while pending:
        node, entered = pending.pop()
        if node in order:
            continue
        if entered or not node.args or (stop is not None and stop(node)):
            order[node] = None
        else:
            pending.append((node, True))
            pending.extend((argument, False) for argument in reversed(node.args))
    return list(order)


def with_args(node: Node, args: tuple[Node, ...]) -> Node:
    """Return the node with other arguments of the same shapes."""
    if args == node.args:
        return node
    rows = node.op not in ("sum_rows", "outer") and any(argument.rows for argument in args)
    return make(node.op, args, shape=node.shape, rows=rows, attributes=dict(node.attributes))


def rewrite(roots: Iterable[Node], rule: Callable[[Node], Node | None]) -> dict[Node, Node]:
    """Rebuild a graph bottom-up and return old -> new for every node.

    `rule` sees each node with its new arguments and returns a replacement, or None to keep it.
    """
    new: dict[Node, Node] = {}
    for node in topological(roots):
        rebuilt = with_args(node, tuple(new[argument] for argument in node.args))
        new[node] = rule(rebuilt) or rebuilt
    return new


def depends_on(roots: Iterable[Node], sources: Iterable[Node]) -> set[Node]:
    """Return the nodes under the roots that need any of the sources, the sources among them."""
    dependent = set(sources)
    for node in topological(roots):
        if any(argument in dependent for argument in node.args):
            dependent.add(node)
    return dependent


def uses(roots: Iterable[Node]) -> dict[Node, int]:
    """Return how often each node is an argument or a root."""
    roots = list(roots)
    count = dict.fromkeys(topological(roots), 0)
    for used in (*roots, *(argument for node in list(count) for argument in node.args)):
        count[used] += 1
    return count


def number_of(size: Size, sizes: Mapping[str, int]) -> int:
    """Return the number of a size."""
    return size if isinstance(size, int) else sizes[size]


def width_of(node: Node, sizes: Mapping[str, int]) -> int:
    """Return the number of features of a row-wise node."""
    return number_of(node.shape[-1], sizes)
