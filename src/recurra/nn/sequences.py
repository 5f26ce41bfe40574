"""From what a caller gives a layer to rows, through the stack, and back to the caller's shapes."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra.errors import InputError
from recurra.nn.batch import Batch, arrange
from recurra.nn.checks import check_input, check_like, check_states
from recurra.nn.choice import computed_in
from recurra.nn.outside import without_autocast
from recurra.nn.reset import Reset
from recurra.nn.stack import Direction, Stack, run_rows
from recurra.spec import Cell

__all__ = ["EveryState", "Sequences", "State", "run"]

Sequences = Tensor | PackedSequence
State = Tensor | tuple[Tensor, ...]
EveryState = dict[str, tuple[Sequences, ...]]
"""State -> for each layer its values at every step, laid out as the input."""


def run(
    stack: Stack,
    sequences: Sequences,
    initial: State | None,
    *,
    further: Mapping[str, Sequences],
    batch_first: bool,
    reset: Sequences | None = None,
) -> tuple[Sequences, tuple[Tensor, ...], EveryState]:
    """Check the arguments of a layer and run it; see `Recurrent.forward` for shapes and errors."""
    first = stack.layers[0][0]
    like = _like(first, sequences)
    check_input(sequences, name="input", features=first.sizes["input_size"], batch_first=batch_first, like=like)
    batch = arrange(sequences, batch_first=batch_first)
    if initial is None and stack.mode.training:
        _check_delays(stack.cell, len(batch.batch_sizes))
    states = _initial_states(stack, initial, batch, like)
    inputs = [batch.rows, *_further_rows(stack, further, batch, like, batch_first=batch_first)]
    dtype = computed_in(stack.mode.backend, like=like)
    found = without_autocast(
        run_rows, stack, [each.to(dtype) for each in inputs], states=states, batch_sizes=batch.batch_sizes,
        reset=None if reset is None else _reset(reset, batch, like),
    )  # fmt: skip
    by_state = zip(*found.every_state, strict=True)
    every = {
        name: tuple(batch.restore(rows) for rows in layers)
        for name, layers in zip(stack.cell.states, by_state, strict=False)
    }
    return batch.restore(found.output), tuple(batch.unsort(state) for state in found.states), every


def _check_delays(cell: Cell, steps: int) -> None:
    """Refuse to train on sequences in which a delayed state would never be read: it would be zero throughout."""
    for argument, delay in cell.written.delays.items():
        if delay.lag > steps:
            raise InputError(
                f"{cell.name} reads {delay.state} of {delay.lag} steps before ({argument}), and the longest sequence "
                f"has {steps}: expected longer sequences, a shorter delay, as in {cell.name}.delayed({{{argument!r}: "
                f"{steps}}}), or, where these go on from others, the state after those"
            )


def _like(first: Direction, sequences: object) -> Tensor:
    """Return a tensor of the layer's dtype and device: a parameter, or where a cell has none, the input."""
    rows = sequences.data if isinstance(sequences, PackedSequence) else sequences
    return next(iter(first.parameters.tensors), rows if isinstance(rows, Tensor) else torch.empty(0))


def _initial_states(stack: Stack, initial: State | None, batch: Batch, like: Tensor) -> list[Tensor]:
    """Return the initial states in the order of the rows, (layers * directions, batch, size) each."""
    sizes, count = stack.layers[0][0].sizes, sum(map(len, stack.layers))
    widths = [_number(leaf.shape[0], sizes) for leaf in stack.cell.step.states]
    if initial is None:
        return [torch.zeros(count, batch.size, width, dtype=like.dtype, device=like.device) for width in widths]
    shapes = [(count, batch.size, width) if batch.batched else (count, width) for width in widths]
    names = [f"initial state {name}" for name in stack.cell.states]
    given = check_states(initial, names=names, shapes=shapes, like=like)
    return [batch.sort(state).to(like.dtype) for state in given]


def _further_rows(
    stack: Stack, further: Mapping[str, Sequences], batch: Batch, like: Tensor, *, batch_first: bool
) -> list[Tensor]:
    """Return the cell's further inputs as rows, in its order."""
    wanted = [leaf.name for leaf in stack.cell.further_inputs]
    if set(further) != set(wanted):
        raise InputError(f"inputs: got {sorted(further)}; the cell {stack.cell.name} takes {sorted(wanted)} beside x")
    sizes = stack.layers[0][0].sizes
    rows = []
    for leaf in stack.cell.further_inputs:
        name, value, width = f"inputs[{leaf.name!r}]", further[leaf.name], _number(leaf.shape[0], sizes)
        if leaf.name in stack.cell.step.per_sequence:
            rows.append(_one_per_sequence(value, name=name, width=width, batch=batch, like=like))
        else:
            check_input(value, name=name, features=width, batch_first=batch_first, like=like)
            arranged = arrange(value, batch_first=batch_first)
            if arranged.batch_sizes != batch.batch_sizes:
                raise InputError(f"{name}: its sequences have other lengths than those of `input`")
            rows.append(arranged.rows)
    return rows


def _one_per_sequence(value: Sequences, *, name: str, width: int, batch: Batch, like: Tensor) -> Tensor:
    shape = (batch.size, width) if batch.batched else (width,)
    if not isinstance(value, Tensor) or tuple(value.shape) != shape:
        got = tuple(value.shape) if isinstance(value, Tensor) else type(value).__name__
        raise InputError(f"{name}: got {got}, expected a tensor {shape}: one row for each sequence")
    check_like(value, name=name, like=like)
    return batch.sort(value.unsqueeze(0)).reshape(batch.size, width)


def _reset(mask: Sequences, batch: Batch, like: Tensor) -> Reset:
    """Return the mask of a batch as rows; raise `InputError` unless it is one of its shape."""
    if batch.packed is not None:
        fits = isinstance(mask, PackedSequence) and torch.equal(mask.batch_sizes, batch.packed.batch_sizes)
        fits = fits and mask.data.dim() == 1
        expected = f"a PackedSequence with the lengths of the input and data of shape ({len(batch.rows)},)"
    else:
        steps = len(batch.batch_sizes)
        shape = (batch.size, steps) if batch.batch_first else (steps, batch.size)
        shape = shape if batch.batched else (steps,)
        fits = isinstance(mask, Tensor) and tuple(mask.shape) == shape
        expected = f"a tensor of shape {shape}: for each step whether the state is zero before it"
    rows = mask.data if isinstance(mask, PackedSequence) else mask
    if not fits:
        got = tuple(rows.shape) if isinstance(rows, Tensor) else type(mask).__name__
        raise InputError(f"reset: got {got}, expected {expected}")
    if rows.dtype != torch.bool or rows.device != like.device:
        raise InputError(f"reset: got {rows.dtype} on {rows.device}, expected torch.bool on {like.device}")
    if batch.packed is None:
        rows = arrange(rows.unsqueeze(-1), batch_first=batch.batch_first).rows.flatten()
    return Reset(rows, batch.batch_sizes, like.dtype)


def _number(size: str | int, sizes: Mapping[str, int]) -> int:
    return size if isinstance(size, int) else sizes[size]
