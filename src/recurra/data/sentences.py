"""Sentences that come without a column file: from a plain text, or from Python; with the file that they would make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from recurra.data.conll import CONLLU_COLUMNS, TaggedSentences
from recurra.data.files import ENCODING, file_text
from recurra.errors import DataError

__all__ = ["Split", "plain_sentences", "sentences_of", "split_line", "usual_split"]

Split = Literal["space", "han", "character"]
"""Where tokens end: at spaces; around each Han character too; around every character."""

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PIECE = re.compile(rf"{_HAN.pattern}|(?:(?!{_HAN.pattern})\S)+")

_USUAL = 0.99
"""Share of tokens that must be single characters for texts to be split so."""


def plain_sentences(
    path: str | Path, /, *, encoding: str = ENCODING, universal: bool = False, split: Split = "space"
) -> TaggedSentences:
    """Read a plain text with a sentence a line and spaces between tokens; empty lines are skipped.

    Parameters
    ----------
    path
        The file; a `.gz` is decompressed.
    encoding
        Of the file, as Python names it.
    universal
        Whether `with_tags` should write CoNLL-U, rather than a word and its tag a line.
    split
        Where tokens end.

    Raises
    ------
    DataError
        If the file cannot be read or holds no sentence.
    """
    text = file_text(Path(path), encoding=encoding, expected="a text")
    words = [split_line(line, split) for line in text.splitlines()]
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
    >>> from recurra.data.conll import with_tags
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


def split_line(line: str, split: Split, /) -> list[str]:
    """Return the tokens of a sentence.

    Examples
    --------
    >>> split_line("天地 GRU", "han"), split_line("天地 GRU", "character")
    (['天', '地', 'GRU'], ['天', '地', 'G', 'R', 'U'])
    """
    if split == "space":
        return line.split()
    return (
        [character for character in line if not character.isspace()] if split == "character" else _PIECE.findall(line)
    )


def usual_split(sentences: Sequence[Sequence[str]], /) -> Split:
    """Return where the tokens of sentences end that were split by others, as far as single characters show it."""
    tokens = [token for sentence in sentences for token in sentence]
    han = [token for token in tokens if _HAN.search(token)]
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
