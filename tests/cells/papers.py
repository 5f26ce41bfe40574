"""What a paper says of a cell: its equations in torch, a plain loop over one sequence, and its number of parameters.

A statement is written from the paper, not from the cell. It is a function named as the cell: it takes the parameters
as in a paper, where a matrix stands to the left of a column, a sequence x (steps, input_size) and the further inputs
by name, and returns the output of each step. One entry is all that a new cell needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, sigmoid, tanh

__all__ = ["OWN", "STATEMENTS", "H", "I", "Matrices", "Statement", "gated_memory", "paper", "square", "zeros"]

I, H, OWN = 3, 5, 4  # the sizes of input and state, and any of a cell's own  # noqa: E741
Matrices = Mapping[str, Tensor]


@dataclass(frozen=True)
class Statement:
    """The outputs of a sequence; the number of parameters by the sizes of input, state, and what is a cell's own."""

    outputs: Callable[..., list[Tensor]]
    parameters: Callable[[int, int, int], int]


STATEMENTS: dict[str, Statement] = {}


def paper(parameters: Callable[[int, int, int], int]) -> Callable[[Callable[..., list[Tensor]]], Statement]:
    """Enter a statement, under the name of its function."""

    def enter(function: Callable[..., list[Tensor]]) -> Statement:
        return STATEMENTS.setdefault(function.__name__, Statement(function, parameters))

    return enter


def square(i: int, h: int) -> int:
    """Return the number of parameters of one gate: a matrix on the input, one on the state, a bias."""
    return i * h + h * h + h


def zeros(size: int) -> Tensor:
    return torch.zeros(size, dtype=torch.float64)


def gated_memory(i: Tensor, f: Tensor, o: Tensor, g: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """Return an LSTM's output and memory, from what its four activations are applied to."""
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    return sigmoid(o) * tanh(c), c
