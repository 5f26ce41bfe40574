"""Batches for truncated backpropagation through time: a text in columns, some steps of all of them at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from recurra.errors import DataError

__all__ = ["VaryingLength", "bptt_batches", "bptt_lengths"]


@dataclass(frozen=True, kw_only=True)
class VaryingLength:
    """Lengths that differ from batch to batch, so that not always the same tokens end one.

    Merity, Keskar & Socher (2018), arXiv:1708.02182, section 3, and their code: the length is drawn from a normal
    distribution around the given one, with probability 0.05 around half of it. The learning rate is to be multiplied
    by the batch's length over the given one.

    Attributes
    ----------
    seed, epoch
        The lengths are the same for the same two.
    share, spread, least
        The probability of the whole length, the distribution's spread in steps, and the fewest steps.
    """

    seed: int
    epoch: int = 0
    share: float = 0.95
    spread: float = 5.0
    least: int = 5

    def lengths(self, length: int, /) -> Iterator[int]:
        """Yield lengths around `length` without end."""
        random = np.random.default_rng([self.seed, self.epoch])
        while True:
            middle = length if random.random() < self.share else length / 2
            yield max(self.least, int(random.normal(middle, self.spread)))


def bptt_batches(
    tokens: np.ndarray, /, *, batch_size: int, length: int, varying: VaryingLength | None = None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield inputs and targets, so that each batch goes on where the one before it ended.

    Zaremba, Sutskever & Vinyals (2014), arXiv:1409.2329: the text is cut into `batch_size` parts of one length, side
    by side in columns, of which a batch has the next `length` rows. The last batch has the rows that are left. What
    remains after the columns, fewer tokens than columns, is left out.

    Parameters
    ----------
    tokens
        (count,) whole numbers; may be memory-mapped.
    batch_size, length
        How many columns there are, and how many steps a batch has.
    varying
        How lengths differ; all are `length` if not given.

    Yields
    ------
    inputs, targets
        (steps, batch_size) int64; the targets are the tokens that follow the inputs.

    Raises
    ------
    DataError
        If a number is below 1, or the tokens do not give each column an input and a target.

    Examples
    --------
    >>> for inputs, targets in bptt_batches(np.arange(11), batch_size=2, length=3):
    ...     print(inputs.T.tolist(), targets.T.tolist())
    [[0, 1, 2], [5, 6, 7]] [[1, 2, 3], [6, 7, 8]]
    [[3], [8]] [[4], [9]]
    """
    if batch_size < 1 or length < 1:
        raise DataError(f"batch_size is {batch_size} and length {length}; expected whole numbers from 1 on")
    rows = len(tokens) // batch_size
    if rows < 2:
        raise DataError(
            f"{len(tokens)} tokens in {batch_size} columns leave {rows} a column; expected at least 2, an input and a "
            "target: give a longer text or a smaller batch size"
        )
    return _batches(tokens[: rows * batch_size].reshape(batch_size, rows), length, varying)


def bptt_lengths(rows: int, /, *, length: int, varying: VaryingLength | None = None) -> Iterator[int]:
    """Yield the steps of each batch that `bptt_batches` makes of columns with so many inputs.

    Examples
    --------
    >>> list(bptt_lengths(10, length=4))
    [4, 4, 2]
    """
    lengths = varying.lengths(length) if varying else None
    while rows > 0:
        steps = min(rows, next(lengths) if lengths else length)
        yield steps
        rows -= steps


def _batches(
    columns: np.ndarray, length: int, varying: VaryingLength | None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    start = 0
    for steps in bptt_lengths(columns.shape[1] - 1, length=length, varying=varying):
        block = np.ascontiguousarray(columns[:, start : start + steps + 1].T, np.int64)
        yield block[:-1], block[1:]
        start += steps
