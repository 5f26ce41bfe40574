"""Several processes that train together: which one this is, and what they agree on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from recurra.errors import InputError

__all__ = ["agree", "check_processes", "everyones", "first_process", "mean", "nodes", "rank", "total", "world_size"]

_RANKS = ("RANK", "LOCAL_RANK", "SLURM_PROCID")
"""Where torchrun, Lightning and SLURM say which process this is."""


def first_process() -> bool:
    """Say whether this process is the one that prints and writes.

    True where there is one process. It can be asked before torch is imported.
    """
    return rank() == 0


def rank() -> int:
    """Return the number of this process, from 0."""
    return int(next((os.environ[name] for name in _RANKS if name in os.environ), 0))


def nodes() -> int:
    """Return how many machines torchrun or SLURM's srun gave this training."""
    return int(os.environ.get("GROUP_WORLD_SIZE") or os.environ.get("SLURM_STEP_NUM_NODES") or 1)


def world_size(devices: int, /) -> int:
    """Return how many processes train together, with so many on each machine."""
    return devices * nodes()


def check_processes(devices: int, /) -> None:
    """Check that torchrun, where it started this process, started as many as the options name.

    Raises
    ------
    InputError
        If not: every process would train, and write, on its own.
    """
    started = os.environ.get("WORLD_SIZE")
    if "TORCHELASTIC_RUN_ID" in os.environ and started != str(world_size(devices)):
        raise InputError(
            f"devices = {devices}: torchrun started {started} processes on {nodes()} machines; give as many"
        )


def agree(wish: bool, /) -> bool:
    """Return whether any of the processes wishes it."""
    return total([float(wish)])[0] > 0


def mean(value: float, /) -> float:
    """Return the mean of a number over the processes."""
    first, count = total([value, 1.0])
    return first / count


def total(values: Sequence[float], /) -> list[float]:
    """Return sums over the processes, in float64."""
    if not _several():
        return list(values)
    import torch

    given = torch.tensor(values, dtype=torch.float64)
    torch.distributed.all_reduce(given)
    return given.tolist()


def everyones(value: Any, /) -> list[Any]:
    """Return the value of every process, in the order of their ranks."""
    if not _several():
        return [value]
    import torch

    found: list[Any] = [None] * torch.distributed.get_world_size()
    torch.distributed.all_gather_object(found, value)
    return found


def _several() -> bool:
    import torch

    distributed = torch.distributed
    return distributed.is_available() and distributed.is_initialized() and distributed.get_world_size() > 1
