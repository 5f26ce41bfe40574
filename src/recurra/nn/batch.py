"""Batches in the packed layout: from any shape to rows and back, input states, restarts, and masked steps."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra.backends.tensors import DeviceTable
from recurra.graph.node import number_of
from recurra.graph.step import Shift
from recurra.nn.checks import packed_sizes
from recurra.nn.guards import cached_by_shape
from recurra.spec import Cell

__all__ = ["Batch", "MaskedSteps", "Resets", "Sequences", "arrange", "final_states", "input_states", "is_shifted"]

Sequences = Tensor | PackedSequence

_WORTH_SHIFTING = 1 << 15
"""Numbers of states that are inputs of the step before; for fewer, to shift the rows takes longer than it saves."""


@dataclass(frozen=True)
class Batch:
    """Sequences as rows, in the packed layout of `recurra.backends.kernel.Call`.

    Attributes
    ----------
    rows : tensor (sum of batch_sizes, features)
    batch_sizes : tuple of int, the number of sequences at each step
    batch_first, batched : bool
        How a padded tensor was laid out.
    packed : PackedSequence or None
        What the rows came from, where they were packed.
    """

    rows: Tensor
    batch_sizes: tuple[int, ...]
    batch_first: bool
    batched: bool
    packed: PackedSequence | None

    @property
    def size(self) -> int:
        """The number of sequences."""
        return self.batch_sizes[0]

    def restore(self, rows: Tensor) -> Sequences:
        """Return other rows in the shape that these came in."""
        if self.packed is not None:
            return self.packed._replace(data=rows)
        if not self.batched:
            return rows
        padded = rows.reshape(len(self.batch_sizes), self.size, rows.shape[-1])
        return padded.transpose(0, 1) if self.batch_first else padded

    def is_ordered_as(self, other: PackedSequence) -> bool:
        """Whether packed rows are of the same sequences in the same order as these."""
        mine = None if self.packed is None else self.packed.sorted_indices
        given = other.sorted_indices
        if mine is given:
            return True
        straight = torch.arange(self.size, device="cpu")
        both = [straight if each is None else each.cpu() for each in (mine, given)]
        return torch.equal(*both)

    def sort(self, state: Tensor) -> Tensor:
        """Bring a state (layers, sequences, features) into the order of the rows; an unbatched one gets its axis."""
        if not self.batched:
            return state.unsqueeze(1)
        order = None if self.packed is None else self.packed.sorted_indices
        return state if order is None else state.index_select(1, order)

    def unsort(self, state: Tensor) -> Tensor:
        """Undo `sort`."""
        if not self.batched:
            return state.squeeze(1)
        order = None if self.packed is None else self.packed.unsorted_indices
        return state if order is None else state.index_select(1, order)


@overload
def arrange(sequences: PackedSequence, *, batch_first: bool, name: str = ...) -> Batch: ...
@overload
def arrange(sequences: Tensor, *, batch_first: bool, name: str = ...) -> Batch: ...
def arrange(sequences: Sequences, *, batch_first: bool, name: str = "input") -> Batch:
    """Bring (T, B, features), (B, T, features), (T, features) or a PackedSequence to rows; errors say the name."""
    if isinstance(sequences, PackedSequence):
        return Batch(sequences.data, packed_sizes(sequences, name=name), batch_first, True, sequences)
    if sequences.dim() == 2:
        return Batch(sequences, (1,) * len(sequences), batch_first, False, None)
    steps_first = sequences.transpose(0, 1) if batch_first else sequences
    steps, batch, features = steps_first.shape
    return Batch(steps_first.reshape(steps * batch, features), (batch,) * steps, batch_first, True, None)


def is_shifted(cell: Cell, sizes: Mapping[str, int], rows: int) -> bool:
    """Return whether states that are an input of the step before become inputs, in a run over so many rows."""
    return (
        bool(cell.shifts)
        and rows * sum(number_of(cell.step.states[shift.state].width, sizes) for shift in cell.shifts) > _WORTH_SHIFTING
    )


def input_states(
    shifts: Sequence[Shift],
    inputs: Sequence[Tensor],
    states: Sequence[Tensor],
    batch_sizes: Sequence[int],
    *,
    reverse: bool,
) -> tuple[list[Tensor], list[Tensor]]:
    """Return what plans are given in which states that are an input of the step before have become inputs.

    Parameters
    ----------
    inputs, states : tensors (sum of batch_sizes, size) and (batch, size)
        What the plans with all states are given.

    Returns
    -------
    inputs : those that were given, and a further one for each shift
    states : those that are no shift
    """
    further, gone = list(inputs), {shift.state for shift in shifts}
    for shift in shifts:
        further.append(rows_before(further[shift.input], states[shift.state], batch_sizes, reverse=reverse))
    return further, [state for number, state in enumerate(states) if number not in gone]


def final_states(
    shifts: Sequence[Shift],
    inputs: Sequence[Tensor],
    states: Sequence[Tensor],
    batch_sizes: Sequence[int],
    *,
    reverse: bool,
) -> tuple[Tensor, ...]:
    """Return all states after the last step, in the cell's order: those that the run gave, and those that are inputs.

    `inputs` are those of `input_states`, whatever stands behind them.
    """
    last: dict[int, Tensor] = {}
    for shift in shifts:
        found = _last(inputs[shift.input], batch_sizes, reverse=reverse)
        last[shift.state] = found.to(states[0].dtype, copy=True)  # the input is its owner's to write to
    others = iter(states)
    return tuple(last[k] if k in last else next(others) for k in range(len(states) + len(last)))


def rows_before(rows: Tensor, initial: Tensor, batch_sizes: Sequence[int], *, reverse: bool) -> Tensor:
    """Return for each row the one that its sequence has a step before, as steps are run, and at the first `initial`.

    Parameters
    ----------
    rows : tensor (sum of batch_sizes, ...)
    initial : tensor (batch, ...)
    batch_sizes : sequence of int, never rising
    reverse : bool
        Whether the steps are run backwards.
    """
    first, count = batch_sizes[0], len(rows)
    initial = initial.to(rows.dtype)
    # where all sequences are as long, a step before is a whole block of rows before
    if first == batch_sizes[-1]:
        return torch.cat((rows[first:], initial) if reverse else (initial, rows[: count - first]))
    return torch.cat((rows, initial)).index_select(0, _numbers_before(tuple(batch_sizes), reverse, rows.device).read())


def _last(rows: Tensor, batch_sizes: Sequence[int], *, reverse: bool) -> Tensor:
    """Return the row of the step of each sequence that is run last."""
    first = batch_sizes[0]
    if reverse:
        return rows[:first]
    if first == batch_sizes[-1]:
        return rows[len(rows) - first :]
    return rows.index_select(0, _last_numbers(tuple(batch_sizes), rows.device).read())


@cached_by_shape
def _numbers_before(batch_sizes: tuple[int, ...], reverse: bool, device: torch.device) -> DeviceTable:
    """Return the numbers of the rows a step before; that of the initial state of sequence k is k after the last row."""
    # a step without sequences at either end, so that every step has one before it, whichever way they are run
    sizes = torch.tensor((0, *batch_sizes, 0), device="cpu")
    begin, count = sizes.cumsum(0) - sizes, sum(batch_sizes)
    steps = torch.arange(len(sizes), device="cpu").repeat_interleave(sizes)
    sequences, before = torch.arange(count, device="cpu") - begin[steps], steps + (1 if reverse else -1)
    return DeviceTable(torch.where(sequences < sizes[before], begin[before], count) + sequences, device)


@cached_by_shape
def _last_numbers(batch_sizes: tuple[int, ...], device: torch.device) -> DeviceTable:
    """Return the number of the last row of each sequence."""
    sizes, sequences = torch.tensor(batch_sizes, device="cpu"), torch.arange(batch_sizes[0], device="cpu")
    lengths = (sizes[:, None] > sequences).sum(0)
    return DeviceTable((sizes.cumsum(0) - sizes)[lengths - 1] + sequences, device)


@dataclass(frozen=True)
class Resets:
    """Where sequences begin anew.

    Attributes
    ----------
    rows : bool tensor (sum of batch_sizes,)
        Whether the state is the initial one before the row's step; packed as `recurra.backends.kernel.Call` says.
    batch_sizes : sequence of int
    dtype : torch.dtype
        That of `after`.
    """

    rows: Tensor
    batch_sizes: Sequence[int]
    dtype: torch.dtype

    def at_first(self) -> Tensor:
        """Return, for each sequence, whether it begins anew at its first step.

        A direction that runs backwards comes to that step last.
        """
        return self.rows[: self.batch_sizes[0]]

    def after(self, *, reverse: bool) -> Tensor:
        """Return (rows, 1): 1 where the state does not go on from a row's step to the one that is run next."""
        return self._after_backwards if reverse else self._after

    @functools.cached_property
    def _after(self) -> Tensor:
        """A row says what the next step's says before it, which is the step before where steps are run backwards."""
        rows = self.rows.to(self.dtype)
        return rows_before(rows, rows.new_zeros(self.batch_sizes[0]), self.batch_sizes, reverse=True)[:, None]

    @functools.cached_property
    def _after_backwards(self) -> Tensor:
        found = self.rows.to(self.dtype)
        found[: self.batch_sizes[0]] = 0  # no step is run after it: the final state stays
        return found[:, None]


