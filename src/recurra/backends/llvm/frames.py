"""The arguments of a function for one set of sizes: all but the addresses, which change from call to call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from recurra.backends.llvm.arrays import width_of
from recurra.backends.llvm.loops import Function
from recurra.backends.llvm.slots import HEADER, Slot
from recurra.derive.stages import Product

__all__ = ["LINE", "Frame", "frame_of"]

LINE = 64
"""Bytes to which memory is aligned: a cache line, and the widest vector."""


@dataclass(frozen=True, eq=False)
class Frame:
    """What a call starts from.

    Attributes
    ----------
    arguments : int64 array
        With the sizes, and with the places in a thread's own memory, filled in.
    scratch_bytes : int
        The size of a thread's own memory.
    addressed : tuple of Slot
        The arrays whose addresses are to be filled in.
    products : tuple of (place, Product)
        The packed weights that are to be filled in.
    """

    arguments: np.ndarray
    scratch_bytes: int
    addressed: tuple[Slot, ...]
    products: tuple[tuple[int, Product], ...]


def frame_of(function: Function, sizes: Mapping[str, int], *, rows: int, panel: int, bytes: int) -> Frame:
    """Return the frame for these sizes, at most `rows` rows a thread, panels of `panel` columns."""
    slots = function.slots
    arguments = np.zeros(len(slots), dtype=np.int64)
    for place, name in enumerate(slots.sizes, start=len(HEADER)):
        arguments[place] = sizes[name]
    products = [product for stage in function.schedule.stages for product in stage.products]
    results = {result: product for product in products for result in product.results}
    offset, begun = 0, {}

    def reserve(stride: int) -> int:
        nonlocal offset
        at, offset = offset, offset + -(-rows * stride * bytes // LINE) * LINE
        return at

    for node in function.schedule.local:
        product = results.get(node)
        if product is None:
            stride = -(-width_of(node, sizes) * bytes // LINE) * LINE // bytes
            at = reserve(stride)
        else:
            widths = [width_of(result, sizes) for result in product.results]
            stride = -(-sum(widths) // panel) * panel
            if product not in begun:
                begun[product] = reserve(stride)
            at = begun[product] + bytes * sum(widths[: product.results.index(node)])
        if ("local", node) in slots.slots:
            place = slots.slots["local", node].place
            arguments[place], arguments[place + 1] = at, stride
    addressed = tuple(s for s in slots.slots.values() if s.kind not in ("local", "weights"))
    return Frame(arguments, offset, addressed, tuple((slots.slot("weights", p).place, p) for p in products))
