"""Which axes the values of a kernel have in common, down to those that none of them divides further.

A vector of all heads' units, `(hidden_size,)`, lies in memory as the same numbers by heads, `(heads,
hidden_size/heads)`, do. So an axis that a value of the kernel splits is split for every value that has it: then a
reshape is no operation, and each value is a tile over parts of axes, whatever shape the equations see it in.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from recurra.errors import BackendError
from recurra.graph.compound import Size, product_of
from recurra.graph.node import REDUCTIONS, SCANS, Node

__all__ = ["Axes", "TileError", "unshaped"]


class TileError(BackendError):
    """Values that a kernel cannot have as tiles; the message says why."""


def unshaped(node: Node) -> Node:
    """Return the value whose numbers, in their order, a node has: what was reshaped to it."""
    return node.args[0] if node.op == "reshape" else node


class _Axis:
    """An axis: equal to another one, or split into others, or neither."""

    __slots__ = ("parts", "same", "size")

    def __init__(self, size: Size) -> None:
        self.size = size
        self.same: _Axis | None = None
        self.parts: list[_Axis] = []

    def found(self) -> _Axis:
        """Return the axis that stands for all that are equal to this one."""
        return self.same.found() if self.same else self

    def atoms(self) -> list[_Axis]:
        """Return what it is split into, down to what is not split."""
        axis = self.found()
        return [atom for part in axis.parts for atom in part.atoms()] or [axis]


class Axes:
    """The axes of some values, as numbers of parts.

    Parameters
    ----------
    nodes : the values that are computed from others elementwise, by sums and by reshapes
    products : those that products with matrices compute, of which only the result's axes are asked
    equal : pairs of values that are one tile, such as a state and its next value

    Attributes
    ----------
    sizes : list of sizes
        Those of the parts, by their numbers.

    Raises
    ------
    TileError
        If the same numbers are divided in two ways, neither of which divides the other.
    """

    def __init__(self, nodes: Iterable[Node], products: Iterable[Node] = (), equal: Iterable[tuple[Node, Node]] = ()):
        self._axes: dict[Node, list[_Axis | None]] = {node: _new(node) for node in products}
        for node in nodes:
            self._read(node)
        for pair in equal:
            first, second = (self._of(node) for node in pair)
            _align(second, first)
        self.sizes: list[Size] = []
        numbers: dict[_Axis, int] = {}
        self._numbers: dict[Node, tuple[tuple[int, ...], ...]] = {}
        for node, axes in self._axes.items():
            atoms = [axis.atoms() if axis else [] for axis in axes]
            for atom in itertools.chain.from_iterable(atoms):
                if atom not in numbers:
                    numbers[atom] = len(self.sizes)
                    self.sizes.append(atom.size)
            self._numbers[node] = tuple(tuple(numbers[atom] for atom in each) for each in atoms)

    def __contains__(self, node: Node) -> bool:
        return node in self._numbers

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All values of which the axes are known."""
        return tuple(self._numbers)

    def of(self, node: Node) -> tuple[tuple[int, ...], ...]:
        """Return, for each axis of a value, the parts that it is split into; none if it is 1 wide."""
        return self._numbers[node]

    def atoms(self, node: Node) -> tuple[int, ...]:
        """Return the parts of all axes of a value, in order: the axes of its tile."""
        return tuple(itertools.chain.from_iterable(self._numbers[node]))

    def summed(self, node: Node) -> tuple[int, ...]:
        """Return the parts over which a sum, a largest feature or a running sum goes."""
        return self.of(node.args[0])[_summed_axis(node)]

    # how they are found ------------------------------------------------------------------------------------------

    def _of(self, node: Node) -> list[_Axis | None]:
        """Return the axes of a value; what has no rows and no shape has none."""
        if node not in self._axes:
            if not node.args or (node.rows and node.op != "reshape"):
                self._axes[node] = _new(node)
            else:  # another shape of a value from elsewhere, or what is made of parameters
                self._read(node)
        return self._axes[node]

    def _read(self, node: Node) -> None:
        """Note what an operation says of the axes of its result and its arguments."""
        if node in self._axes and not node.args:
            return
        own = self._axes.setdefault(node, _new(node))
        if node.op == "reshape":
            given = self._of(node.args[0])
            _match([axis for axis in given if axis], [axis for axis in own if axis])
        elif node.op in REDUCTIONS:
            summed = _summed_axis(node)
            given = [axis for place, axis in enumerate(self._of(node.args[0])) if place != summed]
            _align(given, [axis for place, axis in enumerate(own) if place != summed])
        elif node.op in SCANS:
            _align(self._of(node.args[0]), own)
        else:
            for argument in node.args:
                _align(self._of(argument), own)


def _summed_axis(node: Node) -> int:
    """Return the number of the axis that a reduction or a running sum goes along."""
    return len(node.args[0].shape) + dict(node.attributes).get("axis", -1)


def _new(node: Node) -> list[_Axis | None]:
    return [None if size == 1 else _Axis(size) for size in node.shape]


def _align(given: Sequence[_Axis | None], result: Sequence[_Axis | None]) -> None:
    """Make the axes of an argument those of the result, from the last one on; what is 1 wide stretches."""
    for axis, other in zip(reversed(given), reversed(result), strict=False):
        if axis and other:
            _unify(axis, other)


def _unify(first: _Axis, second: _Axis) -> None:
    first, second = first.found(), second.found()
    if first is second:
        return
    if first.parts and second.parts:
        _match(first.parts, second.parts)
    first, second = (first, second) if second.parts else (second, first)
    first.same = second
    first.parts = []


def _split(axis: _Axis, parts: Sequence[_Axis]) -> None:
    axis = axis.found()
    if axis.parts:
        _match(axis.parts, parts)
    else:
        axis.parts = [*parts]


def _match(given: Sequence[_Axis], other: Sequence[_Axis]) -> None:
    """Make two lists of axes of the same numbers equal: as few of one as are as many numbers as some of the other."""
    while given and other:
        one, two = _counts(given, other)
        if one > 1 and two > 1:
            break
        if one == two:
            _unify(given[0], other[0])
        elif one == 1:
            _split(given[0], other[:two])
        else:
            _split(other[0], given[:one])
        given, other = given[one:], other[two:]
    if given or other:
        sizes = [" x ".join(str(axis.size) for axis in axes) for axes in (given, other)]
        raise TileError(f"the same numbers are {sizes[0]} in one place and {sizes[1]} in another")


def _counts(given: Sequence[_Axis], other: Sequence[_Axis]) -> tuple[int, int]:
    """Return how many of the first axes of two lists are equally many numbers, as few as can be."""
    pairs = itertools.product(range(1, len(given) + 1), range(1, len(other) + 1))
    for one, two in sorted(pairs, key=sum):
        if product_of(axis.size for axis in given[:one]) == product_of(axis.size for axis in other[:two]):
            return one, two
    return len(given) + 1, len(other) + 1
