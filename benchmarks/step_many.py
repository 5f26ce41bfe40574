"""`python -m benchmarks.step_many`: a step of many sessions of one stream on one thread, gather and scatter included.

Against as many steps of a stream of one, one after the other, and against torch.nn's cell on the same batch, which has
its state at hand and gathers nothing. The rows are in a random order among four times as many.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import numpy as np
import torch

import recurra.nn
from benchmarks.alternate import in_turn, write

POINTS = (("LSTM", 32, 64), ("LSTM", 64, 64), ("GRU", 32, 128))
ROWS = (16, 256)


def measure(kind: str, input_size: int, hidden_size: int, count: int, repetitions: int) -> list[dict[str, Any]]:
    """Return the points of one layer and so many rows against both."""
    layer = getattr(recurra.nn, kind)(input_size, hidden_size)
    cell = getattr(torch.nn, f"{kind}Cell")(input_size, hidden_size)
    cell.load_state_dict({name.removesuffix("_l0"): value for name, value in layer.state_dict().items()})
    random = np.random.default_rng(0)
    x = random.standard_normal((count, input_size)).astype(np.float32)
    rows = random.permutation(4 * count)[:count]
    many, one, samples = layer.stream(batch=4 * count), layer.stream().step, list(x)
    given, state = torch.from_numpy(x), None
    with torch.inference_mode():
        expected = cell(given)
    expected = expected[0] if kind == "LSTM" else expected
    np.testing.assert_allclose(many.step_many(x, rows), expected.numpy(), rtol=1e-4, atol=1e-5)

    def ours() -> None:
        many.step_many(x, rows)

    def each() -> None:
        for sample in samples:
            one(sample)

    @torch.inference_mode()
    def torch_cell() -> None:
        nonlocal state
        state = cell(given, state)

    points = []
    for name, peer in ((f"{count} steps of one", each), ("torch.nn's cell", torch_cell)):
        size = [input_size, hidden_size, count]
        point = {"kind": kind, "against": name, "size": size, **in_turn(ours, peer, repetitions=repetitions)}
        taken = ", ".join(f"{who} {seconds * 1e6:.1f} us" for who, seconds in point["medians"].items())
        sys.stdout.write(f"{kind} {size} against {name}: {taken}, ratio {point['ratio']:.2f}\n")
        points.append(point)
    return points


def main() -> None:
    """Measure and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=25)
    repetitions = parser.parse_args().repetitions
    torch.set_num_threads(1)
    points = [point for layer in POINTS for count in ROWS for point in measure(*layer, count, repetitions)]
    write("step_many", "python -m benchmarks.step_many", points)


if __name__ == "__main__":
    main()
