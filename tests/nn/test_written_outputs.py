"""What a layer hands out may be written to, as what torch.nn's layers hand out: no tape lies in that memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from own_cells import Passed
from torch import Tensor, nn

import recurra.nn as ours
from recurra import cell, tanh
from recurra.cells import GRU, SRU, Elman, IndRNN


@cell(sizes={"V": ("hidden_size", 2)})
def Squashed(p, x, h):
    """An output of which torch keeps the value."""
    h = tanh(x @ p.W + h @ p.U + p.b)
    return (h,), tanh(h @ p.V)


@cell(sizes={"before": "input_size"})
def Before(p, x, h, before):
    """A state that is the last step's input."""
    return tanh(x @ p.W + before @ p.V + h @ p.U), x


class EveryState(nn.Module):
    """A layer that gives every state."""

    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> Any:
        """Return outputs, last states and every state."""
        return self.layer(x, return_states=True)


LAYERS: dict[str, Callable[..., Any]] = {
    "RNN": lambda **o: ours.RNN(3, 4, **o),
    "RNN, relu": lambda **o: ours.RNN(3, 4, nonlinearity="relu", **o),
    "RNN, two layers": lambda **o: ours.RNN(3, 4, 2, **o),
    "RNN, both ways": lambda **o: ours.RNN(3, 4, 2, bidirectional=True, **o),
    "LSTM": lambda **o: ours.LSTM(3, 4, **o),
    "LSTM, projected": lambda **o: ours.LSTM(3, 4, 2, proj_size=2, **o),
    "GRU": lambda **o: ours.GRU(3, 4, **o),
    **{
        f"Recurrent, {cell.name}": lambda cell=cell, **o: ours.Recurrent(cell, 3, 4, **o)
        for cell in (Elman, IndRNN, GRU, SRU)
    },
    "Recurrent, output after the loop": lambda **o: ours.Recurrent(Squashed, 3, 4, num_layers=2, **o),
    "Recurrent, state before the loop": lambda **o: ours.Recurrent(Passed, 3, 4, num_layers=2, **o),
    "Recurrent, state that is the input": lambda **o: ours.Recurrent(Before, 3, 4, **o),
    "RNN, every state": lambda **o: EveryState(ours.RNN(3, 4, 2, **o)),
    "LSTM, every state": lambda **o: EveryState(ours.LSTM(3, 4, 2, bidirectional=True, **o)),
    "Recurrent, every state": lambda **o: EveryState(ours.Recurrent(Before, 3, 4, **o)),
}
OPERATIONS: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor], Tensor]]] = {
    "relu_": (torch.relu, torch.relu_),
    "mul_": (lambda t: t * 2, lambda t: t.mul_(2)),
    "add_": (lambda t: t + 1, lambda t: t.add_(1)),
}
PLACES = "output", "states", "both"
every_layer = pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS.keys())


def tensors_of(given: Any) -> list[Tensor]:
    if isinstance(given, Tensor):
        return [given]
    return [tensor for each in (given.values() if isinstance(given, dict) else given) for tensor in tensors_of(each)]


def chosen(results: Any, place: str) -> list[bool]:
    """Return, for each tensor of a layer's results, whether an operation is applied to it."""
    output, *others = results
    others = tensors_of(others)
    return [*(place != "states" for _ in tensors_of(output)), *(place != "output" for _ in others)]


def loss_of(tensors: list[Tensor]) -> Tensor:
    parts = [(t.double() * torch.linspace(-1, 2, t.numel(), dtype=torch.float64).view(t.shape)).sum() for t in tensors]
    return torch.stack(parts).sum()


def gradients(layer: nn.Module, x: Tensor, place: str, operation: Callable[[Tensor], Tensor]) -> tuple[Tensor, ...]:
    results = layer(x)
    asked = zip(tensors_of(results), chosen(results, place), strict=True)
    loss = loss_of([operation(tensor) if is_chosen else tensor for tensor, is_chosen in asked])
    return loss.detach(), *torch.autograd.grad(loss, [x, *layer.parameters()])


@every_layer
@pytest.mark.parametrize("backend", ["auto", "torch", "numpy"])
@pytest.mark.parametrize("steps", [1, 5])
def test_a_backward_pass_after_writing_to_what_was_handed_out(make, backend: str, steps: int) -> None:
    layer = make(backend=backend)
    x = torch.randn(steps, 2, 3, requires_grad=True)
    for place in PLACES:
        for apart, in_place in OPERATIONS.values():
            expected = gradients(layer, x, place, apart)
            torch.testing.assert_close(gradients(layer, x, place, in_place), expected)


@every_layer
@pytest.mark.parametrize("backend", ["auto", "numpy"])
def test_a_pullback_after_writing_to_what_was_handed_out(make, backend: str) -> None:
    """`torch.func` keeps no versions: it would not notice."""
    layer, x = make(backend=backend), torch.randn(5, 2, 3)
    results, pullback = torch.func.vjp(lambda v: tuple(tensors_of(layer(v))), x)
    cotangents = tuple(torch.ones_like(each) for each in results)
    (expected,) = pullback(cotangents)
    for each in results:
        each.zero_()
    torch.testing.assert_close(pullback(cotangents)[0], expected)


@every_layer
@pytest.mark.parametrize("backend", ["auto", "torch", "numpy"])
@pytest.mark.parametrize("mode", [torch.enable_grad, torch.no_grad])
def test_nothing_else_changes_with_what_was_handed_out(make, backend: str, mode) -> None:
    """Neither the input nor the other results: each lies in memory of its own."""
    layer = make(backend=backend)
    for steps in (1, 5):
        x = torch.randn(steps, 2, 3)
        before = x.clone()
        with mode():
            count = len(tensors_of(layer(x)))
            for number in range(count):
                results = tensors_of(layer(x))
                kept = [each.detach().clone() for each in results]
                results[number].add_(1)
                for other, value in zip(results, kept, strict=True):
                    assert other is results[number] or torch.equal(other, value)
                assert torch.equal(x, before)


def test_the_states_given_stay_as_they_are_where_no_step_is_kept() -> None:
    layer, given = ours.RNN(3, 4), torch.randn(1, 2, 4)
    _, found = layer(torch.randn(5, 2, 3), given, mask=torch.zeros(5, 2, dtype=torch.bool))
    assert torch.equal(found, given)
    before = given.clone()
    with torch.no_grad():
        found.zero_()
    assert torch.equal(given, before)
