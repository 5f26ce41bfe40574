"""Sequences in a table: a text or lists a row, or a step a row in the long layout."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars

from recurra.data.numbers import is_missing, numbers
from recurra.data.table import column
from recurra.errors import DataError

__all__ = ["column_texts", "complete_rows", "list_sequences", "long_sequences", "whole_sequences"]


def column_texts(frame: polars.DataFrame, name: str, *, source: str, what: str, first: int = 1) -> list[str]:
    """Return a column as texts without spaces around them; `DataError` with the row if one is missing.

    `first` is the number of the frame's first row, as in `list_sequences`.
    """
    return _texts(frame, name, source=source, what=what, first=first).to_list()


def _texts(frame: polars.DataFrame, name: str, *, source: str, what: str, first: int = 1) -> polars.Series:
    found = column(frame, name, source=source)
    if found.dtype.is_nested() or found.dtype in (polars.Object, polars.Binary):
        raise DataError(f"{source}, column {name!r}: expected one {what} a row, got {found.dtype}")
    texts = found.cast(polars.String).str.strip_chars()
    missing = texts.fill_null("") == ""
    if missing.any():
        row = missing.arg_max() or 0
        raise DataError(f"{source}, column {name!r}, data row {row + first}: the {what} is missing")
    return texts


def complete_rows(frame: polars.DataFrame, names: Sequence[str], /, *, source: str) -> np.ndarray:
    """Say of each row (rows,) whether all columns have something: a text that is not blank, a list with no gap."""
    complete = np.ones(frame.height, bool)
    for name in names:
        values = column(frame, name, source=source)
        if isinstance(values.dtype, polars.List | polars.Array):
            lists = values.cast(polars.List(values.dtype.inner))  # pyright: ignore[reportArgumentType]
            gaps = lists.list.eval(polars.element().is_null().any()).list.first().fill_null(True)
            complete &= ((lists.list.len().fill_null(0) > 0) & ~gaps).to_numpy()
        elif not values.dtype.is_nested():
            complete &= (values.cast(polars.String, strict=False).str.strip_chars().fill_null("") != "").to_numpy()
    return complete


def whole_sequences(
    frame: polars.DataFrame, id: str, /, *, values: Sequence[str], constant: Sequence[str] = (), source: str
) -> tuple[np.ndarray, tuple[int, ...]]:
    """Say of each row (rows,) of the long layout whether its sequence has nothing missing in any row.

    Where the others begin is said too: the data row, from 1, of each. Rows without an id are one of them. The columns
    are those of `long_sequences`.
    """
    complete = complete_rows(frame, [id, *constant], source=source)
    for name in values:
        complete &= ~is_missing(column(frame, name, source=source)).to_numpy()
    ids = column(frame, id, source=source).cast(polars.String).str.strip_chars().fill_null("")
    kept = ~ids.is_in(ids.filter(polars.Series(~complete)).unique().implode()).to_numpy()
    begins = ids.is_first_distinct().to_numpy()
    return kept, tuple((np.flatnonzero(begins & ~kept) + 1).tolist())


def list_sequences(
    frame: polars.DataFrame, names: Sequence[str], /, *, source: str, first: int = 1
) -> list[np.ndarray]:
    """Return the sequences (steps, channels) of a table whose cells are lists; each column is a channel.

    Raises
    ------
    DataError
        If a cell is no list of finite numbers, or the lists of a row have different lengths.
    """
    channels = [_lists(column(frame, name, source=source), source, first) for name in names]
    rows = enumerate(zip(*channels, strict=True), first)
    return [_stacked(lists, names, f"{source}, data row {row}") for row, lists in rows]


def _lists(column: polars.Series, source: str, first: int) -> list[np.ndarray]:
    if not isinstance(column.dtype, polars.List | polars.Array):
        raise DataError(
            f"{source}, column {column.name!r}: expected lists of numbers, got {column.dtype}; for one step a row, "
            "say which column holds the sequences' ids"
        )
    try:
        lists = column.cast(polars.List(polars.Float64))
    except polars.exceptions.PolarsError:
        raise DataError(f"{source}, column {column.name!r}: expected lists of numbers, got {column.dtype}") from None
    lengths = lists.list.len().fill_null(0).to_numpy().astype(np.int64)
    steps = lists.filter(lengths > 0).explode().fill_null(np.nan).to_numpy()
    _check_finite(steps, lengths, f"{source}, column {column.name!r}", first)
    return np.split(steps.astype(np.float32), np.cumsum(lengths)[:-1])


def _check_finite(steps: np.ndarray, lengths: np.ndarray, where: str, first: int) -> None:
    """Refuse the first of the steps (all rows' steps,) that is missing or infinite."""
    wrong = np.flatnonzero(~np.isfinite(steps))
    if len(wrong):
        ends = np.cumsum(lengths)
        row = int(np.searchsorted(ends, wrong[0], side="right"))
        step = int(wrong[0] - ends[row] + lengths[row]) + 1
        raise DataError(f"{where}, data row {row + first}: step {step} is missing or infinite")


def _stacked(lists: Sequence[np.ndarray], names: Sequence[str], where: str) -> np.ndarray:
    for name, values in zip(names, lists, strict=True):
        if len(values) != len(lists[0]):
            raise DataError(
                f"{where}: column {names[0]!r} has {len(lists[0])} steps and column {name!r} {len(values)}; expected "
                "one length"
            )
    return np.stack(lists, axis=1)


def long_sequences(
    frame: polars.DataFrame, id: str, /, *, values: Sequence[str], constant: Sequence[str] = (), source: str
) -> tuple[list[np.ndarray], np.ndarray]:
    """Return the sequences of a table in the long layout, in the order in which their ids first appear.

    Parameters
    ----------
    frame
        One step a row; the rows of a sequence are in order, but need not be side by side.
    id, values, constant
        The columns of the sequences' ids, of the channels, and of what does not change in a sequence, as its label.
    source
        What messages call the table.

    Returns
    -------
    sequences, rows
        (steps, channels) float32 each, and (count,) the data row, from 1, of each sequence's first step.
    """
    ids = _texts(frame, id, source=source, what="id")
    first = ids.is_first_distinct().arg_true().to_numpy()
    members = ids.replace_strict(ids[first], np.arange(len(first)), return_dtype=polars.Int64).to_numpy()
    for name in constant:
        _check_constant(column(frame, name, source=source), first[members], source)
    order = np.argsort(members, kind="stable")
    table = np.stack([numbers(column(frame, name, source=source), source=source) for name in values], axis=1)
    starts = np.searchsorted(members[order], np.arange(1, len(first)))
    return np.split(table[order].astype(np.float32), starts), first.astype(np.int64) + 1


def _check_constant(column: polars.Series, first: np.ndarray, source: str) -> None:
    texts = column.cast(polars.String)
    changed = (texts != texts[first]).fill_null(False)
    if changed.any():
        row = changed.arg_max() or 0
        raise DataError(
            f"{source}, column {column.name!r}, data row {row + 1}: it is {column[row]!r}, but the sequence began in "
            f"row {first[row] + 1} with {column[int(first[row])]!r}; expected one for a sequence"
        )
