"""Reading a table: a CSV file or a polars frame becomes a frame of texts or numbers, or a `DataError`."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable
from pathlib import Path

import polars

from recurra.errors import DataError

__all__ = ["Table", "column", "nearest", "read_table"]

Table = str | Path | polars.DataFrame
"""What a task takes as data: the path of a CSV file, or a polars frame."""

_SEPARATORS = (",", ";", "\t")


def read_table(table: Table, /) -> tuple[polars.DataFrame, str]:
    """Read a CSV file, every cell as text; a frame is passed through.

    Parameters
    ----------
    table
        The path of a CSV file in UTF-8 with a header line, separated by commas, semicolons or tabs; or a
        polars frame.

    Returns
    -------
    frame, source
        The frame (rows, columns), and what messages call it: the path, or "the frame".

    Raises
    ------
    DataError
        If the file is missing, is no file, is empty, is not UTF-8, is not a table, or has no rows.
    """
    if isinstance(table, polars.DataFrame):
        frame, source = table, "the frame"
    else:
        source = str(table)
        frame = _parse(_read_text(Path(table)), source)
    if frame.height == 0:
        raise DataError(f"{source} has a header but no rows")
    return frame, source


def column(frame: polars.DataFrame, name: str, *, source: str) -> polars.Series:
    """Return the column `name`; where there is none, say which there are and which is nearest."""
    if name in frame.columns:
        return frame[name]
    suggestion = nearest(name, frame.columns)
    raise DataError(
        f"{source} has no column {name!r}, its columns are {', '.join(map(repr, frame.columns))}{suggestion}"
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the known name nearest to `name`, or "" if none is near."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    matches = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.5)
    return f"; did you mean {by_lower[matches[0]]!r}?" if matches else ""


def _read_text(path: Path) -> str:
    if path.is_dir():
        raise DataError(f"{path} is a folder; expected a CSV file")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"there is no file {path}") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None
    return _decode(data, path)


def _decode(data: bytes, path: Path) -> str:
    if not data.strip():
        raise DataError(f"{path} is empty; expected a header line and rows")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{path} is not UTF-8: line {line} has the byte 0x{data[error.start]:02x}; save it as UTF-8"
        ) from None


def _parse(text: str, source: str) -> polars.DataFrame:
    text = text.strip("\r\n")
    separator = max(_SEPARATORS, key=text.partition("\n")[0].count)
    try:
        frame = polars.read_csv(io.BytesIO(text.encode()), separator=separator, infer_schema=False)
    except polars.exceptions.PolarsError as error:
        reason = _ragged(text, separator) or str(error).strip().partition("\n")[0]
        raise DataError(f"{source} is not a CSV table: {reason}") from None
    return frame.rename({name: name.strip() for name in frame.columns})


def _ragged(text: str, separator: str) -> str:
    """Say which line has more cells than the header, or nothing."""
    rows = csv.reader(io.StringIO(text), delimiter=separator)
    width = len(next(rows))
    for row in rows:
        if len(row) > width:
            return f"line {rows.line_num} has {len(row)} cells, the header has {width}"
    return ""
