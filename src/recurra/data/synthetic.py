"""Made problems that only a long memory solves, drawn from a seed."""

from __future__ import annotations

import math

import numpy as np

from recurra.errors import InputError

__all__ = [
    "ADDING_BASELINE", "NOT_ASKED", "adding_problem", "associative_recall", "copy_memory", "copy_memory_baseline",
    "selective_copying",
]  # fmt: skip

NOT_ASKED = -100
"""The target of a step of which nothing is asked, as torch's losses have it."""

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
    >>> guesses = ((adding_problem(2000, 10, 0)[1] - 1) ** 2).mean()  # always to say 1
    >>> abs(guesses - ADDING_BASELINE) < 0.01
    np.True_
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


def associative_recall(
    count: int,
    length: int,
    seed: int | np.random.Generator,
    /,
    *,
    pairs: int = 8,
    vocabulary: int = 8192,
    power: float = 0.01,
) -> tuple[np.ndarray, np.ndarray]:
    """Return sequences of keys with their values, then of keys again, and the values that are asked there.

    Arora et al. (2023), arXiv:2312.04927, multi-query associative recall (MQAR). Keys and values alternate at first;
    then each key comes once more, at an even place after them, among random symbols. How far it is follows a power law.

    Parameters
    ----------
    count, length
        How many sequences, from 1 on, and how many steps each has, an even number from 4 for each pair on.
    seed
        A whole number, or a generator, which goes on.
    pairs
        How many keys a sequence has, all different; so are their values.
    vocabulary
        How many symbols there are: keys are those of the first half but 0, values those of the second.
    power
        The k-th of the places has a weight of k to this power less 1: 1 is uniform, less brings keys forward.

    Returns
    -------
    inputs, targets
        (count, length) int64. A target is the value of the step's key, where it is asked; elsewhere `NOT_ASKED`.

    Raises
    ------
    InputError
        If a number is too small.

    Examples
    --------
    >>> inputs, targets = associative_recall(1, 8, 0, pairs=2, vocabulary=8)
    >>> inputs.shape, (targets == NOT_ASKED).sum().item()
    ((1, 8), 6)
    """
    _check(count=(count, 1), pairs=(pairs, 1), length=(length, 4 * pairs), vocabulary=(vocabulary, 2 * pairs + 2))
    random, half = np.random.default_rng(seed), vocabulary // 2
    keys = _different(random, count, np.zeros(half - 1), pairs) + 1
    values = _different(random, count, np.zeros(vocabulary - half), pairs) + half
    places = np.arange(1, length // 2 - pairs + 1)
    queries = 2 * pairs + 2 * _different(random, count, (power - 1) * np.log(places), pairs)
    inputs = random.integers(0, vocabulary, (count, length))
    targets = np.full_like(inputs, NOT_ASKED)
    inputs[:, 0 : 2 * pairs : 2], inputs[:, 1 : 2 * pairs : 2] = keys, values
    np.put_along_axis(inputs, queries, keys, axis=1)
    np.put_along_axis(targets, queries, values, axis=1)
    return inputs, targets


def _different(random: np.random.Generator, count: int, log_weights: np.ndarray, many: int) -> np.ndarray:
    """Draw, for each row, so many different places, one after the other by their weights: Gumbel's largest."""
    drawn = log_weights + random.gumbel(size=(count, len(log_weights)))
    return np.argsort(-drawn, axis=1)[:, :many]


def selective_copying(
    count: int, length: int, seed: int | np.random.Generator, /, *, symbols: int = 14, words: int = 16
) -> tuple[np.ndarray, np.ndarray]:
    """Return sequences of blanks with symbols at random places, and those symbols in their order, asked at the end.

    Gu & Dao (2023), arXiv:2312.00752, section 4.1.1: unlike in `copy_memory`, when a symbol comes is not known.

    Parameters
    ----------
    count, length
        How many sequences, from 1 on, and how many steps each has before it is asked, at least as many as words.
    seed
        A whole number, or a generator, which goes on.
    symbols, words
        How many different symbols there are, and how many of them a sequence has.

    Returns
    -------
    inputs, targets
        (count, length + words) int64. A symbol is a number below `symbols`, a blank is `symbols`, and `symbols` + 1,
        in the last steps, asks for the next one. A target is `NOT_ASKED` before.

    Raises
    ------
    InputError
        If a number is too small.

    Examples
    --------
    >>> selective_copying(1, 5, 0, words=2)
    (array([[14, 11,  8, 14, 14, 15, 15]]), array([[-100, -100, -100, -100, -100,   11,    8]]))
    """
    _check(count=(count, 1), symbols=(symbols, 1), words=(words, 1), length=(length, words))
    random = np.random.default_rng(seed)
    drawn = random.integers(0, symbols, (count, words))
    places = np.sort(_different(random, count, np.zeros(length), words), axis=1)
    inputs = np.full((count, length + words), symbols)
    targets = np.full_like(inputs, NOT_ASKED)
    inputs[:, length:] = symbols + 1
    np.put_along_axis(inputs, places, drawn, axis=1)
    targets[:, length:] = drawn
    return inputs, targets


def _check(**given: tuple[int, int]) -> None:
    for name, (number, least) in given.items():
        if number < least:
            raise InputError(f"{name}: got {number}, expected a whole number from {least} on")
