"""`python -m benchmarks.own_cells`: a peephole LSTM and one with coupled gates, forward and backward.

Against the same cell as a Python loop in eager torch (the gates as one product, the input projection for all steps at
once), and against our own LSTM.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.alternate import in_turn, options, report, write
from benchmarks.layers import GRID, both
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


def measure(threads: int, repetitions: int) -> list[dict[str, Any]]:
    """Return the grid's points for both cells and both peers."""
    torch.set_num_threads(threads)
    found: list[dict[str, Any]] = []
    for own, loop in LOOPS.items():
        against: dict[str, list[dict[str, Any]]] = {"a loop in eager torch": [], "our own LSTM": []}
        for batch, time, input_size, hidden_size in GRID:
            x = torch.randn(time, batch, input_size)
            ours = both(Recurrent(own, input_size, hidden_size), x)
            peers = (loop(input_size, hidden_size), Recurrent(LSTM, input_size, hidden_size))
            for name, peer in zip(against, peers, strict=True):
                point: dict[str, Any] = {"kind": own.name, "against": name, "threads": threads}
                point["size"] = [batch, time, input_size, hidden_size]
                point["forward+backward"] = in_turn(ours, both(peer, x), repetitions=repetitions)
                against[name].append(point)
        for name, points in against.items():
            report(f"{own.name} against {name}, {threads} threads", points)
            found += points
    return found


def main() -> None:
    """Measure and write the raw numbers."""
    given = options(__doc__)
    write(
        "own_cells", "python -m benchmarks.own_cells", [p for t in given.threads for p in measure(t, given.repetitions)]
    )


if __name__ == "__main__":
    main()
