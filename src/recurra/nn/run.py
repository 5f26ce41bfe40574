"""From what a caller gives a layer to rows, through the stack, and back to the caller's shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra.errors import InputError
from recurra.nn.batch import Batch, Kept, Reset, arrange
from recurra.nn.checks import check_input, check_like, check_states
from recurra.nn.choice import computed_in
from recurra.nn.guards import without_autocast
from recurra.nn.stack import Direction, Run, Stack, run_rows
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
    mask: Sequences | None = None,
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
    resets = None if reset is None else _flags(reset, "reset", batch, like)
    rows = [each.to(dtype) for each in inputs]
    if mask is not None:
        kept = Kept.of(_flags(mask, "mask", batch, like), batch.batch_sizes)
        found = _run_kept(stack, rows, states, kept, resets, like.dtype)
    else:
        given = None if resets is None else Reset(resets, batch.batch_sizes, like.dtype)
        found = without_autocast(run_rows, stack, rows, states=states, batch_sizes=batch.batch_sizes, reset=given)
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
            arranged = arrange(value, batch_first=batch_first, name=name)
            if arranged.batch_sizes != batch.batch_sizes:
                raise InputError(f"{name}: its sequences have other lengths than those of `input`")
            _check_order(value, name, batch)
            rows.append(arranged.rows)
    return rows


def _check_order(value: object, name: str, batch: Batch) -> None:
    """Refuse rows that are packed in another order than those of the batch: they would go to other sequences."""
    if isinstance(value, PackedSequence) and not batch.is_ordered_as(value):
        raise InputError(
            f"{name}: its sequences are packed in another order than those of `input`; expected the same order, with "
            "the same lengths"
        )


def _one_per_sequence(value: Sequences, *, name: str, width: int, batch: Batch, like: Tensor) -> Tensor:
    shape = (batch.size, width) if batch.batched else (width,)
    if not isinstance(value, Tensor) or tuple(value.shape) != shape:
        got = tuple(value.shape) if isinstance(value, Tensor) else type(value).__name__
        raise InputError(f"{name}: got {got}, expected a tensor {shape}: one row for each sequence")
    check_like(value, name=name, like=like)
    return batch.sort(value.unsqueeze(0)).reshape(batch.size, width)


def _run_kept(
    stack: Stack,
    rows: Sequence[Tensor],
    states: Sequence[Tensor],
    kept: Kept,
    resets: Tensor | None,
    dtype: torch.dtype,
) -> Run:
    """Run the steps that a mask keeps; the others leave the state as it is, and put out zeros."""
    if not len(kept.rows):
        return _nothing_kept(stack, rows[0], states, resets, kept)
    names = ["x", *(leaf.name for leaf in stack.cell.further_inputs)]
    inputs = [
        each.index_select(0, kept.sequences) if name in stack.cell.step.per_sequence else kept.select(each)
        for name, each in zip(names, rows, strict=True)
    ]
    anew, ends, initial = None, None, states
    if resets is not None:
        anew, *ends = kept.resets(resets)  # and which sequences are reset ahead, and behind
        initial = _zeroed(stack, initial, ends[1], reverse=True)
    found = without_autocast(
        run_rows, stack, inputs, states=[state.index_select(1, kept.sequences) for state in initial],
        batch_sizes=kept.batch_sizes, reset=None if anew is None else Reset(anew, kept.batch_sizes, dtype),
    )  # fmt: skip
    after = [kept.states(before, state) for before, state in zip(initial, found.states, strict=True)]
    if ends is not None:
        after = _zeroed(stack, _zeroed(stack, after, ends[1], reverse=False), ends[0], reverse=True)
    every = tuple(tuple(map(kept.restore, layer)) for layer in found.every_state)
    return Run(kept.restore(found.output), tuple(after), every)


def _nothing_kept(stack: Stack, rows: Tensor, states: Sequence[Tensor], resets: Tensor | None, kept: Kept) -> Run:
    """Return what a batch gives of which no step is kept."""
    directions = stack.layers[0]
    width = _number(stack.cell.output_size, directions[0].sizes) * len(directions)
    after = [state.clone() for state in states]  # those given are the caller's
    if resets is not None:
        _, _, is_reset = kept.resets(resets)
        after = _zeroed(stack, after, is_reset, reverse=False)
        _, _, is_reset = kept.resets(resets & (torch.arange(len(resets), device=resets.device) >= kept.size))
        after = _zeroed(stack, after, is_reset, reverse=True)
    every = tuple(
        tuple(rows.new_zeros(len(rows), state.shape[-1] * len(directions)) for state in states)
        for _ in stack.layers if stack.mode.return_states
    )  # fmt: skip
    return Run(rows.new_zeros(len(rows), width), tuple(after), every)


def _zeroed(stack: Stack, states: Sequence[Tensor], which: Tensor, *, reverse: bool) -> list[Tensor]:
    """Set states (layers, batch, size) of some sequences to zero, in those directions that run this way."""
    here = torch.tensor([each.reverse == reverse for layer in stack.layers for each in layer], device=which.device)
    return [state.masked_fill(here[:, None, None] & which[:, None], 0) for state in states]


_FLAGS = {"reset": "for each step whether the state is zero before it", "mask": "for each step whether it is run"}


def _flags(flags: Sequences, name: str, batch: Batch, like: Tensor) -> Tensor:
    """Return what says yes or no for each step as rows; raise `InputError` unless it is one of the batch's shape."""
    if batch.packed is not None:
        fits = isinstance(flags, PackedSequence) and torch.equal(flags.batch_sizes, batch.packed.batch_sizes)
        fits = fits and flags.data.dim() == 1
        expected = f"a PackedSequence with the lengths of the input and data of shape ({len(batch.rows)},)"
    else:
        steps = len(batch.batch_sizes)
        shape = (batch.size, steps) if batch.batch_first else (steps, batch.size)
        shape = shape if batch.batched else (steps,)
        fits = isinstance(flags, Tensor) and tuple(flags.shape) == shape
        expected = f"a tensor of shape {shape}: {_FLAGS[name]}"
    rows = flags.data if isinstance(flags, PackedSequence) else flags
    if not fits:
        got = tuple(rows.shape) if isinstance(rows, Tensor) else type(flags).__name__
        raise InputError(f"{name}: got {got}, expected {expected}")
    if rows.dtype != torch.bool or rows.device != like.device:
        raise InputError(f"{name}: got {rows.dtype} on {rows.device}, expected torch.bool on {like.device}")
    _check_order(flags, name, batch)
    if batch.packed is None:
        rows = arrange(rows.unsqueeze(-1), batch_first=batch.batch_first).rows.flatten()
    return rows


def _number(size: str | int, sizes: Mapping[str, int]) -> int:
    return size if isinstance(size, int) else sizes[size]
