"""Tables as JSON lines: one object a line, its keys the columns."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import polars

from recurra.data.files import ENCODING, file_text
from recurra.data.table_binary import POLARS_ERRORS
from recurra.errors import DataError

__all__ = ["check_keys", "read_json_lines"]

_KEY = re.compile(rb'"(?:[^"\\]|\\.)*+"\s*+:')
_KEYS = 10_000

_DEEPEST = 8
"""Lists and objects in each other that a cell may hold: sequences of channels need two."""

_CELLS = 100
"""Cells a byte of the file that the table may have: each key is a column, in which all lines have a cell."""


def read_json_lines(path: Path, /, *, encoding: str = ENCODING) -> polars.DataFrame:
    """Read JSON lines; a key that a line does not have is missing there. See `read_table` for errors."""
    text = file_text(path, encoding=encoding, expected="a file of JSON lines")
    if not text.strip():
        raise DataError(f"{path} is empty; expected a JSON object on each line")
    data = text.encode("utf-8", "surrogatepass")
    check_keys(data, path, most=_KEYS)
    try:
        schema = polars.scan_ndjson(io.BytesIO(data), infer_schema_length=None).collect_schema()
        _check_size(schema, text, path)
        return polars.read_ndjson(io.BytesIO(data), schema=schema)
    except POLARS_ERRORS as error:
        reason = _wrong_line(text) or str(error).partition("\n")[0]
        raise DataError(f"{path} is not a table of JSON lines: {reason}") from None


def check_keys(data: bytes, path: Path, /, *, most: int) -> None:
    """Refuse JSON lines with so many different keys that to find the columns takes minutes, or to hold them gigabytes.

    Raises
    ------
    DataError
        If there are over `most`.
    """
    found: set[bytes] = set()
    for key in _KEY.finditer(data):
        found.add(key[0])
        if len(found) > most:
            raise DataError(f"{path} has over {most:,} different keys; expected the same keys on all lines")


def _check_size(schema: polars.Schema, text: str, path: Path) -> None:
    """Refuse cells that are nested too deeply, and a table that is far larger than its file."""
    for name, kind in schema.items():
        if _depth(kind) > _DEEPEST:
            raise DataError(f"{path}, column {name!r}: lists or objects are more than {_DEEPEST} deep in each other")
    rows, columns = text.count("\n") + 1, sum(map(_leaves, schema.values()))
    if rows * columns > _CELLS * len(text) + 1_000_000:
        raise DataError(
            f"{path} has {columns:,} different keys on {rows:,} lines, a table that is far larger than the file; "
            "expected the same keys on all lines"
        )


def _depth(kind: polars.DataType) -> int:
    """Return how many lists and objects are in each other, counted as far as they may be."""
    depth, level = 0, _inside(kind)
    while level and depth <= _DEEPEST:
        level = [inner for outer in level for inner in _inside(outer)]
        depth += 1
    return depth


def _leaves(kind: polars.DataType) -> int:
    return sum(map(_leaves, _inside(kind))) or 1


def _inside(kind: polars.DataType) -> list[polars.DataType]:
    if isinstance(kind, polars.Struct):
        return [field.dtype for field in kind.fields]  # pyright: ignore[reportReturnType]
    return [kind.inner] if isinstance(kind, polars.List | polars.Array) else []  # pyright: ignore[reportReturnType]


def _wrong_line(text: str) -> str:
    """Say which line is no JSON object, or nothing."""
    for number, line in enumerate(text.split("\n"), 1):
        try:
            found = json.loads(line) if line.strip() else {}
        except json.JSONDecodeError as error:
            return f"line {number}, column {error.colno}: {error.msg}"
        except RecursionError:
            return f"line {number}: lists or objects are too deep in each other"
        except ValueError:  # a whole number of over 4,300 digits
            return f"line {number}: a number is too long"
        if not isinstance(found, dict):
            return f'line {number} holds a {type(found).__name__}; expected an object such as {{"a": 1}}'
    return ""
