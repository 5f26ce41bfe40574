"""Restarts inside a sequence, and steps that are left out: which rows begin anew, and which are run at all."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.nn.shift import rows_before

__all__ = ["Kept", "Reset"]


@dataclass(frozen=True)
class Reset:
    """Where sequences begin anew.

    Attributes
    ----------
    rows : bool tensor (sum of batch_sizes,)
        Whether the state is zero before the row's step; packed as `recurra.backends.kernel.Call` says.
    batch_sizes : sequence of int
    dtype : torch.dtype
        That of `after`.
    """

    rows: Tensor
    batch_sizes: Sequence[int]
    dtype: torch.dtype

    def initial(self, states: Sequence[Tensor], *, reverse: bool) -> list[Tensor]:
        """Return the initial states (batch, size), with zeros where a sequence begins anew at its first step.

        A direction that runs backwards comes to a sequence's first step last.
        """
        if reverse:
            return list(states)
        anew = self.rows[: self.batch_sizes[0], None]
        return [state.masked_fill(anew, 0) for state in states]

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
class Kept:
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
    def of(cls, mask: Tensor, batch_sizes: Sequence[int]) -> Kept:
        """Return what a mask (sum of batch_sizes,) keeps of a batch."""
        device, size = mask.device, batch_sizes[0]
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
