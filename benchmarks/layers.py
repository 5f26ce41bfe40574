"""`python -m benchmarks.layers`: recurra.nn's RNN, LSTM and GRU against torch.nn's, over a grid of sizes."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import torch
from torch.nn.utils.rnn import PackedSequence

import recurra.nn
from benchmarks.alternate import in_turn, report, write

GRID = (
    (1, 100, 32, 64), (1, 100, 128, 256), (1, 512, 64, 128), (8, 50, 16, 32), (16, 200, 40, 100), (32, 100, 32, 64),
    (32, 100, 128, 128), (32, 100, 256, 256), (64, 35, 512, 512), (128, 50, 64, 32), (128, 28, 28, 128),
    (256, 20, 10, 16),
)  # fmt: skip
"""Batch, time, input_size, hidden_size."""


def forward(layer: Any, x: torch.Tensor) -> Callable[[], object]:
    """Return an inference."""

    def run() -> None:
        with torch.inference_mode():
            layer(x)

    return run


def both(
    layer: Any, x: torch.Tensor | PackedSequence, options: Mapping[str, Any] = MappingProxyType({})
) -> Callable[[], object]:
    """Return a training step without its optimiser; `options` are those of the layer's call."""

    def run() -> None:
        layer.zero_grad()
        output = layer(x, **options)[0]
        (output.data if isinstance(output, PackedSequence) else output).sum().backward()

    return run


def pair(kind: str, input_size: int, hidden_size: int) -> tuple[Any, Any]:
    """Return our layer of a kind and torch.nn's, with the same weights."""
    peer = getattr(torch.nn, kind)(input_size, hidden_size)
    ours = getattr(recurra.nn, kind)(input_size, hidden_size)
    ours.load_state_dict(peer.state_dict())
    return ours, peer


def measure(kind: str, threads: int, repetitions: int) -> list[dict[str, Any]]:
    """Return the grid's points for one kind of layer."""
    torch.set_num_threads(threads)
    points = []
    for batch, time, input_size, hidden_size in GRID:
        ours, peer = pair(kind, input_size, hidden_size)
        x = torch.randn(time, batch, input_size)
        point: dict[str, Any] = {"kind": kind, "threads": threads, "size": [batch, time, input_size, hidden_size]}
        for name, run in (("forward", forward), ("forward+backward", both)):
            point[name] = in_turn(run(ours, x), run(peer, x), repetitions=repetitions)
        points.append(point)
    report(f"{kind} {threads} threads", points, ("forward", "forward+backward"))
    return points


def main() -> None:
    """Measure what was asked for and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds", nargs="+", default=["RNN", "LSTM", "GRU"])
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--repetitions", type=int, default=15)
    options = parser.parse_args()
    points = [p for t in options.threads for kind in options.kinds for p in measure(kind, t, options.repetitions)]
    write("layers", "python -m benchmarks.layers", points)


if __name__ == "__main__":
    main()
