"""Evaluation of segments with an array library's spelling of the table. NumPy and torch share it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from recurra.derive.stages import Product, Segment
from recurra.graph.node import REDUCTIONS, Node, number_of, width_of
from recurra.graph.ops import Spelling

__all__ = ["Evaluator"]


class Evaluator:
    """Computes nodes: those without rows once, those with rows whenever their segment runs.

    Parameters
    ----------
    spelling : the table in the array library
    sizes : mapping from the name of a size to its number
    number : makes a number of the right type and device
    known : values of nodes without rows, to start with: the parameters
    """

    def __init__(
        self, spelling: Spelling, sizes: Mapping[str, int], *, number: Callable[[float], Any], known: Mapping[Node, Any]
    ) -> None:
        self.spelling = spelling
        self.sizes = sizes
        self.number = number
        self.known = dict(known)
        self.blocks: dict[Product, Any] = {}
        self._has_axes: dict[Node, bool] = {}  # a loop in eager torch asks at every step

    def once(self, node: Node) -> Any:
        """Return the value of a node without rows, computed at its first use."""
        if node not in self.known:
            self.known[node] = self.compute(node, [self.once(argument) for argument in node.args])
        return self.known[node]

    def prepare(self, segment: Segment) -> None:
        """Compute what a segment needs that has no rows, and keep it: to run it then changes `rows` alone."""
        for stage in segment.stages:
            for product in stage.products:
                self._block(product)
            for node in stage.pointwise:
                self._sees_axes(node)
                for argument in node.args:
                    if not argument.rows:
                        self.once(argument)

    def run(self, segment: Segment, rows: dict[Node, Any]) -> None:
        """Compute a segment; `rows` holds what it reads and receives what it computes."""
        for stage in segment.stages:
            for product in stage.products:
                self._product(product, rows)
            for node in stage.pointwise:
                rows[node] = self.compute(node, [rows[a] if a.rows else self.once(a) for a in node.args])

    def compute(self, node: Node, args: list[Any]) -> Any:
        """Return one operation on the values of its arguments."""
        match node.op:
            case "constant":
                return self.number(node["value"])
            case "size":
                return self.number(number_of(node.name, self.sizes))
        if not self._sees_axes(node):
            return self._operation(node, args)
        # rows of values lie flat; an operation on several axes sees them
        rank = 0 if node.op in _OF_OTHER_AXES else len(node.shape)
        shaped = [
            value.reshape((*value.shape[:-1], *(1,) * (rank - len(a.shape)), *self._widths(a))) if a.rows else value
            for a, value in zip(node.args, args, strict=True)
        ]
        value = self._operation(node, shaped)
        return value.reshape((*value.shape[: -len(node.shape)], width_of(node, self.sizes))) if node.rows else value

    def _sees_axes(self, node: Node) -> bool:
        """Return whether a value or an argument has rows of several axes."""
        if node not in self._has_axes:
            self._has_axes[node] = any(each.rows and len(each.shape) > 1 for each in (node, *node.args))
        return self._has_axes[node]

    def _operation(self, node: Node, args: list[Any]) -> Any:
        match node.op:
            case "broadcast":
                leading = args[0].ndim - len(node.args[0].shape)
                return self.spelling["stretch"](args[0], self._widths(node), leading)
            case "reshape":
                given = args[0]
                return given.reshape((*given.shape[: given.ndim - len(node.args[0].shape)], *self._widths(node)))
            case "sum" if node.attributes:
                return self.spelling["sum"](args[0], node["axis"])
        return self.spelling[node.op](*args)

    def _widths(self, node: Node) -> list[int]:
        return [number_of(size, self.sizes) for size in node.shape]

    def _product(self, product: Product, rows: dict[Node, Any]) -> None:
        """Compute results[j] = sum of operands[k] @ weights[k][j] as one product of blocks."""
        join, split = self.spelling["join"], self.spelling["split"]
        values = join([rows[operand] for operand in product.operands], -1) @ self._block(product)
        # by sizes, not by weights: what a loop that torch's scan traces reads would be handed to it, and may not alias
        widths = [width_of(result, self.sizes) for result in product.results]
        rows.update(zip(product.results, split(values, widths), strict=True))

    def _block(self, product: Product) -> Any:
        """Return the matrices of a product, side by side and one upon the other; made at its first use."""
        if product not in self.blocks:
            join = self.spelling["join"]
            lines = [join([self.once(weight) for weight in line], 1) for line in product.weights]
            self.blocks[product] = join(lines, 0)
        return self.blocks[product]


_OF_OTHER_AXES = REDUCTIONS | {"reshape", "sum_rows"}
"""What does not align the axes of its arguments at the last one."""
