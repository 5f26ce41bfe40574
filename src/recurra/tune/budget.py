"""What a training may cost, how far one is from it, and whether anything that is searched can meet it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from recurra.errors import InputError
from recurra.report import duration, plain
from recurra.tasks.cost import Cost, cost_of
from recurra.tasks.estimator import Estimator
from recurra.tasks.model import Prepared, Sources
from recurra.training.learner import Monitor
from recurra.tune.options import TuneOptions
from recurra.tune.space import Dimension, smallest

__all__ = ["Budget", "affordable_monitor", "cost_text"]

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


_CORNERS = 16
"""Smallest configurations that are looked at for one that meets the budget."""


def affordable_monitor(
    estimator: Estimator[Any, Any], /, *, sources: Sources, space: tuple[Dimension, ...], budget: Budget
) -> Monitor:
    """Return what trials are compared by, having read the data once; and check that the budget can be met at all.

    Raises
    ------
    DataError
        If the data cannot be read or are too few.
    InputError
        If nothing meets the budget; the message names the nearest.
    """
    nearest = None
    for corner, prepared in _corners(estimator, sources, space):
        if not budget.limits():
            return prepared.learner.monitor
        cost = cost_of(prepared)
        if budget.allows(cost):
            return prepared.learner.monitor
        above = max(budget.excess(cost).values())
        if nearest is None or above < nearest[0]:
            nearest = above, corner, cost
    assert nearest is not None
    raise InputError(_too_dear(budget, *nearest[1:]))


def _corners(
    estimator: Estimator[Any, Any], sources: Sources, space: tuple[Dimension, ...]
) -> Iterator[tuple[dict[str, Any], Prepared[Any]]]:
    """Yield what may cost least, as far as its values go together."""
    problem, found = None, False
    for corner in islice(smallest(space), _CORNERS):
        try:
            options = dataclasses.replace(estimator.options, **corner)
            prepared = type(estimator)(options, cell=estimator.cell).prepare(sources)
        except InputError as error:
            problem = problem or error
            continue
        found = True
        yield corner, prepared
    if problem and not found:
        raise problem


def _too_dear(budget: Budget, corner: dict[str, Any], cost: Cost) -> str:
    values = ", ".join(f"{name} = {value}" for name, value in corner.items())
    return (
        f"nothing meets the budget of {budget.text()}; the nearest is {values}, at {cost_text(cost)}; "
        f"expected a larger budget, or a search among smaller values"
    )
