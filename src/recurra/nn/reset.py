"""Restarting the state inside a sequence: which rows of a batch begin anew, as each direction needs it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.nn.shift import rows_before

__all__ = ["Reset"]


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