@dataclass(frozen=True)
class MaskedSteps:
    """The steps that a mask keeps, as a batch of shorter sequences: a step that is left out does not happen.

    So every cell, direction and kernel runs it as it is, and no time goes into the steps that are left out.

    Attributes
    ----------
    rows : int tensor (kept rows,)
        For each row of the shorter batch its row in the batch; packed as `recurra.backends.kernel.Call` says.
    sequences : int tensor (sequences with a kept step,)
        For each sequence of the shorter batch its number in the batch.
    batch_sizes : tuple of int
        Those of the shorter batch.
    count, size : int
        The rows and the sequences of the batch itself.
    number : int tensor (count,)
        For each row of the batch its sequence.
    """

    rows: Tensor
    sequences: Tensor
    batch_sizes: tuple[int, ...]
    count: int
    size: int
    number: Tensor

    @classmethod
    def of(cls, mask: Tensor, batch_sizes: Sequence[int]) -> MaskedSteps:
        """Return what a mask (sum of batch_sizes,) keeps of a batch."""
        device, size = mask.device, batch_sizes[0]
        # for each row the number of its sequence: how far it stands behind the first row of its step
        counts = torch.tensor(batch_sizes, device=device)
        begin = (counts.cumsum(0) - counts).repeat_interleave(counts)
        number = torch.arange(len(mask), device=device) - begin
        kept = mask.nonzero().flatten()
        # rows of one sequence stand in the order of time, so a stable sort by sequence counts its kept steps
        by_sequence = number[kept].argsort(stable=True)
        lengths = torch.bincount(number[kept], minlength=size)
        step = torch.empty_like(kept)
        firsts = (lengths.cumsum(0) - lengths).repeat_interleave(lengths)
        step[by_sequence] = torch.arange(len(kept), device=device) - firsts
        # the shorter batch is packed too, so its sequences are sorted anew, by what is kept of them
        order = lengths.argsort(descending=True, stable=True)
        place = torch.empty_like(order)
        place[order] = torch.arange(size, device=device)
        rows = kept[(step * size + place[number[kept]]).argsort()]
        return cls(
            rows, order[: int((lengths > 0).sum())], tuple(torch.bincount(step).tolist()), len(mask), size, number
        )

    def select(self, rows: Tensor) -> Tensor:
        """Return the kept ones of rows (sum of batch_sizes, ...)."""
        return rows.index_select(0, self.rows)

    def restore(self, rows: Tensor) -> Tensor:
        """Return rows of the shorter batch at their places in the batch, and zeros at those that are left out."""
        return rows.new_zeros(self.count, *rows.shape[1:]).index_copy(0, self.rows, rows)

    def states(self, before: Tensor, after: Tensor) -> Tensor:
        """Return the final states (layers, batch, size): the initial ones where no step of a sequence is kept."""
        return before.to(after.dtype).index_copy(1, self.sequences, after)

    def resets(self, resets: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the resets of the kept rows, and which sequences (batch,) are reset ahead and behind.

        Ahead is up to the first kept step, the beginning of the sequence not counted; behind is after the last one.

        A reset before a step that is left out takes place before the next one that is kept.
        """
        # by sequence, then by time: the resets so far, less those up to the kept step before
        order = self.number.argsort(stable=True)
        so_far = torch.empty_like(order)
        so_far[order] = resets[order].cumsum(0)
        # own: the resets of a sequence; begun: those of all sequences before it, with which its count begins
        own = torch.bincount(self.number, weights=resets.double(), minlength=self.size).long()
        begun = own.cumsum(0) - own
        now = so_far[self.rows]
        sequences = self.number[self.rows]
        by_sequence = sequences.argsort(stable=True)
        ordered, of = now[by_sequence], sequences[by_sequence]
        before = torch.cat((begun[of[:1]], ordered[:-1]))
        is_first = torch.ones_like(of, dtype=torch.bool)
        is_first[1:] = of[1:] != of[:-1]
        found = torch.empty_like(self.rows, dtype=torch.bool)
        found[by_sequence] = ordered > torch.where(is_first, begun[of], before)
        last = begun.scatter_reduce(0, of, ordered, "amax")
        first = begun.scatter(0, of[is_first], ordered[is_first])
        return found, first - begun > resets[: self.size], begun + own > last
