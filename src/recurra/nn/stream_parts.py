"""What a stream runs at a step: layers of a stack, and heads of torch.nn said as cells."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.prune import BasePruningMethod
from torch.nn.utils.spectral_norm import SpectralNorm
from torch.nn.utils.weight_norm import WeightNorm

from recurra.backends.kernel import Stepper, compiled_kernel_of
from recurra.backends.parameters import Parameters, Part
from recurra.derive.plan import EVALUATION
from recurra.errors import InputError
from recurra.graph.node import number_of
from recurra.graph.trace import Declaration, trace
from recurra.nn.checks import check_parameters
from recurra.nn.stack import Direction, Stacked, known_parameters
from recurra.nn.statistics import RunningStatistics
from recurra.spec import Cell, mean, relu, sigmoid, softplus, sqrt, tanh

__all__ = ["HEADS", "NOTHING", "StreamPart", "compute_weights", "parameters_of", "parts_of"]


def compute_weights(module: nn.Module) -> None:
    """Compute weights that pruning and the older normalisations compute before a forward pass, in hooks."""
    for part in module.modules():
        for hook in part._forward_pre_hooks.values():
            if isinstance(hook, (BasePruningMethod, WeightNorm, SpectralNorm)):
                hook(part, None)


@dataclass(frozen=True)
class StreamPart:
    """A layer of a stack, or a head: its cell, and its sizes and parameters as they are now."""

    cell: Cell
    direction: Callable[[], Direction]
    layer: Stacked | None = None

    @property
    def sizes(self) -> dict[str, int]:
        """The sizes by name."""
        return dict(self.direction().sizes)

    @property
    def output_size(self) -> int:
        """The number of features that it puts out."""
        return number_of(self.cell.output_size, self.sizes)

    def parameters(self) -> Parameters:
        """Return the parameters as they are now."""
        return known_parameters(self.cell, self.cell.plans(EVALUATION), self.direction())

    @property
    def statistics(self) -> RunningStatistics | None:
        """The running statistics as they are now, if the cell has any."""
        return self.direction().statistics

    def stepper(self, batch: int, dtype: torch.dtype) -> Stepper:
        """Return what runs one step of it."""
        kernel = compiled_kernel_of(self.cell.plans(EVALUATION), "llvm")
        return kernel.stepper(self.sizes, self.parameters().parts, batch=batch, dtype=dtype)


def parts_of(module: nn.Module, width: int | None) -> Iterator[StreamPart]:
    """Yield what a module does at a step, given the number of features that it gets."""
    if isinstance(module, NOTHING):
        return
    if isinstance(module, Stacked):
        yield from _layer_parts(module, width)
    elif isinstance(module, nn.Sequential):
        for child in module:
            for part in parts_of(child, width):
                width = part.output_size
                yield part
    else:
        yield _head_part(module, width)


def _layer_parts(module: Stacked, width: int | None) -> Iterator[StreamPart]:
    stack = module.stack()
    if any(len(directions) > 1 for directions in stack.layers):
        raise InputError(f"{module}: a bidirectional layer reads the whole sequence, so it cannot run sample by sample")
    _check_width(module, stack.layers[0][0].sizes["input_size"], width)
    for number in range(len(stack.layers)):
        yield StreamPart(stack.cell, lambda number=number: module.stack().layers[number][0], module)


def _head_part(module: nn.Module, width: int | None) -> StreamPart:
    cell = HEADS[type(module)](module) if type(module) in HEADS else None
    if cell is None:
        known = [kind.__name__ for kind in (*HEADS, *NOTHING)]
        raise InputError(
            f"{module}: a stream runs recurra's recurrent layers and torch's {known} with their usual options"
        )
    if width is None:
        raise InputError(f"{module}: a stream begins with a recurrent layer")
    sizes = {"input_size": width}
    if isinstance(module, nn.Linear):
        _check_width(module, module.in_features, width)
        sizes["hidden_size"] = module.out_features
    elif isinstance(module, nn.LayerNorm):
        _check_width(module, module.normalized_shape[0], width)
    return StreamPart(cell, lambda: Direction(sizes, parameters_of(module), False))


def _check_width(module: nn.Module, expected: int, width: int | None) -> None:
    if width is not None and width != expected:
        raise InputError(f"{module}: got {width} features from the module before it, expected {expected}")


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
    return Parameters(tensors, tuple(Part((k,), is_transposed=t.dim() == 2) for k, t in enumerate(tensors)))
