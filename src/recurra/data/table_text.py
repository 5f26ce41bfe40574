"""Tables as text: lines of cells that commas, semicolons or tabs separate."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars

from recurra.data.files import ENCODING, decoded, file_bytes
from recurra.errors import DataError

__all__ = ["cell_separator", "read_delimited"]

_SEPARATORS = (",", ";", "\t")


def read_delimited(
    path: Path, /, *, encoding: str = ENCODING, header: bool = True, quotes: bool | None = None
) -> polars.DataFrame:
    """Read a CSV or TSV file, every cell as text; see `read_table` for the parameters and errors."""
    data = file_bytes(path, expected="a CSV file")
    if not data.strip():
        raise DataError(f"{path} is empty; expected a header line and rows")
    text = decoded(data, path, encoding=encoding).strip("\r\n")
    first = text.partition("\n")[0]
    separator = cell_separator(path, first)
    quotes = separator != "\t" if quotes is None else quotes
    names = None if header else [str(number) for number in range(1, _width(first, separator, quotes) + 1)]
    try:
        frame = polars.read_csv(
            io.BytesIO(text.encode()),
            separator=separator,
            quote_char='"' if quotes else None,
            has_header=header,
            infer_schema=False,
        )
    except polars.exceptions.PolarsError as error:
        reason = _ragged(text, separator, quotes) or str(error).strip().partition("\n")[0]
        raise DataError(f"{path} is not a CSV table: {reason}") from None
    return _named(frame, names or [name.strip() for name in frame.columns], str(path))


def cell_separator(path: Path, line: str, /) -> str:
    """Return what separates the cells of a file whose first line is given: the most frequent, in a `.tsv` tabs.

    A `.tsv` whose first line has commas or semicolons and no tab is read by those.
    """
    is_tsv = bool({".tsv", ".tab"}.intersection(path.suffixes[-2:]))
    if is_tsv and ("\t" in line or not any(separator in line for separator in _SEPARATORS)):
        return "\t"
    return max(_SEPARATORS, key=line.count)


def _named(frame: polars.DataFrame, names: list[str], source: str) -> polars.DataFrame:
    repeated = [name for place, name in enumerate(names) if name in names[:place]]
    if repeated:
        raise DataError(f"{source} has two columns called {repeated[0]!r}; expected different names")
    frame.columns = names
    return frame


def _rows(text: str, separator: str, quotes: bool) -> csv.Reader:  # pyright: ignore[reportAttributeAccessIssue]
    quoting = csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE
    return csv.reader(io.StringIO(text), delimiter=separator, quoting=quoting)


def _width(line: str, separator: str, quotes: bool) -> int:
    return len(next(_rows(line, separator, quotes)))


def _ragged(text: str, separator: str, quotes: bool) -> str:
    """Say which line has more cells than the first, or nothing."""
    rows = _rows(text, separator, quotes)
    width = len(next(rows))
    for row in rows:
        if len(row) > width:
            return f"line {rows.line_num} has {len(row)} cells, the header has {width}"
    return ""
