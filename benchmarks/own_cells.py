"""`python -m benchmarks.own_cells`: a peephole LSTM and one with coupled gates, forward and backward.

Against the same cell as a Python loop in eager torch (the gates as one product, the input projection for all steps at
once), against our own LSTM, and, where `--jax-python` gives the Python of its environment, against the same cell as a
scan in JAX, inference too; see `benchmarks/against_jax.py`.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks import against_jax
from benchmarks.alternate import JAX, in_turn, options, renew, report
from benchmarks.grids import SIZES, both
from recurra import Cell, cell, sigmoid, tanh
from recurra.cells import LSTM, PeepholeLSTM
from recurra.nn import Recurrent


@cell
def CoupledLSTM(p, x, h, c):
    """LSTM whose forget gate is what its input gate leaves. Greff et al. (2017)."""
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.b_i)
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.b_o)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    c = (1 - i) * c + i * g
    h = o * tanh(c)
    return h, c


class Loop(nn.Module):
    """A cell as a researcher writes it: a loop over the steps, the gates as one product."""

    def __init__(self, input_size: int, hidden_size: int, gates: int, peepholes: int) -> None:
        super().__init__()
        bound = 1 / math.sqrt(hidden_size)
        self.hidden_size, self.gates = hidden_size, gates
        self.on_input = nn.Linear(input_size, gates * hidden_size)
        self.on_state = nn.Parameter(torch.empty(hidden_size, gates * hidden_size).uniform_(-bound, bound))
        self.peepholes = nn.Parameter(torch.empty(peepholes, hidden_size).uniform_(-bound, bound))

    def step(self, gates: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """Return the next h and c from the sums of the gates."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Run over (time, batch, features)."""
        h = c = x.new_zeros(x.shape[1], self.hidden_size)
        outputs = []
        for projected in self.on_input(x):
            h, c = self.step(torch.addmm(projected, h, self.on_state), c)
            outputs.append(h)
        return torch.stack(outputs), (h, c)


class PeepholeLoop(Loop):
    """`recurra.cells.PeepholeLSTM`."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size, 4, 3)

    def step(self, gates: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        i, f, g, o = gates.chunk(4, 1)
        i, f = torch.sigmoid(i + self.peepholes[0] * c), torch.sigmoid(f + self.peepholes[1] * c)
        c = f * c + i * torch.tanh(g)
        return torch.sigmoid(o + self.peepholes[2] * c) * torch.tanh(c), c


class CoupledLoop(Loop):
    """`CoupledLSTM`."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size, 3, 0)

    def step(self, gates: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        i, o, g = gates.chunk(3, 1)
        i = torch.sigmoid(i)
        c = (1 - i) * c + i * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


LOOPS: dict[Cell, Callable[[int, int], Loop]] = {PeepholeLSTM: PeepholeLoop, CoupledLSTM: CoupledLoop}


LOOP, OUR_LSTM = "a loop in eager torch", "our own LSTM"


def measure(own: Cell, threads: int, repetitions: int, against: str) -> list[dict[str, Any]]:
    """Return the grid's points for a cell, against its loop or our LSTM."""
    torch.set_num_threads(threads)
    peers = {LOOP: LOOPS[own], OUR_LSTM: functools.partial(Recurrent, LSTM)}
    points = []
    for size in SIZES:
        batch, time, *sizes = size
        x = torch.randn(time, batch, sizes[0])
        point: dict[str, Any] = {"kind": own.name, "against": against, "threads": threads, "size": [*size]}
        runs = both(Recurrent(own, *sizes), x), both(peers[against](*sizes), x)
        point["forward+backward"] = in_turn(*runs, repetitions=repetitions)
        points.append(point)
    report(f"{own.name} against {against}, {threads} threads", points)
    return points


def main() -> None:
    """Measure what was asked for, and write the raw numbers after each cell, peer and number of threads."""
    given = options(__doc__, peers=(LOOP, OUR_LSTM, JAX))
    for threads, against, own in itertools.product(given.threads, given.against, LOOPS):
        if against == JAX:
            points = against_jax.measure(
                {own.name: functools.partial(Recurrent, own)},
                python=given.jax_python, threads=threads, repetitions=given.repetitions,
            )  # fmt: skip
        else:
            points = measure(own, threads, given.repetitions, against)
        renew("own_cells", "python -m benchmarks.own_cells", points)


if __name__ == "__main__":
    main()
