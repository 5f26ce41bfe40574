"""`python -m benchmarks.single_cells`: a step of recurra.nn's LSTMCell, GRUCell and RNNCell against torch.nn's."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.alternate import TORCH, Run, in_turn, options, renew, report
from benchmarks.grids import PASSES
from benchmarks.layers import pair

KINDS = ("LSTMCell", "GRUCell", "RNNCell")
SIZES = ((1, 8, 16), (1, 64, 128), (32, 32, 64), (256, 64, 64), (5, 512, 512), (16, 256, 256))
"""Batch, input_size, hidden_size."""

State = Tensor | tuple[Tensor, Tensor]


def inference(cell: nn.Module, x: Tensor, state: State) -> Run:
    """Return a step from a state that is given."""

    def run() -> None:
        with torch.inference_mode():
            cell(x, state)

    return run


def training(cell: nn.Module, x: Tensor, state: State) -> Run:
    """Return a step and its backward pass, without an optimiser; the loss is the sum of the hidden state."""

    def run() -> None:
        cell.zero_grad()
        found = cell(x, state)
        (found if isinstance(found, Tensor) else found[0]).sum().backward()

    return run


def measure(kind: str, threads: int, repetitions: int) -> list[dict[str, Any]]:
    """Return the points of one kind of cell."""
    torch.set_num_threads(threads)
    points = []
    for batch, input_size, hidden_size in SIZES:
        ours, peer = pair(kind, input_size, hidden_size)
        x, h = torch.randn(batch, input_size), torch.randn(batch, hidden_size)
        state = (h, torch.randn_like(h)) if kind == "LSTMCell" else h
        torch.testing.assert_close(ours(x, state), peer(x, state))
        point: dict[str, Any] = {"kind": kind, "against": TORCH, "threads": threads}
        point["size"] = [batch, input_size, hidden_size]
        for name, run in zip(PASSES, (inference, training), strict=True):
            point[name] = in_turn(run(ours, x, state), run(peer, x, state), repetitions=repetitions)
        points.append(point)
    report(f"{kind} {threads} threads", points, PASSES)
    return points


def main() -> None:
    """Measure and write the raw numbers, after each number of threads."""
    given = options(__doc__)
    for threads in given.threads:
        points = [point for kind in KINDS for point in measure(kind, threads, given.repetitions)]
        renew("single_cells", "python -m benchmarks.single_cells", points)


if __name__ == "__main__":
    main()
