"""Schemes of tags: entities as conlleval finds them, conversions that keep them, and misplaced tags."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from recurra.data import Marks, Span, check_tags, converted_tags, find_marks, spans
from recurra.data.tags import Scheme, Written, misplaced
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


@pytest.mark.parametrize("scheme", get_args(Scheme))
def test_conversions_keep_entities_and_are_valid(scheme) -> None:
    for tags in product(TAGS, repeat=4):
        converted = converted_tags(tags, to=scheme)
        assert spans(converted, marks=Marks(scheme)) == spans(tags), tags
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
        ("BMES", ["B-X", "I-X"], "line 11: the tag 'I-X' is none of BMES; expected 'O', 'B-TYPE', 'M-TYPE', 'E-TYPE'"),
        ("BMES", ["M-X"], "line 10: the tag 'M-X' follows 'O'; expected 'B-X' or 'M-X' before it"),
        ("BILOU", ["B-X", "O"], "line 11: the tag 'O' follows 'B-X', which has no end; expected 'L-X' or 'I-X'"),
        ("BIOUL", ["O"], "'BIOUL'; expected one of IOB1, BIO, BIOES, BMES, BILOU"),
    ],
)
def test_misplaced_tags(scheme, tags: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        check_tags(tags, scheme=scheme, rows=range(10, 10 + len(tags)), source="x.conll")
    if scheme == "BIOUL":
        with pytest.raises(DataError, match=message):
            converted_tags(tags, to=scheme)


@pytest.mark.parametrize("written", get_args(Written))
@pytest.mark.parametrize("scheme", get_args(Scheme))
def test_schemes_are_found_however_tags_are_written(scheme: Scheme, written: Written) -> None:
    marks = Marks(scheme, written)
    kinds = ("_",) if written == "B" else ("PER_X", "LOC")
    plain = [f"{letter}-{kind}" if letter != "O" else "O" for kind in kinds for letter in "BIIEOSSOBEBE"]
    tags = converted_tags(plain, to=marks)
    assert find_marks([tags, ["O"]]) == marks
    assert converted_tags(tags, to="BIOES", marks=marks) == plain
    assert misplaced(tags, marks) == []


@pytest.mark.parametrize(
    ("wrong", "scheme"), [(["B-X", "I-Y"], "BIO"), (["B-X", "O"], "IOB1"), (["PER", "O"], "BIO"), (["I-X", "O"], "BIO")]
)
def test_a_few_lax_tags_hide_no_scheme(wrong: list[str], scheme: Scheme) -> None:
    good = {"BIO": ["B-X", "I-X", "O"], "IOB1": ["I-X", "B-X", "O"]}[scheme]
    assert find_marks([*[good] * 200, wrong]) == Marks(scheme)
    assert len(misplaced(wrong, Marks(scheme))) == 1


@pytest.mark.parametrize(
    "tags", [["DET", "NOUN", "O"], ["O", "O"], ["N", "V", "B"], ["PER", "O", "LOC"], ["I", "O"], []]
)
def test_tags_that_mark_no_entities(tags: list[str]) -> None:
    assert find_marks([tags] * 3) is None
