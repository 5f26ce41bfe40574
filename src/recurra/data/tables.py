"""Reading a table: a file of any of the known formats or a frame becomes a polars frame, or a `DataError`.

Whole (`read_table`) or some rows at a time (`scan_rows`); and what its columns hold, as texts and as numbers.
"""

from __future__ import annotations

import glob
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import MappingProxyType

import numpy as np
import polars

from recurra.data.files import ENCODING, TableFormat, check_file, encoding_of
from recurra.data.table_formats import (
    POLARS_ERRORS,
    PandasFrame,
    cell_separator,
    check_keys,
    check_rows,
    from_pandas,
    is_arrow_stream,
    read_arrow,
    read_delimited,
    read_json_lines,
    read_parquet,
    reason_of,
    with_points,
)
from recurra.errors import DataError, nearest

__all__ = [
    "FORMATS",
    "Table",
    "column",
    "column_texts",
    "complete_rows",
    "is_missing",
    "numbers",
    "read_table",
    "scan_rows",
    "table_format",
]

Table = str | Path | polars.DataFrame | polars.LazyFrame | PandasFrame
"""What a task takes as data: the path of a file, or a frame of polars or pandas."""

FORMATS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys((".csv", ".tsv", ".tab", ".txt", ".data", ""), "text"),
        **dict.fromkeys((".jsonl", ".ndjson"), "json"),
        **dict.fromkeys((".parquet", ".pq"), "parquet"),
        **dict.fromkeys((".arrow", ".feather", ".ipc"), "arrow"),
    }
)
"""Suffix of a table's file -> its format."""

_TYPED_ROWS, _KEYS = 10_000, 1_000
"""Rows of JSON lines that give the types of those that are streamed, and how many different keys these may have."""

_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
"""How files begin that gzip, Zstandard or zlib made, whatever they are called."""

_SHOWN = 5
"""Rows that a message names."""

_MISSING = ("", "na", "n/a", "nan", "null", "none", "-", "?")
"""How texts say that there is no value, in lower case."""

_LARGEST = 1e100
"""The largest value that is read: sums of squares of far larger ones are infinite."""


def read_table(table: Table, /, *, format: TableFormat | None = None) -> tuple[polars.DataFrame, str]:
    """Read a table: a file by its suffix, or a frame.

    Of CSV and TSV every cell is a text; the other formats and frames keep their types. An index of a pandas frame that
    has a name becomes a column.

    Parameters
    ----------
    table
        The path of a table with a header line, separated by commas, semicolons, tabs or bars (`.csv`, `.tsv`,
        `.txt`), of JSON lines (`.jsonl`, `.ndjson`), any of them with `.gz` after it, of Parquet (`.parquet`) or
        Arrow (`.arrow`, `.feather`, `.ipc`); or a polars or pandas frame.
    format
        How a text is written: its encoding, whether it has a header line, what separates cells and decimals. Of frames
        and of typed files the decimal comma alone is looked at, in columns of texts.

    Returns
    -------
    frame, source
        The frame (rows, columns), and what messages call it: the path, or "the frame".

    Raises
    ------
    DataError
        If the file is missing, is empty, is not of the encoding, is damaged or no table, has no rows, or its suffix
        is not known.

    Examples
    --------
    >>> from recurra.data import read_table
    >>> frame, source = read_table(polars.DataFrame({"x": [1, 2]}))
    >>> frame.shape, source
    ((2, 1), 'the frame')
    """
    format = format or TableFormat()
    source = str(table) if isinstance(table, str | Path) else "the frame"
    if isinstance(table, str | Path):
        frame = _read_file(Path(table), format)
    elif isinstance(table, polars.DataFrame | polars.LazyFrame):
        frame = table.collect() if isinstance(table, polars.LazyFrame) else table
    else:
        frame = from_pandas(table)
    if format.decimal == ",":
        frame = with_points(frame)
    if frame.height == 0:
        raise DataError(f"{source} has a header but no rows")
    return frame, source


def table_format(path: Path, /) -> str:
    """Return the format that a file's suffix says, before `.gz`; `DataError` if there is none."""
    suffix = (path.with_suffix("") if path.suffix == ".gz" else path).suffix.lower()
    if suffix not in FORMATS:
        raise DataError(
            f"{path}: the suffix {suffix!r} is no table's; expected one of {', '.join(filter(None, FORMATS))}"
        )
    return FORMATS[suffix]


