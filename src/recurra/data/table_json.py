"""Tables as JSON lines: one object a line, its keys the columns."""

from __future__ import annotations

import io
import json
from pathlib import Path

import polars

from recurra.data.files import ENCODING, decoded, file_bytes
from recurra.errors import DataError

__all__ = ["read_json_lines"]


def read_json_lines(path: Path, /, *, encoding: str = ENCODING) -> polars.DataFrame:
    """Read JSON lines; a key that a line does not have is missing there. See `read_table` for errors."""
    text = decoded(file_bytes(path, expected="a file of JSON lines"), path, encoding=encoding)
    if not text.strip():
        raise DataError(f"{path} is empty; expected a JSON object on each line")
    try:
        return polars.read_ndjson(io.BytesIO(text.encode()), infer_schema_length=None)
    except polars.exceptions.PolarsError as error:
        reason = _wrong_line(text) or str(error).partition("\n")[0]
        raise DataError(f"{path} is not a table of JSON lines: {reason}") from None


def _wrong_line(text: str) -> str:
    """Say which line is no JSON object, or nothing."""
    for number, line in enumerate(text.split("\n"), 1):
        try:
            found = json.loads(line) if line.strip() else {}
        except json.JSONDecodeError as error:
            return f"line {number}, column {error.colno}: {error.msg}"
        if not isinstance(found, dict):
            return f'line {number} holds a {type(found).__name__}; expected an object such as {{"a": 1}}'
    return ""
