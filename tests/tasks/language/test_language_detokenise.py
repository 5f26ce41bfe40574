"""From tokens to text as they come: spaces, line ends, characters of several bytes, the text to stop before."""

from __future__ import annotations

import pytest

from recurra.data import TokenOptions, fit_tokenizer
from recurra.tasks.language.generation import detokenised, until

TEXTS = {
    "char": ("one two\nthree", TokenOptions(level="char")),
    "word": ("one two , three .", TokenOptions(level="word")),
    "space": ("one two\nthree\n\nfour", TokenOptions(level="word", words="space")),
    "bpe": ("naïve 天気 🙂 text", TokenOptions(level="bpe", maximum_size=257)),
}


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("known", [0, 1, 3])
def test_the_pieces_together_are_the_text(kind: str, known: int) -> None:
    text, options = TEXTS[kind]
    tokenizer = fit_tokenizer([text], options)
    numbers = tokenizer.encode(text).tolist()
    before = tokenizer.decode(numbers[:known])
    pieces = list(detokenised(numbers[known:], tokenizer, after=numbers[:known]))
    assert before + "".join(pieces) == tokenizer.decode(numbers)


def test_a_character_of_several_bytes_is_one_piece() -> None:
    tokenizer = fit_tokenizer(["a"], TokenOptions(level="bpe", maximum_size=257))
    assert list(detokenised(tokenizer.encode("a天🙂b"), tokenizer, after=[])) == ["a", "天", "🙂", "b"]


def test_bytes_that_become_no_character_do_not_wait_for_ever() -> None:
    tokenizer = fit_tokenizer(["a"], TokenOptions(level="bpe", maximum_size=257))
    broken = [tokenizer.encode("天")[0]] * 3
    assert set("".join(detokenised(broken, tokenizer, after=[]))) == {"\ufffd"}


@pytest.mark.parametrize(
    ("stop", "expected"),
    [(None, "abcabd."), ("abd", "abc"), ("c", "ab"), ("a", ""), ("x", "abcabd."), (".", "abcabd"), ("d.x", "abcabd.")],
)
@pytest.mark.parametrize("size", [1, 2, 7])
def test_a_text_ends_before_the_text_to_stop_at(stop: str | None, expected: str, size: int) -> None:
    text = "abcabd."
    pieces = [text[place : place + size] for place in range(0, len(text), size)]
    assert "".join(until(pieces, stop)) == expected


def test_what_cannot_be_the_stop_is_not_held_back() -> None:
    seen = until(iter(["ab", "cd"]), "xy")
    assert next(seen) == "ab"
