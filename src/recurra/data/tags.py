"""Tags of entities: how they are written and in which scheme, checked and converted, and the entities they mark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, final, get_args

from recurra.errors import DataError

__all__ = ["Marks", "Scheme", "Span", "Written", "check_tags", "converted_tags", "find_marks", "misplaced", "spans"]

Scheme = Literal["IOB1", "BIO", "BIOES", "BMES", "BILOU"]
"""How tags mark an entity. IOB1: `I-`, and `B-` only for one that follows another of its type at once. BIO, also IOB2:
`B-` first, then `I-`. BIOES: also `E-` last, and `S-` for one of a single token. BMES has `M-` for `I-`, BILOU `L-` for
`E-` and `U-` for `S-`."""

Written = Literal["B-PER", "B_PER", "PER-B", "PER_B", "B"]
"""How the letter and the type of a tag are put together; the last one has no types."""

_OWN: Mapping[Scheme, Mapping[str, str]] = {
    "IOB1": {"B": "B", "I": "I"},
    "BIO": {"B": "B", "I": "I"},
    "BIOES": {"B": "B", "I": "I", "E": "E", "S": "S"},
    "BMES": {"B": "B", "M": "I", "E": "E", "S": "S"},
    "BILOU": {"B": "B", "I": "I", "L": "E", "U": "S"},
}
"""Of each scheme its letters, and what they are in BIOES."""

_ORDER: tuple[Scheme, ...] = ("BIO", "IOB1", "BIOES", "BMES", "BILOU")
"""Of schemes that fit equally well, the first is taken."""

_UNTYPED = "_"
"""The type of entities where tags have none, as in seqeval."""

_MARKED = 0.99
"""Share of the tags but `O` that must be written as tags of entities, for the others to be taken for errors."""


class Span(NamedTuple):
    """An entity: its type, its first token, and the one after its last, from 0."""

    type: str
    start: int
    stop: int


@final
@dataclass(frozen=True)
class Marks:
    """How the tags of a file mark entities.

    Attributes
    ----------
    scheme
        What the letters mean.
    written
        How letter and type are put together.

    Raises
    ------
    DataError
        If there is no such scheme, or no such way to write tags.

    Examples
    --------
    >>> marks = Marks("BMES", "PER_B")
    >>> marks.parts("LOC_M"), marks.tag("E", "LOC"), marks.parts("LOC"), marks.has("LOC_I")
    (('I', 'LOC'), 'LOC_E', ('S', 'LOC'), False)
    """

    scheme: Scheme
    written: Written = "B-PER"

    def __post_init__(self) -> None:
        for what, given, known in (("scheme", self.scheme, Scheme), ("writing", self.written, Written)):
            if given not in get_args(known):
                raise DataError(f"the {what} of tags is {given!r}; expected one of {', '.join(get_args(known))}")

    def parts(self, tag: str, /) -> tuple[str, str]:
        """Return a tag's letter in BIOES and its type; a tag that is written otherwise is an entity of one token."""
        if tag == "O":
            return "O", ""
        letter, kind = self._cut(tag)
        if letter in _OWN[self.scheme]:
            return _OWN[self.scheme][letter], kind
        return (letter, kind) if letter in ("O", "B", "I", "E", "S") else ("S", tag)

    def tag(self, letter: str, kind: str, /) -> str:
        """Return the tag with a letter of BIOES and a type."""
        if letter == "O":
            return "O"
        own = next((own for own, other in _OWN[self.scheme].items() if other == letter), letter)
        if self.written == "B":
            return own
        separator = self.written.strip("BPER")
        return f"{own}{separator}{kind}" if self.written.startswith("B") else f"{kind}{separator}{own}"

    def has(self, tag: str, /) -> bool:
        """Say whether a tag is one of the scheme's."""
        letter, kind = self._cut(tag)
        return tag == "O" or (letter in _OWN[self.scheme] and bool(kind))

    @property
    def forms(self) -> str:
        """The tags that there are, for a message."""
        type = "" if self.written == "B" else "TYPE"
        return ", ".join(map(repr, ["O", *(self.tag(letter, type) for letter in _OWN[self.scheme].values())]))

    def _cut(self, tag: str) -> tuple[str, str]:
        if self.written == "B":
            return tag, _UNTYPED
        separator = self.written.strip("BPER")
        if self.written.startswith("B"):
            letter, _, kind = tag.partition(separator)
        else:
            kind, _, letter = tag.rpartition(separator)
        return letter, kind


_PLAIN = Marks("BIOES")


def spans(tags: Sequence[str], /, *, marks: Marks = _PLAIN) -> list[Span]:
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
        letter, kind = marks.parts(tag)
        if letter in "IE" and before[0] in "BI" and before[1] == kind:
            found[-1] = found[-1]._replace(stop=place + 1)
        elif letter != "O":
            found.append(Span(kind, place, place + 1))
        before = letter, kind
    return found


