"""Sequences of unequal lengths: padded with their lengths, or packed; from one to the other, and reduced."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from recurra.errors import InputError
from recurra.nn.checks import packed_sizes, shape_or_kind

__all__ = ["Ragged", "check_lengths", "is_padding", "max_rows", "pack", "padded", "softmax_rows", "sum_rows"]


@dataclass(frozen=True)
class Ragged:
    """Where each row of a packed batch belongs.

    Attributes
    ----------
    sequence : tensor (rows,), which sequence, in the order of the rows: the longest is 0
    step : tensor (rows,), which step of it
    batch_sizes : tensor (steps,) on the CPU, the number of sequences at each step
    first, last : tensor (batch,), the row of each sequence's first and last step
    unsorted : tensor (batch,) or None, the caller's order in the order of the rows; None where they agree
    """

    sequence: Tensor
    step: Tensor
    batch_sizes: Tensor
    first: Tensor
    last: Tensor
    unsorted: Tensor | None

    @classmethod
    def of(cls, packed: PackedSequence) -> Ragged:
        """Return where the rows of a packed batch belong."""
        packed_sizes(packed)
        sizes, rows, device = packed.batch_sizes, len(packed.data), packed.data.device
        offsets = sizes.cumsum(0) - sizes
        step = torch.repeat_interleave(torch.arange(len(sizes), device="cpu"), sizes, output_size=rows)
        sequence = torch.arange(rows, device="cpu") - offsets[step]
        lengths = torch.bincount(sequence, minlength=int(sizes[0]))
        first = torch.arange(len(lengths), device="cpu")
        last = offsets[lengths - 1] + first
        where = [each.to(device) for each in (sequence, step, first, last)]
        return cls(where[0], where[1], sizes, where[2], where[3], packed.unsorted_indices)

    @property
    def batch(self) -> int:
        """The number of sequences."""
        return len(self.last)

    @property
    def steps(self) -> int:
        """The length of the longest sequence."""
        return len(self.batch_sizes)

    @property
    def lengths(self) -> Tensor:
        """The length of each sequence, (batch,)."""
        return self.step[self.last] + 1

    @property
    def previous(self) -> Tensor:
        """The row of the step before, for each row but those of the first step."""
        # a row's sequence stands as many rows before as the step before has sequences
        later = torch.arange(self.batch, len(self.step), device=self.step.device)
        return later - self.batch_sizes.to(later.device)[self.step[self.batch :] - 1]

    def restore(self, value: Tensor) -> Tensor:
        """Bring a tensor (batch, ...) from the order of the rows to the caller's."""
        return value if self.unsorted is None else value.index_select(0, self.unsorted)


def sum_rows(rows: Tensor, ragged: Ragged) -> Tensor:
    """Return the sum over each sequence's rows, (batch, ...) in the order of the rows."""
    return rows.new_zeros(ragged.batch, *rows.shape[1:]).index_add(0, ragged.sequence, rows)


def max_rows(rows: Tensor, ragged: Ragged) -> Tensor:
    """Return the maximum over each sequence's rows, (batch, features) in the order of the rows.

    Rows that are equal share the gradient. Picking the maxima out of the rows is three times as fast as the backward
    pass of `scatter_reduce`.
    """
    features = rows.shape[1]
    highest = _highest(rows.detach(), ragged)
    # which rows reach the maximum is a constant of the gradient, so it is found without one
    row, feature = (rows.detach() == highest.index_select(0, ragged.sequence)).nonzero(as_tuple=True)
    place = ragged.sequence[row] * features + feature
    total = rows.new_zeros(ragged.batch * features).index_add(0, place, rows[row, feature])
    return (total / torch.bincount(place, minlength=len(total))).view(ragged.batch, features)


def _highest(rows: Tensor, ragged: Ragged) -> Tensor:
    index = ragged.sequence.unsqueeze(1).expand_as(rows)
    return rows.new_full((ragged.batch, rows.shape[1]), -torch.inf).scatter_reduce(0, index, rows, "amax")


def softmax_rows(scores: Tensor, ragged: Ragged) -> Tensor:
    """Return the softmax of scores (rows,) over the rows of each sequence."""
    highest = _highest(scores.detach().unsqueeze(1), ragged).squeeze(1)
    weights = (scores - highest[ragged.sequence]).exp()
    return weights / sum_rows(weights, ragged)[ragged.sequence]


def padded(rows: Tensor, ragged: Ragged) -> Tensor:
    """Return rows (rows, ...) as (batch, steps, ...) in the caller's order, with zeros behind the sequences.

    `torch.nn.utils.rnn.pad_packed_sequence` does the same, but its backward pass allocates the whole batch once for
    every distinct length: seconds, where this takes milliseconds.
    """
    place = ragged.sequence * ragged.steps + ragged.step
    flat = rows.new_zeros(ragged.batch * ragged.steps, *rows.shape[1:]).index_copy(0, place, rows)
    return ragged.restore(flat.view(ragged.batch, ragged.steps, *rows.shape[1:]))


def pack(sequences: Tensor | PackedSequence, lengths: Tensor | None = None, *, name: str = "input") -> PackedSequence:
    """Return sequences as packed rows: (batch, time, ...) with the lengths, all full without, or packed as they are.

    Raises
    ------
    InputError
        If it is neither, the lengths do not fit, or both a PackedSequence and lengths are given.
    """
    if isinstance(sequences, PackedSequence):
        if lengths is not None:
            raise InputError(f"{name}: got lengths beside a PackedSequence, which has its own; leave them out")
        return sequences
    if not isinstance(sequences, Tensor) or sequences.dim() < 2 or 0 in sequences.shape[:2]:
        raise InputError(
            f"{name}: got {shape_or_kind(sequences)}, expected a tensor (batch, time, ...) of at least one step, or "
            "packed"
        )
    batch, steps = sequences.shape[:2]
    checked = check_lengths(lengths, batch=batch, steps=steps)
    if checked is None:
        checked = torch.full((batch,), steps, device="cpu")
    return pack_padded_sequence(sequences, checked.cpu(), batch_first=True, enforce_sorted=False)


def check_lengths(lengths: object, *, batch: int, steps: int) -> Tensor | None:
    """Return the lengths of a padded batch as a tensor, None if none are given.

    Raises
    ------
    InputError
        If they are not one whole number from 1 to `steps` for each sequence; the message names the first that is not.
    """
    if lengths is None:
        return None
    if not isinstance(lengths, Tensor) or tuple(lengths.shape) != (batch,) or lengths.is_floating_point():
        got = f"{lengths.dtype} {tuple(lengths.shape)}" if isinstance(lengths, Tensor) else type(lengths).__name__
        raise InputError(f"lengths: got {got}, expected a tensor of {batch} whole numbers, one for each sequence")
    wrong = ((lengths < 1) | (lengths > steps)).nonzero().flatten()
    if len(wrong):
        which = int(wrong[0])
        raise InputError(f"lengths: sequence {which} has length {int(lengths[which])}, expected 1 to {steps}")
    return lengths


def is_padding(lengths: Tensor | None, *, steps: int, device: torch.device) -> Tensor | None:
    """Return (batch, steps), True behind the end of each sequence; None where there is no padding."""
    if lengths is None or bool((lengths == steps).all()):
        return None
    return torch.arange(steps, device=device) >= lengths.to(device).unsqueeze(1)
