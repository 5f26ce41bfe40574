"""Batches of sequences of like lengths, in an order that a seed and an epoch draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from recurra.errors import DataError

__all__ = ["BatchOptions", "Bucketed", "batches"]


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


def batches(lengths: np.ndarray, options: BatchOptions, /, *, epoch: int = 0) -> list[np.ndarray]:
    """Return the batches of an epoch, each as the places of its sequences, the longest first.

    Each sequence is in one batch. Sequences are shuffled, sorted by length within pools, cut into batches, and these
    are shuffled; the same seed and epoch give the same batches.

    Parameters
    ----------
    lengths
        (count,) the sequences' lengths.
    options, epoch
        How they come in batches, and which epoch it is, from 0.

    Examples
    --------
    >>> found = batches(np.array([5, 1, 4, 2]), BatchOptions(batch_size=2, shuffle=False))
    >>> [batch.tolist() for batch in found]
    [[0, 2], [3, 1]]
    """
    if not options.shuffle:
        return list(_cut(np.arange(len(lengths)), lengths, options))
    random = np.random.default_rng([options.seed, epoch])
    order = random.permutation(len(lengths))
    pools = np.split(order, range(_pool_size(lengths, options), len(order), _pool_size(lengths, options)))
    found = [batch for pool in pools for batch in _cut(pool, lengths, options)]
    return [found[place] for place in random.permutation(len(found)).tolist()]


class Bucketed:
    """What the batches of an epoch have in common: their places, chosen once an epoch.

    Parameters
    ----------
    lengths
        (count,) the sequences' lengths.
    options
        How they come in batches.

    Attributes
    ----------
    places
        Of each batch of the epoch the places of its sequences.
    """

    def __init__(self, lengths: np.ndarray, options: BatchOptions, /) -> None:
        self._lengths, self._options = lengths, options
        self.set_epoch(0)

    def set_epoch(self, epoch: int, /) -> None:
        """Choose the batches of an epoch (from 0)."""
        self.places = batches(self._lengths, self._options, epoch=epoch)

    def __len__(self) -> int:
        return len(self.places)


def _pool_size(lengths: np.ndarray, options: BatchOptions) -> int:
    size = options.batch_size
    if options.rows is not None and len(lengths):
        size = min(size, max(1, int(options.rows / max(float(np.mean(lengths)), 1))))
    return options.pool * size


def _cut(places: np.ndarray, lengths: np.ndarray, options: BatchOptions) -> Iterator[np.ndarray]:
    """Yield batches of the sequences at places (count,), sorted by length, the longest first."""
    places = places[np.argsort(-lengths[places], kind="stable")]
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
