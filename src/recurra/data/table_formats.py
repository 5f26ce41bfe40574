"""The formats of tables: delimited text, JSON lines, Parquet, Arrow, and frames of pandas."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import polars

from recurra.data.files import ENCODING, TableFormat, check_file, decoded, file_bytes, file_text, with_line_feeds
from recurra.errors import DataError

__all__ = [
    "POLARS_ERRORS",
    "PandasFrame",
    "cell_separator",
    "check_keys",
    "check_rows",
    "from_pandas",
    "is_arrow_stream",
    "read_arrow",
    "read_delimited",
    "read_json_lines",
    "read_parquet",
    "reason_of",
    "with_points",
]

POLARS_ERRORS = (polars.exceptions.PolarsError, polars.exceptions.PanicException, OSError)
"""What polars raises when a file is damaged; a panic of its own code is no `Exception`."""


def reason_of(error: BaseException, /) -> str:
    """Return in a line what polars says of a file; a panic speaks of its own code, and says nothing of the file."""
    if isinstance(error, polars.exceptions.PanicException):
        return "it is damaged, or holds what polars cannot read"
    return str(error).partition("\n")[0]


_SEPARATORS = (",", ";", "\t", "|")

_COMMA_NUMBER = r"^\s*[+-]?(?:\d{1,3}(?:[.\s'’]\d{3})+|\d*)(?:,\d+)?(?:[eE][+-]?\d+)?\s*$"
"""A number with a decimal comma; points, spaces or apostrophes may stand between its thousands."""

_KEY = re.compile(rb'"(?:[^"\\]|\\.)*+"\s*+:')
_KEYS = 10_000
"""How many different keys JSON lines may have."""

_DEEPEST = 8
"""Lists and objects in each other that a cell may hold: sequences of channels need two."""

_CELLS = 100
"""Cells a byte of the file that the table may have: each key is a column, in which all lines have a cell."""

_ARROW_FILE = b"ARROW1"

_EXPANSION, _ALWAYS = 200, 50_000_000
"""Values a byte of the file that a table may have, and how many any table may: runs and compression hide more."""


def read_delimited(path: Path, format: TableFormat, /) -> polars.DataFrame:
    """Read a CSV or TSV file, every cell as text; see `read_table` for errors."""
    data = file_bytes(path, expected="a table, such as a CSV file")
    if not data.strip():
        raise DataError(f"{path} is empty; expected a header line and rows")
    text = decoded(data, path, encoding=format.encoding).removeprefix("\ufeff").strip("\r\n")
    text = with_line_feeds(text)
    first = text.partition("\n")[0]
    separator = format.separator or cell_separator(path, first, decimal=format.decimal)
    quotes = separator != "\t" if format.quotes is None else format.quotes
    head = next(_rows(text, separator, quotes), (0, []))[1]
    try:
        frame = polars.read_csv(
            io.BytesIO(text.encode("utf-8", "surrogatepass")),
            separator=separator,
            quote_char='"' if quotes else None,
            has_header=format.header,
            infer_schema=False,
        )
    except polars.exceptions.PolarsError as error:
        reason = _ragged(text, separator, quotes) or str(error).strip().partition("\n")[0]
        raise DataError(f"{path} is not a CSV table: {reason}") from None
    if format.header:
        known = head if len(head) == frame.width else frame.columns  # polars renames what is there twice
        return _named(frame, [name.strip() for name in known], str(path))
    frame.columns = [str(number) for number in range(1, frame.width + 1)]
    return frame


def cell_separator(path: Path, line: str, /, *, decimal: str = ".") -> str:
    """Return what separates the cells of a file whose first line is given: the most frequent, in a `.tsv` tabs.

    A `.tsv` whose first line has commas or semicolons and no tab is read by those. A comma separates no cells where
    it stands before decimals.
    """
    known = [separator for separator in _SEPARATORS if separator != decimal]
    is_tsv = bool({".tsv", ".tab"}.intersection(path.suffixes[-2:]))
    if is_tsv and ("\t" in line or not any(separator in line for separator in known)):
        return "\t"
    return max(known, key=line.count)


def with_points(frame: polars.DataFrame, /) -> polars.DataFrame:
    """Return a frame of texts with points for decimal commas, in the columns of which most cells are such numbers.

    Examples
    --------
    >>> with_points(polars.DataFrame({"price": ["1.234,5", "-0,25"], "note": ["1,5", "good, cheap"]})).rows()
    [('1234.5', '1,5'), ('-0.25', 'good, cheap')]
    """
    return frame.with_columns(_pointed(column) for column in frame if column.dtype == polars.String)


def _pointed(column: polars.Series) -> polars.Series:
    is_number = (column.str.contains(_COMMA_NUMBER) & column.str.contains(r"\d")).fill_null(False)
    is_known = (column.fill_null("").str.strip_chars() != "").sum()
    if 2 * int(is_number.sum()) <= int(is_known):
        return column
    pointed = column.str.replace_all(r"[.\s'’]", "").str.replace(",", ".", literal=True)
    return column.zip_with(~is_number, pointed)


def _named(frame: polars.DataFrame, names: list[str], source: str) -> polars.DataFrame:
    """Return a frame with these names, without columns that have neither a name nor a value, as spreadsheets add."""
    used = [
        bool(name) or column.drop_nulls().str.strip_chars().ne("").any()
        for name, column in zip(names, frame, strict=True)
    ]
    frame = frame[:, used]
    names = [name for name, is_used in zip(names, used, strict=True) if is_used]
    repeated = [name for place, name in enumerate(names) if name in names[:place]]
    if repeated:
        raise DataError(f"{source} has two columns called {repeated[0]!r}; expected different names")
    frame.columns = names
    return frame


def _rows(text: str, separator: str, quotes: bool) -> Iterator[tuple[int, list[str]]]:
    """Yield the line that each row ends at and its cells, as Python reads them; it is for messages, and never fails."""
    quoting = csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error:  # a cell over 131,072 characters: what follows is not looked at
        return


def _ragged(text: str, separator: str, quotes: bool) -> str:
    """Say which line has more cells than the first, or nothing."""
    rows = _rows(text, separator, quotes)
    width = len(next(rows, (0, []))[1])
    for number, row in rows:
        if len(row) > width:
            return f"line {number} has {len(row)} cells, the header has {width}"
    return ""


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
        return polars.read_ndjson(io.BytesIO(data), schema=_in_order(schema, text))
    except POLARS_ERRORS as error:
        reason = _wrong_line(text) or reason_of(error)
        raise DataError(f"{path} is not a table of JSON lines: {reason}") from None


def _in_order(schema: polars.Schema, text: str) -> polars.Schema:
    """Return the columns in the order in which the lines name them first: polars' own is another where lines differ."""
    found: dict[str, None] = {}
    for line in io.StringIO(text, newline="\n"):
        if len(found) == len(schema):
            break
        with suppress(ValueError, TypeError):  # of what is no object to Python, polars says more
            found |= dict.fromkeys(json.loads(line))
    return polars.Schema({name: schema[name] for name in (*found, *schema) if name in schema})


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


