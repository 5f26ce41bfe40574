"""Sentences in a table: a token a row, beside it what sentence it is of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

import polars

from recurra.data.conll import TaggedSentences
from recurra.data.files import TableFormat
from recurra.data.sentences import sentences_of
from recurra.data.sequence_table import column_texts
from recurra.data.tables import FORMATS, Table, read_table

__all__ = ["TokenColumns", "is_token_table", "table_sentences"]


@final
@dataclass(frozen=True, kw_only=True)
class TokenColumns:
    """The columns' names; `tag` is None where there are none, or they are not looked at."""

    sentence: str = "sentence"
    word: str = "word"
    tag: str | None = "tag"


def is_token_table(data: Any, /) -> bool:
    """Return whether data are a frame, or a table's file by its suffix: a `.csv`, Parquet, Arrow, JSON lines."""
    if not isinstance(data, (str, Path)):
        return hasattr(data, "columns")
    path = Path(data)
    suffix = (path.with_suffix("") if path.suffix == ".gz" else path).suffix.lower()
    return suffix == ".csv" or FORMATS.get(suffix, "text") != "text"


def table_sentences(
    table: Table, /, *, columns: TokenColumns | None = None, format: TableFormat | None = None
) -> TaggedSentences:
    """Read the sentences of a table; rows of a sentence are in order, and need not follow each other.

    Raises
    ------
    DataError
        If the table cannot be read, lacks a column, or a word or a tag is missing or holds white space.

    Examples
    --------
    >>> import polars
    >>> frame = polars.DataFrame({"sentence": [1, 1, 2], "word": ["We", "go", "Go"], "tag": ["PRON", "VERB", "VERB"]})
    >>> found = table_sentences(frame)
    >>> found.words, found.tags
    ((('We', 'go'), ('Go',)), (('PRON', 'VERB'), ('VERB',)))
    """
    columns = columns or TokenColumns()
    frame, source = read_table(table, format=format)
    names = {"sentence": columns.sentence, "word": columns.word} | ({"tag": columns.tag} if columns.tag else {})
    texts = {what: column_texts(frame, name, source=source, what=what) for what, name in names.items()}
    lists = polars.DataFrame(texts).group_by("sentence", maintain_order=True).all()
    tags = lists["tag"].to_list() if columns.tag else None
    return sentences_of(lists["word"].to_list(), tags=tags, source=source)
