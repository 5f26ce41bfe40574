"""Sequences of any lengths as one batch for a recurrent layer: packed, so that nothing is padded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from recurra.errors import DataError

if TYPE_CHECKING:
    from torch.nn.utils.rnn import PackedSequence

__all__ = ["packed", "padded", "truncated"]


def packed(sequences: Sequence[np.ndarray], /) -> PackedSequence:
    """Return sequences as torch's PackedSequence: of each step the rows of all sequences that reach it.

    It is what `torch.nn.utils.rnn.pack_sequence(sequences, enforce_sorted=False)` returns, put together by one gather
    instead of padding and unpadding.

    Parameters
    ----------
    sequences
        (steps, channels) or (steps,) each, of one dtype and of any lengths from 1 on.

    Raises
    ------
    DataError
        If there is no sequence, or one is empty; the message says which.

    Examples
    --------
    >>> batch = packed([np.array([1, 2]), np.array([3, 4, 5])])
    >>> batch.data.tolist(), batch.batch_sizes.tolist()
    ([3, 1, 4, 2, 5], [2, 2, 1])
    """
    import torch
    from torch.nn.utils.rnn import PackedSequence

    lengths = _lengths(sequences)
    order = np.argsort(-lengths, kind="stable")
    places, batch_sizes = _packed_places(lengths, order)
    rows = torch.from_numpy(np.concatenate(sequences))
    return PackedSequence(
        rows.index_select(0, torch.from_numpy(places)),
        torch.from_numpy(batch_sizes),
        torch.from_numpy(order),
        torch.from_numpy(np.argsort(order)),
    )


def padded(sequences: Sequence[np.ndarray], /, *, value: float = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return sequences as one array (count, longest, channels) or (count, longest), and their lengths (count,).

    `value` stands after the end of those that are shorter. See `packed` for errors.
    """
    lengths = _lengths(sequences)
    batch = np.full((len(sequences), lengths.max(), *sequences[0].shape[1:]), value, sequences[0].dtype)
    batch[np.arange(lengths.max()) < lengths[:, np.newaxis]] = np.concatenate(sequences)
    return batch, lengths


def truncated(
    sequences: Sequence[np.ndarray], /, *, length: int, keep: Literal["first", "last"] = "first"
) -> list[np.ndarray]:
    """Return sequences of at most `length` steps: the first ones of each, or the last ones."""
    if length < 1:
        raise DataError(f"length is {length}; expected a number of steps from 1 on")
    part = slice(length) if keep == "first" else slice(-length, None)
    return [sequence[part] for sequence in sequences]


def _lengths(sequences: Sequence[np.ndarray]) -> np.ndarray:
    lengths = np.fromiter(map(len, sequences), np.int64, len(sequences))
    if not len(lengths):
        raise DataError("a batch needs at least one sequence, got none")
    if not lengths.all():
        raise DataError(
            f"sequence {int(np.argmin(lengths)) + 1} of {len(lengths)} is empty; expected at least one step"
        )
    return lengths


def _packed_places(lengths: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each packed row is among all sequences' rows (rows,), and how many each step has (longest,)."""
    starts = np.cumsum(lengths) - lengths
    steps = np.arange(lengths.max())[:, np.newaxis]
    reached = steps < lengths[order]
    return (steps + starts[order])[reached], reached.sum(1)
