"""A counter of operations sees in a kernel what it sees in the eager loop, whose products are torch's."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from recurra.cells import all_cells
from recurra.nn import LSTM, Recurrent
from recurra.nn.bridge import counted

CELLS = ("LSTM", "GRU", "Elman", "PeepholeLSTM", "MinGRU", "SRU")


def passes(layer: torch.nn.Module, x: Tensor, hx: tuple[Tensor, ...]) -> tuple[int, int]:
    """Return what a counter says of the forward and of the backward pass."""
    with FlopCounterMode(display=False) as counter:
        output, _ = layer(x, hx[0] if len(hx) == 1 else hx)
        forward = counter.get_total_flops()
        output.sum().backward()
    return forward, counter.get_total_flops() - forward


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("wants_input", [True, False])
def test_kernels_count_as_the_eager_loop(name: str, wants_input: bool) -> None:
    cell, found = all_cells[name], {}
    for backend in ("llvm", "numpy", "torch"):
        layer = Recurrent(cell, 3, 5, num_layers=2, bidirectional=True, backend=backend)
        x = torch.randn(7, 4, 3, requires_grad=wants_input)
        hx = tuple(torch.randn(4, 4, 5, requires_grad=True) for _ in cell.states)
        found[backend] = passes(layer, x, hx)
    assert found["llvm"] == found["numpy"] == found["torch"]
    assert min(found["llvm"]) > 0


def test_lstm_counts_by_hand() -> None:
    layer, x = LSTM(3, 5), torch.randn(7, 4, 3)
    with FlopCounterMode(display=False) as counter:
        layer(x)[0].sum().backward()
    rows, forward = 7 * 4, 2 * 4 * 5 * (3 + 5)
    weights, state = forward, 2 * 4 * 5 * 5  # the gradient of x is not wanted
    assert counter.get_total_flops() == rows * (forward + weights + state)
    assert set(counter.get_flop_counts()) == {"Global", "LSTM"}


def test_backward_alone_is_counted() -> None:
    layer = LSTM(3, 5)
    output = layer(torch.randn(7, 4, 3))[0]
    with FlopCounterMode(display=False) as counter:
        output.sum().backward()
    assert counter.get_total_flops() == 7 * 4 * 2 * 4 * 5 * (3 + 5 + 5)


def test_counting_changes_no_number() -> None:
    layer, x = LSTM(3, 5), torch.randn(7, 4, 3)
    with FlopCounterMode(display=False), torch.no_grad():
        counted_output = layer(x)[0]
    with torch.no_grad():
        assert torch.equal(counted_output, layer(x)[0])


def test_no_counter_no_wrapping() -> None:
    kernel = object()
    assert counted(kernel) is kernel  # pyright: ignore[reportArgumentType]
