"""How the tags of a task mark entities: found, checked, and brought to BIOES for the network and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from recurra.data import Marks, TaggedSentences, converted_tags, find_marks
from recurra.data.tags import Scheme, misplaced
from recurra.errors import DataError
from recurra.nn import AllowedTransitions, bioes_transitions

__all__ = ["AnyScheme", "allowed_transitions", "inside", "lax_tags", "marks_of", "outside", "unmarked_note"]

AnyScheme = Literal["none"] | Scheme
"""A scheme of entities, or none: then tags are what they are."""

_INSIDE = Marks("BIOES")
"""What the network learns, whatever the file has: entities are found better so (Ratinov & Roth, 2009)."""


def marks_of(sentences: TaggedSentences, scheme: str, /) -> Marks | None:
    """Return how the tags mark entities, in the scheme that is wanted or, for "auto" and "strict", the one found.

    None where tags mark none, or with "none" are not looked at.
    """
    if scheme == "none":
        return None
    found = find_marks(sentences.tags or ())
    if scheme in ("auto", "strict"):
        return found
    return Marks(scheme, found.written if found else "B-PER")  # pyright: ignore[reportArgumentType]


def lax_tags(sentences: TaggedSentences, marks: Marks | None, /, *, strict: bool = False) -> str:
    """Return a sentence on the tags that do not follow the scheme: how many, and where; "" if all do.

    Raises
    ------
    DataError
        If some do not and `strict` is wanted; the message says the line of the first.
    """
    if marks is None:
        return ""
    count, first = 0, ""
    for tags, rows in zip(sentences.tags or (), sentences.rows, strict=False):
        for place, reason in misplaced(tags, marks):
            first = first or f"line {rows[place]}: {reason}"
            count += 1
    if count and strict:
        others = f"; {count - 1:,} more do not follow {marks.scheme}" if count > 1 else ""
        raise DataError(f"{sentences.source}, {first}{others} (without --scheme strict they are read as they can be)")
    if not count:
        return ""
    does, are = ("tag does", "is") if count == 1 else ("tags do", "are")
    how = f"{does} not follow {marks.scheme} and {are} read as conlleval reads them"
    return f"{count:,} {how} ({sentences.source}, {first})"


def unmarked_note(sentences: TaggedSentences, scheme: str, /) -> str:
    """Return a sentence where tags look like those of entities, with `O` among them, but are in no known scheme."""
    tags = {tag for each in sentences.tags or () for tag in each}
    if scheme != "auto" or "O" not in tags or len(tags) < 2:
        return ""
    shown = ", ".join(sorted(tags - {"O"})[:3])
    return f"the tags ({shown}, ...) are in no known scheme of entities: each is learnt and measured for itself"


def inside(tags: Sequence[str], marks: Marks | None, /) -> list[str]:
    """Return the tags (tokens,) of a sentence as the network learns them."""
    return list(tags) if marks is None else converted_tags(tags, to=_INSIDE, marks=marks)


def outside(tags: Sequence[str], marks: Marks | None, /) -> list[str]:
    """Return the network's tags (tokens,) of a sentence as the file has them."""
    return list(tags) if marks is None else converted_tags(tags, to=marks)


def allowed_transitions(labels: Sequence[str], marks: Marks | None, /) -> AllowedTransitions | None:
    """Return which of the network's tags may follow which; None where all may."""
    return None if marks is None else bioes_transitions(labels)
