"""How the work of a kind of device is counted: a processor's, or a GPU's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recurra.backends.triton.device import Limits
from recurra.plan.cpu import memory as cpu_memory
from recurra.plan.cpu import passes as cpu_passes
from recurra.plan.cpu import usual_prices as cpu_prices
from recurra.plan.cpu import work as cpu_work
from recurra.plan.gpu import memory as gpu_memory
from recurra.plan.gpu import passes as gpu_passes
from recurra.plan.gpu import usual_prices as gpu_prices
from recurra.plan.gpu import work as gpu_work
from recurra.plan.work import Memory, Work
from recurra.plan.workload import Kind, Workload

__all__ = ["Accounts", "accounts_of", "memory_of", "works_of"]


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """How the work of a kind of device is counted.

    Attributes
    ----------
    usual
        Unit -> seconds, on a usual device of the kind.
    bounds
        What can bind -> its units; what is in none is calls.
    moved
        The units of bytes that are moved.
    passes, work_of
        The passes of a workload, and what one of them has to do.
    memory_of
        The memory that a workload takes.
    """

    usual: Mapping[str, float]
    bounds: Mapping[str, tuple[str, ...]]
    moved: tuple[str, ...]
    passes: Callable[[Workload, Kind], Sequence[Any]]
    work_of: Callable[[Any], Work]
    memory_of: Callable[[Workload, Kind], Memory]


_CPU = Accounts(
    usual=cpu_prices.USUAL_PRICES, bounds=cpu_work.BOUNDS, moved=cpu_work.MOVED, passes=cpu_passes.passes,
    work_of=cpu_work.work_of, memory_of=cpu_memory.memory_of,
)  # fmt: skip
_GPU = Accounts(
    usual=gpu_prices.USUAL_PRICES, bounds=gpu_work.BOUNDS, moved=gpu_work.MOVED, passes=gpu_passes.passes,
    work_of=gpu_work.work_of, memory_of=gpu_memory.memory_of,
)  # fmt: skip


def accounts_of(gpu: Limits | None, /) -> Accounts:
    """Return how work is counted on a GPU, or on a processor for None."""
    return _CPU if gpu is None else _GPU


def works_of(workload: Workload, kind: Kind, /) -> dict[str, Work]:
    """Return what each kind of pass of a workload has to do, all layers together."""
    accounts, found = accounts_of(workload.gpu), dict[str, Work]()
    for run in accounts.passes(workload, kind):
        found[run.name] = found.get(run.name, Work()) + accounts.work_of(run)
    for name, work in found.items():
        work.add("overhead", f"{name} start", 1)
    return found


def memory_of(workload: Workload, /, *, kind: Kind = "training") -> Memory:
    """Return the memory that a workload takes.

    The arrays and their sizes are those of the kernels' own arrangement. What the libraries under torch take for
    themselves is not counted, nor what an optimiser keeps.

    Examples
    --------
    >>> from recurra.cells import LSTM
    >>> workload = Workload(cell=LSTM, input_size=64, hidden_size=128, lengths=(100,) * 32)
    >>> round(memory_of(workload).saved / (100 * 32 * 128 * 4), 1)
    7.0
    """
    return accounts_of(workload.gpu).memory_of(workload, kind)
