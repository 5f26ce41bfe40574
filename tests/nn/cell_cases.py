"""Layers of any built-in cell, with what it needs beside an input: its own sizes and further inputs."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from cell_kinds import own_sizes
from recurra import Cell
from recurra.graph.node import width_of
from recurra.nn import Recurrent

__all__ = ["further_inputs", "layer_with", "sizes_of", "stackable_input_size"]


def sizes_of(cell: Cell, number: int) -> dict[str, int]:
    """Return this number for each size of a cell beside those of input and state."""
    return own_sizes(cell, number)


def layer_with(cell: Cell, input_size: int, hidden_size: int, **options: Any) -> Recurrent:
    """Return a float64 layer, its input as wide as its output if the cell's states need that to be stacked."""
    options = {"dtype": torch.float64, "sizes": sizes_of(cell, 2), **options}
    if options.get("num_layers", 1) > 1:
        input_size = stackable_input_size(cell, input_size, hidden_size * (1 + options.get("bidirectional", False)))
    layer = Recurrent(cell, input_size, hidden_size, **options)
    return layer.train(not cell.written.delays)  # in training a delay longer than the sequence is refused


def stackable_input_size(cell: Cell, input_size: int, output_size: int) -> int:
    """Return the input size with which layers can be stacked: the output's where a state or input follows it."""
    beside = (*cell.further_inputs, *cell.step.states)
    return output_size if any(leaf.shape == ("input_size",) for leaf in beside) else input_size


def further_inputs(layer: Recurrent, x: Tensor) -> dict[str, Tensor]:
    """Return the further inputs for an input (..., features), between 0 and 1: time gaps and masks are."""
    generator = torch.Generator().manual_seed(3)
    sizes = {"input_size": layer.input_size, "hidden_size": layer.hidden_size, **layer.sizes}
    widths = {leaf.name: width_of(leaf, sizes) for leaf in layer.cell.further_inputs}
    return {name: torch.rand(*x.shape[:-1], int(w), generator=generator).to(x.dtype) for name, w in widths.items()}
