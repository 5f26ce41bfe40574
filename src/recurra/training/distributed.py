"""Several processes that train together: which one this is, how they are started, and what they agree on.

torch's own processes and its `DistributedDataParallel`; nothing of torch is imported before there are several.
"""

from __future__ import annotations

import atexit
import datetime
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recurra.errors import InputError, TrainingError

if TYPE_CHECKING:
    import torch
    from torch import Tensor

__all__ = [
    "agree", "check_processes", "everyones", "first_process", "mean", "nodes", "rank", "start_processes",
    "synchronised", "total", "world_size",
]  # fmt: skip

_RANKS = ("RANK", "LOCAL_RANK", "SLURM_PROCID")
"""Where torchrun, this module and SLURM say which process this is."""

_PATIENCE = datetime.timedelta(minutes=30)
"""How long processes wait for each other to begin: each reads the data first."""

_children: list[subprocess.Popen[bytes]] = []


def first_process() -> bool:
    """Say whether this process is the one that prints and writes.

    True where there is one process. It can be asked before torch is imported.

    Examples
    --------
    >>> first_process()
    True
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
    """Check that torchrun or SLURM, where they started this process, started as many as the options name.

    Raises
    ------
    InputError
        If not: every process would train, and write, on its own, or wait for others for ever.
    """
    for starter, started in (
        ("torchrun", os.environ.get("WORLD_SIZE") if _by_torchrun() else None),
        ("SLURM", os.environ["SLURM_NTASKS"] if _by_slurm() else None),
    ):
        if started is not None and started != str(world_size(devices)):
            raise InputError(
                f"devices = {devices}: {starter} started {started} processes on {nodes()} machines; give as many"
            )


def start_processes(devices: int, /) -> None:
    """Connect this process with those that train together with it, and start these if nobody has.

    torchrun and SLURM start all of them, on one machine or several. Else the process that a person has started starts
    the others, each with the same command.

    Raises
    ------
    TrainingError
        If one of those that were started here ends before it is connected.
    """
    count = world_size(devices)
    if count == 1 or _several():
        return
    from torch import distributed as group
    from torch.distributed import TCPStore  # pyright: ignore[reportPrivateImportUsage]

    atexit.register(_part)
    if _by_torchrun():  # which also says where the first one is
        group.init_process_group("gloo")
    elif _by_slurm():
        group.init_process_group("gloo", init_method=f"tcp://{_slurm_address()}", rank=rank(), world_size=count)
    elif "LOCAL_RANK" in os.environ:
        host, port = os.environ.get("MASTER_ADDR", "127.0.0.1"), int(os.environ["MASTER_PORT"])
        store = TCPStore(host, port, is_master=False, timeout=_PATIENCE)
        store.set(_arrived(rank()), "")
        group.init_process_group("gloo", store=store, rank=rank(), world_size=count)
    else:
        store = TCPStore("127.0.0.1", 0, is_master=True, wait_for_workers=False, timeout=_PATIENCE)
        _start_children(count, port=store.port)
        _wait_for_children(lambda number: store.check([_arrived(number)]))
        group.init_process_group("gloo", store=store, rank=0, world_size=count)


def synchronised(module: torch.nn.Module, /) -> Callable[[Any], Tensor]:
    """Return a module whose gradients are the means over the processes; the weights of the first go to all."""
    if not _several():
        return module
    from torch.nn.parallel import DistributedDataParallel

    return DistributedDataParallel(module)


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
    """Say whether processes are connected, without importing what connects them."""
    torch = sys.modules.get("torch")
    return torch is not None and torch.distributed.is_available() and torch.distributed.is_initialized()


def _by_torchrun() -> bool:
    return "TORCHELASTIC_RUN_ID" in os.environ


def _by_slurm() -> bool:
    """Say whether SLURM's srun started this process, and no person in a shell that SLURM gave them."""
    is_shell = os.environ.get("SLURM_JOB_NAME") in ("bash", "interactive")
    return "SLURM_NTASKS" in os.environ and not is_shell and not _by_torchrun()


def _slurm_address() -> str:
    """Return "host:port" of SLURM's first task: its first machine, and a port that follows from the job's number."""
    hosts = os.environ.get("SLURM_NODELIST", "127.0.0.1")
    first = re.sub(r"\[(\w+).*?\]", r"\1", hosts).split(",")[0].split(" ")[0]  # of "a[05-07,9],b" it is a05
    port = 15000 + int(os.environ.get("SLURM_JOB_ID", "0")[-4:])
    return f"{os.environ.get('MASTER_ADDR', first)}:{os.environ.get('MASTER_PORT', port)}"


def _arrived(number: int) -> str:
    """Return the key under which a process says that it is connected."""
    return f"arrived/{number}"


def _start_children(count: int, *, port: int) -> None:
    """Start this program again, as often as there are further processes."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    program = [str(Path(sys.argv[0]).absolute())] if spec is None else ["-m", spec.name]
    for number in range(1, count):
        told = {"LOCAL_RANK": str(number), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
        _children.append(subprocess.Popen([sys.executable, *program, *sys.argv[1:]], env={**os.environ, **told}))


def _wait_for_children(has_arrived: Callable[[int], bool]) -> None:
    """Wait until all children are connected."""
    waiting = dict(enumerate(_children, 1))
    while waiting:
        for number, child in [*waiting.items()]:
            if has_arrived(number):
                del waiting[number]
            elif child.poll() is not None:
                raise TrainingError(f"process {number} of {len(_children) + 1} ended before the training began")
        time.sleep(0.05)


def _part() -> None:
    """Leave the others at the end of the program, and wait for those that were started here."""
    were_connected = _several()
    if were_connected:
        from torch import distributed

        distributed.destroy_process_group()
    for child in _children:
        try:
            child.wait(timeout=60 if were_connected else 0)
        except subprocess.TimeoutExpired:
            child.kill()
