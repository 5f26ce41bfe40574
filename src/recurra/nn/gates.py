"""How torch.nn lays a recurrent layer's parameters out, in terms of a cell's equations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.cells import GRU, LSTM, Elman, ElmanReLU, ProjectedLSTM
from recurra.spec import Cell

__all__ = ["GRU_LAYOUT", "LSTM_LAYOUT", "RNN_LAYOUTS", "Layout"]


@dataclass(frozen=True)
class Layout:
    """torch.nn stacks the gates' weights on top of each other, transposed, and keeps two biases a gate.

    Attributes
    ----------
    cell : Cell
        The cell with these equations.
    gates : mapping
        Gate -> the cell's parameters for input, state and bias, in torch's order.
    state_bias : mapping
        Gate -> the parameter for its second bias, where the cell keeps two; elsewhere torch's two are added.
    projection : Cell or None
        The cell for ``proj_size > 0``.
    """

    cell: Cell
    gates: Mapping[str, tuple[str, str, str]]
    state_bias: Mapping[str, str]
    projection: Cell | None = None

    def cell_for(self, *, bias: bool, proj_size: int) -> Cell:
        """Return the cell that these options of torch.nn mean."""
        chosen = self.projection if proj_size and self.projection else self.cell
        return chosen if bias else chosen.without_biases()

    def translate(self, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return the cell's parameters from torch's ``weight_ih``, ``weight_hh``, ``bias_ih``, ... ``weight_hr``."""
        count = len(self.gates)
        found: dict[str, Tensor] = {}
        on_input, on_state = (torch.chunk(weights[name], count) for name in ("weight_ih", "weight_hh"))
        for (x_name, h_name, _), w_x, w_h in zip(self.gates.values(), on_input, on_state, strict=True):
            found |= {x_name: w_x.T, h_name: w_h.T}
        if "bias_ih" in weights:
            found |= self._biases(torch.chunk(weights["bias_ih"], count), torch.chunk(weights["bias_hh"], count))
        if "weight_hr" in weights:
            found["W_r"] = weights["weight_hr"].T
        return found

    def _biases(self, on_input: tuple[Tensor, ...], on_state: tuple[Tensor, ...]) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        for (gate, (_, _, name)), b_x, b_h in zip(self.gates.items(), on_input, on_state, strict=True):
            own = self.state_bias.get(gate)
            found |= {name: b_x, own: b_h} if own else {name: b_x + b_h}
        return found


def _gates(letters: str) -> dict[str, tuple[str, str, str]]:
    return {letter: (f"W_x{letter}", f"W_h{letter}", f"b_{letter}") for letter in letters}


LSTM_LAYOUT = Layout(LSTM, _gates("ifco"), {}, projection=ProjectedLSTM)
GRU_LAYOUT = Layout(GRU, _gates("rzn"), {"n": "b_hn"})
RNN_LAYOUTS = {
    "tanh": Layout(Elman, {"h": ("W_x", "W_h", "b")}, {}),
    "relu": Layout(ElmanReLU, {"h": ("W_x", "W_h", "b")}, {}),
}
