"""Batches of sequences of like lengths, in an order that a seed and an epoch draw, and packed for a recurrent layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from recurra.errors import DataError

if TYPE_CHECKING:
    from torch.nn.utils.rnn import PackedSequence

__all__ = ["BatchOptions", "Bucketed", "batches", "packed", "padded", "truncated"]


@dataclass(frozen=True, kw_only=True)
class BatchOptions:
    """How sequences come in batches.

    Attributes
    ----------
    batch_size
        The most sequences a batch has.
    rows
        The most steps that the sequences of a batch have together, as nothing is padded; no limit if None. A longer
        sequence has a batch of its own.
    pool
        How many batches' sequences are sorted by length together: more of them give batches of likelier lengths, fewer
        a better shuffle.
    shuffle
        Whether the order is drawn; otherwise the longest sequences come first.
    seed
        Of the draws.
    """

    batch_size: int = 32
    rows: int | None = None
    pool: int = 50
    shuffle: bool = True
    seed: int = 0

    def __post_init__(self) -> None:
        for name, value in (("batch_size", self.batch_size), ("rows", self.rows), ("pool", self.pool)):
            if value is not None and value < 1:
                raise DataError(f"{name} is {value}; expected a whole number from 1 on")


def batches(
    lengths: np.ndarray, options: BatchOptions, /, *, epoch: int = 0, sizes: np.ndarray | None = None
) -> list[np.ndarray]:
    """Return the batches of an epoch, each as the places of its sequences, the longest first.

    Each sequence is in one batch. Sequences are shuffled, sorted by length within pools, cut into batches, and these
    are shuffled; the same seed and epoch give the same batches.

    Parameters
    ----------
    lengths
        (count,) the sequences' lengths.
    options, epoch
        How they come in batches, and which epoch it is, from 0.
    sizes
        (count,) what is alike within a batch, where that is not the length.

    Examples
    --------
    >>> found = batches(np.array([5, 1, 4, 2]), BatchOptions(batch_size=2, shuffle=False))
    >>> [batch.tolist() for batch in found]
    [[0, 2], [3, 1]]
    """
    sizes = lengths if sizes is None else sizes
    if not options.shuffle:
        return list(_cut(np.arange(len(lengths)), lengths, sizes, options))
    random = np.random.default_rng([options.seed, epoch])
    order = random.permutation(len(lengths))
    pools = np.split(order, range(_pool_size(lengths, options), len(order), _pool_size(lengths, options)))
    found = [batch for pool in pools for batch in _cut(pool, lengths, sizes, options)]
    return [found[place] for place in random.permutation(len(found)).tolist()]


class Bucketed:
    """What the batches of an epoch have in common: their places, chosen once an epoch.

    Parameters
    ----------
    lengths
        (count,) the sequences' lengths.
    options
        How they come in batches.
    sizes
        (count,) what is alike within a batch, by default the lengths.

    Attributes
    ----------
    places
        Of each batch of the epoch the places of its sequences.
    epoch
        Which epoch it is, from 0.
    """

    def __init__(self, lengths: np.ndarray, options: BatchOptions, /, *, sizes: np.ndarray | None = None) -> None:
        self._lengths, self._options, self._sizes = lengths, options, sizes
        self.set_epoch(0)

    def set_epoch(self, epoch: int, /) -> None:
        """Choose the batches of an epoch (from 0)."""
        self.epoch = epoch
        self.places = batches(self._lengths, self._options, epoch=epoch, sizes=self._sizes)

    def __len__(self) -> int:
        return len(self.places)


def _pool_size(lengths: np.ndarray, options: BatchOptions) -> int:
    size = options.batch_size
    if options.rows is not None and len(lengths):
        size = min(size, max(1, int(options.rows / max(float(np.mean(lengths)), 1))))
    return options.pool * size


def _cut(places: np.ndarray, lengths: np.ndarray, sizes: np.ndarray, options: BatchOptions) -> Iterator[np.ndarray]:
    """Yield batches of the sequences at places (count,), sorted by size, the largest first."""
    places = places[np.argsort(-sizes[places], kind="stable")]
    if options.rows is None:
        yield from (places[start : start + options.batch_size] for start in range(0, len(places), options.batch_size))
        return
    totals = np.concatenate([[0], np.cumsum(lengths[places])])
    start = 0
    while start < len(places):
        fitting = int(np.searchsorted(totals, totals[start] + options.rows, side="right")) - 1
        stop = max(start + 1, min(fitting, start + options.batch_size, len(places)))
        yield places[start:stop]
        start = stop


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

    Examples
    --------
    >>> import numpy as np
    >>> padded([np.array([1.0, 2.0, 3.0]), np.array([4.0])])
    (array([[1., 2., 3.],
           [4., 0., 0.]]), array([3, 1]))
    """
    lengths = _lengths(sequences)
    batch = np.full((len(sequences), lengths.max(), *sequences[0].shape[1:]), value, sequences[0].dtype)
    batch[np.arange(lengths.max()) < lengths[:, np.newaxis]] = np.concatenate(sequences)
    return batch, lengths


def truncated(
    sequences: Sequence[np.ndarray], /, *, length: int, keep: Literal["first", "last"] = "first"
) -> list[np.ndarray]:
    """Return sequences of at most `length` steps: the first ones of each, or the last ones.

    Examples
    --------
    >>> import numpy as np
    >>> truncated([np.arange(5), np.arange(2)], length=3, keep='last')
    [array([2, 3, 4]), array([0, 1])]
    """
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
    # row (step, sequence) of a grid that is as long as the longest; what no sequence reaches is left out, step by step
    starts = np.cumsum(lengths) - lengths
    steps = np.arange(lengths.max())[:, np.newaxis]
    reached = steps < lengths[order]
    return (steps + starts[order])[reached], reached.sum(1)
