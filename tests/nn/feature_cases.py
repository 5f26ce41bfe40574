"""Small layers that the tests of features run."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

import recurra.nn
from recurra.cells import PeepholeLSTM

MAKERS = {
    "LSTM": lambda **options: recurra.nn.LSTM(3, 4, **options),
    "GRU": lambda **options: recurra.nn.GRU(3, 4, **options),
    "Recurrent": lambda **options: recurra.nn.Recurrent(PeepholeLSTM, 3, 4, **options),
}
every_layer = pytest.mark.parametrize("kind", MAKERS)
every_backend = pytest.mark.parametrize("backend", ["torch", "numpy", "llvm"])


def make(kind: str, *, dtype: torch.dtype = torch.float64, **options: Any) -> Any:
    """Return a layer with random parameters from a fixed seed."""
    torch.manual_seed(0)
    return MAKERS[kind](dtype=dtype, **options)


def draw(*shape: int, dtype: torch.dtype = torch.float64, seed: int = 1) -> Tensor:
    """Return random numbers."""
    return torch.randn(*shape, dtype=dtype, generator=torch.Generator().manual_seed(seed))


def loss_of(layer: nn.Module, x: Tensor) -> Tensor:
    """Return a number that every output and final state has a part in."""
    output, states = layer(x)
    finals = states if isinstance(states, tuple) else (states,)
    return output.square().sum() + sum((k + 1) * state.sin().sum() for k, state in enumerate(finals))


def gradients_of(layer: nn.Module, x: Tensor) -> dict[str, Tensor]:
    """Return the gradients of the parameters that want one, by name."""
    names = [name for name, parameter in layer.named_parameters() if parameter.requires_grad]
    wanted = [parameter for parameter in layer.parameters() if parameter.requires_grad]
    return dict(zip(names, torch.autograd.grad(loss_of(layer, x), wanted), strict=True))
