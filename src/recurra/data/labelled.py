"""Sequences with a label each: texts or numbers, from a table, a `.ts` file or arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import final

import numpy as np
import polars

from recurra.data.array_file import read_array_file
from recurra.data.classes import class_names, class_numbers
from recurra.data.files import TableFormat, file_text
from recurra.data.kept import chosen, kept_arrays, kept_texts
from recurra.data.parts import is_part
from recurra.data.rows import scan_rows
from recurra.data.sequence_table import column_texts, complete_rows, list_sequences, long_sequences, whole_sequences
from recurra.data.table import Table, read_table, table_format
from recurra.data.timeseries_file import read_timeseries_file
from recurra.errors import DataError

__all__ = ["LabelledSequences", "SequenceColumns", "read_labelled"]

_STREAMED = ("parquet", "arrow")
"""Formats of tables that are read some rows at a time."""

_AT_ONCE = 512
"""Rows that are read at a time: each may be a long sequence."""


@final
@dataclass(frozen=True, kw_only=True)
class SequenceColumns:
    """Where a table holds sequences and labels.

    Attributes
    ----------
    text
        The column of texts, one sequence a row.
    values
        The columns of numbers, one a channel: with `id` a step a row (the long layout), otherwise a list a row.
    id
        The column that says which sequence a row of the long layout belongs to. Its rows are in order.
    label
        The column of labels; None at prediction.
    part
        The column that says of each sequence whether it trains, validates or tests; see `parts_by_flag`.
    """

    text: str | None = None
    values: tuple[str, ...] = ()
    id: str | None = None
    label: str | None = None
    part: str | None = None

    def __post_init__(self) -> None:
        if (self.text is None) == (not self.values):
            raise DataError("say which column is the text, or which columns are the values, and not both")
        if self.id is not None and not self.values:
            raise DataError("a column of ids needs columns of values; texts are one a row")


@final
@dataclass(frozen=True, kw_only=True)
class LabelledSequences:
    """Sequences, and the class of each.

    Attributes
    ----------
    sequences
        Texts, or arrays (steps, channels) float32 of any lengths from 1 on.
    labels
        (count,) int64, places in `classes`; None where there are no labels.
    classes
        The labels' names.
    source
        What messages call the data.
    rows
        (count,) the data row, or the line, that each sequence began at, from 1.
    ids, flags
        (count,) what the columns of ids and of parts say of each sequence; None without such a column.
    dropped
        The data rows, from 1, that were left out because something is missing in them; in the long layout, where the
        sequences begin that were.
    """

    sequences: Sequence[str] | Sequence[np.ndarray]
    labels: np.ndarray | None
    classes: tuple[str, ...]
    source: str
    rows: np.ndarray
    ids: tuple[str, ...] | None = None
    flags: tuple[str, ...] | None = None
    dropped: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.sequences)

    @property
    def channels(self) -> int | None:
        """How many numbers a step has; None for texts."""
        first = self.sequences[0]
        return None if isinstance(first, str) else first.shape[1]

    def part(self, places: np.ndarray, /) -> LabelledSequences:
        """Return the sequences at places (count,)."""
        return replace(
            self,
            sequences=chosen(self.sequences, places),
            labels=None if self.labels is None else self.labels[places],
            rows=self.rows[places],
            ids=_at(self.ids, places),
            flags=_at(self.flags, places),
        )


def read_labelled(
    data: Table,
    /,
    *,
    columns: SequenceColumns | None = None,
    classes: Sequence[str] | None = None,
    labelled: bool = True,
    drop: bool = False,
    format: TableFormat | None = None,
) -> LabelledSequences:
    """Read sequences and their labels.

    Parameters
    ----------
    data
        A table (see `read_table`), a folder with a folder of `.txt` files for each class, which may be in folders
        called train, validation and test, a `.ts` file (see `read_timeseries_file`), or arrays in `.npz` or `.npy` (see
        `read_array_file`).
    columns
        Where a table holds what; not for the others.
    classes
        The classes that a model knows; found if not given.
    labelled
        Whether the labels of a `.ts` file or of arrays are wanted; those of a table are if `columns` names them.
    drop
        Whether rows of a table without text, numbers, label or part are left out, and in the long layout sequences that
        have such a row; otherwise they are an error.
    format
        How a table of text is written; of a `.ts` file its encoding counts.

    Raises
    ------
    DataError
        If the data cannot be read, a sequence is empty, a label is missing, there is only one class, or a label is
        not among `classes`; the message says the row.
    """
    format = format or TableFormat()
    if isinstance(data, str | Path) and Path(data).is_dir():
        return _from_folder(Path(data), classes=classes, labelled=labelled, encoding=format.encoding)
    suffix = Path(data).suffix.lower() if isinstance(data, str | Path) else ""
    if suffix == ".ts":
        sequences, names, rows = read_timeseries_file(Path(str(data)), encoding=format.encoding)
        names = names if labelled else None
        return _labelled(sequences, names, rows, classes=classes, source=str(data), unit="line")
    if suffix in (".npy", ".npz"):
        sequences, names, rows = read_array_file(Path(str(data)))
        names = names if labelled else None
        return _labelled(sequences, names, rows, classes=classes, source=str(data), unit="sequence")
    if columns is None:
        raise DataError(f"{data if suffix else 'the frame'}: say which columns hold the sequences and the labels")
    return _from_table(data, columns, format, classes=classes, drop=drop)


def _from_table(
    data: Table, columns: SequenceColumns, format: TableFormat, /, *, classes: Sequence[str] | None, drop: bool
) -> LabelledSequences:
    if columns.id is None and isinstance(data, str | Path) and table_format(Path(data)) in _STREAMED:
        return _from_stream(Path(data), columns, classes=classes, drop=drop)
    frame, source = read_table(data, format=format)
    kept, dropped = np.ones(frame.height, bool), ()
    constant = [name for name in (columns.label, columns.part) if name is not None]
    if drop and columns.id is not None:
        kept, dropped = whole_sequences(frame, columns.id, values=columns.values, constant=constant, source=source)
    elif drop:
        kept = complete_rows(frame, _names(columns), source=source)
        dropped = _dropped(kept)
    if drop:
        _check_kept(kept, source)
        frame = frame.filter(polars.Series(kept))
    numbered = np.flatnonzero(kept) + 1
    if columns.id is not None:
        sequences, rows = long_sequences(frame, columns.id, values=columns.values, constant=constant, source=source)
    elif columns.text is not None:
        sequences = column_texts(frame, columns.text, source=source, what="text")
        rows = np.arange(1, frame.height + 1)
    else:
        sequences, rows = list_sequences(frame, columns.values, source=source), np.arange(1, frame.height + 1)

    def said(name: str | None, what: str) -> tuple[str, ...] | None:
        if name is None:
            return None
        return _at(tuple(column_texts(frame, name, source=source, what=what)), rows - 1)

    labels, ids, flags = said(columns.label, "label"), said(columns.id, "id"), said(columns.part, "part")
    found = _labelled(sequences, labels, numbered[rows - 1], classes=classes, source=source, unit="data row")
    return replace(found, ids=ids, flags=flags, dropped=dropped)


def _from_stream(
    path: Path, columns: SequenceColumns, *, classes: Sequence[str] | None, drop: bool
) -> LabelledSequences:
    """Read a table of which a row is a sequence, some rows at a time: it may be larger than memory."""
    said: dict[str, list[str]] = {what: [] for what in ("label", "part") if getattr(columns, what) is not None}
    source, kept = str(path), [np.empty(0, bool)]

    def frames() -> Iterator[tuple[int, polars.DataFrame]]:
        """Yield frames with the number of their first row; what labels and parts they say is kept."""
        first = 1
        for rows in scan_rows(path, columns=_names(columns), chunk=_AT_ONCE):
            height = rows.height
            kept.append(complete_rows(rows, _names(columns), source=source) if drop else np.ones(height, bool))
            frame = rows.filter(polars.Series(kept[-1])) if drop else rows
            yield first, frame
            for what, texts in said.items():
                texts += column_texts(frame, getattr(columns, what), source=source, what=what, first=first)
            first += height

    def texts(name: str) -> Iterator[str]:
        for first, frame in frames():
            yield from column_texts(frame, name, source=source, what="text", first=first)

    def lists() -> Iterator[np.ndarray]:
        for first, frame in frames():
            yield from list_sequences(frame, columns.values, source=source, first=first)

    sequences = kept_arrays(lists()) if columns.text is None else kept_texts(texts(columns.text))
    is_kept = np.concatenate(kept)
    if not len(is_kept):
        raise DataError(f"{source} has a header but no rows")
    _check_kept(is_kept, source)
    rows = np.flatnonzero(is_kept) + 1
    found = _labelled(sequences, said.get("label"), rows, classes=classes, source=source, unit="data row")
    return replace(found, flags=tuple(said["part"]) if "part" in said else None, dropped=_dropped(is_kept))


def _check_kept(kept: np.ndarray, source: str) -> None:
    if not kept.any():
        raise DataError(f"{source} has {len(kept):,} rows, and in every one something is missing")


def _dropped(kept: np.ndarray) -> tuple[int, ...]:
    return tuple((np.flatnonzero(~kept) + 1).tolist())


def _from_folder(path: Path, *, classes: Sequence[str] | None, labelled: bool, encoding: str) -> LabelledSequences:
    """Read a folder of texts: the folder that a file is in is its class, one above may name its part."""
    files = sorted(
        (file for file in path.rglob("*.txt") if file.is_file() and not file.is_symlink()),
        key=lambda file: file.relative_to(path).parts,
    )
    if not files:
        raise DataError(f"{path} is a folder without .txt files; expected a folder of them for each class")
    places = [file.relative_to(path).parts for file in files]
    if labelled and min(map(len, places)) < 2:
        raise DataError(f"{files[[len(each) for each in places].index(1)]} is in no folder of a class")
    names = [each[-2] for each in places] if labelled else None
    has_parts = labelled and all(len(each) > 2 and is_part(each[0]) for each in places)
    found = _labelled(
        [file_text(file, encoding=encoding).strip() for file in files],
        names, np.arange(1, len(files) + 1), classes=classes, source=str(path), unit="file",
    )  # fmt: skip
    flags = tuple(each[0] for each in places) if has_parts else None
    return replace(found, ids=tuple("/".join(each) for each in places), flags=flags)


def _names(columns: SequenceColumns) -> list[str]:
    """Return the columns that are read, each once."""
    sequences = columns.values if columns.text is None else (columns.text,)
    return list(dict.fromkeys((*sequences, *filter(None, (columns.label, columns.part)))))


def _at(texts: tuple[str, ...] | None, places: np.ndarray) -> tuple[str, ...] | None:
    return None if texts is None else tuple(texts[place] for place in places.tolist())


def _labelled(
    sequences: Sequence[str] | Sequence[np.ndarray],
    names: Sequence[str] | None,
    rows: np.ndarray,
    *,
    classes: Sequence[str] | None,
    source: str,
    unit: str,
) -> LabelledSequences:
    """Check sequences and labels, and number the labels."""
    for sequence, row in zip(sequences, rows.tolist(), strict=True):
        if not len(sequence):
            raise DataError(f"{source}, {unit} {row}: the sequence is empty; expected at least one step")
    if names is None:
        return LabelledSequences(
            sequences=sequences, labels=None, classes=tuple(classes or ()), source=source, rows=rows
        )
    known = tuple(classes) if classes is not None else class_names(names, source=source)
    labels = class_numbers(names, known, places=[f"{source}, {unit} {row}" for row in rows.tolist()])
    return LabelledSequences(sequences=sequences, labels=labels, classes=known, source=source, rows=rows)
