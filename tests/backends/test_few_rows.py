"""Runs of few rows, whose weights are read as they lie, beside torch.nn: whole tiles of rows and columns, and rests."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

import recurra.nn

SHAPES = [(1, 1), (5, 1), (8, 1), (3, 7), (4, 8), (31, 1)]
"""Sequences and steps."""


def _run(layer: nn.Module, sequences: Tensor, state: Any) -> list[Tensor]:
    """Return the output, the last state and all gradients."""
    output, last = layer(sequences, state)
    lasts = last if isinstance(last, tuple) else (last,)
    loss = output.sin().sum() + sum(each.cos().sum() for each in lasts)
    given = [sequences, *(state if isinstance(state, tuple) else (state,)), *layer.parameters()]
    return [output, *lasts, *torch.autograd.grad(loss, given)]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
@pytest.mark.parametrize(("batch", "steps"), SHAPES)
@pytest.mark.parametrize("hidden_size", [37, 260])
@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_it_is_torchs(kind: str, hidden_size: int, batch: int, steps: int, dtype: torch.dtype) -> None:
    """Output, states and gradients, of columns that fill no tile, deep and shallow ones."""
    torch.manual_seed(0)
    theirs = getattr(nn, kind)(29, hidden_size, dtype=dtype)
    ours = getattr(recurra.nn, kind)(29, hidden_size, dtype=dtype, backend="llvm")
    ours.load_state_dict(theirs.state_dict())
    sequences = torch.randn(steps, batch, 29, dtype=dtype, requires_grad=True)
    states = [torch.randn(1, batch, hidden_size, dtype=dtype, requires_grad=True) for _ in range(2)]
    state = tuple(states) if kind == "LSTM" else states[0]
    bound = 1e-10 if dtype == torch.float64 else 3e-5
    found, expected = _run(ours, sequences, state), _run(theirs, sequences, state)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other, rtol=bound, atol=bound)


@pytest.mark.parametrize("input_size", [40, 140])
def test_weight_gradients_that_are_left_to_torch(input_size: int) -> None:
    """Of a narrow and a wide operand, in the layout of the parameters."""
    torch.manual_seed(0)
    theirs, ours = nn.LSTM(input_size, 520), recurra.nn.LSTM(input_size, 520, backend="llvm")
    ours.load_state_dict(theirs.state_dict())
    sequences, state = torch.randn(1, 120, input_size, requires_grad=True), (torch.zeros(1, 120, 520),) * 2
    state = tuple(each.clone().requires_grad_() for each in state)
    for one, other in zip(_run(ours, sequences, state), _run(theirs, sequences, state), strict=True):
        torch.testing.assert_close(one, other, rtol=3e-5, atol=3e-5)
        assert one.stride() == other.stride()


def test_a_sequence_is_the_same_alone_and_in_a_tile() -> None:
    """Nothing that stands beside a row changes it: of a poisoned one, none of the others."""
    layer = recurra.nn.LSTM(16, 136, backend="llvm").eval()
    sequences = torch.randn(1, 7, 16)
    with torch.inference_mode():
        expected, _ = layer(sequences)
        sequences[:, 2] = torch.nan
        found, _ = layer(sequences)
    assert torch.isnan(found[:, 2]).all()
    others = [0, 1, 3, 4, 5, 6]
    assert torch.equal(found[:, others], expected[:, others])