def read_parquet(path: Path, /) -> polars.DataFrame:
    """Read a Parquet file; `DataError` if it is missing or damaged."""
    with _binary(path, "Parquet"):
        check_rows(path, polars.scan_parquet(path, glob=False))
        return polars.read_parquet(path, glob=False)


def read_arrow(path: Path, /) -> polars.DataFrame:
    """Read an Arrow file, also called Feather, or an Arrow stream; `DataError` if it is missing or damaged."""
    with _binary(path, "Arrow"):
        data = path.read_bytes()  # to polars, `*`, `?` and `[` of a path are patterns
        return (polars.read_ipc if data.startswith(_ARROW_FILE) else polars.read_ipc_stream)(io.BytesIO(data))


@contextmanager
def _binary(path: Path, name: str) -> Iterator[None]:
    """Check that a file is there, and say what polars finds damaged in it as a `DataError`."""
    check_file(path, expected=f"a {name} file")
    if not path.stat().st_size:
        raise DataError(f"{path} is empty; expected a {name} file")
    try:
        yield
    except POLARS_ERRORS as error:
        raise DataError(f"{path} is no whole {name} file: {reason_of(error)}") from None


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


class PandasFrame(Protocol):
    """A pandas frame, as far as it is looked at."""

    @property
    def index(self) -> Any:
        """The labels of the rows."""
        ...

    def reset_index(self) -> Any:
        """Return the frame with its index as columns."""
        ...


def is_pandas_frame(value: Any, /) -> bool:
    """Say whether a value is a table of pandas, which need not be installed; a series is none."""
    return type(value).__module__.partition(".")[0] == "pandas" and hasattr(value, "columns")


def from_pandas(frame: PandasFrame, /) -> polars.DataFrame:
    """Return a pandas frame as a polars frame; each level of the index that has a name becomes a column.

    Raises
    ------
    DataError
        If it is no pandas frame, or a column holds what polars has no type for.
    """
    if not is_pandas_frame(frame):
        library = type(frame).__module__.partition(".")[0]
        kind = f"{library} {type(frame).__name__}" if library in ("pandas", "polars") else type(frame).__name__
        raise DataError(f"got a {kind}; expected a path, or a frame of polars or pandas")
    named = [name for name in frame.index.names if name is not None]
    flat: Any = frame.reset_index() if named else frame
    periods = [name for name, kind in flat.dtypes.items() if str(kind).startswith("period[")]
    if periods:  # a period is when it begins; months and quarters are written as such
        flat = flat.assign(**{name: flat[name].astype(str).str.partition("/")[0] for name in periods})
    try:
        return polars.from_pandas(flat)  # pyright: ignore[reportCallIssue, reportArgumentType]
    except (TypeError, ValueError, polars.exceptions.PolarsError) as error:
        raise DataError(f"the pandas frame cannot be read: {str(error).partition(chr(10))[0]}") from None
    except ImportError:
        raise DataError("a pandas frame with texts needs pyarrow; install it, or give a polars frame") from None
