"""What a classifier is fitted on and asked about: files, frames, or sequences in memory."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars

from recurra.data import LabelledSequences, SequenceColumns, read_labelled
from recurra.data.files import file_text
from recurra.data.labelled import class_numbers
from recurra.errors import DataError, InputError
from recurra.tasks.classify.options import ClassifyOptions

__all__ = ["read_sequences", "read_with_labels", "with_dropped", "with_gaps"]


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
        is_dropped = options.missing == "drop"
        found = read_labelled(data, columns=columns, classes=classes, drop=is_dropped, format=options.table_format())
    if found.labels is None:
        raise DataError(f"{found.source} has no labels; for a table, say which column holds them (label)")
    return found


def read_sequences(data: Any, options: ClassifyOptions, /) -> LabelledSequences:
    """Read sequences without their labels, if they have any; lists of texts or arrays and a text a line are taken too.

    Rows of a table without a text or numbers are left out, and named in `dropped`.
    """
    if isinstance(data, LabelledSequences):
        return replace(data, labels=None)
    if isinstance(data, list | tuple):
        return _in_memory(data)
    if isinstance(data, str | Path) and options.values is None and _is_plain_text(Path(data), options):
        return _lines(Path(data), options)
    columns = _columns(data, options, label=None, part=None)
    return read_labelled(data, columns=columns, labelled=False, drop=True, format=options.table_format())


def with_dropped(predictions: polars.DataFrame, data: LabelledSequences, /) -> polars.DataFrame:
    """Return predictions with a row of nothing for each row of the data that was left out, in the data's order."""
    if not data.dropped:
        return predictions
    empty = polars.DataFrame({"row": polars.Series(data.dropped, dtype=predictions["row"].dtype)})
    return polars.concat([predictions, empty], how="diagonal").sort("row")


def with_gaps(values: np.ndarray, data: LabelledSequences, /) -> np.ndarray:
    """Return values (rows, ...) with NaN in the place of each row of the data that was left out."""
    if not data.dropped:
        return values
    order = np.argsort(np.concatenate([data.rows, np.array(data.dropped)]), kind="stable")
    gaps = np.full((len(data.dropped), *values.shape[1:]), np.nan)
    return np.concatenate([values, gaps])[order]


def _is_plain_text(path: Path, options: ClassifyOptions) -> bool:
    """Say whether a `.txt` is a text a line, as its first line does not name the column of texts."""
    if path.suffix.lower() != ".txt" or path.is_dir() or not options.header:
        return False
    first, _, rest = file_text(path, encoding=options.encoding, expected="a text").partition("\n")
    return not rest.strip() or options.text not in [cell.strip(' \r"') for cell in re.split(r"[,;\t|]", first)]


def _lines(path: Path, options: ClassifyOptions) -> LabelledSequences:
    """Return a text a line; empty lines are left out."""
    lines = file_text(path, encoding=options.encoding, expected="a text").splitlines()
    places = [place for place, line in enumerate(lines) if line.strip()]
    if not places:
        raise DataError(f"{path} is empty; expected a text a line")
    return LabelledSequences(
        sequences=[lines[place].strip() for place in places],
        labels=None,
        classes=(),
        source=str(path),
        rows=np.array(places) + 1,
        dropped=tuple(place + 1 for place, line in enumerate(lines) if not line.strip()),
    )


def _columns(data: Any, options: ClassifyOptions, *, label: str | None, part: str | None) -> SequenceColumns | None:
    is_folder = isinstance(data, str | Path) and Path(data).is_dir()
    if not is_folder and (options.text is not None or options.values is not None):
        return SequenceColumns(text=options.text, values=options.channels, id=options.id, label=label, part=part)
    if is_folder or (isinstance(data, str | Path) and Path(data).suffix.lower() in (".ts", ".npy", ".npz")):
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
