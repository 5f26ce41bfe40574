"""Which rows train, which validate and which test: by flag, by file, by time, at random or by label."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from recurra.errors import DataError, nearest

__all__ = [
    "Parts",
    "Repeats",
    "is_part",
    "parts_at_random",
    "parts_by_file",
    "parts_by_flag",
    "parts_by_time",
    "repeated_rows",
]

_FLAGS = {
    **dict.fromkeys(("train", "training"), 0),
    **dict.fromkeys(("validation", "valid", "val", "dev"), 1),
    "test": 2,
}


@final
@dataclass(frozen=True, kw_only=True)
class Parts:
    """The rows of each part.

    Attributes
    ----------
    train, validation, test
        (count,) int64, rows from 0 in ascending order; no row is in two parts, and only `train` is never empty.
    description
        How they were chosen, in a sentence.
    """

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray
    description: str


@final
@dataclass(frozen=True, kw_only=True)
class Repeats:
    """Rows of validation and test whose content is in the training part as well: a leak.

    Attributes
    ----------
    validation, test
        (count,) int64, these rows.
    description
        What was found, in a sentence.
    """

    validation: np.ndarray
    test: np.ndarray
    description: str


def is_part(flag: str, /) -> bool:
    """Say whether a text is the name of a part, such as "train" or "dev"."""
    return flag.lower() in _FLAGS


def parts_by_flag(flags: Sequence[str], /, *, source: str) -> Parts:
    """Part rows by what a column says: train, validation (or valid, val, dev) or test.

    Raises
    ------
    DataError
        If a flag is another, with its data row, or none is "train".
    """
    for row, flag in enumerate(flags, 1):
        if flag.lower() not in _FLAGS:
            raise DataError(
                f"{source}, data row {row}: {flag!r} is no part; expected train, validation or test"
                f"{nearest(flag, _FLAGS)}"
            )
    return _parts(np.array([_FLAGS[flag.lower()] for flag in flags], np.int64), f"as a column of {source} says")


def parts_by_file(train: int, /, *, validation: int = 0, test: int = 0) -> Parts:
    """Part rows that stand one after the other and come from a file a part: how many each has."""
    return _parts(np.repeat(np.arange(3), (train, validation, test)), "each part from its own file")


def parts_by_time(times: np.ndarray, /, *, validation_fraction: float = 0.1, test_fraction: float = 0.1) -> Parts:
    """Part rows by their times (count,), in any order: the last ones test, those before them validate.

    Rows of one time are in one part, that of the first of them.
    """
    _check_fractions(validation_fraction, test_fraction)
    _, positions = np.unique(times, return_inverse=True)
    first = np.searchsorted(np.sort(positions), positions) / max(len(times), 1)
    shares = np.array([1 - validation_fraction - test_fraction, 1 - test_fraction]) - 1e-12
    return _parts(np.searchsorted(shares, first, side="right"), "by time, the last rows test")


def parts_at_random(
    count: int,
    /,
    *,
    seed: int,
    validation_fraction: float = 0.1,
    test_fraction: float = 0.1,
    labels: Sequence[Hashable] | np.ndarray | None = None,
) -> Parts:
    """Part rows at random, the same for the same seed.

    Parameters
    ----------
    count
        How many rows there are.
    seed
        A whole number from 0 on.
    validation_fraction, test_fraction
        The parts' shares.
    labels
        (count,) each row's label; then each part has its share of every label, to one row (stratified), and each
        label is in the training part.

    Raises
    ------
    DataError
        If the fractions are no shares, or leave nothing to train on.

    Examples
    --------
    >>> parts = parts_at_random(10, seed=0, labels=[0] * 5 + [1] * 5, validation_fraction=0, test_fraction=0.4)
    >>> len(parts.train), (parts.test < 5).sum()
    (6, np.int64(2))
    """
    _check_fractions(validation_fraction, test_fraction)
    random = np.random.default_rng(seed)
    order = random.permutation(count)
    kept = 0
    if labels is not None:
        order, kept = _by_label(order, labels)
    parts = np.zeros(count, np.int64)
    left = order[kept:]
    test = _every(len(left), test_fraction * count / max(len(left), 1), random)
    parts[left[test]] = 2
    rest = left[~test]
    parts[rest[_every(len(rest), validation_fraction * count / max(len(rest), 1), random)]] = 1
    how = "at random, of each label its share" if labels is not None else "at random"
    return _parts(parts, f"{how}, seed {seed}")


def repeated_rows(parts: Parts, keys: Sequence[Hashable], /) -> Repeats:
    """Return the rows of validation and test whose keys (rows,), such as their texts, are in the training part too."""
    known = {keys[row] for row in parts.train.tolist()}
    found = [np.array([row for row in part.tolist() if keys[row] in known], np.int64) for part in _held_out(parts)]
    total = len(parts.validation) + len(parts.test)
    count = sum(map(len, found))
    description = f"{count} of {total} rows of validation and test are in the training part too"
    if count:
        first = int(np.concatenate(found)[0])
        description += f", the first is data row {first + 1}: {str(keys[first])[:60]!r}"
    return Repeats(validation=found[0], test=found[1], description=description)


def _held_out(parts: Parts) -> tuple[np.ndarray, np.ndarray]:
    return parts.validation, parts.test


def _parts(numbers: np.ndarray, how: str) -> Parts:
    """Return the rows of each part from their parts' numbers (count,): 0, 1 or 2."""
    train, validation, test = (np.flatnonzero(numbers == part) for part in range(3))
    sizes = f"{len(train):,} rows train, {len(validation):,} validate, {len(test):,} test"
    if not len(train):
        raise DataError(f"no row is left to train on: {sizes} ({how})")
    return Parts(train=train, validation=validation, test=test, description=f"{sizes}; {how}")


def _check_fractions(validation: float, test: float) -> None:
    if min(validation, test) < 0 or validation + test >= 1:
        raise DataError(
            f"the fractions for validation and test are {validation} and {test}; expected two from 0 on whose sum is "
            "below 1"
        )


def _by_label(order: np.ndarray, labels: Sequence[Hashable] | np.ndarray) -> tuple[np.ndarray, int]:
    """Return the rows by label, before them one of each label, and how many of those there are."""
    numbers = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    found = np.array([numbers[label] for label in labels], np.int64)[order]
    _, first = np.unique(found, return_index=True)
    others = np.setdiff1d(np.arange(len(order)), first)
    others = others[np.argsort(found[others], kind="stable")]
    return order[np.concatenate([first, others])], len(first)


def _every(count: int, share: float, random: np.random.Generator) -> np.ndarray:
    """Choose of a row of `count` a share at equal distances, (count,) bool: systematic sampling."""
    reached = np.floor(np.arange(count + 1) * min(share, 1.0) + random.random())
    return np.diff(reached) > 0
