"""Tables as columns in binary files: Parquet and Arrow."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import polars

from recurra.data.files import check_file
from recurra.errors import DataError

__all__ = ["POLARS_ERRORS", "check_rows", "is_arrow_stream", "read_arrow", "read_parquet"]

POLARS_ERRORS = (polars.exceptions.PolarsError, polars.exceptions.PanicException, OSError)
"""What polars raises when a file is damaged; a panic of its own code is no `Exception`."""

_ARROW_FILE = b"ARROW1"

_EXPANSION, _ALWAYS = 200, 50_000_000
"""Values a byte of the file that a table may have, and how many any table may: runs and compression hide more."""


def read_parquet(path: Path, /) -> polars.DataFrame:
    """Read a Parquet file; `DataError` if it is missing or damaged."""
    return _read(path, lambda: _parquet(path), "Parquet")


def read_arrow(path: Path, /) -> polars.DataFrame:
    """Read an Arrow file, also called Feather, or an Arrow stream; `DataError` if it is missing or damaged."""
    return _read(path, lambda: _arrow(path), "Arrow")


def is_arrow_stream(path: Path, /) -> bool:
    """Say whether an Arrow file is a stream, which has no table of its parts."""
    with path.open("rb") as file:
        return file.read(len(_ARROW_FILE)) != _ARROW_FILE


def check_rows(path: Path, lazy: polars.LazyFrame, /) -> None:
    """Refuse a file whose own table of its parts says that it holds far more than its size.

    Raises
    ------
    DataError
        If the values are more than 200 a byte, and over 50 million.
    """
    columns = len(lazy.collect_schema())
    rows = int(lazy.select(polars.len()).collect().item())
    if rows * columns > max(_ALWAYS, _EXPANSION * path.stat().st_size):
        raise DataError(
            f"{path} says that it has {rows:,} rows in {columns} columns, over {_EXPANSION} values a byte of its size; "
            "it was not read"
        )


def _parquet(path: Path) -> polars.DataFrame:
    check_rows(path, polars.scan_parquet(path, glob=False))
    return polars.read_parquet(path, glob=False)


def _arrow(path: Path) -> polars.DataFrame:
    data = path.read_bytes()  # to polars, `*`, `?` and `[` of a path are patterns
    return (polars.read_ipc if data.startswith(_ARROW_FILE) else polars.read_ipc_stream)(io.BytesIO(data))


def _read(path: Path, reader: Callable[[], polars.DataFrame], name: str) -> polars.DataFrame:
    check_file(path, expected=f"a {name} file")
    if not path.stat().st_size:
        raise DataError(f"{path} is empty; expected a {name} file")
    try:
        return reader()
    except POLARS_ERRORS as error:
        raise DataError(f"{path} is no whole {name} file: {str(error).partition(chr(10))[0]}") from None
