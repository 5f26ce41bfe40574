"""Buffer pool: large memory that is used again; what nobody holds any more goes to who asks next.

A large piece from the system comes without pages; to get them takes as long as an elementwise pass over it, and the
system takes it back as soon as it is free. So here a free block waits for the next tensor.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from recurra.locks import lock

__all__ = ["LEAST", "MOST", "empty_cache", "take"]

LEAST = 1 << 20  # bytes; smaller pieces the allocator keeps by itself
MOST = 1 << 30  # bytes that wait
_LINE = 64  # bytes: blocks begin with a line of the cache

_NUMPY = {torch.float32: np.float32, torch.float64: np.float64}

_lock = lock()  # a block may come back while another is taken: memory is collected at any time
_waiting: dict[int, np.ndarray] = {}
"""Blocks by their identity, those that wait longest first."""


class _Lent(np.ndarray):
    """A part of a block. It lives as long as a tensor on it; then the block waits for the next."""

    block: np.ndarray | None = None

    def __del__(self) -> None:
        if self.block is not None:
            _give(self.block)


def take(shape: tuple[int, ...], dtype: torch.dtype, *, is_swapped: bool = False) -> Tensor:
    """Return a tensor with anything in it, on a waiting block that is at most twice as large, or on a new one.

    With `is_swapped`, the second axis comes first in memory, as that of the steps where a batch comes first.
    """
    bytes = math.prod(shape) * dtype.itemsize
    in_memory = (shape[1], shape[0], *shape[2:]) if is_swapped else shape
    if bytes < LEAST:
        found = torch.empty(in_memory, dtype=dtype, device="cpu")
        return found.transpose(0, 1) if is_swapped else found
    block = _found(bytes)
    if block is None:
        block = np.empty(bytes + _LINE, np.uint8)
    begin = -block.ctypes.data % _LINE
    lent = block[begin : begin + bytes].view(_NUMPY[dtype]).reshape(in_memory)
    lent = (lent.swapaxes(0, 1) if is_swapped else lent).view(_Lent)
    lent.block = block
    return torch.from_numpy(lent)


def empty_cache() -> None:
    """Give the memory that waits back to the system."""
    with _lock:
        _waiting.clear()


def _found(bytes: int) -> np.ndarray | None:
    with _lock:
        for name, block in list(_waiting.items()):
            if bytes <= len(block) - _LINE <= 2 * bytes:
                return _waiting.pop(name, None)
    return None


def _give(block: np.ndarray) -> None:
    with _lock:
        _waiting[id(block)] = block
        while sum(map(len, _waiting.values())) > MOST:
            _waiting.pop(next(iter(_waiting)))
