"""What a language model takes from its text where nobody said: how many columns, and which characters are known."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import pytest

from recurra.tasks import LanguageOptions
from recurra.tasks.language.data import filled_in, split_text
from recurra.tasks.model import Sources


@pytest.mark.parametrize(("tokens", "columns"), [(2_000, 4), (200_000, 11), (2_000_000, 32)])
def test_small_texts_are_read_in_few_columns(tokens: int, columns: int, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("abcd" * (tokens // 4), encoding="utf-8")
    options = LanguageOptions()
    text = split_text(Sources(training=tmp_path / "text.txt", validation=None, test=None), options)
    assert filled_in(options, text).batch_size == columns
    given = dataclasses.replace(options, batch_size=7)
    assert filled_in(given, text).batch_size == 7


@pytest.mark.parametrize(("columns", "rate"), [(4, 0.003 / math.sqrt(8)), (8, 0.0015), (32, 0.003), (64, 0.003)])
def test_the_rate_follows_the_columns_up_to_those_of_large_texts(columns: int, rate: float, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("a b c d " * 5000, encoding="utf-8")
    options = LanguageOptions(level="word", batch_size=columns)
    text = split_text(Sources(training=tmp_path / "text.txt", validation=None, test=None), options)
    assert filled_in(options, text).learning_rate == pytest.approx(rate)
    assert filled_in(dataclasses.replace(options, level="char"), text).learning_rate == 0.003
    for given in (0.02, "auto"):
        assert filled_in(dataclasses.replace(options, learning_rate=given), text).learning_rate == given


@pytest.mark.parametrize(("alphabet", "rare", "known"), [(300, 2, False), (300, 3, True), (200, 1, True)])
def test_rare_characters_of_large_alphabets_are_unknown(
    alphabet: int, rare: int, tmp_path: Path, *, known: bool
) -> None:
    common = "".join(chr(0x4E00 + number) for number in range(alphabet))
    path = tmp_path / "text.txt"
    path.write_text("稀" * rare + common * 40, encoding="utf-8")
    text = split_text(Sources(training=path, validation=None, test=None), LanguageOptions())
    vocabulary = text.corpus.tokenizer.vocabulary
    assert ("稀" in vocabulary) is known
    assert (text.counts[vocabulary.number("<unk>")] > 0) is not known
    all_known = split_text(Sources(training=path, validation=None, test=None), LanguageOptions(minimum_count=1))
    assert "稀" in all_known.corpus.tokenizer.vocabulary
