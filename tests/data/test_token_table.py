"""Sentences from tables and frames."""

from __future__ import annotations

from pathlib import Path

import polars
import pytest

from recurra.data import TokenColumns, table_sentences
from recurra.data.sentences import is_token_table
from recurra.errors import DataError

FRAME = polars.DataFrame(
    {"sentence": ["a", "a", "b", "a"], "word": ["We", "go", "Go", "on"], "tag": ["PRON", "VERB", "VERB", "ADV"]}
)
WORDS = (("We", "go", "on"), ("Go",))
TAGS = (("PRON", "VERB", "ADV"), ("VERB",))


def test_rows_of_a_sentence_need_not_follow_each_other() -> None:
    found = table_sentences(FRAME)
    assert found.words == WORDS
    assert found.tags == TAGS


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".arrow", ".jsonl"])
def test_files_and_frames_hold_the_same(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"tokens{suffix}"
    write = {
        ".csv": FRAME.write_csv,
        ".parquet": FRAME.write_parquet,
        ".arrow": FRAME.write_ipc,
        ".jsonl": FRAME.write_ndjson,
    }
    write[suffix](path)
    assert is_token_table(path)
    assert table_sentences(path).tags == table_sentences(FRAME.to_pandas()).tags == TAGS


def test_other_names_and_no_tags() -> None:
    columns = TokenColumns(sentence="s", word="form", tag=None)
    found = table_sentences(FRAME.rename({"sentence": "s", "word": "form"}), columns=columns)
    assert found.words == WORDS
    assert found.tags is None


def test_column_files_are_no_tables() -> None:
    assert not any(map(is_token_table, ("a.conllu", "a.txt", "a.tsv", "a.conll.gz", [["We", "go"]])))
    assert is_token_table("a.csv.gz")


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (FRAME.rename({"tag": "upos"}), "no column 'tag'"),
        (FRAME.with_columns(word=polars.Series(["We", None, "Go", "on"])), "column 'word', data row 2: the word is"),
        (FRAME.with_columns(word=polars.Series(["We", "go on", "Go", "on"])), "'go on'; expected a text without"),
    ],
)
def test_what_is_wrong_is_said(frame: polars.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=message):
        table_sentences(frame)