def find_marks(sentences: Iterable[Sequence[str]], /) -> Marks | None:
    """Return how the tags (tokens,) of sentences mark entities: as what breaks the fewest rules.

    None where they mark none: more than one in a hundred, `O` not counted, is written as no tag of any scheme.

    Examples
    --------
    >>> find_marks([["I-PER", "I-PER", "O"], ["I-LOC", "B-LOC"]])
    Marks(scheme='IOB1', written='B-PER')
    >>> find_marks([["B", "M", "E", "S"]]), find_marks([["DET", "NOUN"]])
    (Marks(scheme='BMES', written='B'), None)
    """
    pairs: Counter[tuple[str, str]] = Counter()
    for tags in sentences:
        pairs.update(zip(("O", *tags), (*tags, ""), strict=True))
    counts: Counter[str] = Counter()
    for (_, tag), count in pairs.items():
        counts[tag] += count
    del counts["O"], counts[""]
    total = counts.total()
    for written in get_args(Written):
        candidates = [Marks(scheme, written) for scheme in _ORDER]
        known = [tag for tag in counts if any(marks.has(tag) for marks in candidates)]
        if total and sum(counts[tag] for tag in known) >= _MARKED * total and _begins(known, candidates[0]):
            return min(candidates, key=lambda marks: _violations(pairs, marks))
    return None


def misplaced(tags: Sequence[str], marks: Marks, /) -> list[tuple[int, str]]:
    """Return the places in a sentence, from 0, whose tags (tokens,) do not follow the scheme, and why not."""
    found = []
    for place, tag in enumerate(tags):
        reason = _reason(tags[place - 1] if place else "O", tag, marks)
        if reason:
            found.append((place, f"the tag {tag!r} {reason}"))
    reason = _reason(tags[-1], "", marks) if tags else ""
    return [*found, (len(tags) - 1, f"the tag {tags[-1]!r} {reason}")] if reason else found


def check_tags(tags: Sequence[str], /, *, scheme: Scheme | Marks, rows: Sequence[int], source: str) -> None:
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

    Examples
    --------
    >>> from recurra.data import check_tags
    >>> check_tags(["O", "I-PER"], scheme="BIO", rows=[1, 2], source="a.conll")
    Traceback (most recent call last):
        ...
    recurra.errors.DataError: a.conll, line 2: the tag 'I-PER' follows 'O'; expected 'B-PER' or 'I-PER' before it
    """
    for place, reason in misplaced(tags, scheme if isinstance(scheme, Marks) else Marks(scheme)):
        raise DataError(f"{source}, line {rows[place]}: {reason}")


def converted_tags(tags: Sequence[str], /, *, to: Scheme | Marks, marks: Marks = _PLAIN) -> list[str]:
    """Return tags (tokens,) that mark the same entities in another scheme, or written otherwise.

    Examples
    --------
    >>> converted_tags(["I-PER", "I-PER", "O", "I-LOC"], to="BIOES")
    ['B-PER', 'E-PER', 'O', 'S-LOC']
    >>> converted_tags(["B-PER", "E-PER"], to=Marks("BILOU", "PER_B"))
    ['PER_B', 'PER_L']
    """
    to = to if isinstance(to, Marks) else Marks(to)
    written, last = ["O"] * len(tags), Span("", -1, -1)
    for span in spans(tags, marks=marks):
        adjoining = last.stop == span.start and last.type == span.type
        letters = _letters(span.stop - span.start, to.scheme, adjoining=adjoining)
        written[span.start : span.stop] = [to.tag(letter, span.type) for letter in letters]
        last = span
    return written


def _letters(length: int, scheme: Scheme, *, adjoining: bool) -> Iterator[str]:
    """Yield the letters of an entity's tokens; `adjoining` if one of the same type ends just before it."""
    for place in range(length):
        if "E" in _OWN[scheme].values() and place == length - 1:
            yield "E" if place else "S"
        elif place == 0 and (scheme != "IOB1" or adjoining):
            yield "B"
        else:
            yield "I"


def _begins(tags: Iterable[str], marks: Marks) -> bool:
    """Say whether some tags begin an entity, or are inside of one: `E` and `S` alone may be anything."""
    letters = {marks._cut(tag)[0] for tag in tags}
    return bool(letters & {"B", "I"}) and (marks.written != "B" or len(letters) > 1)


def _violations(pairs: Mapping[tuple[str, str], int], marks: Marks) -> int:
    """Count what breaks the rules of a scheme among the tags that follow each other; "" is a sentence's end."""
    return sum(count for (before, tag), count in pairs.items() if _reason(before, tag, marks))


def _reason(before: str, tag: str, marks: Marks) -> str:
    """Say why a tag, "" at a sentence's end, may not follow another; nothing if it may."""
    if tag and not marks.has(tag):
        return f"is none of {marks.scheme}; expected {marks.forms}"
    (last, last_kind), (letter, kind) = marks.parts(before), marks.parts(tag or "O")
    is_open = last in ("B", "I")
    if marks.scheme == "IOB1":
        wrong = letter == "B" and not (last != "O" and last_kind == kind)
        form = marks.tag("B", "")
        return f"follows {before!r}; in IOB1 {form!r} only follows an entity of its type" if wrong else ""
    if letter in "IE" and not (is_open and last_kind == kind):
        return f"follows {before!r}; expected {marks.tag('B', kind)!r} or {marks.tag('I', kind)!r} before it"
    if "E" not in _OWN[marks.scheme].values() or not is_open or letter in "IE":
        return ""
    ends = f"{marks.tag('E', last_kind)!r} or {marks.tag('I', last_kind)!r}"
    if not tag:
        return f"ends the sentence; expected {marks.tag('E', '')!r} or {marks.tag('S', '')!r}"
    return f"follows {before!r}, which has no end; expected {ends}"
