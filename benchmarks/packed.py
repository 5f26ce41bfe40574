"""`python -m benchmarks.packed`: LSTM and GRU on a PackedSequence, forward and backward, against torch.nn's."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from benchmarks.alternate import in_turn, options, report, write
from benchmarks.grids import GRID, SMALL, both
from benchmarks.layers import pair

SIZES = tuple(size for size in SMALL if min(size[:2]) > 1) + GRID
"""Of the small sizes those whose sequences can have several lengths."""


def packed(batch: int, time: int, features: int) -> PackedSequence:
    """Return sequences of lengths drawn uniformly from 1 to `time`."""
    lengths = torch.randint(1, time + 1, (batch,), generator=torch.Generator().manual_seed(batch * time))
    return pack_padded_sequence(torch.randn(time, batch, features), lengths, enforce_sorted=False)


def measure(kind: str, threads: int, repetitions: int) -> list[dict[str, Any]]:
    """Return the grid's points for one kind of layer."""
    torch.set_num_threads(threads)
    points = []
    for batch, time, input_size, hidden_size in SIZES:
        ours, peer = pair(kind, input_size, hidden_size)
        x = packed(batch, time, input_size)
        point: dict[str, Any] = {"kind": kind, "threads": threads, "size": [batch, time, input_size, hidden_size]}
        point["forward+backward"] = in_turn(both(ours, x), both(peer, x), repetitions=repetitions)
        points.append(point)
    report(f"{kind} packed, {threads} threads", points)
    return points


def main() -> None:
    """Measure and write the raw numbers."""
    given = options(__doc__)
    points = [
        p for threads in given.threads for kind in ("LSTM", "GRU") for p in measure(kind, threads, given.repetitions)
    ]
    write("packed", "python -m benchmarks.packed", points)


if __name__ == "__main__":
    main()
