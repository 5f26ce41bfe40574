"""Memory at run time: arrays of all rows, side by side where a product reads or writes them together."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from recurra.graph.node import Node, Size

__all__ = ["Order", "allocate", "number_of", "order_of", "pack", "width_of"]


def number_of(size: Size, sizes: Mapping[str, int]) -> int:
    """Return the number of a size."""
    return size if isinstance(size, int) else sizes[size]


def width_of(node: Node, sizes: Mapping[str, int]) -> int:
    """Return the number of features of a row-wise node."""
    return number_of(node.shape[-1], sizes)


def allocate(
    nodes: Iterable[Node], together: Iterable[Sequence[Node]], rows: int, sizes: Mapping[str, int], dtype: torch.dtype
) -> dict[Node, Tensor]:
    """Return an array (rows, width) for each node; those of one sequence of `together` are columns of one array."""
    missing = dict.fromkeys(nodes)
    found: dict[Node, Tensor] = {}
    for group in [*together, *((node,) for node in missing)]:
        side = [node for node in dict.fromkeys(group) if node in missing and node not in found]
        widths = [width_of(node, sizes) for node in side]
        if side:
            found.update(zip(side, torch.empty(rows, sum(widths), dtype=dtype).split(widths, 1), strict=True))
    return found


def pack(block: Tensor, width: int) -> Tensor:
    """Return a matrix (rows, columns) as panels (panels, rows, width), the last one filled up with zeros."""
    rows, columns = block.shape
    panels = -(-columns // width)
    if columns != panels * width:
        block = torch.nn.functional.pad(block, (0, panels * width - columns))
    return block.reshape(rows, panels, width).transpose(0, 1).contiguous()


@dataclass(frozen=True, eq=False)
class Order:
    """The steps in the order in which a time loop runs them, as tables.

    Attributes
    ----------
    row_base, count : int64 arrays (steps + 1,)
        Where the rows of a step begin, and how many there are; none after the last.
    start_rows : int64 tensor (sequences,), or None where all begin with the first step
        The row with which each sequence begins.
    """

    row_base: np.ndarray
    count: np.ndarray
    start_rows: Tensor | None

    @functools.cached_property
    def lengths(self) -> np.ndarray:
        """The number of steps of each sequence."""
        return (self.count[:-1, None] > np.arange(self.count.max(initial=0))).sum(0)

    @functools.lru_cache(maxsize=4)  # noqa: B019  # an order lives as long as the cache that holds it
    def bounds(self, threads: int) -> tuple[np.ndarray, int]:
        """Return where the sequences of each thread begin, (threads + 1,), each with as many rows, and the most."""
        ends = np.cumsum(self.lengths)
        inner = np.searchsorted(ends, np.arange(1, threads) * ends[-1] / threads)
        bounds = np.array([0, *(inner + 1).clip(max=len(ends)), len(ends)], dtype=np.int64)
        return bounds, int(np.diff(bounds).max())


@functools.lru_cache(maxsize=64)
def order_of(batch_sizes: tuple[int, ...], backwards: bool) -> Order:
    """Return the tables of a batch, its steps in their own order or backwards."""
    count = np.array(batch_sizes, dtype=np.int64)
    base = np.cumsum(count) - count
    if backwards:
        count, base = count[::-1], base[::-1]
    later = bool((count[1:] > count[:-1]).any())
    starts = None
    if later:
        first = (count[:, None] > np.arange(count.max())).argmax(0)
        starts = torch.from_numpy(base[first] + np.arange(count.max()))
    return Order(np.append(base, 0).astype(np.int64), np.append(count, 0).astype(np.int64), starts)
