"""What of torch may stand beside recurrent layers in a stream, as cells without a state."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor, nn

from recurra.backends.parameters import Parameters, Part
from recurra.graph.trace import Declaration, trace
from recurra.spec import Cell, mean, relu, sigmoid, softplus, sqrt, tanh

__all__ = ["HEADS", "parameters_of"]


def _cell(name: str, function: Callable[..., Any], sizes: Mapping[str, tuple[str, ...]] | None = None) -> Cell:
    said = Declaration(name, sizes or {}, scalars=(), per_sequence=(), delays={}, stateless=True)
    return Cell(name, f"torch.nn.{name} as one step.", trace(function, said), {})


@functools.cache
def _linear(bias: bool) -> Cell:
    sizes = {"W": ("input_size", "hidden_size")}
    if bias:
        return _cell("Linear", lambda p, x: ((), x @ p.W + p.b), sizes)
    return _cell("Linear", lambda p, x: ((), x @ p.W), sizes)


@functools.cache
def _layer_norm(eps: float, weight: bool, bias: bool) -> Cell:
    def layer_norm(p: Any, x: Any) -> Any:
        centred = x - mean(x)
        y = centred / sqrt(mean(centred * centred) + eps)
        y = y * p.weight if weight else y
        return (), y + p.bias if bias else y

    return _cell("LayerNorm", layer_norm)


@functools.cache
def _elementwise(name: str) -> Cell:
    functions: Mapping[str, Callable[[Any], Any]] = {
        "ReLU": relu, "Sigmoid": sigmoid, "SiLU": lambda x: x * sigmoid(x), "Softplus": softplus, "Tanh": tanh,
    }  # fmt: skip
    return _cell(name, lambda p, x: ((), functions[name](x)))


def _softplus(module: nn.Softplus) -> Cell | None:
    return _elementwise("Softplus") if module.beta == 1 else None


def _norm(module: nn.LayerNorm) -> Cell | None:
    if len(module.normalized_shape) != 1:
        return None
    return _layer_norm(module.eps, module.weight is not None, module.bias is not None)


HEADS: Mapping[type[nn.Module], Callable[[Any], Cell | None]] = {
    nn.Linear: lambda module: _linear(module.bias is not None),
    nn.LayerNorm: _norm,
    nn.Softplus: _softplus,
    **{kind: lambda module: _elementwise(type(module).__name__) for kind in (nn.ReLU, nn.Sigmoid, nn.SiLU, nn.Tanh)},
}
"""Kind of module -> its cell, or None where its options have none."""

NOTHING = (nn.Dropout, nn.Identity)
"""Modules that do nothing in evaluation."""


def parameters_of(module: nn.Module) -> Parameters:
    """Return a head's parameters; torch keeps a matrix transposed."""
    tensors: list[Tensor] = list(module.parameters(recurse=False))
    return Parameters(tensors, tuple(Part((k,), is_transposed=t.dim() == 2) for k, t in enumerate(tensors)))
