"""How tags mark entities: found from the tags, checked, and brought to BIOES for the network and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast, get_args

from recurra.data.conll import TaggedSentences
from recurra.data.tags import Scheme, check_tags, converted_tags
from recurra.errors import DataError
from recurra.nn import AllowedTransitions, bioes_transitions

__all__ = ["AnyScheme", "allowed_transitions", "check_scheme", "find_scheme", "inside", "outside"]

AnyScheme = Literal["none"] | Scheme
"""A scheme of entities, or none: then tags are what they are."""

_INSIDE: Scheme = "BIOES"
"""What the network learns, whatever the file has: entities are found better so (Ratinov & Roth, 2009)."""


def find_scheme(sentences: TaggedSentences, /) -> AnyScheme:
    """Return the scheme that the tags follow: none if some are no tag of a scheme.

    Raises
    ------
    DataError
        If all are tags of a scheme and do not follow it; the message says the line.
    """
    tags = {tag for sentence in sentences.tags or () for tag in sentence}
    letters = {tag.partition("-")[0] for tag in tags}
    if not all(tag == "O" or _is_marked(tag) for tag in tags) or letters == {"O"}:
        return "none"
    if letters & {"E", "S"}:
        check_scheme(sentences, "BIOES")
        return "BIOES"
    if _follows(sentences, "IOB1") and not _follows(sentences, "BIO"):
        return "IOB1"
    check_scheme(sentences, "BIO")
    return "BIO"


def check_scheme(sentences: TaggedSentences, scheme: AnyScheme, /) -> None:
    """Check that the tags of all sentences follow a scheme.

    Raises
    ------
    DataError
        If some do not; the message says the line.
    """
    if scheme == "none":
        return
    for tags, rows in zip(sentences.tags or (), sentences.rows, strict=False):
        try:
            check_tags(tags, scheme=scheme, rows=rows, source=sentences.source)
        except DataError as error:
            raise DataError(f"{error} (the scheme {scheme}; with scheme none tags are taken as they are)") from None


def inside(tags: Sequence[str], scheme: AnyScheme, /) -> list[str]:
    """Return the tags (tokens,) of a sentence as the network learns them."""
    return list(tags) if scheme == "none" else converted_tags(tags, to=_INSIDE)


def outside(tags: Sequence[str], scheme: AnyScheme, /) -> list[str]:
    """Return the network's tags (tokens,) of a sentence as the file has them."""
    return list(tags) if scheme == "none" else converted_tags(tags, to=scheme)


def allowed_transitions(labels: Sequence[str], scheme: AnyScheme, /) -> AllowedTransitions | None:
    """Return which of the network's tags may follow which; None where all may."""
    return None if scheme == "none" else bioes_transitions(labels)


def _is_marked(tag: str) -> bool:
    letter, dash, kind = tag.partition("-")
    return letter in ("B", "I", "E", "S") and bool(dash and kind)


def _follows(sentences: TaggedSentences, scheme: str) -> bool:
    assert scheme in get_args(Scheme)
    try:
        check_scheme(sentences, cast(Scheme, scheme))
    except DataError:
        return False
    return True
