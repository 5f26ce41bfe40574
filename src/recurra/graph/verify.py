"""The check between passes: every node is of the table, with its arity and a shape that its arguments give."""

from __future__ import annotations

from collections.abc import Iterable

from recurra.graph.build import COMPARISONS, broadcast_shapes
from recurra.graph.node import LEAVES, Node, Shape, topological
from recurra.graph.ops import OPS

__all__ = ["verify"]


def verify(roots: Iterable[Node]) -> None:
    """Raise `AssertionError` with the node if a graph breaks the contract of the table."""
    for node in topological(roots):
        problem = _problem(node)
        if problem:
            raise AssertionError(f"{node}: {problem}")


def _problem(node: Node) -> str:
    if node.op in LEAVES:
        return "a leaf with arguments" if node.args else ""
    if node.op not in OPS:
        return "an operation that is not in the table"
    if len(node.args) != OPS[node.op].arity:
        return f"{len(node.args)} arguments where the table says {OPS[node.op].arity}"
    if any(a.op in COMPARISONS for a in node.args[0 if node.op != "where" else 1 :]):
        return "a truth value used as a number"
    expected = _shape(node)
    return "" if node.shape == expected else f"shape {node.shape} where its arguments give {expected}"


def _shape(node: Node) -> Shape:
    shapes = [argument.shape for argument in node.args]
    match node.op:
        case "matmul":
            return (*shapes[0][:-1], shapes[1][-1])
        case "transpose":
            return shapes[0][::-1]
        case "sum":
            return (*shapes[0][:-1], 1)
        case "outer":
            return (*shapes[0], *shapes[1])
        case "broadcast" | "sum_rows":
            return node.shape
        case _:
            shape: Shape = ()
            for other in shapes:
                shape = broadcast_shapes(shape, other)
            return shape
