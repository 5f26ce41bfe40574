"""`python -m benchmarks.before --source FOLDER/src`: cells as they are against the same cells of an earlier version.

    git worktree add earlier COMMIT
    python -m benchmarks.before --source earlier/src

The earlier version runs as a process of its own in the same environment, kept to as many processors as ours has
threads (`benchmarks.peers`), with the same parameters and inputs; its outputs are held against ours. A ratio is its
time over ours: below 1 a cell has become slower.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.alternate import in_turn, report, write
from benchmarks.grids import PASSES, both, forward
from benchmarks.peers import Peer
from recurra.cells import all_cells
from recurra.nn import Recurrent

CELLS = (
    "LSTM", "GRU", "Elman", "PeepholeLSTM", "CoupledLSTM", "MinGRU", "SRU", "IndRNN", "SCRN", "MCLSTM", "NAS",
    "FastGRNN", "IntersectionRNN", "tauGRU",
)  # fmt: skip
"""Loops of every shape: one product or several after each other, none, gates, delays."""

SIZES = ((1, 20, 8, 16), (1, 100, 32, 64), (32, 100, 128, 128))


def measure(kind: str, peer: Peer, version: str, repetitions: int) -> list[dict[str, Any]]:
    """Return the points of a cell."""
    cell, points = all_cells[kind], []
    for size in SIZES:
        batch, time, input_size, hidden_size = size
        input_size = hidden_size if kind == "IntersectionRNN" else input_size
        further = dict.fromkeys(set(cell.sizes) - {"input_size", "hidden_size"}, hidden_size)
        layer = Recurrent(cell, input_size, hidden_size, sizes=further)
        x = torch.randn(time, batch, input_size)
        arrays = {**{name: value.numpy() for name, value in layer.state_dict().items()}, "x": x.numpy()}
        point: dict[str, Any] = {"kind": kind, "against": version, "threads": peer.threads, "size": [*size]}
        for name, a_pass in zip(PASSES, (forward, both), strict=True):
            given = x.clone().requires_grad_(name != "forward")
            job = {"kind": kind, "sizes": [input_size, hidden_size], "further": further, "pass": name}
            loaded = peer.load({**job, "threads": peer.threads}, arrays)
            with torch.inference_mode():
                difference = np.abs(loaded.results["output"] - layer(x)[0].numpy()).max()
            if not difference <= 1e-4:
                raise ValueError(f"{kind} {size}: the outputs of the earlier version differ from ours by {difference}")
            point[name] = in_turn(a_pass(layer, given), loaded, repetitions=repetitions)
        points.append(point)
    report(f"{kind} against {version}, {peer.threads} threads", points, PASSES)
    return points


def main() -> None:
    """Measure what was asked for and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True, help="the folder src of the earlier version")
    parser.add_argument("--version", default="an earlier version", help="what it is called")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--repetitions", type=int, default=15)
    given = parser.parse_args()
    if not (given.source / "recurra").is_dir():
        parser.error(f"--source: {given.source} has no package recurra")
    path = os.pathsep.join([str(given.source.resolve()), os.environ.get("PYTHONPATH", "")])
    points = []
    for threads in given.threads:
        torch.set_num_threads(threads)
        with Peer(sys.executable, "peer_before", threads=threads, environment={"PYTHONPATH": path}) as peer:
            points += [each for kind in CELLS for each in measure(kind, peer, given.version, given.repetitions)]
    write("before", "python -m benchmarks.before --source FOLDER/src", points)


if __name__ == "__main__":
    main()
