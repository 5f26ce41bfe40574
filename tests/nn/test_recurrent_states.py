"""`return_states=True`: every state at every step, in the layout of the input, with gradients."""

from __future__ import annotations

import pytest
import torch
from cell_cases import further_inputs, layer_with
from own_cells import Delayed, Readout
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from cell_kinds import CELL_OF_EACH_KIND
from recurra import Cell
from recurra.cells import all_cells
from recurra.derive.plan import Variant
from recurra.nn import Recurrent

X = torch.randn(6, 3, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
every_backend = pytest.mark.parametrize("backend", ["torch", "numpy", "llvm"])
every_kind = pytest.mark.parametrize("cell", [*CELL_OF_EACH_KIND.values(), Readout, Delayed], ids=lambda c: c.name)


def layer_of(cell: Cell, **options: object) -> Recurrent:
    torch.manual_seed(0)
    return layer_with(cell, 4, 5, **options)


def case_of(cell: Cell, **options: object) -> tuple[Recurrent, torch.Tensor, dict[str, torch.Tensor]]:
    """Return a layer, an input longer than any delay, and its further inputs."""
    layer = layer_of(cell, **options)
    x = torch.randn(8, 3, layer.input_size, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    return layer, x, further_inputs(layer, x)


def finals_of(states: torch.Tensor | tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
    return states if isinstance(states, tuple) else (states,)


@every_backend
@every_kind
def test_they_are_the_final_states_of_every_beginning(cell: Cell, backend: str) -> None:
    """The state after t steps is the final state of the first t steps; the rest of the call is as without."""
    layer, x, further = case_of(cell, num_layers=2, backend=backend)
    plain_output, plain_states = layer(x, inputs=further)
    output, states, every = layer(x, inputs=further, return_states=True)
    torch.testing.assert_close(output, plain_output)
    torch.testing.assert_close(states, plain_states)
    assert list(every) == list(cell.states)
    for t in range(1, len(x) + 1):
        finals = finals_of(layer(x[:t], inputs={name: value[:t] for name, value in further.items()})[1])
        for final, layers in zip(finals, every.values(), strict=True):
            torch.testing.assert_close(torch.stack([history[t - 1] for history in layers]), final)


@every_kind
def test_gradients_flow_through_them(cell: Cell) -> None:
    """A loss on all states of all layers: both backends find the same gradients, and they are not zero."""
    found = []
    for backend in ("torch", "numpy", "llvm"):
        layer, x, further = case_of(cell, num_layers=2, bidirectional=True, backend=backend)
        generator = torch.Generator().manual_seed(1)
        with (
            torch.no_grad()
        ):  # where weights or a state begin with zeros, what they are multiplied with gets no gradient
            for parameter in layer.parameters():
                parameter += 0.1 * torch.rand(parameter.shape, generator=generator)
        begun = tuple(s + torch.rand(s.shape, generator=generator) for s in finals_of(layer.initial_state(batch=3)))
        output, _, every = layer(x, begun if len(begun) > 1 else begun[0], inputs=further, return_states=True)
        parts = [output.sum(), *((k + 1) * s.sin().sum() for layers in every.values() for k, s in enumerate(layers))]
        found.append(torch.autograd.grad(torch.stack(parts).sum(), list(layer.parameters())))
    for a, *others in zip(*found, strict=True):
        assert all(torch.allclose(a, b) for b in others)
    assert all(gradient.abs().sum() > 0 for gradient in found[0])


@every_backend
@every_kind
def test_in_both_directions(cell: Cell, backend: str) -> None:
    """The directions lie side by side; the backward one ends at the first step."""
    layer, x, further = case_of(cell, bidirectional=True, backend=backend)
    _, states, every = layer(x, inputs=further, return_states=True)
    for final, (history,) in zip(finals_of(states), every.values(), strict=True):
        forward, backward = history.chunk(2, -1)
        torch.testing.assert_close(forward[-1], final[0])
        torch.testing.assert_close(backward[0], final[1])


@every_backend
def test_in_the_layout_of_the_input(backend: str) -> None:
    cell = all_cells["LSTM"]
    every = layer_of(cell, backend=backend)(X, return_states=True)[2]
    turned = layer_of(cell, batch_first=True, backend=backend)(X.transpose(0, 1), return_states=True)[2]
    alone = layer_of(cell, backend=backend)(X[:, 1], return_states=True)[2]
    lengths = torch.tensor([2, 6, 3])
    packed = layer_of(cell, backend=backend)(
        pack_padded_sequence(X, lengths, enforce_sorted=False), return_states=True
    )[2]
    for name in ("h", "c"):
        torch.testing.assert_close(turned[name][0].transpose(0, 1), every[name][0])
        torch.testing.assert_close(alone[name][0], every[name][0][:, 1])
        assert isinstance(packed[name][0], PackedSequence)
        padded, _ = pad_packed_sequence(packed[name][0])
        for k, length in enumerate(lengths.tolist()):
            torch.testing.assert_close(padded[:length, k], every[name][0][:length, k])


def test_plans_with_states_out_are_derived_once() -> None:
    cell = all_cells["LSTM"]
    assert cell.plans(Variant(return_states=True)) is cell.plans(Variant(return_states=True))
    assert len(cell.plans(Variant(return_states=True)).forward.step.outputs) == 2
    assert len(cell.plans().forward.step.outputs) == 1
