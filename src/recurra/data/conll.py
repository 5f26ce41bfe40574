"""Tagged sentences in the CoNLL formats: a token a line, an empty line between sentences; read and written back."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import final

from recurra.data.column_lines import BYTE_ORDER_MARK, line_cells, replaced_cell
from recurra.data.conll_columns import CONLLU_COLUMNS, ConllColumns, tag_place, word_place
from recurra.data.files import decoded, encoding_of, file_bytes
from recurra.errors import DataError

__all__ = ["CONLLU_COLUMNS", "ConllColumns", "TaggedSentences", "read_conll", "with_tags"]

_DOCUMENT = "-DOCSTART-"

_Sentence = list[tuple[int, list[str]]]
"""Of each token its line in the file and its cells."""


@final
@dataclass(frozen=True, kw_only=True)
class TaggedSentences:
    """Sentences, their tags, and the file that they are from.

    Attributes
    ----------
    words, tags
        Of each sentence its tokens; `tags` is None where none were asked for.
    rows
        Of each sentence its tokens' lines in the file, from 1.
    lines
        The file's lines with their ends, so that it can be written back.
    tag_column
        The place of the tags in a line, from 0, or from -1; None where there are none.
    width
        How many columns a line has.
    universal
        Whether the file is CoNLL-U.
    source
        What messages call the file.
    encoding
        Of the file.
    """

    words: tuple[tuple[str, ...], ...]
    tags: tuple[tuple[str, ...], ...] | None
    rows: tuple[tuple[int, ...], ...]
    lines: tuple[str, ...]
    tag_column: int | None
    width: int
    universal: bool
    source: str
    encoding: str

    def __len__(self) -> int:
        return len(self.words)


def read_conll(path: str | Path, /, *, columns: ConllColumns | None = None, encoding: str = "utf-8") -> TaggedSentences:
    """Read sentences of a column file (CoNLL-2000, 2002, 2003 and their like) or of CoNLL-U.

    In CoNLL-U, words of several tokens (1-2) and empty nodes (1.1) are skipped, and kept when the file is written
    back. Columns are separated by tabs, and in column files by spaces where a line has no tab. There, a line
    `-DOCSTART-` is skipped, and so is one that begins with `#` and has not as many columns as the first token.

    Parameters
    ----------
    path
        The file; a `.gz` is decompressed.
    columns
        Which columns hold what.
    encoding
        Of the file, as Python names it, unless its byte order mark says UTF-16. The mark is kept.

    Raises
    ------
    DataError
        If the file cannot be read or holds no sentence, a line has fewer or more columns than the first, a word or a
        tag is empty, or a column is not there; the message says the line.
    """
    path, columns = Path(path), columns or ConllColumns()
    universal = path.suffixes[-1:] == [".conllu"] or path.suffixes[-2:] == [".conllu", ".gz"]
    universal = universal if columns.universal is None else columns.universal
    data = file_bytes(path, expected="a CoNLL file")
    encoding = encoding_of(data, encoding)
    text = decoded(data, path, encoding=encoding)
    lines = tuple(io.StringIO(text, newline="\n"))
    sentences = _sentences(lines, str(path), universal=universal)
    first = next(sentences, None)
    if first is None:
        raise DataError(f"{path} holds no sentence; expected a token a line and an empty line between sentences")
    width = len(first[0][1])
    word = word_place(columns, width=width, universal=universal, source=str(path))
    tag = tag_place(columns, width=width, universal=universal, source=str(path))
    words, tags, rows = _taken(chain([first], sentences), (word, tag), str(path))
    return TaggedSentences(
        words=words,
        tags=None if tag is None else tags,
        rows=rows,
        lines=lines,
        tag_column=tag,
        width=width,
        universal=universal,
        source=str(path),
        encoding=encoding,
    )


def with_tags(sentences: TaggedSentences, tags: Sequence[Sequence[str]], /, *, append: bool = False) -> bytes:
    """Return the file of sentences with other tags, and all else byte for byte as it was.

    Parameters
    ----------
    sentences
        As `read_conll` gave them.
    tags
        Of each sentence its tokens' tags.
    append
        Whether the tags go into a new last column, which is what the script conlleval reads, instead of into the
        column of tags. They always do where the file was read without tags; not for CoNLL-U, whose columns are fixed.

    Raises
    ------
    DataError
        If the tags are not as many as the tokens, or CoNLL-U was read without a column of tags.
    """
    column = None if append else sentences.tag_column
    if sentences.universal and column is None:
        raise DataError(f"{sentences.source}: CoNLL-U has no place for a further column; say which one has the tags")
    if len(tags) != len(sentences):
        raise DataError(f"{sentences.source}: tags of {len(tags)} sentences for {len(sentences)}")
    lines = list(sentences.lines)
    for number, (rows, given) in enumerate(zip(sentences.rows, tags, strict=True), 1):
        if len(rows) != len(given):
            raise DataError(f"{sentences.source}, sentence {number}: {len(given)} tags for {len(rows)} tokens")
        for row, tag in zip(rows, given, strict=True):
            lines[row - 1] = replaced_cell(lines[row - 1], column, tag)
    return "".join(lines).encode(sentences.encoding)


def _sentences(lines: Sequence[str], source: str, *, universal: bool) -> Iterator[_Sentence]:
    """Yield of each sentence the lines' numbers and cells."""
    width = len(CONLLU_COLUMNS) if universal else 0
    sentence: _Sentence = []
    for row, line in enumerate(lines, 1):
        cells = line_cells(line)
        if not any(cells):
            if sentence:
                yield sentence
            sentence = []
        elif not _is_skipped(cells, line, width, universal=universal):
            width = width or len(cells)
            if len(cells) != width:
                raise DataError(f"{source}, line {row}: {len(cells)} columns; expected {width}")
            sentence.append((row, cells))
    if sentence:
        yield sentence


def _is_skipped(cells: list[str], line: str, width: int, *, universal: bool) -> bool:
    """Say whether a line holds no token that is tagged."""
    if universal:
        return line.lstrip(BYTE_ORDER_MARK).startswith("#") or not cells[0].isdecimal()
    return cells[0] == _DOCUMENT or (
        line.lstrip(BYTE_ORDER_MARK).startswith("#") and len(cells) != (width or len(cells))
    )


def _taken(
    sentences: Iterable[_Sentence], places: tuple[int, int | None], source: str
) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...], tuple[tuple[int, ...], ...]]:
    """Return of each sentence the words, the tags and the lines; at most one sentence's other cells are held."""
    words, tags, rows = [], [], []
    for sentence in sentences:
        rows.append(tuple(row for row, _ in sentence))
        for found, place in zip((words, tags), places, strict=True):
            if place is not None:
                found.append(tuple(_filled(row, cells, place, source) for row, cells in sentence))
    return tuple(words), tuple(tags), tuple(rows)


def _filled(row: int, cells: list[str], place: int, source: str) -> str:
    if not cells[place]:
        raise DataError(f"{source}, line {row}: column {place % len(cells) + 1} is empty")
    return cells[place]
