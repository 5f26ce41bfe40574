"""Sentences that come without a column file, and the first words of a file of vectors."""

from __future__ import annotations

from pathlib import Path

import pytest

from recurra.data import plain_sentences, read_conll, sentences_of, with_tags
from recurra.data.vocabulary import first_words
from recurra.errors import DataError

TAGS = [["X", "Y"], ["X"]]


@pytest.mark.parametrize("universal", [False, True])
def test_what_is_written_is_read_again(tmp_path: Path, universal: bool) -> None:
    given = sentences_of([["a", "#b"], ["-c-"]], tags=TAGS, universal=universal)
    path = tmp_path / ("new.conllu" if universal else "new.conll")
    path.write_bytes(with_tags(given, TAGS))
    again = read_conll(path)
    assert (again.words, again.tags, again.rows) == (given.words, given.tags, given.rows)
    assert again.width == given.width == (10 if universal else 2)


def test_a_plain_text_is_a_sentence_a_line(tmp_path: Path) -> None:
    path = tmp_path / "new.txt"
    path.write_bytes("\ufeffWe  go .\r\n\r\n\u00a0caf\u00e9\tau lait\n".encode())
    found = plain_sentences(path)
    assert found.words == (("We", "go", "."), ("caf\u00e9", "au", "lait"))
    assert found.tags is None
    path.write_bytes("caf\u00e9\n".encode("latin-1"))
    assert plain_sentences(path, encoding="latin-1").words == (("caf\u00e9",),)
    with pytest.raises(DataError, match="line 1 has the byte 0xe9"):
        plain_sentences(path)
    path.write_text("so\u2028we go\n", encoding="utf-8")  # a line for whoever counts them, and one sentence
    assert plain_sentences(path).words == (("so", "we", "go"),)
    path.write_text(" \n\n")
    with pytest.raises(DataError, match="holds no sentence"):
        plain_sentences(path, encoding="UTF-8")


@pytest.mark.parametrize(
    ("words", "tags", "message"),
    [
        ([["a"]], [["X", "Y"]], "sentence 1: 2 tags for 1 words"),
        ([["a"]], [["X"], ["Y"]], "tags of 2 sentences for 1"),
        ([["a"]], [[""]], "sentence 1, token 1: the tag is ''"),
        ([["a", 3]], None, "sentence 1, token 2: the word is 3"),
    ],
)
def test_tags_and_words_that_do_not_fit(words: list[list[str]], tags: list[list[str]] | None, message: str) -> None:
    with pytest.raises(DataError, match=message):
        sentences_of(words, tags=tags)


def test_the_first_words_of_vectors(tmp_path: Path) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text("3 2\nthe 1 2\nof 3 4\nand 5 6\n")
    assert first_words(path, most=2) == ("the", "of")
    assert first_words(path, most=9) == ("the", "of", "and")