def _read_file(path: Path, format: TableFormat) -> polars.DataFrame:
    check_file(path, expected="a table, such as a CSV file")
    kind = table_format(path)
    if kind == "json":
        return read_json_lines(path, encoding=format.encoding)
    if kind == "parquet":
        return read_parquet(path)
    return read_arrow(path) if kind == "arrow" else read_delimited(path, format)


def scan_rows(
    table: Table, /, *, columns: Sequence[str] | None = None, chunk: int = 65_536
) -> Iterator[polars.DataFrame]:
    """Yield a table's rows in order, as frames of about `chunk` rows; only these are in memory.

    Parameters
    ----------
    table
        A file of Parquet, Arrow, JSON lines or CSV in UTF-8, which is streamed, or a frame; see `read_table`. A
        compressed text file, one in UTF-16 and a stream of Arrow are read whole. Of CSV every cell is a text; of JSON
        lines the first 10,000 give the types, and have 1,000 keys at most.
    columns
        Those that are read; all if not given.
    chunk
        How many rows a frame has at most, from 1 on.

    Raises
    ------
    DataError
        If the file is missing, empty or damaged, or lacks a column.

    Examples
    --------
    >>> from recurra.data import scan_rows
    >>> [frame.shape for frame in scan_rows(polars.DataFrame({"x": range(5), "y": range(5)}), columns=["y"], chunk=2)]
    [(2, 1), (2, 1), (1, 1)]
    """
    if chunk < 1:
        raise DataError(f"chunk is {chunk}; expected a number of rows from 1 on")
    source = str(table) if isinstance(table, str | Path) else "the frame"
    try:
        lazy, source = _scanned(table)
        known = lazy.collect_schema().names()
        for name in columns or known:
            if name not in known:
                raise DataError(f"{source} has no column {name!r}, its columns are {known}{nearest(name, known)}")
        lazy = lazy.select(list(columns or known))
        for frame in lazy.collect_batches(chunk_size=chunk, maintain_order=True, lazy=True):
            yield from frame.iter_slices(chunk)
    except POLARS_ERRORS as error:
        raise DataError(f"{source} cannot be read as a table: {reason_of(error)}") from None


def _scanned(table: Table) -> tuple[polars.LazyFrame, str]:
    if isinstance(table, polars.LazyFrame):
        return table, "the frame"
    if not isinstance(table, str | Path) or Path(table).suffix == ".gz":
        frame, source = read_table(table)
        return frame.lazy(), source
    path = Path(table)
    check_file(path, expected="a table")
    format = table_format(path)
    if (format in ("text", "json") and _is_foreign(path)) or (format == "arrow" and is_arrow_stream(path)):
        frame, source = read_table(table)
        return frame.lazy(), source
    if format == "parquet":
        lazy = polars.scan_parquet(_exact(path))
        check_rows(path, lazy)
    elif format == "arrow":
        lazy = polars.scan_ipc(_exact(path))
    else:
        lazy = _scan_json(path) if format == "json" else _scan_text(path)
    return lazy, str(path)


def _is_foreign(path: Path) -> bool:
    """Say whether a text begins as what polars does not read, UTF-16 or UTF-32, or would unpack without a bound."""
    with path.open("rb") as file:
        head = file.read(4)
    return encoding_of(head, ENCODING) != ENCODING or head.startswith(_PACKED)


def _scan_json(path: Path) -> polars.LazyFrame:
    with path.open("rb") as file:
        check_keys(b"".join(islice(file, _TYPED_ROWS)), path, most=_KEYS)
    return polars.scan_ndjson(_exact(path), infer_schema_length=_TYPED_ROWS)


def _scan_text(path: Path) -> polars.LazyFrame:
    with path.open("rb") as file:
        separator = cell_separator(path, file.readline().decode(ENCODING, "replace"))
    return polars.scan_csv(
        _exact(path),
        separator=separator,
        quote_char=None if separator == "\t" else '"',
        infer_schema=False,
        with_column_names=lambda names: [name.strip() for name in names],
    )


def _exact(path: Path) -> str:
    """Return a path as polars takes it, to which `*`, `?` and `[` are patterns."""
    return glob.escape(str(path))


def column(frame: polars.DataFrame, name: str, *, source: str) -> polars.Series:
    """Return the column `name`; where there is none, say which there are and which is nearest."""
    if name in frame.columns:
        return frame[name]
    suggestion = nearest(name, frame.columns)
    raise DataError(
        f"{source} has no column {name!r}, its columns are {', '.join(map(repr, frame.columns))}{suggestion}"
    )


