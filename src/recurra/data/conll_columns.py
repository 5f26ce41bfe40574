"""The columns of CoNLL files: which hold the words and the tags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from recurra.errors import DataError, nearest

__all__ = ["CONLLU_COLUMNS", "DEFAULT", "ConllColumns", "tag_place", "word_place"]

DEFAULT = "default"
"""Stands for a column that is not given."""


CONLLU_COLUMNS = ("ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC")
"""The columns of CoNLL-U (Nivre et al., 2020; universaldependencies.org/format.html)."""


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


def word_place(columns: ConllColumns, /, *, width: int, universal: bool, source: str) -> int:
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
