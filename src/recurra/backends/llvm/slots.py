"""The arguments of a compiled function: one array of whole numbers, of addresses, strides and sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from recurra.derive.stages import Product
from recurra.graph.node import Node

__all__ = ["HEADER", "Slot", "Slots"]

HEADER = (
    "steps", "row_base", "count", "bounds", "scratch", "scratch_bytes", "batch", "sequence_table", "step_table", "seed",
    "barrier",
)  # fmt: skip
"""What every function is given first."""

Kind = Literal["row", "local", "once", "state", "final", "weights", "total"]


@dataclass(frozen=True)
class Slot:
    """Where an array is: kind and node say which; its address and row stride stand at `place` and `place + 1`."""

    kind: Kind
    node: Node | Product
    place: int


@dataclass
class Slots:
    """Hands out places in the array of arguments, in the order in which they are asked for."""

    sizes: Sequence[str]
    slots: dict[tuple[Kind, Node | Product], Slot] = field(default_factory=dict)

    def header(self, name: str) -> int:
        """Return the place of a header field."""
        return HEADER.index(name)

    def size(self, name: str) -> int:
        """Return the place of a size's number."""
        return len(HEADER) + list(self.sizes).index(name)

    def slot(self, kind: Kind, node: Node | Product) -> Slot:
        """Return the slot of an array."""
        if (kind, node) not in self.slots:
            self.slots[kind, node] = Slot(kind, node, len(self))
        return self.slots[kind, node]

    def __len__(self) -> int:
        return len(HEADER) + len(self.sizes) + 2 * len(self.slots)
