"""Whether anything that is searched meets the budget: the smallest configurations are priced before a search begins."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import islice
from typing import Any

from recurra.errors import InputError
from recurra.tasks.cost import Cost, cost_of
from recurra.tasks.estimator import Estimator
from recurra.tasks.prepared import Prepared, Sources
from recurra.training.learner import Monitor
from recurra.tune.budget import Budget, cost_text
from recurra.tune.space import Dimension, smallest

__all__ = ["affordable_monitor"]

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
