"""From products and loops of a schedule to statements of the imperative program, for one row of values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recurra.backends.evaluator import Evaluator
from recurra.derive.schedule import FusedLoop, Schedule, StartedProduct
from recurra.derive.stages import Product
from recurra.export.program import (
    Apply,
    CodeArray,
    Fill,
    Instruction,
    Literal,
    Load,
    Location,
    Loop,
    MatrixProduct,
    ProductTerm,
    Statement,
    Store,
)
from recurra.graph.compound import Size, number_of, product_of
from recurra.graph.node import COMPARISONS, REDUCTIONS, SCANS, Node, Shape, topological
from recurra.graph.ops import numpy_spelling

__all__ = ["JOINED", "NEUTRAL", "PASSED_THROUGH", "StatementMaker"]

NEUTRAL = {"sum": 0.0, "max": -np.inf, "min": np.inf}
JOINED = {"sum": "add", "max": "maximum", "min": "minimum"}
PASSED_THROUGH = {"broadcast", "stop_gradient", "surrogate"}
"""What has the value of its first argument."""


@dataclass(frozen=True)
class _View:
    """Where a loop is among the features of a value of a shape: along each axis a stride for each of its indices."""

    shape: Shape
    axes: tuple[tuple[int, ...], ...]


class StatementMaker(ABC):
    """The statements of schedules while they are made.

    Parameters
    ----------
    sizes : mapping from the name of a size to its number
    known : values of parameters, where they are constants

    Attributes
    ----------
    where : dict
        Where in memory a value is read.
    targets : dict
        Where a value that is computed goes.
    given : set
        Values that are computed elsewhere, and read here.
    statements, scratch : list
    """

    def __init__(self, sizes: Mapping[str, int], known: Mapping[Node, np.ndarray[Any, Any]]) -> None:
        self.sizes = sizes
        self.where: dict[Node, Location] = {}
        self.targets: dict[Node, list[Location]] = {}
        self.given: set[Node] = set()
        self.statements: list[Statement] = []
        self.scratch: list[CodeArray] = []
        self._evaluator = Evaluator(numpy_spelling(), sizes, number=np.float32, known=dict(known))

    @abstractmethod
    def term(self, operand: Node, line: Sequence[Node]) -> ProductTerm:
        """Return a value times matrices that lie side by side."""

    @abstractmethod
    def start(self, nodes: Sequence[Node | None], widths: Sequence[int]) -> CodeArray:
        """Return what sums begin with, side by side: vectors, or zero for None."""

    @abstractmethod
    def parameter(self, node: Node) -> CodeArray:
        """Return the memory of what is read feature by feature and has no rows."""

    def is_in_memory(self, node: Node) -> bool:
        """Return whether a node without rows is read from memory, by `parameter`, rather than computed in a loop."""
        return node.op == "parameter"

    def run(self, found: Schedule) -> None:
        """Add the statements of a schedule, whose values have their places."""
        for stage in found.stages:
            for product in stage.products:
                self._product(product)
            for group in stage.groups:
                self._loop(group)

    def place_local(self, found: Schedule) -> set[Node]:
        """Give each value that is kept for the rows at hand its place; return the results of products.

        They lie side by side, so they get theirs with the product.
        """
        made = {result for stage in found.stages for product in stage.products for result in product.results}
        for node in found.local:
            if node not in made:
                self.where[node] = self.temporary(self.width(node))
                self.targets.setdefault(node, []).insert(0, self.where[node])
        self.given |= made
        return made

    def width(self, node: Node) -> int:
        """Return the number of features of a value, over all its axes."""
        return self.number(node.width)

    def number(self, size: Size) -> int:
        """Return the number behind a size."""
        return number_of(size, self.sizes)

    def temporary(self, size: int) -> Location:
        """Return memory for what is kept for the rows at hand."""
        array = CodeArray(f"t{len(self.scratch)}", size, "scratch")
        self.scratch.append(array)
        return Location(array)

    def value(self, node: Node) -> np.ndarray[Any, Any]:
        """Return the value of what is made of known parameters and numbers."""
        return np.asarray(self._evaluator.once(node), dtype=np.float32)

    # products ----------------------------------------------------------------------------------------------------

    def _product(self, product: Product) -> None:
        """Multiply; the results lie side by side."""
        widths = [self.width(result) for result in product.results]
        target = self.temporary(sum(widths))
        for node, end, width in zip(product.results, np.cumsum(widths).tolist(), widths, strict=True):
            self.where[node] = Location(target.array, end - width)
        starts = product.start if isinstance(product, StartedProduct) else (None,) * len(widths)
        start = self.start(starts, widths) if any(node is not None for node in starts) else None
        terms = tuple(self.term(*pair) for pair in zip(product.operands, product.weights, strict=True))
        self.statements.append(MatrixProduct(target, sum(widths), start, terms))

    # loops -------------------------------------------------------------------------------------------------------

    def _loop(self, group: FusedLoop) -> None:
        """Store the values of a group by one nest of loops."""
        body = _LoopBody(self, group)
        if group.is_scan:
            self._scan(group, body)
            return
        sums = [node for node in group.stores if node.op in REDUCTIONS]
        for node in sums:
            for target in self.targets[node]:
                self.statements.append(Fill(target, self.width(node), NEUTRAL[node.op]))
        # all that is computed stands before what is stored, so that a state is read before it is written over
        values = {node: body.of(node if node not in sums else node.args[0], body.view) for node in group.stores}
        for node, value in values.items():
            joined = JOINED[node.op] if node in sums else ""
            strides = body.offset(body.view, node.shape)
            body.instructions += [Store(target, strides, value, joined) for target in self.targets[node]]
        shape = tuple(self.number(size) for size in group.shape)
        self.statements.append(Loop(shape, tuple(body.instructions)))

    def _scan(self, group: FusedLoop, body: _LoopBody) -> None:
        """Store sums up to each feature, or from it on: a total goes on from turn to turn."""
        for node in group.stores:
            total, at = self.temporary(1), body.offset(body.view, node.shape)
            self.statements.append(Fill(total, 1, 0.0))
            added = body.of(node.args[0], body.view)
            stay = (0,) * len(group.shape)
            before = body.add(Load(total, stay))
            value = body.add(Apply("add", (before, added)))
            body.instructions.append(Store(total, stay, value))
            body.instructions += [Store(target, at, value) for target in self.targets[node]]
        shape = tuple(self.number(size) for size in group.shape)
        is_reversed = group.stores[0].op == "reverse_cumsum"
        self.statements.append(Loop(shape, tuple(body.instructions), is_scan=True, is_reversed=is_reversed))

    def is_stored(self, node: Node, group: FusedLoop) -> bool:
        """Return whether a loop reads a value from memory rather than computing it."""
        is_given = not node.args or node in self.given or node.op in REDUCTIONS | SCANS
        return node in self.where and (is_given or node not in group.stores)

    def folded(self, node: Node) -> float | None:
        """Return the number that a node without rows is, if it is made of numbers alone."""
        if node.rows or node.op in COMPARISONS or any(each.op == "parameter" for each in topological([node])):
            return None
        value = self.value(node)
        return float(value.ravel()[0]) if value.size == 1 else None


class _LoopBody:
    """The instructions of one loop while they are made."""

    def __init__(self, lowering: StatementMaker, group: FusedLoop) -> None:
        self.lowering, self.group = lowering, group
        self.instructions: list[Instruction] = []
        self._known: dict[tuple[Node, _View], int] = {}
        count = len(group.shape)
        self.view = _View(group.shape, tuple(tuple(int(k == axis) for k in range(count)) for axis in range(count)))

    def add(self, instruction: Instruction) -> int:
        """Add an instruction; return its place."""
        self.instructions.append(instruction)
        return len(self.instructions) - 1

    def of(self, node: Node, view: _View) -> int:
        """Return the place of the instruction that has a node's value, where a view of the node is at."""
        known = self._known.get((node, view))
        if known is None:
            known = self._known[node, view] = self._find(node, view)
        return known

    def _find(self, node: Node, view: _View) -> int:
        lowering = self.lowering
        number = lowering.folded(node)
        if number is not None:
            return self.add(Literal(number))
        if not node.rows and lowering.is_in_memory(node):
            return self.add(Load(Location(lowering.parameter(node)), self.offset(view, node.shape)))
        if node.rows and lowering.is_stored(node, self.group):
            return self.add(Load(lowering.where[node], self.offset(view, node.shape)))
        if node.op == "reshape":
            return self.of(node.args[0], self._seen_as(view, node.shape))
        if node.op in PASSED_THROUGH:
            return self.of(node.args[0], view)
        return self.add(Apply(node.op, tuple(self.of(argument, view) for argument in node.args)))

    def offset(self, view: _View, shape: Shape) -> tuple[int, ...]:
        """Return the strides with which a value of a shape is met in a view.

        A value that is as wide as all axes together is met feature by feature; of any other the shape says along
        which axes it is stretched.
        """
        none = (0,) * len(self.group.shape)
        if product_of(shape) == 1:
            return none
        if product_of(shape) == product_of(view.shape):
            shape = view.shape
        strides = none
        for k, size in enumerate(shape):
            axis = len(view.shape) - len(shape) + k
            if size == 1 and view.shape[axis] != 1:
                continue
            number = self.lowering.number(size)
            strides = tuple(number * a + b for a, b in zip(strides, view.axes[axis], strict=True))
        return strides

    def _seen_as(self, view: _View, shape: Shape) -> _View:
        """Return the view of the flat row of a value, given the shape that it is seen in here."""
        if len(view.shape) == 1 and product_of(shape) == view.shape[0]:
            return view
        return _View((product_of(shape),), (self.offset(view, shape),))
