"""Vocabularies and tokenizers: what is a token, round trips, JSON, and tokens that are not known."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recurra.data import TokenOptions, Vocabulary, fit_tokenizer, most_frequent, tokenizer_from_json
from recurra.data.tokens import split_words
from recurra.data.vocabulary import UNKNOWN
from recurra.errors import DataError

LINES = ["the cat , the dog\n", "The bird\n", "天地玄黄, 天\n"]
OPTIONS = {
    "char": TokenOptions(level="char"),
    "char, lower case": TokenOptions(level="char", lowercase=True),
    "word": TokenOptions(),
    "space": TokenOptions(words="space", lowercase=True),
    "bpe": TokenOptions(level="bpe", maximum_size=270),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_a_tokenizer_comes_back_from_its_json(name: str) -> None:
    tokenizer = fit_tokenizer(LINES, OPTIONS[name])
    back = tokenizer_from_json(tokenizer.to_json())
    assert back == tokenizer
    text = "The catbird, 天!\n"
    numbers = back.encode(text)
    assert numbers.dtype == np.int64
    assert numbers.tolist() == tokenizer.encode(text).tolist()
    assert max(numbers) < len(back.vocabulary)
    assert len(back.encode("")) == 0


@pytest.mark.parametrize("name", ["char", "bpe"])
def test_a_text_of_known_characters_comes_back_exactly(name: str) -> None:
    tokenizer = fit_tokenizer(LINES, OPTIONS[name])
    for line in LINES:
        assert tokenizer.decode(tokenizer.encode(line)) == line


@given(st.text())
def test_byte_pairs_give_back_every_text(text: str) -> None:
    assert BYTE_PAIRS.decode(BYTE_PAIRS.encode(text)) == text


BYTE_PAIRS = fit_tokenizer(LINES, OPTIONS["bpe"])


def test_byte_pairs_refuse_half_a_character() -> None:
    tokenizer = fit_tokenizer(LINES, TokenOptions(level="bpe", maximum_size=300))
    with pytest.raises(DataError, match=r"'a\\udc80' has half of a character of UTF-16; expected a text of whole ones"):
        tokenizer.encode("a\udc80")


def test_byte_pairs_are_the_same_again_and_join_what_is_frequent() -> None:
    again = fit_tokenizer(["aaab aaab aaab\n"] * 5, OPTIONS["bpe"])
    assert again == fit_tokenizer(["aaab aaab aaab\n"] * 5, OPTIONS["bpe"])
    assert len(again.encode("aaab aaab")) == 2
    assert len(BYTE_PAIRS.vocabulary) == 270


def test_words_at_spaces_follow_the_protocol_of_the_penn_treebank() -> None:
    tokenizer = fit_tokenizer([" a <unk> 's\n b a\n"], TokenOptions(words="space"))
    assert tokenizer.vocabulary.tokens == ("<unk>", "<eos>", "a", "'s", "b")
    assert tokenizer.encode(" a zebra\n b\n").tolist() == [2, 0, 1, 4, 1]
    assert tokenizer.decode([2, 0, 1, 4, 1]) == "a <unk>\nb\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("don't stop", ["don't", "stop"]),
        ("it 's n't so", ["it", "'s", "n't", "so"]),
        ("state-of-the-art...", ["state-of-the-art", ".", ".", "."]),
        ("1,000.5 (£3)", ["1,000.5", "(", "£", "3", ")"]),
        ("我爱PyTorch2，好！", ["我", "爱", "PyTorch2", "，", "好", "！"]),
        ("naïve Ünïcode", ["naïve", "Ünïcode"]),
        (" \n\t", []),
    ],
)
def test_where_words_end(text: str, words: list[str]) -> None:
    assert split_words(text) == words


def test_the_most_frequent_tokens_are_kept_in_an_order_that_does_not_depend_on_the_text() -> None:
    counts = {"b": 2, "a": 2, "rare": 1, "c": 5, UNKNOWN: 9}
    assert most_frequent(counts, minimum_count=2).tokens == (UNKNOWN, "c", "a", "b")
    assert most_frequent(counts, specials=(UNKNOWN,), maximum_size=3).tokens == (UNKNOWN, "c", "a")
    assert most_frequent(counts, specials=(UNKNOWN,)).unknown == UNKNOWN
    with pytest.raises(DataError, match="no token is there 10 times"):
        most_frequent(counts, minimum_count=10)


def test_a_token_that_is_not_known_is_an_error_where_none_stands_for_it() -> None:
    tokenizer = fit_tokenizer(["abc"], TokenOptions(level="char", unknown=False))
    with pytest.raises(DataError, match="token 'z', number 2 of 3, is not among the 3 of the vocabulary"):
        tokenizer.encode("azb")
    with pytest.raises(DataError, match="'z' is not among"):
        tokenizer.vocabulary.number("z")
    assert fit_tokenizer(["abc"], TokenOptions(level="char")).encode("azb").tolist() == [1, 0, 2]


def test_what_is_no_vocabulary() -> None:
    with pytest.raises(DataError, match="'a' is there twice"):
        Vocabulary(("a", "b", "a"))
    with pytest.raises(DataError, match="no token '<unk>'"):
        Vocabulary(("a",), unknown="<unk>")
    with pytest.raises(DataError, match="5 is no token's number; expected 0 to 1"):
        Vocabulary(("a", "b")).decode([0, 5])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"tokens": [1]}', '{"tokens": ["a", "a"]}', '{"tokens": "a"}'])
def test_a_damaged_vocabulary_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        Vocabulary.from_json(text)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, "no tokenizer"),
        ({"level": "syllable"}, "'syllable'; expected one of char, word, bpe"),
        ({"level": "word", "vocabulary": {"tokens": ["a"]}}, "no tokenizer: KeyError"),
        ({"level": "word", "words": "x", "lowercase": False, "vocabulary": {"tokens": ["a"]}}, "words end at 'x'"),
        ({"level": "bpe", "model": {"type": "x"}}, "no tokenizer of byte pairs"),
    ],
)
def test_a_damaged_tokenizer_is_refused(content: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        tokenizer_from_json(json.dumps(content))


@pytest.mark.parametrize("options", [{"level": "x"}, {"words": "x"}, {"minimum_count": 0}, {"maximum_size": 1}])
def test_options_are_checked(options: dict[str, object]) -> None:
    with pytest.raises(DataError, match="expected"):
        TokenOptions(**options)  # pyright: ignore[reportArgumentType]


def test_byte_pairs_need_room_for_the_bytes() -> None:
    with pytest.raises(DataError, match="maximum_size is 100; byte-pair encoding has 256"):
        fit_tokenizer(LINES, TokenOptions(level="bpe", maximum_size=100))


def test_a_word_of_very_many_bytes_takes_no_minute_and_comes_back() -> None:
    word = "".join(chr(97 + (place * place * 7 + place // 3) % 26) for place in range(100_000))
    start = time.process_time()
    tokenizer = fit_tokenizer(["the cat sat on the mat. " * 50, word], TokenOptions(level="bpe"))
    assert tokenizer.decode(tokenizer.encode(word)) == word
    assert time.process_time() - start < 5  # 0.4 s; 15 s where words are not cut
