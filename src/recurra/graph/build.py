"""Constructors of nodes: they work the shape out and refuse what does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recurra.graph.node import Node, Shape, Size, make

__all__ = [
    "COMPARISONS", "REDUCTIONS", "add", "batch_mean", "broadcast", "constant", "div", "matmul", "max_features", "mul",
    "neg", "outer", "pointwise", "size_of", "softmax_argument", "sub", "sum_features", "sum_rows", "transpose", "where",
]  # fmt: skip

COMPARISONS = frozenset({"less", "less_equal", "greater", "greater_equal"})

REDUCTIONS = frozenset({"sum", "max"})
"""What has one value for all features of its argument."""


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


def sum_features(a: Node) -> Node:
    """Return the sum over the last axis, which stays, 1 wide."""
    return make("sum", (a,), shape=(*a.shape[:-1], 1), rows=a.rows)


def max_features(a: Node) -> Node:
    """Return the largest of the last axis, which stays, 1 wide."""
    return make("max", (a,), shape=(*a.shape[:-1], 1), rows=a.rows)


def softmax_argument(node: Node) -> Node | None:
    """Return a where a node is exp(a - max(a)) / sum(exp(a - max(a))), None where it is something else."""
    if node.op != "div" or node.args[0].op != "exp" or node.args[1] is not sum_features(node.args[0]):
        return None
    shifted = node.args[0].args[0]
    a = shifted.args[0] if shifted.op == "sub" else shifted
    return a if shifted is sub(a, max_features(a)) else None


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
