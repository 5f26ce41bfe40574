"""Cells and transforms of the LSTM as Python loops in eager torch, as a researcher writes them.

Products of the input are one for all steps; what reads a state, and elementwise operations, are left to the loop.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.own_cells import Loop

__all__ = [
    "DropoutLoop", "IndRNNLoop", "InputLoop", "LSTMLoop", "LayerNormLoop", "MinGRULoop", "QRNNLoop", "SRULoop",
    "ZoneoutLoop",
]  # fmt: skip

Run = tuple[Tensor, tuple[Tensor, Tensor]]


# the LSTM and its transforms ---------------------------------------------------------------------------------------


class LSTMLoop(Loop):
    """`recurra.cells.LSTM`."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size, 4, 0)

    def step(self, gates: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        i, f, g, o = gates.chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(self.read(c)), c

    def read(self, c: Tensor) -> Tensor:
        """Return the cell state as the output reads it."""
        return c


class LayerNormLoop(LSTMLoop):
    """`layer_norm(LSTM)`: Ba, Kiros & Hinton (2016), arXiv:1607.06450, equations 20 to 22."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size)
        self.width = (4 * hidden_size,)
        self.gains = nn.Parameter(torch.ones(2, *self.width))
        self.read_norm = nn.LayerNorm(hidden_size)

    def read(self, c: Tensor) -> Tensor:
        return self.read_norm(c)

    def forward(self, x: Tensor) -> Run:
        h = c = x.new_zeros(x.shape[1], self.hidden_size)
        outputs = []
        on_input = functional.linear(x, self.on_input.weight)
        for projected in functional.layer_norm(on_input, self.width, self.gains[0], self.on_input.bias):
            gates = projected + functional.layer_norm(h @ self.on_state, self.width, self.gains[1])
            h, c = self.step(gates, c)
            outputs.append(h)
        return torch.stack(outputs), (h, c)


class ZoneoutLoop(LSTMLoop):
    """`zoneout(LSTM, {"c": 0.5, "h": 0.05})`, in training, with the masks of all steps drawn at once."""

    rates = {"c": 0.5, "h": 0.05}  # noqa: RUF012

    def forward(self, x: Tensor) -> Run:
        h = c = x.new_zeros(x.shape[1], self.hidden_size)
        stays = {name: torch.rand(*x.shape[:2], self.hidden_size) < rate for name, rate in self.rates.items()}
        outputs = []
        for projected, h_stays, c_stays in zip(self.on_input(x), stays["h"], stays["c"], strict=True):
            new_h, new_c = self.step(torch.addmm(projected, h, self.on_state), c)
            h, c = torch.where(h_stays, h, new_h), torch.where(c_stays, c, new_c)
            outputs.append(h)
        return torch.stack(outputs), (h, c)


class DropoutLoop(LSTMLoop):
    """`recurrent_dropout(LSTM, 0.25)`, in training: one mask for all steps of a sequence."""

    rate = 0.25

    def forward(self, x: Tensor) -> Run:
        h = c = x.new_zeros(x.shape[1], self.hidden_size)
        mask = functional.dropout(torch.ones_like(h), self.rate)
        outputs = []
        for projected in self.on_input(x):
            h, c = self.step(torch.addmm(projected, h * mask, self.on_state), c)
            outputs.append(h)
        return torch.stack(outputs), (h, c)


# cells whose products read the input alone -------------------------------------------------------------------------


class InputLoop(nn.Module):
    """A cell whose products read the input alone: they are one for all steps, and the steps are elementwise.

    Parameters
    ----------
    columns : int
        Matrices that stand side by side in the product.
    vectors : int
        Vectors beside a state.
    window : int
        How many inputs the product reads.
    """

    def __init__(
        self, input_size: int, hidden_size: int, columns: int, *, vectors: int = 0, window: int = 1, bias: bool = True
    ) -> None:
        super().__init__()
        bound = 1 / math.sqrt(hidden_size)
        self.hidden_size, self.columns = hidden_size, columns
        self.on_input = nn.Linear(window * input_size, columns * hidden_size, bias=bias)
        self.vectors = nn.Parameter(torch.empty(vectors, hidden_size).uniform_(-bound, bound))

    def read(self, x: Tensor) -> Tensor:
        """Return what the product reads, (time, batch, features)."""
        return x

    def step(self, sums: tuple[Tensor, ...], state: Tensor) -> tuple[Tensor, Tensor]:
        """Return the output and the next state from the parts of the product."""
        raise NotImplementedError

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Run over (time, batch, features)."""
        state = x.new_zeros(x.shape[1], self.hidden_size)
        outputs = []
        for sums in self.on_input(self.read(x)):
            output, state = self.step(sums.chunk(self.columns, 1), state)
            outputs.append(output)
        return torch.stack(outputs), state


class MinGRULoop(InputLoop):
    """`recurra.cells.MinGRU`."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size, 2)

    def step(self, sums: tuple[Tensor, ...], state: Tensor) -> tuple[Tensor, Tensor]:
        z, new = torch.sigmoid(sums[0]), sums[1]
        h = (1 - z) * state + z * new
        return h, h


class SRULoop(InputLoop):
    """`recurra.cells.SRU`."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size, 4, vectors=2)

    def step(self, sums: tuple[Tensor, ...], state: Tensor) -> tuple[Tensor, Tensor]:
        f, r, new, shortcut = sums
        f, r = torch.sigmoid(f + self.vectors[0] * state), torch.sigmoid(r + self.vectors[1] * state)
        c = f * state + (1 - f) * new
        return r * c + (1 - r) * shortcut, c


class QRNNLoop(InputLoop):
    """`recurra.cells.QRNN`."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size, 3, window=2, bias=False)

    def read(self, x: Tensor) -> Tensor:
        return torch.cat([functional.pad(x, (0, 0, 0, 0, 1, 0))[:-1], x], 2)

    def step(self, sums: tuple[Tensor, ...], state: Tensor) -> tuple[Tensor, Tensor]:
        z, f, o = torch.tanh(sums[0]), torch.sigmoid(sums[1]), torch.sigmoid(sums[2])
        c = f * state + (1 - f) * z
        return o * c, c


class IndRNNLoop(InputLoop):
    """`recurra.cells.IndRNN`."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size, 1, vectors=1)

    def step(self, sums: tuple[Tensor, ...], state: Tensor) -> tuple[Tensor, Tensor]:
        h = torch.relu(sums[0] + self.vectors[0] * state)
        return h, h
