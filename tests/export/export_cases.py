"""Models that every format is checked with."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from recurra import Cell, cell, sigmoid, tanh
from recurra.cells import GRU as GRU_CELL
from recurra.cells import LSTM as LSTM_CELL
from recurra.cells import all_cells
from recurra.graph.compound import number_of
from recurra.nn import GRU, LSTM, Recurrent, Sequential
from recurra.nn.layer import Layer
from recurra.testing.cases import numbers_for
from recurra.transforms import batch_norm, layer_norm, residual

FEW = frozenset({"LSTM", "tauGRU", "mLSTM", "CfC"})
"""Cells of the default run: an operator of ONNX, delays, matrices, a further input with several functions."""


def layer_of(cell: Cell, *, input_size: int = 4, **options: Any) -> Recurrent:
    """Return a small layer of a cell, which needs nothing compiled beside what is exported."""
    torch.manual_seed(0)
    asked = {"input_size": input_size, "hidden_size": 12}
    numbers = numbers_for(cell, {name: size for name, size in asked.items() if name in cell.sizes})
    sizes = {name: number for name, number in numbers.items() if name not in ("input_size", "hidden_size")}
    width = number_of(cell.step.inputs[0].shape[0], numbers)
    return Recurrent(cell, width, numbers.get("hidden_size", 12), sizes=sizes, backend="numpy", **options)


def uncompiled(layer: Layer) -> Any:
    """Return the layer, which runs its plans as they are from now on: nothing is compiled for a few calls of it."""
    layer.backend = "numpy"
    return layer


@cell(initial={"h": "learnt", "ψ": 1.0}, sizes={"i": 2}, per_sequence=("i",))
def Begun(p, x, h, ψ, *, i):
    """Its states change places, begin with other numbers than zero, and have names that few languages have."""
    return tanh(x @ p.W + ψ @ p.U + i @ p.V), h * sigmoid(p.b)


def made_of_several() -> list[Any]:
    """Return stacks, both directions, heads behind layers, and states that begin with other numbers than zero."""
    begun = layer_of(Begun, num_layers=2)
    with torch.no_grad():
        for name, parameter in begun.named_parameters():
            if name.startswith("initial"):
                torch.nn.init.normal_(parameter)
    return [
        pytest.param(begun, id="begun"),
        pytest.param(layer_of(all_cells["MGU"], num_layers=2, bidirectional=True, batch_first=True), id="both ways"),
        pytest.param(
            Sequential(
                uncompiled(LSTM(3, 8, num_layers=2)),
                torch.nn.LayerNorm(8),
                uncompiled(GRU(8, 6)),
                torch.nn.Linear(6, 2),
            ),
            id="heads",
        ),
    ]


def some(cases: list[Any], *names: str) -> list[Any]:
    """Return cases, of which all but those named are left to the slow run."""
    marks = [() if case.id in names else pytest.mark.slow for case in cases]
    return [pytest.param(*case.values, id=case.id, marks=mark) for case, mark in zip(cases, marks, strict=True)]


def transformed() -> list[Any]:
    """Return layers of transformed cells; that with statistics has seen a batch."""
    torch.manual_seed(0)
    normalised = Recurrent(batch_norm(LSTM_CELL), 3, 6, bidirectional=True, backend="numpy")
    normalised(torch.randn(7, 5, 3))
    return [
        pytest.param(normalised.eval(), id="batch_norm"),
        pytest.param(layer_of(layer_norm(residual(GRU_CELL))), id="layer_norm"),
    ]
