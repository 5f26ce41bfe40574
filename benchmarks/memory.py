"""`python -m benchmarks.memory`: how much a training step of the LSTM adds to the process at its peak.

Each number is from a process of its own, which ran a small step before: the resident set just before the step, and
its peak until the step's end, as Linux counts them.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.alternate import write
from benchmarks.grids import GRID

STEP = """
import sys, torch
from pathlib import Path
module, batch, time, input_size, hidden_size = sys.argv[1], *map(int, sys.argv[2:])
if module == "recurra.nn":
    import recurra.nn as nn
else:
    import torch.nn as nn
torch.set_num_threads(2)

def step(layer, x):
    layer(x)[0].sum().backward()

def resident(field):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field))

for warm in (2, 40):
    step(nn.LSTM(3, 4), torch.randn(3, warm, 3))
layer, x = nn.LSTM(input_size, hidden_size), torch.randn(time, batch, input_size)
for parameter in layer.parameters():
    parameter.grad = torch.zeros_like(parameter)
before = resident("VmRSS")
Path("/proc/self/clear_refs").write_text("5")
step(layer, x)
print(resident("VmHWM") - before)
"""


def peak(module: str, size: tuple[int, ...]) -> int:
    """Return the bytes that a step adds at its peak."""
    done = subprocess.run(
        [sys.executable, "-c", STEP, module, *map(str, size)], capture_output=True, text=True, check=True,
        cwd=Path(__file__).resolve().parent.parent,
    )  # fmt: skip
    return int(done.stdout)


def main() -> None:
    """Measure the sizes of which a step takes at least 10 MB, and write the numbers."""
    points: list[dict[str, Any]] = []
    for size in GRID:
        batch, time, _, hidden_size = size
        floats = batch * time * hidden_size
        if floats * 4 * 8 < 4e6:
            continue
        found = {name: sorted(peak(name, size) for _ in range(3))[1] for name in ("recurra.nn", "torch.nn")}
        point = {"size": [*size], "bytes": found, "share": found["recurra.nn"] / found["torch.nn"]}
        point["floats per T*B*H"] = {name: bytes / 4 / floats for name, bytes in found.items()}
        sys.stdout.write(f"{point}\n")
        points.append(point)
    sys.stdout.write(f"geometric mean {statistics.geometric_mean(point['share'] for point in points):.2f}\n")
    write("memory", "python -m benchmarks.memory", points)


if __name__ == "__main__":
    main()
