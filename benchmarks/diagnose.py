"""What gradient flow adds to a training step: alternating steps with and without it, medians.

python -m benchmarks.diagnose
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from contextlib import nullcontext
from pathlib import Path

import torch

from recurra.cells import all_cells
from recurra.diagnose import gradient_flow
from recurra.nn import Recurrent

CASES = [
    ("LSTM", 32, 100, 32, 64), ("LSTM", 32, 100, 128, 128), ("LSTM", 16, 100, 256, 256), ("LSTM", 1, 100, 32, 64),
    ("LSTM", 1, 100, 128, 256), ("GRU", 32, 100, 64, 64), ("Elman", 32, 100, 64, 64),
]  # fmt: skip
"""Cell, batch, steps, inputs, units."""


def seconds(layer: Recurrent, x: torch.Tensor, optimiser: torch.optim.Optimizer, *, watched: bool) -> float:
    with gradient_flow(layer) if watched else nullcontext():
        begun = time.perf_counter()
        optimiser.zero_grad()
        layer(x)[0].square().mean().backward()
        optimiser.step()
        return time.perf_counter() - begun


def measured(name: str, batch: int, steps: int, inputs: int, units: int, *, repeats: int) -> dict[str, object]:
    torch.manual_seed(0)
    layer = Recurrent(all_cells[name], inputs, units)
    optimiser, x = torch.optim.Adam(layer.parameters()), torch.randn(steps, batch, inputs)
    times: dict[bool, list[float]] = {False: [], True: []}
    for repeat in range(repeats + 3):
        for watched in (False, True):
            taken = seconds(layer, x, optimiser, watched=watched)
            if repeat >= 3:
                times[watched].append(taken)
    plain, seen = statistics.median(times[False]), statistics.median(times[True])
    sizes = {"cell": name, "batch": batch, "steps": steps, "inputs": inputs, "units": units}
    return {**sizes, "milliseconds": 1e3 * plain, "with_flow": 1e3 * seen, "ratio": seen / plain}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=60)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results" / "diagnose.json")
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    rows = [measured(*case, repeats=chosen.repeats) for case in CASES]
    for row in rows:
        print("{cell:6} B {batch:3} T {steps} I {inputs:3} H {units:3}: {milliseconds:6.2f} ms, with flow "
              "{with_flow:6.2f} ms, {ratio:.3f}".format(**row))  # fmt: skip
    found = {"torch": torch.__version__, "threads": chosen.threads, "repeats": chosen.repeats, "rows": rows}
    chosen.out.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
