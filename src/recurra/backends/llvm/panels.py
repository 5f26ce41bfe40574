"""Which weights go into which panels: the table that `packing` follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from recurra.backends.llvm.absorb import StartedProduct
from recurra.backends.llvm.packing import FIELDS
from recurra.backends.llvm.places import number_of
from recurra.backends.llvm.table import Table
from recurra.derive.stages import Product
from recurra.graph.node import Node

if TYPE_CHECKING:
    from recurra.backends.llvm.memory_plan import Arrangement

__all__ = ["write_panels"]

_ZERO = np.zeros(1)


def write_panels(table: Table, arrangement: Arrangement, products: Sequence[tuple[int, Product]]) -> tuple[int, int]:
    """Write the table by which weights are packed, and where each product finds them.

    A product is given with the place of its argument. Returns where the table begins, and how many elements it fills.
    """
    sizes, panel = arrangement.sizes, arrangement.panel
    number, total = table.begin(1), 0
    for at, product in products:
        columns = [number_of(weight.shape[1], sizes) for weight in product.weights[0]]
        rows = [number_of(line[0].shape[0], sizes) for line in product.weights]
        panels, depth = arrangement.panels(sum(columns)), 1 + sum(rows)
        begun = arrangement.work.reserve(panels * depth * panel)
        table.add(at, arrangement.work.name, begun)
        table.numbers[at + 1] = panels
        start = product.start if isinstance(product, StartedProduct) else (None,) * len(columns)
        lines = ((1, start), *zip(rows, product.weights, strict=True))
        blocks = [
            (weight, lines[k][0], columns[j], sum(count for count, _ in lines[:k]), sum(columns[:j]))
            for k, (_, line) in enumerate(lines)
            for j, weight in enumerate(line)
        ]
        rest = panels * panel - sum(columns)
        blocks += [(None, depth, rest, 0, sum(columns))] if rest else []
        for weight, *numbers in blocks:
            _write_block(table, arrangement, weight, [*numbers, depth], begun)
        table.numbers[number] += len(blocks)
        total += panels * depth * panel
    return number, total


def _write_block(
    table: Table, arrangement: Arrangement, weight: Node | None, numbers: Sequence[int], begun: int
) -> None:
    """Write a line of the table: a weight, or zeros."""
    at, (*extent, depth) = table.begin(len(FIELDS)), numbers
    table.numbers[at:] = [table.of(_ZERO), 0, 0, *extent, 0, depth]
    table.add(at + FIELDS.index("panels"), arrangement.work.name, begun)
    if weight is not None:
        is_transposed = weight.op == "transpose"
        node = weight.args[0] if is_transposed else weight
        place, part = arrangement.once(node), arrangement.parameters.get(node)
        lies_transposed = is_transposed != (part is not None and part.is_transposed)
        table.add(at, place.memory, place.offset)
        strides = (1, place.stride) if lies_transposed else (place.stride, 1)
        table.numbers[at + 1 : at + 3] = [stride * table.bytes for stride in strides]
