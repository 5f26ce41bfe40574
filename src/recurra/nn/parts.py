"""What a module does at one step: its layers and heads one after the other, each a cell with its parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import nn

from recurra.backends.kernel import Stepper, compiled_kernel_of
from recurra.backends.parameters import Parameters
from recurra.derive.plan import EVALUATION
from recurra.errors import InputError
from recurra.nn.heads import HEADS, NOTHING, parameters_of
from recurra.nn.stack import Direction, Stacked, known_parameters
from recurra.nn.statistics import RunningStatistics
from recurra.spec import Cell

__all__ = ["Part", "parts_of"]


@dataclass(frozen=True)
class Part:
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
        size = self.cell.output_size
        return size if isinstance(size, int) else self.sizes[size]

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


def parts_of(module: nn.Module, width: int | None) -> Iterator[Part]:
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


def _layer_parts(module: Stacked, width: int | None) -> Iterator[Part]:
    stack = module.stack()
    if any(len(directions) > 1 for directions in stack.layers):
        raise InputError(f"{module}: a bidirectional layer reads the whole sequence, so it cannot run sample by sample")
    _check_width(module, stack.layers[0][0].sizes["input_size"], width)
    for number in range(len(stack.layers)):
        yield Part(stack.cell, lambda number=number: module.stack().layers[number][0], module)


def _head_part(module: nn.Module, width: int | None) -> Part:
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
    return Part(cell, lambda: Direction(sizes, parameters_of(module), False))


def _check_width(module: nn.Module, expected: int, width: int | None) -> None:
    if width is not None and width != expected:
        raise InputError(f"{module}: got {width} features from the module before it, expected {expected}")
