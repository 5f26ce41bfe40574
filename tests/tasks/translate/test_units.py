"""Units: every text comes back exactly, scripts without spaces are not cut at words, and what suits which texts."""

from __future__ import annotations

import pytest

from recurra.data import read_pairs
from recurra.tasks.translate.data import TranslateVocabulary, is_joint
from recurra.tasks.translate.options import TranslateOptions
from recurra.tasks.translate.units import UNKNOWN, TextUnits, fit_units, usual_units

TEXTS = [
    "Two young, White males are outside; it's 3.5 km (or so)!", "two  spaces", "tab\there", "中文没有空格。GRU 好",
    "日本語のテキスト", "naïve café — “x”", "👩‍👩‍👧 and é", "line\u2028separator", "ภาษาไทย", "a_b-c'd",
]  # fmt: skip


@pytest.mark.parametrize("kind", ["bpe", "unigram", "word", "char"])
def test_a_text_comes_back_exactly(kind: str) -> None:
    units = fit_units(TEXTS * 3, kind=kind, size=400, minimum_count=1, lowercase=False)  # pyright: ignore[reportArgumentType]
    again = TextUnits.from_dictionary(units.to_dictionary())
    for text in TEXTS:
        numbers = again.numbers(text).tolist()
        assert units.text(numbers) == text
        assert len(again.split(text)) == len(numbers)
    if kind in ("bpe", "unigram"):
        assert units.text(units.numbers("ungesehen: жизнь \U0001f9ff").tolist()) == "ungesehen: жизнь \U0001f9ff"


def test_words_begin_alike_everywhere_and_han_stand_alone() -> None:
    units = fit_units(["the cat", "cat the 天地"], kind="word", size=None, minimum_count=1, lowercase=False)
    assert units.split("the 天地 dog") == ["the", "天", "地", "dog"]
    assert units.numbers("the")[0] == units.numbers("cat the")[1]
    assert units.numbers("the dog").tolist()[1] == UNKNOWN
    assert units.text(units.numbers("the dog cat").tolist(), instead=["?", "Hund", "?"]) == "the Hund cat"


@pytest.mark.parametrize("kind", ["bpe", "unigram", "word", "char"])
def test_what_stands_for_an_unknown_unit_is_as_the_source_has_it(kind: str) -> None:
    text = "New\u3000York, new  roads"
    units = fit_units([text] * 3, kind=kind, size=400, minimum_count=1, lowercase=False)  # pyright: ignore[reportArgumentType]
    assert "␣" in units.split(text) or kind in ("bpe", "unigram")
    assert not any("␣" in piece for piece in units.written(text))
    letters = fit_units([text], kind="char", size=None, minimum_count=1, lowercase=False)
    assert letters.text([UNKNOWN] * len(text), instead=letters.written(text)) == text
    # it stands where it was written, also among parts of words
    known = units.numbers("new roads").tolist()
    said = units.text([*known, UNKNOWN], instead=[*["?"] * len(known), "Bern"])
    assert said == ("new roadsBern" if kind == "char" else "new roads Bern")
    assert units.text([*known, UNKNOWN, UNKNOWN], instead=[*["?"] * len(known), " ", " "]) == "new roads  "


def test_lower_case_is_an_option() -> None:
    units = fit_units(["The Cat"], kind="char", size=None, minimum_count=1, lowercase=True)
    assert units.text(units.numbers("CAT").tolist()) == "cat"


def test_what_suits_texts() -> None:
    assert usual_units(["中文没有空格", "天地"]) == "bpe"
    assert usual_units(["walk", "talked"]) == "char"
    phones = read_pairs([("cab", "K AE B"), ("back", "B AE K")] * 60)
    vocabulary = TranslateVocabulary.fit(phones, TranslateOptions())
    assert (vocabulary.source.kind, vocabulary.target.kind, vocabulary.is_joint) == ("char", "word", False)
    assert is_joint(read_pairs([("rot und gold", "gold or run")]), ("bpe", "bpe"), lowercase=False)
    assert not is_joint(read_pairs([("你好", "hello")]), ("bpe", "bpe"), lowercase=False)
