"""The batches of a text: columns side by side, so many steps of all at a time, the state going on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from recurra.data import VaryingLength, bptt_batches
from recurra.data.corpus import bptt_lengths

__all__ = ["TextBatches"]


class TextBatches:
    """Inputs and targets, each (steps, columns); see `recurra.data.bptt_batches`.

    Parameters
    ----------
    tokens
        (count,) numbers of tokens.
    columns, steps
        How many columns there are, and how many steps a batch has.
    seed
        Varies the steps from batch to batch by (seed, epoch); without it, all batches but the last are equal.

    Examples
    --------
    >>> import numpy as np
    >>> from recurra.tasks.language.batches import TextBatches
    >>> batches = TextBatches(np.arange(101), columns=4, steps=10)
    >>> len(batches), [len(inputs) for inputs, targets in batches]
    (3, [10, 10, 4])
    """

    def __init__(self, tokens: np.ndarray, /, *, columns: int, steps: int, seed: int | None = None) -> None:
        self._tokens, self._columns, self._steps, self._seed = tokens, columns, steps, seed
        self._epoch = 0
        self._own = slice(None)
        bptt_batches(tokens, batch_size=columns, length=steps)  # complains of too short a text at once

    def set_epoch(self, epoch: int, /) -> None:
        """Choose the steps of an epoch (from 0)."""
        self._epoch = epoch

    def part(self, number: int, /, *, of: int) -> TextBatches:
        """Return every n-th of the columns; all of them where there are fewer columns than processes."""
        if self._columns < of:
            return self
        part = TextBatches(self._tokens, columns=self._columns, steps=self._steps, seed=self._seed)
        part._own = slice(number, self._columns // of * of, of)
        return part

    def __len__(self) -> int:
        rows = len(self._tokens) // self._columns
        return sum(1 for _ in bptt_lengths(rows - 1, length=self._steps, varying=self._varying()))

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        found = bptt_batches(self._tokens, batch_size=self._columns, length=self._steps, varying=self._varying())
        for inputs, targets in found:
            yield torch.from_numpy(inputs[:, self._own]), torch.from_numpy(targets[:, self._own])

    def _varying(self) -> VaryingLength | None:
        return None if self._seed is None else VaryingLength(seed=self._seed, epoch=self._epoch)
