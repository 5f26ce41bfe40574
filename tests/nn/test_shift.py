"""States that are an input of the step before: run as inputs, they give what they give as states."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from recurra import Cell, cell, sigmoid, tanh
from recurra.cells import LSTM, QRNN, TGRU, all_cells
from recurra.derive.plan import Variant
from recurra.graph.step import Shift
from recurra.nn import Recurrent

LENGTHS = [6, 2, 4, 1, 3]


@cell(sizes={"one": "input_size", "two": "input_size"})
def ThreeSteps(p, x, h, one, two):
    """A state, and the inputs of the last two steps."""
    h = tanh(x @ p.W + one @ p.V1 + two @ p.V2 + h @ p.U + p.b)
    return h, x, one


@cell(sizes={"before": "input_size", "b": "hidden_size"})
def OnlyBefore(p, x, before):
    """No other state: this one stays."""
    return (x,), sigmoid(x @ p.W + before @ p.V + p.b)


def test_which_states_are_inputs_of_the_step_before() -> None:
    assert {name for name, cell in all_cells.items() if cell.shifts} == {"QRNN", "RWKV4", "TGRU", "TLSTM"}
    assert QRNN.shifts == (Shift(1, 0),)
    assert ThreeSteps.shifts == (Shift(1, 0), Shift(2, 1))
    assert OnlyBefore.shifts == ()
    assert LSTM.plans(Variant(shifted=True)) is LSTM.plans()


def test_products_with_them_leave_the_loop() -> None:
    plans = QRNN.plans(Variant(shifted=True))
    assert [leaf.name for leaf in plans.forward.step.states] == ["c"]
    assert not any(stage.products for stage in plans.forward.loop.stages)
    assert not any(stage.products for stage in plans.backward.loop.stages)
    assert any(stage.products for stage in QRNN.plans().forward.loop.stages)


def results(layer: Recurrent, lengths: list[int] | None, *, return_states: bool) -> list[Tensor]:
    """Output, final states, and the gradients of input, initial states and parameters."""
    torch.manual_seed(3)
    x = torch.randn(6, len(LENGTHS), layer.input_size, dtype=torch.float64, requires_grad=True)
    given = x if lengths is None else pack_padded_sequence(x, lengths, enforce_sorted=False)
    directions = 1 + layer.bidirectional
    widths = [layer.input_size if node.shape[0] == "input_size" else 4 for node in layer.cell.step.states]
    initial = [torch.randn(directions, len(LENGTHS), width, dtype=torch.float64).requires_grad_() for width in widths]
    output, finals, *_ = layer(given, tuple(initial), return_states=return_states)
    finals = finals if isinstance(finals, tuple) else (finals,)
    rows = output.data if isinstance(output, PackedSequence) else output
    loss = rows.square().sum() + sum((k + 1) * final.exp().sum() for k, final in enumerate(finals))
    sources = [x, *initial, *layer.parameters()]
    return [rows, *finals, *torch.autograd.grad(loss, sources)]


@pytest.mark.parametrize("backend", ["llvm", "torch", "numpy"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["even", "ragged"])
@pytest.mark.parametrize("chosen", [QRNN, TGRU, ThreeSteps, OnlyBefore], ids=lambda cell: cell.name)
def test_they_give_what_they_give_as_states(
    chosen: Cell, lengths: list[int] | None, bidirectional: bool, backend: str
) -> None:
    """With every state returned they are states."""
    layer = Recurrent(chosen, 3, 4, bidirectional=bidirectional, dtype=torch.float64, backend=backend)
    found, expected = (results(layer, lengths, return_states=every) for every in (False, True))
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-12)


def test_a_state_goes_on_from_piece_to_piece() -> None:
    layer, x = Recurrent(ThreeSteps, 3, 4), torch.randn(7, 2, 3)
    whole, finals = layer(x)
    first, between = layer(x[:3])
    second, after = layer(x[3:], between)
    torch.testing.assert_close(torch.cat((first, second)), whole)
    for ours, theirs in zip(after, finals, strict=True):
        torch.testing.assert_close(ours, theirs)
    torch.testing.assert_close(finals[2][0], x[5])


@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_state_is_no_part_of_the_input(bidirectional: bool) -> None:
    """Who reads the next piece into the same memory does not change it."""
    layer, x = Recurrent(QRNN, 3, 4, bidirectional=bidirectional), torch.randn(5, 2, 3)
    last = torch.stack([x[-1], x[0]][: 1 + bidirectional])
    _, (_, previous) = layer(x)
    x.zero_()
    torch.testing.assert_close(previous, last)
