"""`python -m benchmarks.one_long_sequence`: one long sequence through cells that are linear in their state.

Ours as it is chosen, where the threads share the features of the time loop, against our form that has no part of the
loop for a second thread: each sequence on one thread, step by step. What needs no state is shared in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch

from benchmarks.alternate import in_turn, options, report, write
from benchmarks.grids import PASSES, both, forward
from recurra import Cell
from recurra.backends.llvm import kernel
from recurra.cells import LRU, SRU, MinGRU
from recurra.nn import Recurrent

SIZES = ((1, 16384, 64, 64), (1, 16384, 128, 128), (1, 16384, 256, 256))
BY_SEQUENCES = "each sequence on one thread"


@contextmanager
def by_sequences() -> Iterator[None]:
    """Let kernels that run a shape for the first time have threads share sequences alone."""
    chosen = kernel.form_for
    kernel.form_for = lambda *given, **options: replace(chosen(*given, **options), by_columns=False)
    try:
        yield
    finally:
        kernel.form_for = chosen


def measure(cell: Cell, threads: int, repetitions: int) -> list[dict[str, Any]]:
    """Return the points of a cell."""
    torch.set_num_threads(threads)
    points = []
    for size in SIZES:
        batch, time, *sizes = size
        x = torch.randn(time, batch, sizes[0], requires_grad=True)
        own = {name: sizes[1] for name in ("output_size",) if name in cell.sizes}
        ours = Recurrent(cell, *sizes, sizes=own)
        known = {"input_size": sizes[0], "hidden_size": sizes[1], **own}
        other = Recurrent(Cell.from_json(cell.to_json(sizes=known)), *sizes, sizes=own)  # kernels remember their forms
        other.load_state_dict(ours.state_dict())
        point: dict[str, Any] = {"kind": cell.name, "against": BY_SEQUENCES, "threads": threads, "size": [*size]}
        for name, a_pass in zip(PASSES, (forward, both), strict=True):
            runs = [a_pass(each, x) for each in (ours, other)]
            with by_sequences():
                runs[1]()
            point[name] = in_turn(*runs, repetitions=repetitions)
        points.append(point)
    report(f"{cell.name} against {BY_SEQUENCES}, {threads} threads", points, PASSES)
    return points


def main() -> None:
    """Measure what was asked for and write the raw numbers."""
    given = options(__doc__)
    points = [
        point for threads in given.threads for cell in (MinGRU, SRU, LRU)
        for point in measure(cell, threads, given.repetitions)
    ]  # fmt: skip
    write("one_long_sequence", "python -m benchmarks.one_long_sequence", points)


if __name__ == "__main__":
    main()
