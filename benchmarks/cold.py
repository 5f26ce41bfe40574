"""`python -m benchmarks.cold`: a new cell's first forward and backward pass, with nothing kept on disk, and then.

Each run is a process of its own, in which torch and recurra.nn are imported already; LLVM is not started.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.alternate import write

FIRST = """
import time
import torch, recurra.nn, recurra.backends.llvm.kernel
from recurra.backends.llvm.module import Module
from recurra.cells import all_cells
cell = all_cells["PeepholeLSTM"]
layer = recurra.nn.Recurrent(cell, 32, 64)
x = torch.randn(20, 32, 32)
built = []

def timed(module, code=Module.code):
    start = time.perf_counter()
    found = code(module)
    built.append(time.perf_counter() - start)
    return found

Module.code = timed
start = time.perf_counter()
layer(x)[0].sum().backward()
print(time.perf_counter() - start, sum(built))
"""


def first(folder: str) -> tuple[float, float]:
    """Return the seconds of the first passes, and those of them for which machine code was compiled or loaded."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST], capture_output=True, text=True, check=True,
        cwd=Path(__file__).resolve().parent.parent, env={**os.environ, "RECURRA_CACHE_DIR": folder},
    )  # fmt: skip
    whole, code = map(float, done.stdout.split())
    return whole, code


def main() -> None:
    """Measure and write the numbers."""
    points: list[dict[str, Any]] = []
    for _ in range(7):
        with tempfile.TemporaryDirectory() as folder:
            for kept in (False, True):
                whole, code = first(folder)
                points.append({"code is on disk": kept, "first passes": whole, "compile or load": code})
                sys.stdout.write(f"{points[-1]}\n")
    write("cold", "python -m benchmarks.cold", points)


if __name__ == "__main__":
    main()
