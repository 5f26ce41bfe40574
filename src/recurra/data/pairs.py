"""Pairs of texts, a source and its target: from a table, from two files with a text a line, or from Python."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, final

import numpy as np
import polars

from recurra.data.files import TableFormat, file_text, text_lines
from recurra.data.tables import Table, column, read_table
from recurra.errors import DataError

__all__ = ["PairColumns", "TextPairs", "read_pairs", "read_texts", "two_files"]

_PACKED = ".gz"

_SURROGATE = re.compile("[\ud800-\udfff]")
"""What no file can hold: a text that was decoded with `surrogateescape` has it in place of wrong bytes."""

_SHOWN = 5
"""Rows that a message names."""

_TABLES = (".csv", ".tsv", ".tab", ".jsonl", ".ndjson", ".parquet", ".pq", ".arrow", ".feather", ".ipc")
"""Suffixes of files that are tables, and not a text a line."""


@final
@dataclass(frozen=True, kw_only=True)
class PairColumns:
    """Where the sides of a pair are: columns of a table, or the endings of the names of two files.

    Attributes
    ----------
    source, target
        By default the first and the second column of a table.
    """

    source: str | None = None
    target: str | None = None


@final
@dataclass(frozen=True, kw_only=True)
class TextPairs:
    """Texts and what they become.

    Attributes
    ----------
    sources, targets
        (count,) texts without white space at their ends.
    rows
        (count,) the data row, or the line, of each, from 1.
    name
        What messages call the data.
    dropped
        The rows that were left out because a side is empty.
    columns
        The columns of a table that both sides are; None where they come from elsewhere.
    """

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    rows: tuple[int, ...]
    name: str
    dropped: tuple[int, ...] = ()
    columns: tuple[str, str] | None = None

    def __len__(self) -> int:
        return len(self.sources)

    def chosen(self, places: Iterable[int], /) -> TextPairs:
        """Return the pairs at places, from 0."""
        kept = list(places)
        return replace(
            self,
            sources=tuple(self.sources[place] for place in kept),
            targets=tuple(self.targets[place] for place in kept),
            rows=tuple(self.rows[place] for place in kept),
        )


def read_pairs(
    data: Any,
    /,
    *,
    columns: PairColumns | None = None,
    format: TableFormat | None = None,
    drop_empty: bool = False,
) -> TextPairs:
    """Read pairs of texts.

    Parameters
    ----------
    data
        A table (`.tsv`, `.csv`, JSON lines, Parquet, Arrow, also with `.gz`; or a frame) with a pair a row; the paths
        of two files with a text a line, as a tuple, or what their names begin with ("train" for `train.de` and
        `train.en.gz` with the columns "de" and "en"); or a list of pairs of texts.
    columns
        Which columns, or endings, the sides have.
    format
        How a text is written.
    drop_empty
        Whether pairs with an empty side are left out, rather than refused.

    Raises
    ------
    DataError
        If the data cannot be read, a column is not there, two files have not as many lines, a side is empty, or there
        is no pair; the message says the rows.

    Examples
    --------
    >>> from recurra.data import read_pairs
    >>> pairs = read_pairs([("eins", "one"), ("zwei", "two")])
    >>> len(pairs), pairs.targets
    (2, ('one', 'two'))
    """
    columns, format = columns or PairColumns(), format or TableFormat()
    files, names = two_files(data, columns), None
    if files is not None:
        name, sides = _from_files(files, format)
        what = "line"
    elif isinstance(data, list | tuple):
        name, sides, what = "the pairs", _from_python(data), "pair"
    else:
        name, names, sides = _from_table(data, columns, format)
        what = "data row"
    return replace(_complete(name, sides, what=what, drop_empty=drop_empty), columns=names)


def read_texts(data: Any, /, *, column_name: str | None = None, format: TableFormat | None = None) -> list[str]:
    """Read texts to be translated; an empty line is an empty text.

    Parameters
    ----------
    data
        A table with the column (a frame, or a file of a table's suffix; a `.txt` where there is a tab in each line),
        another file with a text a line, or a list of texts.
    column_name
        The column; by default the first. A table of one column needs none of that name.
    format
        How a text is written.

    Raises
    ------
    DataError
        If the data cannot be read, or hold no text.

    Examples
    --------
    >>> import polars
    >>> from recurra.data import read_texts
    >>> read_texts(polars.DataFrame({"row": [1, 2], "de": ["eins", "zwei"]}), column_name="de")
    ['eins', 'zwei']
    """
    format = format or TableFormat()
    texts = None
    if isinstance(data, str | Path) and _suffix(Path(data)) not in _TABLES:
        texts = _lines(Path(data), format)
        filled = [text for text in texts if text.strip()]
        if filled and all("\t" in text for text in filled):
            texts = None  # a table, as for read_pairs
    elif isinstance(data, list | tuple):
        texts = [_text(text, f"text {number}") for number, text in enumerate(data, 1)]
    if texts is None:
        frame, source = _table(data, format)
        name = frame.columns[0] if column_name is None or len(frame.columns) == 1 else column_name
        texts = [text or "" for text in _column(frame, name, source)]
    if not texts:
        raise DataError(f"{data if isinstance(data, str | Path) else 'the list'} holds no text")
    return [text.strip() for text in texts]


def _suffix(path: Path) -> str:
    return (path.with_suffix("") if path.suffix == _PACKED else path).suffix.lower()


def two_files(data: Any, columns: PairColumns) -> tuple[Path, Path] | None:
    """Return the files of both sides; None where the data are something else.

    Raises
    ------
    DataError
        If the data are what the names of two files begin with, and these are not there; or a path beside what is none.
    """
    if isinstance(data, tuple) and len(data) == 2 and any(isinstance(each, str | Path) for each in data):
        for each in data:
            if not isinstance(each, str | Path):
                raise DataError(f"got {each!r:.60} beside a path; expected the paths of two files")
        return Path(data[0]), Path(data[1])
    if not isinstance(data, str | Path) or Path(data).exists():
        return None
    if columns.source is None or columns.target is None:
        beside = sorted(each.name for each in Path(data).parent.glob(f"{glob.escape(Path(data).name)}.*"))
        if len(beside) > 1:
            raise DataError(
                f"there is no file {data}; of {', '.join(beside[:_SHOWN])} say which endings the two files have, as "
                "source = ENDING and target = ENDING"
            )
        return None
    found = [_side(str(data), ending) for ending in (columns.source, columns.target)]
    if None not in found:
        return found[0], found[1]  # pyright: ignore[reportReturnType]
    if _suffix(Path(data)) in _TABLES:
        return None
    names = " and ".join(f"{data}.{ending}" for ending in (columns.source, columns.target))
    raise DataError(f"there is no file {data}, and no two files {names} (or with {_PACKED} after it)")


def _side(beginning: str, ending: str) -> Path | None:
    names = (Path(f"{beginning}.{ending}{packed}") for packed in ("", _PACKED))
    return next((name for name in names if name.is_file()), None)


def _lines(path: Path, format: TableFormat) -> list[str]:
    return text_lines(file_text(path, encoding=format.encoding, expected="a file with a text a line"))


def _from_files(files: tuple[Path, Path], format: TableFormat) -> tuple[str, tuple[list[str], list[str]]]:
    sources, targets = (_lines(file, format) for file in files)
    if len(sources) != len(targets):
        raise DataError(
            f"{files[0]} has {len(sources):,} lines and {files[1]} has {len(targets):,}: expected as many, a pair a "
            "line"
        )
    return f"{files[0]} and {files[1].name}", (sources, targets)


def _from_python(pairs: Sequence[Any]) -> tuple[list[str], list[str]]:
    sides: tuple[list[str], list[str]] = ([], [])
    for number, pair in enumerate(pairs, 1):
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise DataError(f"pair {number} is {pair!r:.60}; expected a pair of texts (source, target)")
        for side, text in zip(sides, pair, strict=True):
            side.append(_text(text, f"pair {number}"))
    return sides


def _text(text: Any, where: str) -> str:
    if not isinstance(text, str):
        raise DataError(f"{where}: got {text!r:.60}; expected a text")
    if _SURROGATE.search(text):
        raise DataError(f"{where}: {text!r:.60} has half of a character of UTF-16; expected a text of whole ones")
    return text


def _table(data: Any, format: TableFormat) -> tuple[polars.DataFrame, str]:
    return read_table(data, format=format)


def _column(frame: polars.DataFrame, name: str, source: str) -> list[str | None]:
    found = column(frame, name, source=source)
    if found.dtype.is_nested() or found.dtype in (polars.Object, polars.Binary):
        raise DataError(f"{source}, column {name!r}: expected one text a row, got {found.dtype}")
    return found.cast(polars.String).to_list()


def _from_table(
    data: Table, columns: PairColumns, format: TableFormat
) -> tuple[str, tuple[str, str], tuple[list[str], list[str]]]:
    """Return what messages call the table, the columns of both sides, and their texts."""
    frame, source = _table(data, format)
    names = frame.columns
    if len(names) < 2:
        raise DataError(f"{source} has the column {names[0]!r} alone; expected two, the texts and what they become")
    wanted = (columns.source or names[0], columns.target or names[1])
    if wanted[0] == wanted[1]:
        raise DataError(f"{source}: both sides are the column {wanted[0]!r}; expected two columns")
    sources, targets = ([text or "" for text in _column(frame, name, source)] for name in wanted)
    return source, wanted, (sources, targets)


def _complete(name: str, sides: tuple[list[str], list[str]], *, what: str, drop_empty: bool) -> TextPairs:
    """Return the pairs that have both sides; refuse the others unless they are to be dropped."""
    sources, targets = ([text.strip() for text in side] for side in sides)
    filled = np.array([bool(source and target) for source, target in zip(sources, targets, strict=True)], bool)
    empty = np.flatnonzero(~filled) + 1
    if len(empty) and not drop_empty:
        first = int(empty[0])
        place, side = f"{what} {first}", "target" if sources[first - 1] else "source"
        others = (
            f" ({len(empty):,} such {what}s: {', '.join(map(str, empty[:_SHOWN]))}{', ...' * (len(empty) > _SHOWN)})"
        )
        raise DataError(
            f"{name}, {place}: the {side} is empty{others if len(empty) > 1 else ''}; fill it, or leave such "
            "pairs out with the option drop_empty"
        )
    if not filled.any():
        raise DataError(f"{name}: expected at least one pair of texts, got none")
    places = np.flatnonzero(filled).tolist()
    rows = tuple(place + 1 for place in places)
    return TextPairs(
        sources=tuple(sources[place] for place in places),
        targets=tuple(targets[place] for place in places),
        rows=rows,
        name=name,
        dropped=tuple(empty.tolist()),
    )
