"""Reading a table: a file of any of the known formats or a frame becomes a polars frame, or a `DataError`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import polars

from recurra.data.files import TableFormat, check_file
from recurra.data.table_binary import read_arrow, read_parquet
from recurra.data.table_formats import read_delimited, with_points
from recurra.data.table_frames import PandasFrame, from_pandas
from recurra.data.table_json import read_json_lines
from recurra.errors import DataError, nearest

__all__ = ["FORMATS", "Table", "TableFormat", "column", "read_table", "table_format"]

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
    """
    format = format or TableFormat()
    if isinstance(table, str | Path):
        frame, source = _read_file(Path(table), format), str(table)
    else:
        frame, source = _pointed(_from_frame(table), format), "the frame"
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


def column(frame: polars.DataFrame, name: str, *, source: str) -> polars.Series:
    """Return the column `name`; where there is none, say which there are and which is nearest."""
    if name in frame.columns:
        return frame[name]
    suggestion = nearest(name, frame.columns)
    raise DataError(
        f"{source} has no column {name!r}, its columns are {', '.join(map(repr, frame.columns))}{suggestion}"
    )


def _read_file(path: Path, format: TableFormat) -> polars.DataFrame:
    readers: dict[str, Callable[[], polars.DataFrame]] = {
        "text": lambda: read_delimited(path, format),
        "json": lambda: _pointed(read_json_lines(path, encoding=format.encoding), format),
        "parquet": lambda: _pointed(read_parquet(path), format),
        "arrow": lambda: _pointed(read_arrow(path), format),
    }
    check_file(path, expected="a CSV file")
    return readers[table_format(path)]()


def _pointed(frame: polars.DataFrame, format: TableFormat) -> polars.DataFrame:
    return with_points(frame) if format.decimal == "," else frame


def _from_frame(table: polars.DataFrame | polars.LazyFrame | PandasFrame) -> polars.DataFrame:
    if isinstance(table, polars.DataFrame):
        return table
    if isinstance(table, polars.LazyFrame):
        return table.collect()
    return from_pandas(table)
