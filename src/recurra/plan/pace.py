"""The pace of a machine: one that is shared changes it by tens of per cent from one second to the next."""

from __future__ import annotations

import time

import torch

__all__ = ["pace"]

_SIZE, _PRODUCTS, _LOOPS, _NUMBERS = 192, 4, 4000, 1 << 15


def pace() -> float:
    """Return the seconds that a fixed piece of work takes now, about one thousandth.

    It is what layers are made of: small products, elementwise functions, and Python around them. A time over the pace
    of its moment is comparable with another one.
    """
    square, numbers = torch.full((_SIZE, _SIZE), 0.5), torch.full((_NUMBERS,), 0.5)
    begun = time.perf_counter()
    for _ in range(_PRODUCTS):
        torch.mm(square, square)
    torch.exp(numbers)
    total = 0
    for number in range(_LOOPS):
        total += number
    return time.perf_counter() - begun
