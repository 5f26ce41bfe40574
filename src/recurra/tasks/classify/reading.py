"""What a classifier is fitted on and asked about: files, frames, or sequences in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from recurra.data.classes import class_numbers
from recurra.data.labelled import LabelledSequences, SequenceColumns, read_labelled
from recurra.errors import DataError, InputError
from recurra.tasks.classify.options import ClassifyOptions

__all__ = ["read_sequences", "read_with_labels"]


def read_with_labels(
    data: Any, options: ClassifyOptions, /, *, classes: Sequence[str] | None = None, has_parts: bool = False
) -> LabelledSequences:
    """Read sequences with their labels.

    Parameters
    ----------
    data
        A path or a frame, see `read_labelled`; or `LabelledSequences`.
    options
        Where a table holds what.
    classes
        The classes that are known already.
    has_parts
        Whether the column of parts is read, if the options name one.

    Raises
    ------
    DataError
        If the data cannot be read or have no labels; see `read_labelled`.
    """
    if isinstance(data, LabelledSequences):
        found = data if classes is None else _renumbered(data, classes)
    else:
        columns = _columns(data, options, label=options.label, part=options.part if has_parts else None)
        found = read_labelled(data, columns=columns, classes=classes, format=options.table_format())
    if found.labels is None:
        raise DataError(f"{found.source} has no labels; for a table, say which column holds them (label)")
    return found


def read_sequences(data: Any, options: ClassifyOptions, /) -> LabelledSequences:
    """Read sequences without their labels, if they have any; lists of texts or of arrays are taken too."""
    if isinstance(data, LabelledSequences):
        return replace(data, labels=None)
    if isinstance(data, list | tuple):
        return _in_memory(data)
    columns = _columns(data, options, label=None, part=None)
    return read_labelled(data, columns=columns, labelled=False, format=options.table_format())


def _columns(data: Any, options: ClassifyOptions, *, label: str | None, part: str | None) -> SequenceColumns | None:
    if options.text is not None or options.values is not None:
        return SequenceColumns(text=options.text, values=options.channels, id=options.id, label=label, part=part)
    if isinstance(data, str | Path) and Path(data).suffix.lower() in (".ts", ".npy", ".npz"):
        return None
    source = data if isinstance(data, str | Path) else "the frame"
    raise InputError(f"{source} is a table; expected the option text or values, the columns of the sequences")


def _in_memory(given: Sequence[Any]) -> LabelledSequences:
    """Return texts, or arrays (steps, channels) or (steps,), as sequences."""
    if not given:
        raise DataError("the list has no sequences; expected at least one")
    sequences: list[Any] = [
        each if isinstance(each, str) else _array(each, place) for place, each in enumerate(given, 1)
    ]
    kinds = {None if isinstance(each, str) else each.shape[1] for each in sequences}
    if len(kinds) > 1:
        raise DataError("the list has sequences of different kinds; expected texts, or arrays of one width")
    rows = np.arange(1, len(sequences) + 1)
    return LabelledSequences(sequences=sequences, labels=None, classes=(), source="the list", rows=rows)


def _array(given: Any, place: int) -> np.ndarray:
    try:
        values = np.asarray(given, np.float32)
    except (TypeError, ValueError):
        raise DataError(f"the list, sequence {place}: got {type(given).__name__}, expected a text or numbers") from None
    if values.ndim not in (1, 2) or not len(values):
        raise DataError(f"the list, sequence {place}: got shape {values.shape}, expected (steps, channels) or (steps,)")
    return values.reshape(len(values), -1)


def _renumbered(data: LabelledSequences, classes: Sequence[str]) -> LabelledSequences:
    """Return sequences whose labels are places in the classes that are known."""
    if data.labels is None:
        return data
    names = [data.classes[label] for label in data.labels.tolist()]
    places = [f"{data.source}, row {row}" for row in data.rows.tolist()]
    return replace(data, labels=class_numbers(names, classes, places=places), classes=tuple(classes))
