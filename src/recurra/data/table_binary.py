"""Tables as columns in binary files: Parquet and Arrow."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import polars

from recurra.data.files import check_file
from recurra.errors import DataError

__all__ = ["read_arrow", "read_parquet"]

_ARROW_FILE = b"ARROW1"


def read_parquet(path: Path, /) -> polars.DataFrame:
    """Read a Parquet file; `DataError` if it is missing or damaged."""
    return _read(path, lambda: polars.read_parquet(path, glob=False), "Parquet")


def read_arrow(path: Path, /) -> polars.DataFrame:
    """Read an Arrow file, also called Feather, or an Arrow stream; `DataError` if it is missing or damaged."""
    return _read(path, lambda: _arrow(path), "Arrow")


def _arrow(path: Path) -> polars.DataFrame:
    data = path.read_bytes()  # to polars, `*`, `?` and `[` of a path are patterns
    return (polars.read_ipc if data.startswith(_ARROW_FILE) else polars.read_ipc_stream)(io.BytesIO(data))


def _read(path: Path, reader: Callable[[], polars.DataFrame], name: str) -> polars.DataFrame:
    check_file(path, expected=f"a {name} file")
    if not path.stat().st_size:
        raise DataError(f"{path} is empty; expected a {name} file")
    try:
        return reader()
    except (polars.exceptions.PolarsError, OSError) as error:
        raise DataError(f"{path} is no whole {name} file: {str(error).partition(chr(10))[0]}") from None
