"""What a training may cost, and how far one is from it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from recurra.report import duration, plain
from recurra.tasks.cost import Cost
from recurra.tune.options import TuneOptions

__all__ = ["Budget", "cost_text"]

_MEGABYTE = 1_000_000
_BYTES = 8
"""Bytes of a parameter in a training step at the least: its value and its gradient."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """The most of each figure of `recurra.tasks.cost.Cost`; None where there is no limit."""

    parameters: float | None = None
    step_seconds: float | None = None
    epoch_seconds: float | None = None
    peak_memory: float | None = None

    @classmethod
    def of(cls, options: TuneOptions, /) -> Budget:
        """Return what the options allow."""
        memory = options.budget_memory
        return cls(
            parameters=options.budget_parameters,
            step_seconds=options.budget_seconds_per_step,
            epoch_seconds=options.budget_epoch,
            peak_memory=None if memory is None else memory * _MEGABYTE,
        )

    def limits(self) -> dict[str, float]:
        """Return the limits that there are, by the figure that they limit."""
        return {name: limit for name, limit in dataclasses.asdict(self).items() if limit is not None}

    def excess(self, cost: Cost, /) -> dict[str, float]:
        """Return for each limit by which share of it a cost lies above it; 0 or less if it does not."""
        return {name: getattr(cost, name) / limit - 1 for name, limit in self.limits().items()}

    def allows(self, cost: Cost, /) -> bool:
        """Say whether a cost is within every limit."""
        return all(share <= 0 for share in self.excess(cost).values())

    def certain_excess(self, count: int, /) -> dict[str, float]:
        """Return the limits that so many parameters exceed before anything runs, with the share by which they do."""
        least = {"parameters": count, "peak_memory": _BYTES * count}
        shares = {name: figure / self.limits()[name] - 1 for name, figure in least.items() if name in self.limits()}
        return {name: share for name, share in shares.items() if share > 0}

    def text(self) -> str:
        """Return the limits in words: "5 ms a step, 10,000 parameters"."""
        return _text(self.limits())


def cost_text(cost: Cost, /) -> str:
    """Return a cost in words."""
    return _text(dataclasses.asdict(cost))


def _text(figures: dict[str, float]) -> str:
    written = {
        "parameters": lambda value: f"{int(value):,} parameters",
        "step_seconds": lambda value: f"{_seconds(value)} a step",
        "epoch_seconds": lambda value: f"{_seconds(value)} an epoch",
        "peak_memory": lambda value: f"{plain(value / _MEGABYTE, digits=3)} MB",
    }
    return ", ".join(write(figures[name]) for name, write in written.items() if name in figures)


def _seconds(value: float) -> str:
    return duration(value) if value >= 0.01 else f"{plain(1000 * value, digits=3)} ms"
