"""Made problems that only a long memory solves, drawn from a seed."""

from __future__ import annotations

import math

import numpy as np

from recurra.errors import InputError

__all__ = ["ADDING_BASELINE", "adding_problem", "copy_memory", "copy_memory_baseline"]

ADDING_BASELINE = 1 / 6
"""The mean squared error of always guessing 1 in the adding problem: twice the variance of a value, 1/12."""


def adding_problem(count: int, length: int, seed: int | np.random.Generator, /) -> tuple[np.ndarray, np.ndarray]:
    """Return sequences of numbers of which two are marked, and the sums of the marked ones.

    Hochreiter & Schmidhuber (1997), Neural Computation 9(8), in the form of Arjovsky, Shah & Bengio (2016),
    arXiv:1511.06464: the values are uniform in [0, 1), one of the first half is marked and one of the second.

    Parameters
    ----------
    count, length
        How many sequences, from 1 on, and how many steps each has, from 2 on.
    seed
        A whole number, or a generator, which goes on.

    Returns
    -------
    inputs
        (count, length, 2) float32: the value, and 1 where it is marked, otherwise 0.
    targets
        (count, 1) float32.

    Raises
    ------
    InputError
        If there is no sequence, or one is shorter than 2.

    Examples
    --------
    >>> inputs, targets = adding_problem(3, 10, 0)
    >>> inputs.shape, targets.shape, inputs[..., 1].sum(1).tolist()
    ((3, 10, 2), (3, 1), [2.0, 2.0, 2.0])
    """
    _check(count=(count, 1), length=(length, 2))
    random = np.random.default_rng(seed)
    values = random.random((count, length), dtype=np.float32)
    first = random.integers(0, length // 2, count)
    second = random.integers(length // 2, length, count)
    marks = np.zeros_like(values)
    each = np.arange(count)
    marks[each, first] = marks[each, second] = 1
    targets = values[each, first] + values[each, second]
    return np.stack([values, marks], axis=-1), targets[:, np.newaxis]


def copy_memory(
    count: int, delay: int, seed: int | np.random.Generator, /, *, symbols: int = 8, length: int = 10
) -> tuple[np.ndarray, np.ndarray]:
    """Return sequences that begin with symbols, and the sequences that repeat them after a delay.

    Arjovsky, Shah & Bengio (2016), arXiv:1511.06464, after Hochreiter & Schmidhuber (1997). `length` symbols are
    followed by blanks; `delay` steps after the last symbol comes the sign to repeat them, then `length` blanks. The
    target is blank up to that sign, and then the symbols in their order.

    Parameters
    ----------
    count, delay
        How many sequences, and how many steps after the last symbol the sign comes, both from 1 on.
    seed
        A whole number, or a generator, which goes on.
    symbols, length
        How many different symbols there are, and how many of them a sequence begins with.

    Returns
    -------
    inputs, targets
        (count, delay + 2 * length) int64: a symbol is a number below `symbols`, a blank is `symbols`, and the sign
        is `symbols` + 1, which is in no target.

    Raises
    ------
    InputError
        If a number is below 1.

    Examples
    --------
    >>> inputs, targets = copy_memory(1, 3, 0, length=2)
    >>> inputs, targets
    (array([[6, 5, 8, 8, 9, 8, 8]]), array([[8, 8, 8, 8, 8, 6, 5]]))
    """
    _check(count=(count, 1), delay=(delay, 1), symbols=(symbols, 1), length=(length, 1))
    words = np.random.default_rng(seed).integers(0, symbols, (count, length))
    inputs = np.full((count, delay + 2 * length), symbols, np.int64)
    targets = inputs.copy()
    inputs[:, :length] = targets[:, -length:] = words
    inputs[:, length + delay - 1] = symbols + 1
    return inputs, targets


def copy_memory_baseline(delay: int, /, *, symbols: int = 8, length: int = 10) -> float:
    """Return the mean cross-entropy a step without a memory: blanks are certain, and symbols are guessed."""
    return length * math.log(symbols) / (delay + 2 * length)


def _check(**given: tuple[int, int]) -> None:
    for name, (number, least) in given.items():
        if number < least:
            raise InputError(f"{name}: got {number}, expected a whole number from {least} on")
