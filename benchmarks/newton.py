"""`python -m benchmarks.newton`: what Newton's method in place of the time loop takes, counted, in float64.

For each cell, number of steps and gain (by which its matrices are multiplied): the turns until the states stay within
1e-10; the operations that wait for each other, where the loop has as many as steps; the operations in all, over those
of the loop; and how far the outputs are from the loop's. Nothing is timed.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from typing import Any

import torch

from benchmarks.alternate import write
from recurra import Cell
from recurra.backends import newton
from recurra.cells import GRU, LSTM, Elman, IndRNN, LiGRU, MinGRU
from recurra.derive.facts import forward_flops
from recurra.nn import Recurrent

CELLS = (MinGRU, IndRNN, LiGRU, GRU, LSTM, Elman)
STEPS = (256, 4096)
GAINS = (1.0, 3.0)
SIZE = 8


def measure(cell: Cell, steps: int, gain: float) -> dict[str, Any]:
    """Return what one sequence takes."""
    torch.manual_seed(0)
    loop = Recurrent(cell, SIZE, SIZE, backend="torch", dtype=torch.float64)
    solved = Recurrent(cell, SIZE, SIZE, backend="newton", dtype=torch.float64)
    with torch.no_grad():
        for parameter in loop.parameters():
            parameter.mul_(gain)
    solved.load_state_dict(loop.state_dict())
    x, found, solve = torch.randn(steps, 1, SIZE, dtype=torch.float64), [], newton.solve

    def kept(*given: Any) -> newton.Solution | None:
        found.append(solve(*given))
        return found[-1]

    newton.solve = kept
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            error = (solved(x)[0] - loop(x)[0]).abs().amax().item()
    finally:
        newton.solve = solve
    point: dict[str, Any] = {"kind": cell.name, "steps": steps, "gain": gain, "turns": None}
    if found[0] is not None:
        point |= {
            "turns": found[0].turns, "in a row": found[0].in_a_row, "work": found[0].turns * work(solved),
            "error": error,
        }  # fmt: skip
    return point


def work(layer: Recurrent) -> float:
    """Return the operations of a turn over those of the loop: F and its Jacobians, and joining the steps in pairs.

    A Jacobian has a column for each number of a block, each an evaluation of F along it, which is taken as dear as F.
    """
    sizes = layer.stack().layers[0][0].sizes
    plan = layer.plans().forward
    step = forward_flops(plan, sizes).all
    blocks, width = newton.blocks_of(plan, sizes)
    joined = blocks * (2 * width**3 + 4 * width**2)
    return ((1 + width) * step + joined) / step


def main() -> None:
    """Count, print, and write the numbers."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    points = [measure(cell, steps, gain) for cell in CELLS for steps in STEPS for gain in GAINS]
    for point in points:
        sys.stdout.write(f"{point}\n")
    write("newton", "python -m benchmarks.newton", points)


if __name__ == "__main__":
    main()
