"""What a pass has to do, by stage and unit, and what memory it takes: whatever the device."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["STAGES", "Memory", "Work"]

STAGES = ("input projection", "state products", "pointwise", "weight gradients", "overhead")
"""The parts of a pass."""


@dataclass
class Work:
    """Amounts by stage and unit."""

    amounts: dict[str, dict[str, float]] = field(default_factory=lambda: {stage: {} for stage in STAGES})

    def add(self, stage: str, unit: str, amount: float) -> None:
        """Add an amount."""
        if amount:
            self.amounts[stage][unit] = self.amounts[stage].get(unit, 0.0) + amount

    def __add__(self, other: Work) -> Work:
        return Work({stage: _added(self.amounts[stage], other.amounts[stage]) for stage in STAGES})

    def total(self) -> dict[str, float]:
        """Return the amounts of all stages by unit."""
        return functools.reduce(_added, self.amounts.values(), {})


def _added(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {unit: one.get(unit, 0.0) + other.get(unit, 0.0) for unit in {**one, **other}}


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Bytes of a workload.

    Attributes
    ----------
    parameters
        The weights.
    inputs
        The batch.
    saved
        What the backward pass needs of the forward pass, the layers' outputs included; 0 where there is none.
    peak
        Everything at the moment when it is most: weights, inputs, what is saved, gradients, working memory.
    """

    parameters: int
    inputs: int
    saved: int
    peak: int
