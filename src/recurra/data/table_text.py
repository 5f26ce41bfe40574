"""Tables as text: lines of cells that commas, semicolons, tabs or bars separate."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import polars

from recurra.data.files import TableFormat, decoded, file_bytes
from recurra.errors import DataError

__all__ = ["cell_separator", "read_delimited", "with_points"]

_SEPARATORS = (",", ";", "\t", "|")

_COMMA_NUMBER = r"^\s*[+-]?(?:\d{1,3}(?:[.\s'’]\d{3})+|\d*)(?:,\d+)?(?:[eE][+-]?\d+)?\s*$"
"""A number with a decimal comma; points, spaces or apostrophes may stand between its thousands."""


def read_delimited(path: Path, format: TableFormat, /) -> polars.DataFrame:
    """Read a CSV or TSV file, every cell as text; see `read_table` for errors."""
    data = file_bytes(path, expected="a CSV file")
    if not data.strip():
        raise DataError(f"{path} is empty; expected a header line and rows")
    text = decoded(data, path, encoding=format.encoding).removeprefix("\ufeff").strip("\r\n")
    text = _with_line_feeds(text)
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
        frame = _named(frame, [name.strip() for name in known], str(path))
    else:
        frame.columns = [str(number) for number in range(1, frame.width + 1)]
    return with_points(frame) if format.decimal == "," else frame


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


def _with_line_feeds(text: str) -> str:
    r"""Return a text whose lines end with \n, where they ended with a lone \r: old Macs wrote so."""
    return text if "\n" in text or "\r" not in text else text.replace("\r", "\n")


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
