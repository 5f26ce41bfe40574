"""Torch on another number of threads for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

__all__ = ["on_threads"]


@contextmanager
def on_threads(count: int, /) -> Iterator[None]:
    """Let torch use so many threads, and give the caller's number back afterwards."""
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(count)
        yield
    finally:
        torch.set_num_threads(before)