def column_texts(
    frame: polars.DataFrame, name: str, *, source: str, what: str, first: int = 1, droppable: bool = False
) -> polars.Series:  # fmt: skip
    """Return a column as texts (rows,) without spaces around them.

    Parameters
    ----------
    frame, name, source
        As of `column`.
    what
        What messages call a text of the column.
    first
        The number of the frame's first row, where it is a part of a table.
    droppable
        Whether there is an option that leaves out the rows in which it is missing, which the message then names.

    Raises
    ------
    DataError
        If a text is missing, or the column holds lists or bytes; the message says the row.
    """
    found = column(frame, name, source=source)
    if found.dtype.is_nested() or found.dtype in (polars.Object, polars.Binary):
        raise DataError(f"{source}, column {name!r}: expected one {what} a row, got {found.dtype}")
    texts = found.cast(polars.String).str.strip_chars()
    missing = texts.fill_null("") == ""
    if missing.any():
        rows = (missing.arg_true() + first).to_list()
        others = f"({len(rows):,} such rows: {', '.join(map(str, rows[:_SHOWN]))}{', ...' * (len(rows) > _SHOWN)})"
        more = f" {others}" if len(rows) > 1 else ""
        more += "; missing = drop leaves such rows out" if droppable else ""
        raise DataError(f"{source}, column {name!r}, data row {rows[0]}: the {what} is missing{more}")
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


def numbers(column: polars.Series, *, source: str, gaps: bool = False, largest: float = _LARGEST) -> np.ndarray:
    """Return a column as finite numbers, up to 1e100 or a bound of one's own.

    Parameters
    ----------
    column
        A column (rows,) of numbers or of their texts.
    source
        What messages call the table.
    gaps
        Whether values may be missing; those are NaN.
    largest
        What a value may be at most, by its size.

    Returns
    -------
    numpy.ndarray
        The values (rows,), float64.

    Raises
    ------
    DataError
        If a value is missing, infinite, too large or no number; the message names the first such row. Rows are counted
        from 1 below the header.
    """
    values = _values(column, source)
    bad = np.flatnonzero(~(np.abs(values) <= largest))
    if gaps and len(bad):
        bad = bad[~is_missing(column).to_numpy()[bad]]
    if len(bad):
        first = int(bad[0])
        text = "" if column[first] is None else str(column[first])
        raise DataError(_complaint(column.name, text, first, len(bad), source, largest))
    return values


def is_missing(column: polars.Series, /) -> polars.Series:
    """Say of each row (rows,) whether there is no value: nothing, NaN, or a text that means it, such as NA."""
    if column.dtype == polars.String:
        return column.fill_null("").str.strip_chars().str.to_lowercase().is_in(_MISSING)
    missing = column.is_null()
    return missing | column.is_nan().fill_null(value=False) if column.dtype.is_float() else missing


def _values(column: polars.Series, source: str) -> np.ndarray:
    """Return the values (rows,), NaN where there is none."""
    if column.dtype == polars.String:
        column = column.str.strip_chars().cast(polars.Float64, strict=False)
    elif not (column.dtype.is_numeric() or column.dtype == polars.Null):
        raise DataError(f"{source}, column {column.name!r}: expected numbers, got {column.dtype}")
    return column.cast(polars.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)


def _complaint(name: str, text: str, row: int, count: int, source: str, largest: float) -> str:
    where = f"{source}, column {name!r}, data row {row + 1}"
    more = f" ({count} such rows in all)" if count > 1 else ""
    word = text.strip().lower()
    if word in _MISSING:
        shown = f" ({text.strip()!r})" if word else ""
        return f"{where}: the value is missing{shown}{more}; fill the gap or remove the rows before it"
    if word.lstrip("+-") in ("inf", "infinity"):
        return f"{where}: the value is infinite ({text.strip()!r}){more}; expected a finite number"
    if _is_number(word):
        return f"{where}: {text.strip()} is too large{more}; expected {largest:g} at most, in a larger unit"
    hint = "; for a decimal comma give the option decimal" if "," in text else ""
    return f"{where}: {text.strip()!r} is not a number{more}; expected one such as 12.5{hint}"


def _is_number(word: str) -> bool:
    try:
        return bool(np.isfinite(float(word)))
    except ValueError:
        return False
