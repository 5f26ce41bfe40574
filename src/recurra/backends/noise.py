"""Random numbers that are a function of where they are used: the same on every backend, in any order.

A draw depends on the call's seed, the noise's number in its cell, the step, the sequence and the feature alone
(a counter-based generator, Salmon et al. 2011), mixed by the 32-bit integer hash "lowbias32" (Wellons 2018).
The functions work on NumPy arrays and torch tensors of int64 alike.
"""

from __future__ import annotations

from typing import Any

from recurra.graph.node import Node

__all__ = ["bernoulli", "threshold"]

MASK = 0xFFFFFFFF
STRIDE = 0x9E3779B9  # 2**32 divided by the golden ratio: neighbouring counters land far apart


def mix(value: Any) -> Any:
    """Return the hash of 32-bit integers held in int64."""
    value = value & MASK
    value = ((value ^ (value >> 16)) * 0x7FEB352D) & MASK
    value = ((value ^ (value >> 15)) * 0x846CA68B) & MASK
    return value ^ (value >> 16)


def threshold(rate: float) -> int:
    """Return the bound under which a 32-bit draw counts as 1."""
    return round(rate * 2**32)


def bernoulli(node: Node, *, seed: Any, steps: Any, sequences: Any, features: Any) -> Any:
    """Return, as booleans, the draws of a noise node.

    Parameters
    ----------
    node : a noise leaf
    seed : int, or an integer tensor, of 32 bits
    steps, sequences : integer arrays (N, 1)
        The step and the sequence of each row.
    features : integer array (n,)
    """
    key = mix(seed + mix(node["index"] + 1))
    if node["per"] == "step":
        key = mix(key + (steps + 1) * STRIDE)
    return mix(mix(key + sequences * STRIDE + 1) + features * STRIDE) < threshold(node["rate"])
