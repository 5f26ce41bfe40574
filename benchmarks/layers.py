"""`python -m benchmarks.layers`: recurra.nn's RNN, LSTM and GRU against torch.nn's and JAX's, over a grid of sizes.

JAX is measured where the Python of its environment is given, `--jax-python`; see `benchmarks/against_jax.py`.
"""

from __future__ import annotations

from typing import Any

import torch

import recurra.nn
from benchmarks import against_jax
from benchmarks.alternate import JAX, TORCH, in_turn, options, renew, report
from benchmarks.grids import PASSES, SIZES, both, forward

KINDS = ("RNN", "LSTM", "GRU")


def pair(kind: str, input_size: int, hidden_size: int) -> tuple[Any, Any]:
    """Return our layer of a kind and torch.nn's, with the same weights."""
    peer = getattr(torch.nn, kind)(input_size, hidden_size)
    ours = getattr(recurra.nn, kind)(input_size, hidden_size)
    ours.load_state_dict(peer.state_dict())
    return ours, peer


def measure(kind: str, threads: int, repetitions: int) -> list[dict[str, Any]]:
    """Return the grid's points for one kind of layer against torch.nn's."""
    torch.set_num_threads(threads)
    points = []
    for size in SIZES:
        batch, time, input_size, hidden_size = size
        ours, peer = pair(kind, input_size, hidden_size)
        x = torch.randn(time, batch, input_size)
        point: dict[str, Any] = {"kind": kind, "against": TORCH, "threads": threads, "size": [*size]}
        for name, run in zip(PASSES, (forward, both), strict=True):
            point[name] = in_turn(run(ours, x), run(peer, x), repetitions=repetitions)
        points.append(point)
    report(f"{kind} {threads} threads", points, PASSES)
    return points


def main() -> None:
    """Measure what was asked for and write the raw numbers, after each number of threads."""
    given = options(__doc__, peers=(TORCH, JAX))
    for threads in given.threads:
        points = []
        if TORCH in given.against:
            points += [point for kind in KINDS for point in measure(kind, threads, given.repetitions)]
        if JAX in given.against:
            layers = {kind: getattr(recurra.nn, kind) for kind in KINDS}
            points += against_jax.measure(
                layers, python=given.jax_python, threads=threads, repetitions=given.repetitions
            )
        renew("layers", "python -m benchmarks.layers", points)


if __name__ == "__main__":
    main()
