"""The node: one immutable value of a step, how nodes are made and walked, and a constructor for each operation.

Nodes are interned: two nodes with the same operation, arguments, shape and attributes are the same object,
so a common subexpression exists once and identity is equality. The constructors work the shape out and refuse what
does not fit.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from recurra.graph.compound import Size, number_of, product_of
from recurra.locks import lock

__all__ = [
    "COMPARISONS", "LEAVES", "REDUCTIONS", "SCANS", "Node", "Shape", "Size", "accumulated", "add", "batch_mean",
    "broadcast", "broadcast_shapes", "constant", "depends_on", "div", "leaf", "make", "matmul", "max_features", "mul",
    "neg", "number_of", "outer", "pointwise", "reduced_to", "reshape", "shape_of_sum", "size_of", "sub",
    "sum_features", "sum_rows", "topological", "transpose", "uses", "where", "width_of", "with_args",
]  # fmt: skip

Shape = tuple[Size, ...]
LEAVES = frozenset({"input", "state", "parameter", "constant", "size", "noise", "gradient"})
COMPARISONS = frozenset({"less", "less_equal", "greater", "greater_equal"})

REDUCTIONS = frozenset({"sum", "max", "min"})
"""What has one value for all features of its argument, or for all along one axis of them."""
SCANS = frozenset({"cumsum", "reverse_cumsum"})
"""What has a value for each feature that needs the features before it, or after it."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Node:
    """One value of a step.

    Attributes
    ----------
    op : str
        A row of `recurra.graph.ops.OPS`, or one of `LEAVES`.
    args : tuple of Node
    shape : tuple of sizes, without the batch axis
        ``()`` a number, ``(n,)`` a vector, ``(m, n)`` a matrix, with more sizes an array of them. In memory a row of
        values lies flat, `width` long.
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
    def width(self) -> Size:
        """The number of features of a row, all axes together."""
        return product_of(self.shape)

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
# weakly, so that the graph of a cell that nobody has any more is freed
_interned: weakref.WeakValueDictionary[tuple[Any, ...], Node] = weakref.WeakValueDictionary()


def make(
    op: str, args: tuple[Node, ...] = (), *, shape: Shape, rows: bool, attributes: Mapping[str, Any] | None = None
) -> Node:
    """Return the one node with these fields."""
    pairs = tuple(sorted((attributes or {}).items()))
    # with the type of each value, as 1, 1.0 and True are equal and hash alike
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
    # Depth first with a stack of our own: a graph may be deeper than Python recurses. A node is met twice, and listed
    # the second time, after its arguments.
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


def width_of(node: Node, sizes: Mapping[str, int]) -> int:
    """Return the number of features of a row-wise node."""
    return number_of(node.shape[0] if len(node.shape) == 1 else node.width, sizes)


def broadcast_shapes(first: Shape, second: Shape) -> Shape:
    """Return the common shape, aligned at the right, where a size of 1 stretches."""
    if len(first) < len(second):
        first, second = second, first
    padded = (1,) * (len(first) - len(second)) + second
    return tuple(_common(a, b) for a, b in zip(first, padded, strict=True))


def _common(a: Size, b: Size) -> Size:
    if a == 1 or a == b:
        return b
    if b == 1:
        return a
    raise ValueError(f"a size of {a} beside a size of {b}")


def pointwise(op: str, *args: Node) -> Node:
    """Return an elementwise operation on nodes that broadcast together."""
    shape: Shape = ()
    for argument in args:
        shape = broadcast_shapes(shape, argument.shape)
    return make(op, args, shape=shape, rows=any(argument.rows for argument in args))


def constant(value: float) -> Node:
    """Return a number."""
    return make("constant", shape=(), rows=False, attributes={"value": float(value)})


def size_of(size: Size) -> Node:
    """Return a named size as a number."""
    if isinstance(size, int):
        return constant(size)
    return make("size", shape=(), rows=False, attributes={"name": size})


def add(a: Node, b: Node) -> Node:
    """Return a + b."""
    return pointwise("add", a, b)


def sub(a: Node, b: Node) -> Node:
    """Return a - b."""
    return pointwise("sub", a, b)


def mul(a: Node, b: Node) -> Node:
    """Return a * b, elementwise."""
    return pointwise("mul", a, b)


def div(a: Node, b: Node) -> Node:
    """Return a / b, elementwise."""
    return pointwise("div", a, b)


def neg(a: Node) -> Node:
    """Return -a."""
    return pointwise("neg", a)


def where(condition: Node, yes: Node, no: Node) -> Node:
    """Return `yes` where the condition holds, else `no`."""
    return pointwise("where", condition, yes, no)


def matmul(a: Node, weight: Node) -> Node:
    """Return a @ weight: rows (n, k) or a matrix (m, k) times a parameter matrix (k, j)."""
    if weight.rows or len(weight.shape) != 2 or not a.shape or a.shape[-1] != weight.shape[0]:
        raise ValueError(f"a product of {a.shape} and {weight.shape}")
    return make("matmul", (a, weight), shape=(*a.shape[:-1], weight.shape[1]), rows=a.rows)


def transpose(a: Node) -> Node:
    """Return a parameter matrix with its axes exchanged."""
    return make("transpose", (a,), shape=a.shape[::-1], rows=False)


def sum_features(a: Node, axis: int = -1) -> Node:
    """Return the sum over an axis, counted from the last one, -1; it stays, 1 wide."""
    attributes = {} if axis == -1 else {"axis": axis}
    return make("sum", (a,), shape=shape_of_sum(a.shape, axis), rows=a.rows, attributes=attributes)


def shape_of_sum(shape: Shape, axis: int) -> Shape:
    """Return the shape of a sum over an axis."""
    if not -len(shape) <= axis <= -1:
        raise ValueError(f"a sum over axis {axis} of {shape}")
    return tuple(1 if k == len(shape) + axis else size for k, size in enumerate(shape))


def reshape(a: Node, shape: Shape) -> Node:
    """Return the same numbers in another shape of as many: in memory nothing moves."""
    a = a.args[0] if a.op == "reshape" else a
    return a if a.shape == shape else make("reshape", (a,), shape=shape, rows=a.rows)


def reduced_to(a: Node, shape: Shape) -> Node:
    """Return the sum over the axes along which a value of this shape was stretched to that of `a`."""
    padded = (1,) * (len(a.shape) - len(shape)) + shape
    for axis in range(-1, -len(a.shape) - 1, -1):
        if padded[axis] == 1 and a.shape[axis] != 1:
            a = sum_features(a, axis)
    return reshape(a, shape)


def max_features(a: Node) -> Node:
    """Return the largest of the last axis, which stays, 1 wide."""
    return make("max", (a,), shape=(*a.shape[:-1], 1), rows=a.rows)


def accumulated(a: Node, *, reverse: bool = False) -> Node:
    """Return the sum over the last axis up to each place, or from each place on."""
    return make("reverse_cumsum" if reverse else "cumsum", (a,), shape=a.shape, rows=a.rows)


def batch_mean(a: Node, attributes: Mapping[str, Any] | None = None) -> Node:
    """Return the mean over the rows of a step, in every row; what is the same for all rows is its own mean."""
    return make("batch_mean", (a,), shape=a.shape, rows=True, attributes=attributes) if a.rows else a


def broadcast(a: Node, shape: Shape) -> Node:
    """Return `a` stretched to a shape."""
    return a if a.shape == shape else make("broadcast", (a,), shape=shape, rows=a.rows)


def sum_rows(a: Node, shape: Shape) -> Node:
    """Return the sum over all rows, in the shape of the parameter that it is the gradient of."""
    return make("sum_rows", (a,), shape=shape, rows=False)


def outer(a: Node, b: Node) -> Node:
    """Return the sum over all rows of the outer product, (m, n): a weight's gradient."""
    return make("outer", (a, b), shape=(*a.shape, *b.shape), rows=False)
