"""DistributedDataParallel over two processes (gloo): the gradients are those of one process with the whole batch."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
import torch.multiprocessing as mp
from feature_cases import draw, loss_of, make
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

WORKERS = 2


def worker(rank: int, kind: str, backend: str, folder: str) -> None:
    """Train one step on this process's half of the batch, and keep the gradients."""
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method=f"file://{folder}/rendezvous", rank=rank, world_size=WORKERS)
    model = DistributedDataParallel(make(kind, num_layers=2, backend=backend))
    x = draw(5, 2 * WORKERS, 3)[:, 2 * rank : 2 * rank + 2]
    for _ in range(2):  # the second step finds buckets and hooks as the first one left them
        model.zero_grad()
        loss_of(model, x).backward()
    torch.save([p.grad for p in model.parameters()], f"{folder}/gradients-{rank}.pt")
    distributed.barrier()
    os._exit(0)  # gloo sometimes aborts a process that takes it down in order


@pytest.mark.parametrize(("kind", "backend"), [("LSTM", "numpy"), ("Recurrent", "torch")])
def test_two_processes_average_their_gradients(kind: str, backend: str, tmp_path: Path) -> None:
    mp.spawn(worker, (kind, backend, str(tmp_path)), nprocs=WORKERS)
    layer = make(kind, num_layers=2, backend=backend)
    expected = torch.autograd.grad(loss_of(layer, draw(5, 2 * WORKERS, 3)), list(layer.parameters()))
    for rank in range(WORKERS):
        found = torch.load(tmp_path / f"gradients-{rank}.pt")
        for a, b in zip(found, expected, strict=True):
            torch.testing.assert_close(a, b / WORKERS)
