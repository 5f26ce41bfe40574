"""The rows of a table that may be larger than memory, some at a time."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import polars

from recurra.data.files import ENCODING, check_file, encoding_of
from recurra.data.table_binary import POLARS_ERRORS, check_rows, is_arrow_stream
from recurra.data.table_formats import cell_separator
from recurra.data.table_json import check_keys
from recurra.data.tables import Table, read_table, table_format
from recurra.errors import DataError, nearest

__all__ = ["scan_rows"]

_TYPED_ROWS, _KEYS = 10_000, 1_000

_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
"""How files begin that gzip, Zstandard or zlib made, whatever they are called."""


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
    """
    if chunk < 1:
        raise DataError(f"chunk is {chunk}; expected a number of rows from 1 on")
    source = str(table) if isinstance(table, str | Path) else "the frame"
    try:
        lazy, source = _scanned(table)
        known = lazy.collect_schema().names()
        yield from _batches(lazy.select(_checked(columns or known, known, source)), chunk)
    except POLARS_ERRORS as error:
        raise DataError(f"{source} cannot be read as a table: {str(error).partition(chr(10))[0]}") from None


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
    scans: dict[str, Callable[[], polars.LazyFrame]] = {
        "text": lambda: _scan_text(path),
        "json": lambda: _scan_json(path),
        "parquet": lambda: polars.scan_parquet(_exact(path)),
        "arrow": lambda: polars.scan_ipc(_exact(path)),
    }
    lazy = scans[format]()
    if format == "parquet":
        check_rows(path, lazy)
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


def _checked(columns: Sequence[str], known: Sequence[str], source: str) -> list[str]:
    for name in columns:
        if name not in known:
            raise DataError(f"{source} has no column {name!r}, its columns are {known}{nearest(name, known)}")
    return list(columns)


def _batches(lazy: polars.LazyFrame, chunk: int) -> Iterator[polars.DataFrame]:
    for frame in lazy.collect_batches(chunk_size=chunk, maintain_order=True, lazy=True):
        yield from frame.iter_slices(chunk)
