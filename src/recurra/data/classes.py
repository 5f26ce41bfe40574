"""Classes: the names of labels, each at its number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

import numpy as np

from recurra.errors import DataError, nearest

__all__ = ["class_names", "class_numbers"]

_WHOLE = re.compile(r"[+-]?\d+")

_FEW = 10
"""Classes of which each may be seen once."""


def class_names(labels: Iterable[str], /, *, source: str) -> tuple[str, ...]:
    """Return the different labels in order: by value where all are whole numbers, else by their characters.

    Raises
    ------
    DataError
        If there is only one, or so many that they tell nothing apart: more than ten, over half of them seen once.

    Examples
    --------
    >>> class_names(["10", "9", "10"], source="x.csv")
    ('9', '10')
    """
    counts = Counter(labels)
    names = sorted(counts)
    _check_repeated(counts, source)
    if len(names) < 2:
        only = f"only the class {names[0]!r}" if names else "no labels"
        raise DataError(f"{source} has {only}; expected at least two classes to tell apart")
    if all(_WHOLE.fullmatch(name) for name in names):
        names.sort(key=Decimal)  # int takes 4,300 digits at most
    return tuple(names)


def _check_repeated(counts: Counter[str], source: str) -> None:
    """Refuse labels that are ids, texts or measurements."""
    if all(name.startswith("[") and name.endswith("]") for name in counts) and any("," in name for name in counts):
        raise DataError(
            f"{source}: the labels are lists, such as {next(iter(counts))[:40]!r}; expected one class a sequence"
        )
    single = sum(count == 1 for count in counts.values())
    if len(counts) <= _FEW or 2 * single <= len(counts):
        return
    first = next(iter(counts))
    kind = "numbers that differ almost everywhere" if all(map(_is_fraction, counts)) else "almost all different"
    raise DataError(
        f"{source}: the labels, such as {first[:40]!r}, are {kind}: {len(counts):,} classes for {counts.total():,} "
        "sequences; expected classes that come again (another column, or numbers put into a few classes)"
    )


def _is_fraction(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def class_numbers(labels: Sequence[str], classes: Sequence[str], /, *, places: Sequence[str]) -> np.ndarray:
    """Return the place of each label in `classes`, (count,) int64.

    Raises
    ------
    DataError
        If a label is not among them; the message begins with the label's place, of `places` (count,).
    """
    numbers = {name: number for number, name in enumerate(classes)}
    found = np.array([numbers.get(label, -1) for label in labels], np.int64)
    if (found < 0).any():
        wrong = int(np.argmax(found < 0))
        shown = ", ".join(map(repr, classes[:10])) + (", ..." if len(classes) > 10 else "")
        raise DataError(
            f"{places[wrong]}: the label {labels[wrong]!r} is not one that the model knows, {shown}"
            f"{nearest(labels[wrong], classes)}"
        )
    return found
