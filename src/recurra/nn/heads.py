"""What of torch may stand beside recurrent layers in a stream, as cells without a state."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor, nn

from recurra.backends.parameters import ParameterPart, Parameters
from recurra.graph.trace import Declaration, trace
from recurra.nn.checks import check_parameters
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


_ELEMENTWISE: Mapping[type[nn.Module], Callable[[Any], Any]] = {
    nn.ReLU: relu, nn.Sigmoid: sigmoid, nn.SiLU: lambda x: x * sigmoid(x), nn.Softplus: softplus, nn.Tanh: tanh,
}  # fmt: skip


@functools.cache
def _elementwise(kind: type[nn.Module]) -> Cell:
    return _cell(kind.__name__, lambda p, x: ((), _ELEMENTWISE[kind](x)))


def _softplus(module: nn.Softplus) -> Cell | None:
    return _elementwise(nn.Softplus) if module.beta == 1 else None


def _norm(module: nn.LayerNorm) -> Cell | None:
    if len(module.normalized_shape) != 1:
        return None
    return _layer_norm(module.eps, module.weight is not None, module.bias is not None)


HEADS: Mapping[type[nn.Module], Callable[[Any], Cell | None]] = {
    nn.Linear: lambda module: _linear(module.bias is not None),
    nn.LayerNorm: _norm,
    **{kind: lambda module: _elementwise(type(module)) for kind in _ELEMENTWISE},
    nn.Softplus: _softplus,
}
"""Kind of module -> its cell, or None where its options have none."""

NOTHING = (nn.Dropout, nn.Identity)
"""Modules that do nothing in evaluation."""


def parameters_of(module: nn.Module) -> Parameters:
    """Return a head's parameters, once their shapes are those of its options; torch keeps a matrix transposed."""
    names: list[str] = [name for name, _ in module.named_parameters(recurse=False)]
    tensors: list[Tensor] = list(module.parameters(recurse=False))
    if isinstance(module, nn.Linear):
        matrix, vector = (module.out_features, module.in_features), (module.out_features,)
        check_parameters(tensors, names=names, shapes=(matrix, vector)[: len(names)])
    elif isinstance(module, nn.LayerNorm):
        check_parameters(tensors, names=names, shapes=(tuple(module.normalized_shape),) * len(names))
    return Parameters(tensors, tuple(ParameterPart((k,), is_transposed=t.dim() == 2) for k, t in enumerate(tensors)))
