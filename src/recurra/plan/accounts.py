"""What the passes of a workload have to do, all layers together, in the units of the backend that would run them."""

from __future__ import annotations

from recurra.backends.cost import Limits, Units, Work
from recurra.backends.kernel import units_of
from recurra.plan.passes import backend_for, passes
from recurra.plan.workload import Kind, Workload

__all__ = ["units_on", "works_of"]


def units_on(gpu: Limits | None, /) -> Units:
    """Return how work is counted on a GPU, or on a processor for None."""
    return units_of(backend_for(gpu))


def works_of(workload: Workload, kind: Kind, /) -> dict[str, Work]:
    """Return what each kind of pass of a workload has to do, all layers together."""
    found: dict[str, Work] = {}
    for run in passes(workload, kind):
        found[run.name] = found.get(run.name, Work()) + run.cost.work()
    for name, work in found.items():
        work.add("overhead", f"{name} start", 1)
    return found
