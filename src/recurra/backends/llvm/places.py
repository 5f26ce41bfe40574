"""Where arrays are: columns of pieces of memory, side by side where a product reads or writes them together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from recurra.graph.node import Node, Size

__all__ = ["LINE", "Piece", "Place", "number_of", "side_by_side", "view_of", "width_of"]

LINE = 64
"""Bytes to which memory is aligned: a cache line, and the widest vector."""


@dataclass(frozen=True)
class Place:
    """An array (rows, width): elements after the beginning of a piece of memory, and from row to row."""

    memory: Hashable
    offset: int
    stride: int
    width: int


class Piece:
    """A piece of memory that is handed out in parts, each beginning with a cache line."""

    def __init__(self, name: Hashable, bytes: int) -> None:
        self.name, self.length, self._line = name, 0, LINE // bytes

    def reserve(self, elements: int) -> int:
        """Return where so many elements begin."""
        begun = self.length
        self.length += self.rounded(elements)
        return begun

    def rounded(self, elements: int) -> int:
        """Return a number of elements, filled up to whole cache lines."""
        return -(-elements // self._line) * self._line


def number_of(size: Size, sizes: Mapping[str, int]) -> int:
    """Return the number of a size."""
    return size if isinstance(size, int) else sizes[size]


def width_of(node: Node, sizes: Mapping[str, int]) -> int:
    """Return the number of features of a row-wise node."""
    return number_of(node.shape[-1], sizes)


def side_by_side(
    nodes: Iterable[Node], together: Iterable[Sequence[Node]], piece: Piece, rows: int, sizes: Mapping[str, int]
) -> dict[Node, Place]:
    """Return a place for each node; those of one sequence of `together` are columns of one array."""
    missing = dict.fromkeys(nodes)
    found: dict[Node, Place] = {}
    for group in [*together, *((node,) for node in missing)]:
        side = [node for node in dict.fromkeys(group) if node in missing and node not in found]
        widths = [width_of(node, sizes) for node in side]
        if side:
            begun = piece.reserve(rows * sum(widths))
            for k, node in enumerate(side):
                found[node] = Place(piece.name, begun + sum(widths[:k]), sum(widths), widths[k])
    return found


def view_of(memory: Tensor, place: Place, *, rows: int, first: int = 0) -> Tensor:
    """Return rows of a place as a tensor (rows, width)."""
    offset = memory.storage_offset() + place.offset + first * place.stride
    return memory.as_strided((rows, place.width), (place.stride, 1), offset)
