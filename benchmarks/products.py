"""`python -m benchmarks.products`: the LSTM's operations a second on large sizes, against torch.mm's on a cube."""

from __future__ import annotations

import sys
from typing import Any

import torch

import recurra.nn
from benchmarks.alternate import in_turn, options, write
from benchmarks.grids import both

SIZES = ((32, 100, 256, 256), (64, 35, 512, 512))
CUBE = 1024


def operations(batch: int, time: int, input_size: int, hidden_size: int) -> int:
    """Return those of the products in a training step without a gradient for the input."""
    forward = 2 * batch * time * 4 * hidden_size * (input_size + hidden_size)
    return 2 * forward + 2 * batch * time * 4 * hidden_size * hidden_size


def main() -> None:
    """Measure and write the raw numbers."""
    given, points = options(__doc__), []
    for threads in given.threads:
        torch.set_num_threads(threads)
        a, b = torch.randn(CUBE, CUBE), torch.randn(CUBE, CUBE)
        for size in SIZES:
            batch, time, input_size, hidden_size = size
            layer, x = recurra.nn.LSTM(input_size, hidden_size), torch.randn(time, batch, input_size)
            times = in_turn(both(layer, x), lambda a=a, b=b: torch.mm(a, b), repetitions=given.repetitions)
            rates = {
                "ours": operations(*size) / times["medians"]["ours"] / 1e9,
                "torch.mm": 2 * CUBE**3 / times["medians"]["peer"] / 1e9,
            }
            point: dict[str, Any] = {"threads": threads, "size": [*size], "GFLOP/s": rates, "seconds": times["seconds"]}
            point["share"] = rates["ours"] / rates["torch.mm"]
            sys.stdout.write(f"{threads} threads {size}: {rates}, share {point['share']:.2f}\n")
            points.append(point)
    write("products", "python -m benchmarks.products", points)


if __name__ == "__main__":
    main()
