"""Batches, which a training goes through again and again, each process its own part, and the seeds of their order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor

from recurra.errors import InputError

__all__ = ["Batches", "Divisible", "OwnPart", "Shuffled", "TensorBatches", "own_part", "remaining", "seeded"]

_LARGEST = 2**63
_ODD = 0x9E3779B97F4A7C15
"""2^64 over the golden ratio: neighbouring numbers become seeds that are far from each other."""


class Batches(Protocol):
    """Batches of any kind: a list, a `DataLoader`, a class of one's own with an iterator and its length.

    The batches of an epoch have to be a function of the epoch alone, so that a training that is taken up again
    sees the same: a class that shuffles is `Shuffled`. A `DataLoader` with `shuffle=True` and no generator is, as
    it stands: it is started with torch's generator seeded by the training's seed and the epoch.
    """

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Any]: ...


@runtime_checkable
class Shuffled(Protocol):
    """Batches that are told the epoch (from 0) before each pass; their number may depend on it.

    Examples
    --------
    >>> import torch
    >>> from recurra.training import Shuffled, TensorBatches
    >>> isinstance(TensorBatches((torch.arange(5),), batch_size=2), Shuffled), isinstance([], Shuffled)
    (True, False)
    """

    def set_epoch(self, epoch: int, /) -> None:
        """Choose the epoch."""
        ...


@runtime_checkable
class Divisible(Protocol):
    """Batches that can be divided among processes otherwise than by turns.

    Batches whose state is carried from one to the next have to be: each process takes some of the sequences.
    """

    def part(self, number: int, /, *, of: int) -> Batches:
        """Return the batches of one of several processes, from 0."""
        ...


class TensorBatches:
    """Tensors with the examples first, in batches, shuffled anew in every epoch.

    Parameters
    ----------
    tensors
        (N, ...) each; a batch is a tuple of as many.
    batch_size
        Examples in a batch; the last may have fewer.
    seed
        Shuffles by (seed, epoch); without it, the order stays.

    Examples
    --------
    >>> import torch
    >>> from recurra.training.batches import TensorBatches
    >>> batches = TensorBatches((torch.arange(5),), batch_size=2, seed=1)
    >>> len(batches), sorted(torch.cat([batch[0] for batch in batches]).tolist())
    (3, [0, 1, 2, 3, 4])
    """

    def __init__(self, tensors: tuple[Tensor, ...], /, *, batch_size: int, seed: int | None = None) -> None:
        if len({len(tensor) for tensor in tensors}) != 1 or not len(tensors[0]):
            raise InputError(f"tensors: got {[len(tensor) for tensor in tensors]} examples; expected one length, not 0")
        self._tensors, self._batch_size, self._seed = tensors, batch_size, seed
        self._epoch = 0

    def set_epoch(self, epoch: int, /) -> None:
        """Choose the order of an epoch (from 0)."""
        self._epoch = epoch

    def __len__(self) -> int:
        return -(-len(self._tensors[0]) // self._batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        for rows in self._order().split(self._batch_size):
            yield tuple(tensor[rows] for tensor in self._tensors)

    def _order(self) -> Tensor:
        count = len(self._tensors[0])
        if self._seed is None:
            return torch.arange(count)
        with seeded(self._seed, self._epoch):
            return torch.randperm(count)


class OwnPart:
    """Every n-th of the batches, the same number for each process.

    Parameters
    ----------
    number, of
        Which of how many processes.
    complete
        Whether the last batches count, which not every process gets; then one that gets none at all takes all.
    """

    def __init__(self, batches: Batches, /, *, number: int, of: int, complete: bool) -> None:
        self._batches, self._number, self._of, self._complete = batches, number, of, complete

    def set_epoch(self, epoch: int, /) -> None:
        """Tell the batches the epoch."""
        if isinstance(self._batches, Shuffled):
            self._batches.set_epoch(epoch)

    def __len__(self) -> int:
        whole, rest = divmod(len(self._batches), self._of)
        if not self._complete:
            return whole
        return whole + (self._number < rest) if whole else len(self._batches)

    def __iter__(self) -> Iterator[Any]:
        if len(self._batches) < self._of:
            return iter(self._batches)
        return islice(islice(self._batches, self._number, None, self._of), len(self))


def own_part(batches: Batches, /, *, number: int, of: int, complete: bool) -> Batches:
    """Return the part of the batches that one of several processes trains on.

    Raises
    ------
    InputError
        If there are fewer batches than processes to train on.
    """
    if of == 1:
        return batches
    if isinstance(batches, Divisible):
        return batches.part(number, of=of)
    if not complete and len(batches) < of:
        raise InputError(f"devices = {of}: there are only {len(batches)} batches; expected one for each at least")
    return OwnPart(batches, number=number, of=of, complete=complete)


def remaining(batches: Batches, /, *, epoch: int, begin: int = 0, seed: int) -> Iterator[tuple[Any, bool]]:
    """Yield the batches of an epoch from one of them on, each with whether it is the last.

    For that a batch is read ahead of its step: the number of batches need not be known.

    Parameters
    ----------
    epoch, begin
        Which pass (from 0), and how many of its batches an earlier run has trained on.
    seed
        What a `DataLoader` without a generator of its own is shuffled by, together with the epoch.
    """
    if isinstance(batches, Shuffled):
        batches.set_epoch(epoch)
    with seeded(seed, epoch):  # a DataLoader draws the seed of its order with the first batch
        iterator = iter(batches)
        ahead = list(islice(iterator, begin, begin + 1))
    for batch in iterator:
        yield ahead.pop(), False
        ahead.append(batch)
    for batch in ahead:
        yield batch, True


@contextmanager
def seeded(seed: int, number: int = 0, /) -> Iterator[None]:
    """Draw torch's random numbers from a seed, and give the caller's generator back afterwards.

    Parameters
    ----------
    seed
        The seed of the training.
    number
        Which of its streams: of an epoch, of a process.
    """
    before = torch.get_rng_state()
    torch.default_generator.manual_seed((seed + number * _ODD) % _LARGEST)  # torch.manual_seed takes ms without CUDA
    try:
        yield
    finally:
        torch.set_rng_state(before)
