"""The steps of a batch in the order in which a time loop runs them, and how threads share its sequences."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

__all__ = ["Order", "order_of"]


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
