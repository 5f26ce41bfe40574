"""How torch.nn lays a recurrent layer's parameters out, in terms of a cell's equations."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.backends.strides import joined
from recurra.cells import GRU, LSTM, Elman, ElmanReLU, ProjectedLSTM
from recurra.spec import Cell

__all__ = ["GRU_LAYOUT", "LSTM_LAYOUT", "RNN_LAYOUTS", "Fused", "Layout"]

Part = tuple[int, int]
"""The number of a tensor, and of one of its equal parts."""


@dataclass(frozen=True)
class Fused:
    """A cell's parameters as parts of fewer tensors: gates upon each other, matrices transposed.

    Attributes
    ----------
    counts : tuple of int
        How many parts each tensor has.
    parts : for each parameter of the cell, in its order, the parts whose sum it is
    """

    counts: tuple[int, ...]
    parts: tuple[tuple[Part, ...], ...]

    def parameters(self, tensors: Sequence[Tensor]) -> list[Tensor]:
        """Return the cell's parameters."""
        pieces = [
            (t.T if t.dim() == 2 else t).tensor_split(count, -1) for t, count in zip(tensors, self.counts, strict=True)
        ]
        summed = ([pieces[tensor][part] for tensor, part in parts] for parts in self.parts)
        return [each[0] if len(each) == 1 else functools.reduce(torch.add, each) for each in summed]

    def gradients(self, gradients: Sequence[Tensor]) -> list[Tensor]:
        """Return the gradients of the tensors from those of the cell's parameters."""
        found: dict[Part, Tensor] = {}
        for parts, gradient in zip(self.parts, gradients, strict=True):
            found.update(dict.fromkeys(parts, gradient.T if gradient.dim() == 2 else gradient))
        groups = ([found[tensor, part] for part in range(count)] for tensor, count in enumerate(self.counts))
        return [joined(group, 0, or_copy=True) for group in groups]


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

    def names(self, *, bias: bool, proj_size: int) -> list[str]:
        """Return the names of a layer's tensors, without its number."""
        kinds = ["weight_ih", "weight_hh", *(["bias_ih", "bias_hh"] if bias else [])]
        return [*kinds, *(["weight_hr"] if proj_size else [])]

    def fused(self, *, bias: bool, proj_size: int) -> Fused:
        """Return how the cell's parameters are read from the tensors of `names`."""
        names = self.names(bias=bias, proj_size=proj_size)
        found: dict[str, list[Part]] = {"W_r": [(len(names) - 1, 0)]}
        for k, (gate, (x_name, h_name, b_name)) in enumerate(self.gates.items()):
            found |= {x_name: [(0, k)], h_name: [(1, k)], b_name: [(2, k)]}
            found.setdefault(self.state_bias.get(gate, b_name), []).append((3, k))
        counts = tuple(1 if name == "weight_hr" else len(self.gates) for name in names)
        cell = self.cell_for(bias=bias, proj_size=proj_size)
        return Fused(counts, tuple(tuple(found[parameter.name]) for parameter in cell.parameters))


def _gates(letters: str) -> dict[str, tuple[str, str, str]]:
    return {letter: (f"W_x{letter}", f"W_h{letter}", f"b_{letter}") for letter in letters}


LSTM_LAYOUT = Layout(LSTM, _gates("ifco"), {}, projection=ProjectedLSTM)
GRU_LAYOUT = Layout(GRU, _gates("rzn"), {"n": "b_hn"})
RNN_LAYOUTS = {
    "tanh": Layout(Elman, {"h": ("W_x", "W_h", "b")}, {}),
    "relu": Layout(ElmanReLU, {"h": ("W_x", "W_h", "b")}, {}),
}
