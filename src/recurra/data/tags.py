"""Tags of entities: the schemes IOB1, BIO and BIOES, checked and converted, and the entities that they mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, get_args

from recurra.errors import DataError

__all__ = ["Scheme", "Span", "check_tags", "converted_tags", "spans"]

Scheme = Literal["IOB1", "BIO", "BIOES"]
"""How tags mark an entity. IOB1: `I-`, and `B-` only for one that follows another of its type at once. BIO, also IOB2:
`B-` first, then `I-`. BIOES: also `E-` last, and `S-` for one of a single token."""

_LETTERS = {"IOB1": "BI", "BIO": "BI", "BIOES": "BIES"}


class Span(NamedTuple):
    """An entity: its type, its first token, and the one after its last, from 0."""

    type: str
    start: int
    stop: int


def spans(tags: Sequence[str], /) -> list[Span]:
    """Return the entities that the tags (tokens,) of a sentence mark, in order.

    They are those of the script conlleval (Tjong Kim Sang & Buchholz, 2000) and of seqeval (Nakayama, 2018) in its
    default mode, which read every scheme and are lenient: a token goes on with an entity if it has `I-` or `E-`, the
    one before has `B-` or `I-`, and their types are the same; any other tag but `O` begins one.

    Examples
    --------
    >>> spans(["B-PER", "I-PER", "O", "I-LOC", "B-LOC"])
    [Span(type='PER', start=0, stop=2), Span(type='LOC', start=3, stop=4), Span(type='LOC', start=4, stop=5)]
    """
    found: list[Span] = []
    before = ("O", "")
    for place, tag in enumerate(tags):
        letter, kind = _parts(tag)
        if letter in "IE" and before[0] in "BI" and before[1] == kind:
            found[-1] = found[-1]._replace(stop=place + 1)
        elif letter != "O":
            found.append(Span(kind, place, place + 1))
        before = letter, kind
    return found


def check_tags(tags: Sequence[str], /, *, scheme: Scheme, rows: Sequence[int], source: str) -> None:
    """Check that the tags of a sentence follow a scheme.

    Parameters
    ----------
    tags, rows
        (tokens,) the tags, and the line of each in the file.
    scheme
        What they should follow.
    source
        What messages call the file.

    Raises
    ------
    DataError
        If a tag is none of the scheme's, or may not come after the one before it; the message says the line.
    """
    if scheme not in get_args(Scheme):
        raise DataError(f"the scheme of tags is {scheme!r}; expected one of {', '.join(get_args(Scheme))}")
    for place, (tag, row) in enumerate(zip(tags, rows, strict=True)):
        before = tags[place - 1] if place else "O"
        reason = _unknown(tag, scheme) or _misplaced(before, tag, scheme)
        if reason:
            raise DataError(f"{source}, line {row}: the tag {tag!r} {reason}")
    if scheme == "BIOES" and tags and _parts(tags[-1])[0] in "BI":
        raise DataError(f"{source}, line {rows[-1]}: the tag {tags[-1]!r} ends the sentence; expected 'E-' or 'S-'")


def converted_tags(tags: Sequence[str], /, *, to: Scheme) -> list[str]:
    """Return tags (tokens,) that mark the same entities in another scheme.

    Examples
    --------
    >>> converted_tags(["I-PER", "I-PER", "O", "I-LOC"], to="BIOES")
    ['B-PER', 'E-PER', 'O', 'S-LOC']
    """
    if to not in get_args(Scheme):
        raise DataError(f"the scheme of tags is {to!r}; expected one of {', '.join(get_args(Scheme))}")
    written, last = ["O"] * len(tags), Span("", -1, -1)
    for span in spans(tags):
        adjoining = last.stop == span.start and last.type == span.type
        letters = _letters(span.stop - span.start, to, adjoining=adjoining)
        written[span.start : span.stop] = [f"{letter}-{span.type}" for letter in letters]
        last = span
    return written


def _letters(length: int, scheme: Scheme, *, adjoining: bool) -> Iterator[str]:
    """Yield the letters of an entity's tokens; `adjoining` if one of the same type ends just before it."""
    for place in range(length):
        if scheme == "BIOES" and place == length - 1:
            yield "E" if place else "S"
        elif place == 0 and (scheme != "IOB1" or adjoining):
            yield "B"
        else:
            yield "I"


def _parts(tag: str) -> tuple[str, str]:
    """Return a tag's letter and its type; a tag without a letter of any scheme is an entity of one token."""
    letter, _, kind = tag.partition("-")
    if letter in ("O", "B", "I", "E", "S"):
        return letter, kind
    return "S", tag


def _unknown(tag: str, scheme: Scheme) -> str:
    letter, dash, kind = tag.partition("-")
    if tag == "O" or (dash and kind and letter and len(letter) == 1 and letter in _LETTERS[scheme]):
        return ""
    letters = ", ".join(f"'{letter}-TYPE'" for letter in _LETTERS[scheme])
    return f"is none of {scheme}; expected 'O', {letters}"


def _misplaced(before: str, tag: str, scheme: Scheme) -> str:
    (last, last_kind), (letter, kind) = _parts(before), _parts(tag)
    inside = last in ("B", "I") and last_kind == kind
    if scheme == "IOB1":
        wrong = letter == "B" and not (last != "O" and last_kind == kind)
        return f"follows {before!r}; in IOB1 'B-' only follows an entity of its type" if wrong else ""
    if letter in "IE" and not inside:
        return f"follows {before!r}; expected 'B-{kind}' or 'I-{kind}' before it"
    if scheme == "BIOES" and last in ("B", "I") and letter not in "IE":
        return f"follows {before!r}, which has no end; expected 'E-{last_kind}' or 'I-{last_kind}'"
    return ""
