"""Schemes of tags: entities as conlleval finds them, conversions that keep them, and misplaced tags."""

from __future__ import annotations

from itertools import product

import pytest

from recurra.data.tags import Span, check_tags, converted_tags, spans
from recurra.errors import DataError

TAGS = [
    "O", *(f"{letter}-{kind}" for letter in "BIES" for kind in "XY")
]  # fmt: skip


def ends(before: str, tag: str, before_type: str, type_: str) -> bool:
    """Say, as the script conlleval does, whether an entity ended with the token before."""
    if before in ("E", "S"):
        return True
    return (before in ("B", "I") and tag in ("B", "S", "O")) or (before != "O" and before_type != type_)


def begins(before: str, tag: str, before_type: str, type_: str) -> bool:
    """Say, as the script conlleval does, whether an entity begins with a token."""
    if tag in ("B", "S"):
        return True
    return (before in ("E", "S", "O") and tag in ("E", "I")) or (tag != "O" and before_type != type_)


def conlleval(tags: tuple[str, ...]) -> list[Span]:
    found, before, before_type, start = [], "O", "", 0
    for place, tag in enumerate([*tags, "O"]):
        letter, _, type_ = tag.partition("-")
        if ends(before, letter, before_type, type_):
            found.append(Span(before_type, start, place))
        if begins(before, letter, before_type, type_):
            start = place
        before, before_type = letter, type_
    return found


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4])
def test_entities_are_those_of_conlleval(length: int) -> None:
    for tags in product(TAGS, repeat=length):
        assert spans(tags) == conlleval(tags), tags


@pytest.mark.parametrize("scheme", ["IOB1", "BIO", "BIOES"])
def test_conversions_keep_entities_and_are_valid(scheme) -> None:
    for tags in product(TAGS, repeat=4):
        converted = converted_tags(tags, to=scheme)
        assert spans(converted) == spans(tags), tags
        check_tags(converted, scheme=scheme, rows=range(4), source="x")


def test_conversions_by_example() -> None:
    bioes = ["B-P", "E-P", "S-P", "O", "S-L", "B-P", "I-P", "E-P"]
    assert converted_tags(bioes, to="BIO") == ["B-P", "I-P", "B-P", "O", "B-L", "B-P", "I-P", "I-P"]
    assert converted_tags(bioes, to="IOB1") == ["I-P", "I-P", "B-P", "O", "I-L", "I-P", "I-P", "I-P"]
    assert converted_tags(["I-A-B", "NOUN"], to="BIO") == ["B-A-B", "B-NOUN"]


@pytest.mark.parametrize(
    ("scheme", "tags", "message"),
    [
        ("BIO", ["O", "I-X"], "line 11: the tag 'I-X' follows 'O'; expected 'B-X' or 'I-X' before it"),
        ("BIO", ["B-X", "I-Y"], "line 11: the tag 'I-Y' follows 'B-X'"),
        ("BIO", ["I-X"], "line 10: the tag 'I-X'"),
        ("BIO", ["E-X"], "line 10: the tag 'E-X' is none of BIO; expected 'O', 'B-TYPE', 'I-TYPE'"),
        ("BIO", ["B-"], "is none of BIO"),
        ("BIO", ["NOUN"], "is none of BIO"),
        ("BIO", ["b-x"], "is none of BIO"),
        ("IOB1", ["O", "B-X"], "line 11: .* in IOB1 'B-' only follows an entity of its type"),
        ("IOB1", ["I-Y", "B-X"], "in IOB1"),
        ("BIOES", ["B-X", "O"], "line 11: the tag 'O' follows 'B-X', which has no end"),
        ("BIOES", ["B-X", "I-X"], "line 11: the tag 'I-X' ends the sentence"),
        ("BIOES", ["S-X", "E-X"], "line 11: the tag 'E-X' follows 'S-X'"),
        ("BILOU", ["O"], "'BILOU'; expected one of IOB1, BIO, BIOES"),
    ],
)
def test_misplaced_tags(scheme, tags: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        check_tags(tags, scheme=scheme, rows=range(10, 10 + len(tags)), source="x.conll")
    if scheme == "BILOU":
        with pytest.raises(DataError, match=message):
            converted_tags(tags, to=scheme)
