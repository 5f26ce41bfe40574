"""Labelled sequences keep what columns say of them, and labels that are not wanted are left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars
import pytest

from recurra.data import SequenceColumns, TokenOptions, fit_tokenizer, read_labelled, read_table
from recurra.errors import DataError

STEPS = polars.DataFrame(
    {"id": ["a", "b", "a"], "x": [1.0, 2.0, 3.0], "k": ["n", "y", "n"], "part": ["train", "test", "train"]}
)
LONG = SequenceColumns(values=("x",), id="id", label="k", part="part")


def test_ids_and_parts_stay_with_their_sequences() -> None:
    found = read_labelled(STEPS, columns=LONG)
    assert (found.ids, found.flags) == (("a", "b"), ("train", "test"))
    part = found.part(np.array([1]))
    assert (part.ids, part.flags, part.rows.tolist()) == (("b",), ("test",), [2])


def test_a_part_that_changes_within_a_sequence() -> None:
    frame = STEPS.with_columns(part=polars.Series(["train", "test", "dev"]))
    with pytest.raises(DataError, match=r"column 'part', data row 3: it is 'dev', but the sequence began in row 1"):
        read_labelled(frame, columns=LONG)


def test_labels_that_are_not_wanted(tmp_path: Path) -> None:
    (tmp_path / "s.ts").write_text("@univariate true\n@classLabel true a b\n@data\n1,2:a\n3:b\n")
    found = read_labelled(tmp_path / "s.ts", labelled=False, classes=("c", "d"))
    assert found.labels is None
    assert [sequence.shape for sequence in found.sequences] == [(2, 1), (1, 1)]


def test_a_tsv_of_one_column_may_have_commas(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text("text\na, b, c\n")
    assert read_table(tmp_path / "t.tsv")[0].rows() == [("a, b, c",)]


@pytest.mark.parametrize("level", ["char", "word", "bpe"])
def test_a_text_is_split_as_it_is_encoded(level: str) -> None:
    options = TokenOptions(level=level, lowercase=level != "bpe", maximum_size=300)  # pyright: ignore[reportArgumentType]
    tokenizer = fit_tokenizer(["The cat, the dog"], options)
    text = "The cow, it's 天"
    assert len(tokenizer.split(text)) == len(tokenizer.encode(text))
