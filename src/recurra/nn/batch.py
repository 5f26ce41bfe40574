"""The shapes that a layer takes, brought to rows and back: padded, batch first, unbatched, packed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra.nn.checks import packed_sizes

__all__ = ["Batch", "arrange"]

Sequences = Tensor | PackedSequence


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
        straight = torch.arange(self.size)
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
