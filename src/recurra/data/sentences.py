"""Tagged sentences: from CoNLL files, plain texts, tables or Python; and written back with other tags."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Literal, final

import polars

from recurra.data.files import ENCODING, TableFormat, decoded, encoding_of, file_bytes, file_text, text_lines
from recurra.data.tables import FORMATS, Table, column_texts, read_table
from recurra.data.tokens import HAN
from recurra.errors import DataError, nearest

__all__ = [
    "CONLLU_COLUMNS",
    "DEFAULT",
    "ConllColumns",
    "Segmentation",
    "TaggedSentences",
    "TokenColumns",
    "is_token_table",
    "line_cells",
    "plain_sentences",
    "read_conll",
    "sentences_of",
    "table_sentences",
    "tag_place",
    "usual_segmentation",
    "with_tags",
]

DEFAULT = "default"
"""Stands for a column that is not given."""

CONLLU_COLUMNS = ("ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC")
"""The columns of CoNLL-U (Nivre et al., 2020; universaldependencies.org/format.html)."""

_BYTE_ORDER_MARK = "\ufeff"
"""What some files in UTF-8 begin with; it belongs to no cell."""

_DOCUMENT = "-DOCSTART-"

_Sentence = list[tuple[int, list[str]]]
"""Of each token its line in the file and its cells."""

Segmentation = Literal["space", "han", "character"]
"""Where tokens end: at spaces; around each Han character too; around every character."""


_PIECE = re.compile(rf"{HAN}|(?:(?!{HAN})\S)+")

_USUAL = 0.99
"""Share of tokens that must be single characters for texts to be split so."""


@final
@dataclass(frozen=True, kw_only=True)
class ConllColumns:
    """Which columns hold the words and the tags.

    Attributes
    ----------
    word, tag
        The number of a column, from 1, or from -1 if counted from the last; in CoNLL-U also its name. `tag` is None
        where there are no tags, as at prediction. By default: the first column and the last (none where there is one
        column), in CoNLL-U `FORM` and `UPOS`.
    universal
        Whether the file is CoNLL-U; if not given, whether its suffix is `.conllu`.
    """

    word: int | str = DEFAULT
    tag: int | str | None = DEFAULT
    universal: bool | None = None


def _word_place(columns: ConllColumns, /, *, width: int, universal: bool, source: str) -> int:
    """Return the place of the words in a line of `width` columns, from 0 or from -1; `DataError` if there is none."""
    if columns.word == DEFAULT:
        return CONLLU_COLUMNS.index("FORM") if universal else 0
    return _place(columns.word, width, universal=universal, source=source)


def tag_place(columns: ConllColumns, /, *, width: int, universal: bool, source: str) -> int | None:
    """Return the place of the tags in a line of `width` columns, from 0 or from -1; None where there are none."""
    if columns.tag is None or (columns.tag == DEFAULT and width == 1):
        return None
    if columns.tag == DEFAULT:
        return CONLLU_COLUMNS.index("UPOS") if universal else -1
    return _place(columns.tag, width, universal=universal, source=source)


def _place(column: int | str, width: int, *, universal: bool, source: str) -> int:
    if isinstance(column, int):
        if not 1 <= abs(column) <= width:
            raise DataError(f"{source} has {width} columns; there is no column {column}")
        return column - 1 if column > 0 else column
    names = CONLLU_COLUMNS if universal else ()
    if column.upper() not in names:
        known = f"one of {', '.join(names)}{nearest(column, names)}" if names else "a number, as this is no CoNLL-U"
        raise DataError(f"{source} has no column {column!r}; expected {known}")
    return names.index(column.upper())


def line_cells(line: str, /) -> list[str]:
    r"""Return the cells of a line: between tabs where it has any, else between spaces; none if all are empty.

    Examples
    --------
    >>> line_cells("EU NNP  B-ORG\n"), line_cells("1\tEU\t\t_\n"), line_cells("\n")
    (['EU', 'NNP', 'B-ORG'], ['1', 'EU', '', '_'], [])
    """
    line = line.strip("\r\n").removeprefix(_BYTE_ORDER_MARK)
    if "\t" not in line:
        return [cell for cell in line.split(" ") if cell]
    cells = line.split("\t")
    return cells if any(cells) else []


def _replaced_cell(line: str, column: int | None, text: str, /) -> str:
    """Return a line with another text in a column (from 0, or from -1), or with one more column if it is None."""
    body = line.rstrip("\r\n")
    end = line[len(body) :]
    tabs = "\t" in body
    if column is None:
        separator = "\t" if tabs else " "
        return f"{body.rstrip(' ')}{separator}{text}{end}"
    pieces = re.split(r"(\t)" if tabs else r"( +)", body)
    place = [place for place in range(0, len(pieces), 2) if tabs or pieces[place]][column]
    mark = _BYTE_ORDER_MARK if pieces[place].startswith(_BYTE_ORDER_MARK) else ""
    pieces[place] = mark + text
    return "".join(pieces) + end


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
    r"""Read sentences of a column file (CoNLL-2000, 2002, 2003 and their like) or of CoNLL-U.

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

    Examples
    --------
    >>> import tempfile
    >>> from recurra.data import ConllColumns, read_conll
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.txt").write_text("We PRP B-NP\ngo VBP B-VP\n")
    ...     found = read_conll(Path(folder, "a.txt"), columns=ConllColumns(tag=2))
    >>> found.words, found.tags
    ((('We', 'go'),), (('PRP', 'VBP'),))
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
    word = _word_place(columns, width=width, universal=universal, source=str(path))
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
            lines[row - 1] = _replaced_cell(lines[row - 1], column, tag)
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
        return line.lstrip(_BYTE_ORDER_MARK).startswith("#") or not cells[0].isdecimal()
    return cells[0] == _DOCUMENT or (
        line.lstrip(_BYTE_ORDER_MARK).startswith("#") and len(cells) != (width or len(cells))
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


def plain_sentences(
    path: str | Path, /, *, encoding: str = ENCODING, universal: bool = False, segmentation: Segmentation = "space"
) -> TaggedSentences:
    r"""Read a plain text with a sentence a line and spaces between tokens; empty lines are skipped.

    Parameters
    ----------
    path
        The file; a `.gz` is decompressed.
    encoding
        Of the file, as Python names it.
    universal
        Whether `with_tags` should write CoNLL-U, rather than a word and its tag a line.
    segmentation
        Where tokens end.

    Raises
    ------
    DataError
        If the file cannot be read or holds no sentence.

    Examples
    --------
    >>> import tempfile
    >>> from recurra.data import plain_sentences
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.txt").write_text("We go .\nGo !")
    ...     found = plain_sentences(Path(folder, "a.txt"))
    >>> found.words, found.tags
    ((('We', 'go', '.'), ('Go', '!')), None)
    """
    text = file_text(Path(path), encoding=encoding, expected="a text")
    words = [_segmented(line, segmentation) for line in text_lines(text)]
    return sentences_of([each for each in words if each], source=str(path), universal=universal)


def sentences_of(
    words: Sequence[Sequence[str]],
    /,
    *,
    tags: Sequence[Sequence[str]] | None = None,
    source: str = "the sentences",
    universal: bool = False,
) -> TaggedSentences:
    r"""Return sentences as if they came from a file, in UTF-8, with a word and its tag a line.

    Raises
    ------
    DataError
        If there is no sentence, one is empty, a word or a tag is empty or holds white space, or a sentence has
        another number of tags than of words.

    Examples
    --------
    >>> with_tags(sentences_of([["We", "go"]]), [["PRON", "VERB"]])
    b'We PRON\ngo VERB\n\n'
    """
    if not len(words):
        raise DataError(f"{source} holds no sentence")
    for number, sentence in enumerate(words, 1):
        _check_tokens(sentence, f"{source}, sentence {number}", "word")
    if tags is not None:
        _check_tags(words, tags, source)
    lines, rows = _lines(words, tags, universal=universal)
    return TaggedSentences(
        words=tuple(map(tuple, words)),
        tags=None if tags is None else tuple(map(tuple, tags)),
        rows=rows,
        lines=lines,
        tag_column=CONLLU_COLUMNS.index("UPOS") if universal else (None if tags is None else -1),
        width=len(CONLLU_COLUMNS) if universal else (1 if tags is None else 2),
        universal=universal,
        source=source,
        encoding="utf-8",
    )


def _segmented(line: str, segmentation: Segmentation, /) -> list[str]:
    """Return the tokens of a sentence.

    Examples
    --------
    >>> _segmented("天地 GRU", "han"), _segmented("天地 GRU", "character")
    (['天', '地', 'GRU'], ['天', '地', 'G', 'R', 'U'])
    """
    if segmentation == "space":
        return line.split()
    return (
        [character for character in line if not character.isspace()]
        if segmentation == "character"
        else _PIECE.findall(line)
    )


def usual_segmentation(sentences: Sequence[Sequence[str]], /) -> Segmentation:
    """Return where the tokens of sentences end that were split by others, as far as single characters show it."""
    tokens = [token for sentence in sentences for token in sentence]
    han = [token for token in tokens if re.search(HAN, token)]
    if han and sum(len(token) == 1 for token in tokens) >= _USUAL * len(tokens):
        return "character"
    return "han" if han and sum(len(token) == 1 for token in han) >= _USUAL * len(han) else "space"


def _check_tokens(tokens: Sequence[str], where: str, kind: str) -> None:
    if isinstance(tokens, str) or not len(tokens):
        raise DataError(f"{where} is {tokens!r}; expected a list with at least one {kind}")
    for number, token in enumerate(tokens, 1):
        if not isinstance(token, str) or token.split() != [token]:
            raise DataError(f"{where}, token {number}: the {kind} is {token!r}; expected a text without white space")


def _check_tags(words: Sequence[Sequence[str]], tags: Sequence[Sequence[str]], source: str) -> None:
    if len(tags) != len(words):
        raise DataError(f"{source}: tags of {len(tags)} sentences for {len(words)}")
    for number, (sentence, given) in enumerate(zip(words, tags, strict=True), 1):
        _check_tokens(given, f"{source}, sentence {number}", "tag")
        if len(sentence) != len(given):
            raise DataError(f"{source}, sentence {number}: {len(given)} tags for {len(sentence)} words")


def _lines(
    words: Sequence[Sequence[str]], tags: Sequence[Sequence[str]] | None, *, universal: bool
) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...]]:
    """Return the lines of the file, and of each sentence the lines' numbers."""
    lines: list[str] = []
    rows = []
    for place, sentence in enumerate(words):
        rows.append(tuple(range(len(lines) + 1, len(lines) + 1 + len(sentence))))
        given = [None] * len(sentence) if tags is None else tags[place]
        pairs = enumerate(zip(sentence, given, strict=True), 1)
        lines += [_line(number, word, tag, universal=universal) for number, (word, tag) in pairs]
        lines.append("\n")
    return tuple(lines), tuple(rows)


def _line(number: int, word: str, tag: str | None, *, universal: bool) -> str:
    if universal:
        return "\t".join([str(number), word, "_", tag or "_", *"______"]) + "\n"
    return word + ("" if tag is None else f" {tag}") + "\n"


@final
@dataclass(frozen=True, kw_only=True)
class TokenColumns:
    """The columns' names; `tag` is None where there are none, or they are not looked at.

    Examples
    --------
    >>> import polars
    >>> from recurra.data import TokenColumns, table_sentences
    >>> frame = polars.DataFrame({"sentence": [1, 1], "form": ["We", "go"]})
    >>> table_sentences(frame, columns=TokenColumns(word="form", tag=None)).words
    (('We', 'go'),)
    """

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
