"""Random numbers that are a function of where they are used: the same on every backend, in any order.

A draw depends on the call's seed, the noise's number in its cell, the step, the sequence and the feature alone
(a counter-based generator, Salmon et al. 2011), mixed by the 32-bit integer hash "lowbias32" (Wellons 2018).
The functions work on NumPy arrays and torch tensors of int64 alike.

A uniform number is made of the 23 highest bits of a draw, half a step above 0, so that it is exact in float32 and
neither 0 nor 1; a normal one of two uniform ones (Box and Muller 1958).
"""

from __future__ import annotations

import math
from typing import Any

from recurra.graph.node import Node
from recurra.graph.ops import spelling_for

__all__ = ["DROPPED_BITS", "UNIFORM_STEP", "drawn", "kind_of", "threshold"]

MASK = 0xFFFFFFFF
STRIDE = 0x9E3779B9  # 2**32 divided by the golden ratio: neighbouring counters land far apart


DROPPED_BITS, UNIFORM_STEP = 9, 2.0**-23
"""Of a draw's 32 bits those that a uniform number does not have, and how far such numbers are apart."""


def mix(value: Any) -> Any:
    """Return the hash of 32-bit integers held in int64."""
    value = value & MASK
    value = ((value ^ (value >> 16)) * 0x7FEB352D) & MASK
    value = ((value ^ (value >> 15)) * 0x846CA68B) & MASK
    return value ^ (value >> 16)


def threshold(rate: float) -> int:
    """Return the bound under which a 32-bit draw counts as 1."""
    return round(rate * 2**32)


def kind_of(node: Node) -> str:
    """Return what a noise node draws: ``"bernoulli"``, ``"uniform"`` or ``"normal"``."""
    return dict(node.attributes).get("kind", "bernoulli")


def drawn(node: Node, *, seed: Any, steps: Any, sequences: Any, features: Any) -> Any:
    """Return the draws of a noise node: booleans, or numbers in double precision.

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
    draw = mix(mix(key + sequences * STRIDE + 1) + features * STRIDE)
    match kind_of(node):
        case "uniform":
            return _uniform(draw)
        case "normal":
            radius = spelling_for(draw)["sqrt"](-2.0 * spelling_for(draw)["log"](_uniform(draw)))
            return radius * spelling_for(draw)["cos"](2 * math.pi * _uniform(mix(draw + STRIDE)))
    return draw < threshold(node["rate"])


def _uniform(draw: Any) -> Any:
    numbers = draw >> DROPPED_BITS
    return ((numbers.double() if hasattr(numbers, "double") else numbers.astype(float)) + 0.5) * UNIFORM_STEP
