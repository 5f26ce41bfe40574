"""The trials that nothing beats: no other has less error at no more cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from recurra.tune.trial import Trial

__all__ = ["Figure", "front"]

Figure = Literal["step_seconds", "epoch_seconds", "parameters", "peak_memory"]
"""What costs are compared by; see `recurra.tasks.cost.Cost`."""


def front(trials: Iterable[Trial], /, *, by: Figure, larger_is_better: bool) -> tuple[Trial, ...]:
    """Return the Pareto front of value against cost, the cheapest first.

    Parameters
    ----------
    trials
        Those that are not complete are left out.
    by
        The figure of the cost.
    larger_is_better
        Of the value.
    """
    sign = -1 if larger_is_better else 1
    complete = [trial for trial in trials if trial.ended == "complete" and trial.value is not None and trial.cost]
    found: list[Trial] = []
    for trial in sorted(complete, key=lambda each: (getattr(each.cost, by), sign * (each.value or 0.0), each.number)):
        if not found or sign * (trial.value or 0.0) < sign * (found[-1].value or 0.0):
            found.append(trial)
    return tuple(found)
