"""Sequences that are kept one after the other are what they were, in memory and in a mapped file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars
import pytest

from recurra.data import LabelledSequences, SequenceColumns, read_labelled
from recurra.data import memory_mapped as module
from recurra.data.memory_mapped import chosen, concatenated, mapped_arrays, mapped_texts, sampled_rows
from recurra.errors import DataError

ARRAYS = [np.arange(6, dtype=np.float32).reshape(3, 2), np.ones((1, 2), np.float32), np.zeros((4, 2), np.float32)]
TEXTS = ["one", "zwei Wörter", "三", "four"]


@pytest.fixture(params=[1 << 28, 0], ids=["memory", "mapped"])
def limit(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(module, "_IN_MEMORY", request.param)
    return request.param


def test_arrays_come_back(limit: int) -> None:
    found = mapped_arrays(iter(ARRAYS))
    assert isinstance(found.rows, np.memmap) == (limit == 0)
    assert len(found) == 3
    for a, b in zip(found, ARRAYS, strict=True):
        assert a.dtype == np.float32
        np.testing.assert_array_equal(a, b)


@pytest.mark.usefixtures("limit")
def test_texts_come_back() -> None:
    found = mapped_texts(iter(TEXTS))
    assert list(found) == TEXTS
    assert list(found[1:3]) == TEXTS[1:3]
    assert found[-1] == TEXTS[-1]


@pytest.mark.usefixtures("limit")
def test_a_choice_takes_no_copy() -> None:
    found = mapped_arrays(ARRAYS)
    part = chosen(found, np.array([2, 0]))
    assert np.shares_memory(part[0], found.rows)
    np.testing.assert_array_equal(part[1], ARRAYS[0])
    assert chosen(TEXTS, np.array([3, 1])) == ["four", "zwei Wörter"]


def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None: ...

        def write(self, _: bytes) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.SpooledTemporaryFile", lambda *_, **__: Full())
    with pytest.raises(DataError, match="temporary file: No space left on device"):
        concatenated(ARRAYS)


def test_many_rows_are_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    np.testing.assert_array_equal(sampled_rows(ARRAYS), np.concatenate(ARRAYS))
    monkeypatch.setattr(module, "_SAMPLE", 8)
    np.testing.assert_array_equal(sampled_rows(ARRAYS), np.concatenate([ARRAYS[0], ARRAYS[2]]))


def same(a: LabelledSequences, b: LabelledSequences) -> None:
    assert (a.classes, a.flags, a.rows.tolist()) == (b.classes, b.flags, b.rows.tolist())
    assert a.labels is not None
    assert b.labels is not None
    assert a.labels.tolist() == b.labels.tolist()
    for one, other in zip(a.sequences, b.sequences, strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


FRAME = polars.DataFrame(
    {
        "text": TEXTS,
        "left": [[1.0, 2.0], [3.0], [4.0, 5.0, 6.0], [7.0]],
        "right": [[0.0, 1.0], [2.0], [3.0, 4.0, 5.0], [6.0]],
        "label": ["a", "b", "b", "a"],
        "part": ["train", "test", "train", "train"],
    }
)
COLUMNS = [
    SequenceColumns(text="text", label="label", part="part"),
    SequenceColumns(values=("left", "right"), label="label"),
]


@pytest.mark.usefixtures("limit")
@pytest.mark.parametrize("columns", COLUMNS, ids=["texts", "numbers"])
@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
def test_a_file_that_is_streamed_reads_as_a_frame_does(columns: SequenceColumns, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"data.{suffix}"
    FRAME.write_parquet(path) if suffix == "parquet" else FRAME.write_ipc(path)
    found = read_labelled(path, columns=columns)
    same(found, read_labelled(FRAME, columns=columns))
    places = np.array([3, 0])
    same(found.part(places), read_labelled(FRAME, columns=columns).part(places))


@pytest.mark.parametrize(
    ("column", "values", "columns", "message"),
    [
        ("text", ["a", "b", " ", "c"], COLUMNS[0], "column 'text', data row 3: the text is missing"),
        ("label", ["a", "b", "b", None], COLUMNS[0], "column 'label', data row 4: the label is missing"),
        ("left", [[1.0, 2.0], [3.0], [4.0, None, 6.0], [7.0]], COLUMNS[1], "data row 3: step 2 is missing or infinite"),
        ("left", [[1.0, 2.0], [1e39], [4.0, 5.0, 6.0], [7.0]], COLUMNS[1], r"data row 2: step 1 is 1e\+39, too large"),
        ("left", [[1.0], [3.0], [4.0, 5.0, 6.0], [7.0]], COLUMNS[1], "data row 1: column 'left' has 1 steps"),
    ],
)
def test_messages_of_a_stream_say_the_row_of_the_file(
    column: str, values: list[object], columns: SequenceColumns, message: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = tmp_path / "data.parquet"
    FRAME.with_columns(polars.Series(column, values, strict=False)).write_parquet(path)
    monkeypatch.setattr("recurra.data.labelled._AT_ONCE", 2)
    with pytest.raises(DataError, match=message):
        read_labelled(path, columns=columns)


def test_an_empty_table_is_refused(tmp_path: Path) -> None:
    FRAME.head(0).write_parquet(tmp_path / "data.parquet")
    with pytest.raises(DataError, match="no rows"):
        read_labelled(tmp_path / "data.parquet", columns=COLUMNS[0])
