"""Layers upon layers, in one direction or both: what every recurrent module of recurra runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from recurra.backends import numpy as numpy_backend
from recurra.backends import torch as eager
from recurra.backends.kernel import Call
from recurra.nn.bridge import Run, run_kernel
from recurra.nn.choice import choose
from recurra.spec import Cell

__all__ = ["Direction", "Mode", "Stack", "run_rows"]


@dataclass(frozen=True)
class Direction:
    """One direction of one layer: its sizes and its parameters in the cell's order."""

    sizes: Mapping[str, int]
    parameters: Sequence[Tensor]
    reverse: bool


@dataclass(frozen=True)
class Mode:
    """How a stack runs: the backend by name, training or evaluation, and dropout between layers."""

    backend: str
    training: bool
    dropout: float


@dataclass(frozen=True)
class Stack:
    """Layers of one cell, each with its directions, one or two."""

    cell: Cell
    layers: Sequence[Sequence[Direction]]
    mode: Mode


def run_rows(
    stack: Stack, inputs: Sequence[Tensor], *, states: Sequence[Tensor], batch_sizes: Sequence[int]
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run a stack on rows in the packed layout.

    Parameters
    ----------
    inputs : tensors (sum of batch_sizes, size)
        `x`, then the cell's further inputs, which every layer is given.
    states : for each state of the cell a tensor (layers * directions, batch, size)
    batch_sizes : sequence of int

    Returns
    -------
    output : tensor (sum of batch_sizes, directions * size of the output)
    states : for each state a tensor (layers * directions, batch, size)
    """
    rows, *further = inputs
    final: list[tuple[Tensor, ...]] = []
    for number, directions in enumerate(stack.layers):
        if number and stack.mode.dropout:
            rows = functional.dropout(rows, stack.mode.dropout, stack.mode.training)
        outputs = []
        for direction in directions:
            initial = [state[len(final)] for state in states]
            output, after = _run_direction(stack, direction, [rows, *further], initial, batch_sizes)
            outputs.append(output)
            final.append(after)
        rows = outputs[0] if len(outputs) == 1 else torch.cat(outputs, -1)
    return rows, tuple(torch.stack(each) for each in zip(*final, strict=True))


def _run_direction(
    stack: Stack,
    direction: Direction,
    inputs: Sequence[Tensor],
    states: Sequence[Tensor],
    batch_sizes: Sequence[int],
) -> tuple[Tensor, tuple[Tensor, ...]]:
    plans = stack.cell.plans(training=stack.mode.training)
    known = dict(zip(stack.cell.step.parameters, direction.parameters, strict=True))
    if plans.forward.prelude.leaves:
        known = eager.prelude(plans.forward.prelude, known, dict(direction.sizes))
    parameters = [known[leaf] for leaf in plans.forward.step.parameters]
    seed = int(torch.randint(2**31 - 1, ())) if plans.forward.step.noises else 0
    call = Call(direction.sizes, parameters, inputs, states, batch_sizes, direction.reverse, seed)
    if choose(stack.mode.backend, like=states[0]).backend == "torch":
        result = eager.run(plans.forward, call)
        return result.output, result.states
    output, *after = run_kernel(Run(numpy_backend.compile(plans), plans.forward, call))
    return output, tuple(after)
