"""Pairs from tables, from two files and from Python; and what is wrong with some, with their rows."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import polars
import pytest

from recurra.data import PairColumns, TableFormat, read_pairs, read_texts
from recurra.errors import DataError

SOURCES, TARGETS = ["eins", "zwei\u2028drei", "天地"], ["one", "two three", "sky, earth"]
COLUMNS = PairColumns(source="de", target="en")


@pytest.mark.parametrize("suffix", [".tsv", ".csv", ".jsonl", ".parquet"])
def test_every_table(suffix: str, tmp_path: Path) -> None:
    frame, path = polars.DataFrame({"id": [1, 2, 3], "en": TARGETS, "de": SOURCES}), tmp_path / f"pairs{suffix}"
    if suffix == ".parquet":
        frame.write_parquet(path)
    elif suffix == ".jsonl":
        frame.write_ndjson(path)
    else:
        frame.write_csv(path, separator="\t" if suffix == ".tsv" else ",")
    found = read_pairs(path, columns=COLUMNS)
    assert (list(found.sources), list(found.targets), found.rows) == (SOURCES, TARGETS, (1, 2, 3))


def test_two_files_by_their_names_and_by_what_they_begin_with(tmp_path: Path) -> None:
    (tmp_path / "train.de").write_text("".join(f"{text}\n" for text in SOURCES), encoding="utf-8")
    (tmp_path / "train.en.gz").write_bytes(gzip.compress("\r\n".join(TARGETS).encode()))
    files = tmp_path / "train.de", tmp_path / "train.en.gz"
    named = read_pairs(files)
    assert named == read_pairs((str(files[0]), str(files[1])))
    begun = read_pairs(tmp_path / "train", columns=COLUMNS)
    assert (named.sources, named.targets) == (begun.sources, begun.targets) == (tuple(SOURCES), tuple(TARGETS))
    with pytest.raises(DataError, match=r"no file .*dev, and no two files .*dev\.de and .*dev\.en"):
        read_pairs(tmp_path / "dev", columns=COLUMNS)


def test_two_files_without_their_endings_are_named(tmp_path: Path) -> None:
    for name in ("train.de", "train.en.gz"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(DataError, match=r"no file .*train; of train\.de, train\.en\.gz say which endings"):
        read_pairs(tmp_path / "train")
    with pytest.raises(DataError, match=r"there is no file .*trai$"):
        read_pairs(tmp_path / "trai")


def test_a_table_without_header_takes_its_first_columns(tmp_path: Path) -> None:
    (tmp_path / "p.tsv").write_text('a "b\tc\tCC-BY\n', encoding="utf-8")
    found = read_pairs(tmp_path / "p.tsv", format=TableFormat(header=False))
    assert (found.sources, found.targets) == (('a "b',), ("c",))


def test_empty_sides_are_named_or_dropped() -> None:
    pairs = [("a", "b"), ("", "c"), ("d", " "), ("e", "f")]
    with pytest.raises(DataError, match=r"the pairs, pair 2: the source is empty \(2 such pairs: 2, 3\); fill it, or"):
        read_pairs(pairs)
    found = read_pairs(pairs, drop_empty=True)
    assert (found.sources, found.rows, found.dropped) == (("a", "e"), (1, 4), (2, 3))


WRONG: dict[str, tuple[Any, str]] = {
    "no pair": ([], "the pairs: expected at least one pair of texts, got none"),
    "one text": ([("a",)], r"pair 1 is \('a',\); expected a pair of texts"),
    "number": ([("a", 3)], "pair 1: got 3; expected a text"),
    "half a character": ([("a", "b"), ("c", "d\udc80")], r"pair 2: 'd\\udc80' has half of a character of UTF-16"),
    "a path and a number": ((Path("a.de"), 5), "got 5 beside a path; expected the paths of two files"),
    "one column": (polars.DataFrame({"a": ["x"]}), "has the column 'a' alone; expected two"),
    "lists": (polars.DataFrame({"a": [["x"]], "b": ["y"]}), "column 'a': expected one text a row, got List"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_are_no_pairs(wrong: str) -> None:
    data, message = WRONG[wrong]
    with pytest.raises(DataError, match=message):
        read_pairs(data)


def test_files_that_do_not_align(tmp_path: Path) -> None:
    for name, text in (("a.de", "1\n2\n3\n"), ("a.en", "1\n2\n")):
        (tmp_path / name).write_text(text)
    with pytest.raises(DataError, match=r"a\.de has 3 lines and .*a\.en has 2: expected as many, a pair a line"):
        read_pairs(tmp_path / "a", columns=COLUMNS)


def test_texts_to_be_translated(tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("a, b\n\n c\n")
    assert read_texts(tmp_path / "new.txt") == ["a, b", "", "c"]
    assert read_texts(polars.DataFrame({"en": ["x"], "de": ["y"]}), column_name="de") == ["y"]
    (tmp_path / "mac.txt").write_bytes(b"a\rb\r")
    assert read_texts(tmp_path / "mac.txt") == ["a", "b"]
    (tmp_path / "blank.txt").write_text("\n\t\n")
    assert read_texts(tmp_path / "blank.txt") == ["", ""]
    with pytest.raises(DataError, match="holds no text"):
        read_texts([])
    with pytest.raises(DataError, match="text 2: got 3; expected a text"):
        read_texts(["a", 3])


def test_a_table_of_texts_is_read_as_that_of_the_pairs(tmp_path: Path) -> None:
    """A `.txt` with tabs too; its column by its name, unless there is no other."""
    (tmp_path / "a.txt").write_text("en\tde\none\teins\ntwo\tzwei\n")
    assert read_texts(tmp_path / "a.txt", column_name="de")[0] == "eins"
    assert read_pairs(tmp_path / "a.txt").columns == ("en", "de")
    (tmp_path / "b.csv").write_text("text\none\n")
    assert read_texts(tmp_path / "b.csv", column_name="de") == ["one"]
    with pytest.raises(DataError, match="has no column 'fr'"):
        read_texts(tmp_path / "a.txt", column_name="fr")
    assert read_pairs([("a", "b")]).columns is None
