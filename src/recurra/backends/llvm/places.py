"""Where arrays are: columns of pieces of memory, side by side where a product reads or writes them together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace

from torch import Tensor

from recurra.graph.node import Node, Size

__all__ = ["LINE", "Group", "Piece", "Place", "merged", "number_of", "side_by_side", "view_of", "width_of"]

LINE = 64
"""Bytes to which memory is aligned: a cache line, and the widest vector."""


@dataclass(frozen=True)
class Place:
    """An array (rows, width): elements after the beginning of a piece of memory, and from row to row."""

    memory: Hashable
    offset: int
    stride: int
    width: int


@dataclass(frozen=True)
class Group:
    """Nodes that shall be columns of one array, whose rows are a multiple of so many elements apart."""

    nodes: tuple[Node, ...]
    multiple: int = 1


class Piece:
    """A piece of memory that is handed out in parts, each beginning with a cache line."""

    def __init__(self, name: Hashable, bytes: int) -> None:
        self.name, self.length, self._line = name, 0, LINE // bytes

    def reserve(self, elements: int) -> int:
        """Return where so many elements begin."""
        begun = self.length
        self.length += self.rounded(elements)
        return begun

    def apart(self, stride: int) -> int:
        """Return a stride by which rows do not all fall into one set of the cache, as those a page apart do."""
        page = 4096 // LINE * self._line
        return stride + self._line if stride % page == 0 and stride else stride

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
    nodes: Iterable[Node], together: Iterable[Group], piece: Piece, rows: int, sizes: Mapping[str, int]
) -> dict[Node, Place]:
    """Return a place for each node; those of one group of `together` are columns of one array."""
    missing = dict.fromkeys(nodes)
    found: dict[Node, Place] = {}
    for group in [*together, *(Group((node,)) for node in missing)]:
        side = [node for node in dict.fromkeys(group.nodes) if node in missing and node not in found]
        widths = [width_of(node, sizes) for node in side]
        stride = piece.apart(-(-sum(widths) // group.multiple) * group.multiple)
        if side:
            begun = piece.reserve(rows * stride)
            for k, node in enumerate(side):
                found[node] = Place(piece.name, begun + sum(widths[:k]), stride, widths[k])
    return found


def merged(places: Iterable[Place]) -> list[Place]:
    """Return places with neighbours made one, in their order."""
    found: list[Place] = []
    for place in places:
        last = found[-1] if found else None
        if last and (last.memory, last.stride, last.offset + last.width) == (place.memory, place.stride, place.offset):
            found[-1] = replace(last, width=last.width + place.width)
        else:
            found.append(place)
    return found


def view_of(memory: Tensor, place: Place, *, rows: int, first: int = 0) -> Tensor:
    """Return rows of a place as a tensor (rows, width)."""
    offset = memory.storage_offset() + place.offset + first * place.stride
    return memory.as_strided((rows, place.width), (place.stride, 1), offset)
