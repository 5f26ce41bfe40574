"""Scores against plain definitions, and BLEU's sums against sacreBLEU on the whole."""

from __future__ import annotations

import random

import pytest

from recurra.data import read_pairs
from recurra.errors import InputError
from recurra.tasks.edit_distance import edit_distance
from recurra.tasks.translate import scores
from recurra.tasks.translate.scores import BleuSums, score_texts
from recurra.training.learner import Sum


def plain_edits(one: str, other: str) -> int:
    """By the table."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row[0] = row[0], number
        for place, second in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != second))
    return row[-1]


def test_edits_are_those_of_the_table() -> None:
    draw = random.Random(0)
    for _ in range(300):
        one, other = ("".join(draw.choices("abc", k=draw.randint(0, 9))) for _ in range(2))
        assert edit_distance(one, other) == plain_edits(one, other), (one, other)


def test_the_nearest_of_a_sources_targets_counts() -> None:
    pairs = read_pairs([("cat", "K AE T"), ("cat", "K AA T"), ("at", "AE T")])
    found = score_texts(pairs, ["K AA T", "K AA T", "AH T D"], lowercase=False)
    assert found.exact == 0.5
    assert found.word_error == pytest.approx(2 / 5)
    assert found.character_error == pytest.approx(3 / 10)  # H and two more letters, of 6 + 4


def test_words_are_between_spaces_where_a_script_has_them_and_else_characters() -> None:
    """A foreign character in a text, as one that was taken over from the source, leaves its words whole."""
    assert scores.words_of("他說，Tom 在 3.5 里") == ["他", "說", "，", "Tom", "在", "3.5", "里"]
    assert scores.words_of("ฉัน รัก") == list("ฉันรัก")
    found = score_texts(read_pairs([("山很高", "The mountain is high")]), ["The 山 is high"], lowercase=False)
    assert found.word_error == 0.25


def test_bleu_splits_by_the_script_that_most_of_a_text_is_in() -> None:
    assert scores.bleu_tokens(["A film called の, by a man from Kyoto."]) == "13a"
    assert scores.bleu_tokens(["我在这里住了十年了，の字很多。"]) == "zh"
    assert scores.bleu_tokens(["私はここに住んでいます。"]) == "char"
    assert scores.bleu_tokens(["ฉันรักคุณ", "สวัสดี Tom"]) == "char"


def test_blue_by_sums_is_sacrebleus() -> None:
    library = pytest.importorskip("sacrebleu", reason="recurra[translate] is not installed")
    references = ["Two men are at the stove, preparing food.", "A man in green holds a guitar.", "A dog runs."] * 2
    found = ["two men stand at the stove preparing food.", "A man in green is holding a guitar.", "A dog runs!"] * 2
    sums = BleuSums(references, lowercase=True)
    parts = [sums.of(found[at : at + 2], references[at : at + 2]) for at in (0, 2, 4)]
    together = {name: Sum(sum(float(part[name].total) for part in parts), 1) for name in parts[0]}
    expected = library.BLEU(lowercase=True).corpus_score(found, [references]).score
    assert sums.score(together) == pytest.approx(expected)
    scored = score_texts(read_pairs(list(zip(map(str, range(6)), references, strict=True))), found, lowercase=True)
    assert scored.bleu == pytest.approx(expected)
    assert "case:lc" in (scored.bleu_signature or "")


def test_texts_of_fewer_words_than_bleu_counts_have_none() -> None:
    """It would be 0 where all is exactly right."""
    pytest.importorskip("sacrebleu", reason="recurra[translate] is not installed")
    short, long = [("a", "one two three"), ("b", "one")], ("c", "one two three four")
    found = score_texts(read_pairs(short), ["one two three", "one"], lowercase=False)
    assert (found.bleu, found.bleu_signature, found.exact) == (None, None, 1.0)
    assert found.chrf == pytest.approx(100)
    scored = {"pairs": 2, "sources": 2, "model": vars(found), "memory": None, "perplexity": 1.0}
    table = scores.score_table(scored)
    assert table.rows[0] == ("BLEU", "–")
    assert " No true text has the 4 words in a row that BLEU counts. sacreBLEU: nrefs:1" in table.caption
    assert score_texts(
        read_pairs([*short, long]), ["one two three", "one", long[1]], lowercase=False
    ).bleu == pytest.approx(100)
    with pytest.raises(InputError, match=r"choose_by = 'bleu': no text that validates has 4 words"):
        BleuSums([target for _, target in short], lowercase=False)


def test_without_sacrebleu_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sacrebleu", None)
    with pytest.raises(InputError, match=r"pip install 'recurra\[translate\]'"):
        scores.sacrebleu()
    assert score_texts(read_pairs([("a", "b")]), ["b"], lowercase=False).bleu is None
