"""How torch.nn lays a recurrent layer's parameters out, in terms of a cell's equations."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from recurra.backends.parameters import ParameterPart
from recurra.cells import GRU, LSTM, Elman, ElmanReLU, ProjectedLSTM
from recurra.spec import Cell

__all__ = ["GRU_LAYOUT", "LSTM_LAYOUT", "RNN_LAYOUTS", "Layout"]


@dataclass(frozen=True, eq=False)
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

    @functools.cache  # noqa: B019  # layouts are few and live as long as the module
    def names(self, *, bias: bool, proj_size: int) -> tuple[str, ...]:
        """Return the names of a layer's tensors, without its number."""
        biases = ("bias_ih", "bias_hh") if bias else ()
        return ("weight_ih", "weight_hh", *biases, *(("weight_hr",) if proj_size else ()))

    def shapes(self, *, bias: bool, input_size: int, hidden_size: int, proj_size: int) -> tuple[tuple[int, ...], ...]:
        """Return the shapes of the tensors of `names`."""
        rows = len(self.gates) * hidden_size
        biases = ((rows,), (rows,)) if bias else ()
        projection = ((proj_size, hidden_size),) if proj_size else ()
        return ((rows, input_size), (rows, proj_size or hidden_size), *biases, *projection)

    @functools.cache  # noqa: B019
    def parts(self, *, bias: bool, proj_size: int) -> tuple[ParameterPart, ...]:
        """Return where the cell's parameters stand in the tensors of `names`."""
        last, count = len(self.names(bias=bias, proj_size=proj_size)) - 1, len(self.gates)
        found = {"W_r": ParameterPart((last,), is_transposed=True)}
        for k, (gate, (x_name, h_name, b_name)) in enumerate(self.gates.items()):
            found |= {x_name: ParameterPart((0,), k, count, True), h_name: ParameterPart((1,), k, count, True)}
            own = self.state_bias.get(gate)
            found |= {b_name: ParameterPart((2,), k, count), own: ParameterPart((3,), k, count)} if own else {
                b_name: ParameterPart((2, 3), k, count)
            }  # fmt: skip
        cell = self.cell_for(bias=bias, proj_size=proj_size)
        return tuple(found[parameter.name] for parameter in cell.parameters)


def _gates(letters: str) -> dict[str, tuple[str, str, str]]:
    return {letter: (f"W_x{letter}", f"W_h{letter}", f"b_{letter}") for letter in letters}


LSTM_LAYOUT = Layout(LSTM, _gates("ifco"), {}, projection=ProjectedLSTM)
GRU_LAYOUT = Layout(GRU, _gates("rzn"), {"n": "b_hn"})
RNN_LAYOUTS = {
    "tanh": Layout(Elman, {"h": ("W_x", "W_h", "b")}, {}),
    "relu": Layout(ElmanReLU, {"h": ("W_x", "W_h", "b")}, {}),
}
