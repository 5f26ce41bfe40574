"""The readers on published data, whose folder the environment variable RECURRA_DATA names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from recurra.data import SequenceColumns, TokenOptions, read_conll, read_corpus, read_labelled, with_tags


def published(*names: str) -> list[Path]:
    """Return the paths of files, or skip the test where there are none."""
    folder = os.environ.get("RECURRA_DATA")
    if folder is None:
        pytest.skip("the environment variable RECURRA_DATA names no folder of data")
    paths = [Path(folder, name) for name in names]
    if missing := [path.name for path in paths if not path.is_file()]:
        pytest.skip(f"RECURRA_DATA has no {missing}")
    return paths


def test_the_penn_treebank_has_the_tokens_of_its_protocol() -> None:
    train, valid, test = published(*(f"ptb/ptb.{part}.txt" for part in ("train", "valid", "test")))
    corpus = read_corpus(train, validation=valid, test=test, options=TokenOptions(words="space"))
    assert (len(corpus.train), len(corpus.validation), len(corpus.test)) == (929_589, 73_760, 82_430)
    assert len(corpus.tokenizer.vocabulary) == 10_000


@pytest.mark.parametrize(
    ("name", "text", "label", "header", "count"),
    [("sst2/train.tsv", "1", "2", False, 6_920), ("chnsenticorp/train.tsv", "text_a", "label", True, 9_600)],
)
def test_reviews(name: str, text: str, label: str, header: bool, count: int) -> None:
    (path,) = published(name)
    found = read_labelled(path, columns=SequenceColumns(text=text, label=label), header=header)
    assert (len(found), found.classes) == (count, ("0", "1"))


def test_japanese_vowels() -> None:
    (path,) = published("ucr/JapaneseVowels_TEST.ts")
    found = read_labelled(path)
    lengths = [len(values) for values in found.sequences]
    assert (len(found), found.channels, len(found.classes), min(lengths), max(lengths)) == (370, 12, 9, 7, 29)


def test_universal_dependencies_are_written_back_byte_for_byte() -> None:
    (path,) = published("ud_english_ewt/en_ewt-ud-dev.conllu")
    found = read_conll(path)
    assert (len(found), sum(map(len, found.words))) == (2_001, 25_147)
    assert with_tags(found, found.tags or ()) == path.read_bytes()
