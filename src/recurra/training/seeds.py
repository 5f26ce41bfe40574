"""Random numbers from seeds, so that the same seed gives the same weights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

__all__ = ["seeded"]

_LARGEST = 2**63
_ODD = 0x9E3779B97F4A7C15
"""2^64 over the golden ratio: neighbouring numbers become seeds that are far from each other."""


@contextmanager
def seeded(seed: int, number: int = 0, /) -> Iterator[None]:
    """Draw torch's random numbers from a seed, and give the caller's generator back afterwards.

    Parameters
    ----------
    seed
        The seed of the training.
    number
        Which of its streams: of an epoch, of a process.
    """
    before = torch.get_rng_state()
    torch.default_generator.manual_seed((seed + number * _ODD) % _LARGEST)  # torch.manual_seed takes ms without CUDA
    try:
        yield
    finally:
        torch.set_rng_state(before)
