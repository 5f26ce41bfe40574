"""Labelled sequences: texts, lists, the long layout, `.ts` files and arrays; rows and lines in messages."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import polars
import pytest

from recurra.data import SequenceColumns, read_labelled
from recurra.data.labelled import class_names
from recurra.errors import DataError

LONG = polars.DataFrame(
    {
        "who": ["b", "b", "a", "b", "a"],
        "x": [1.0, 2.0, 10.0, 3.0, 20.0],
        "y": [0.1, 0.2, 0.3, 0.4, 0.5],
        "kind": ["s", "s", "t", "s", "t"],
    }
)
LONG_COLUMNS = SequenceColumns(values=("x", "y"), id="who", label="kind")
HEADER = "# a comment\n@problemName p\n@timeStamps false\n@classLabel true up down\n@data\n"


def read_ts(folder: Path, text: str):
    (folder / "p.ts").write_text(text)
    return read_labelled(folder / "p.ts")


def test_texts_and_labels(tmp_path: Path) -> None:
    path = tmp_path / "reviews.tsv"
    path.write_text("text\tlabel\ngood , very\t10\n bad \t9\nfine\t10\n")
    found = read_labelled(path, columns=SequenceColumns(text="text", label="label"))
    assert found.sequences == ["good , very", "bad", "fine"]
    assert (found.classes, found.labels.tolist(), found.channels) == (("9", "10"), [1, 0, 1], None)
    part = found.part(np.array([2, 1]))
    assert (part.sequences, part.labels.tolist(), part.rows.tolist()) == (["fine", "bad"], [1, 0], [3, 2])


def test_at_prediction_there_may_be_no_labels() -> None:
    found = read_labelled(polars.DataFrame({"t": ["a"]}), columns=SequenceColumns(text="t"), classes=("n", "p"))
    assert found.labels is None
    assert found.classes == ("n", "p")


def test_the_long_layout_keeps_the_order_of_first_rows() -> None:
    found = read_labelled(LONG, columns=LONG_COLUMNS)
    np.testing.assert_allclose(found.sequences[0], [[1, 0.1], [2, 0.2], [3, 0.4]])
    np.testing.assert_allclose(found.sequences[1], [[10, 0.3], [20, 0.5]])
    assert found.sequences[0].dtype == np.float32
    assert (found.labels.tolist(), found.rows.tolist(), found.channels) == ([0, 1], [1, 3], 2)


def test_lists_are_sequences_and_columns_channels() -> None:
    frame = polars.DataFrame({"x": [[1, 2], [3]], "y": [["5", "6"], ["7"]], "k": [True, False]})
    found = read_labelled(frame, columns=SequenceColumns(values=("x", "y"), label="k"))
    assert [values.tolist() for values in found.sequences] == [[[1, 5], [2, 6]], [[3, 7]]]
    assert found.classes == ("false", "true")


@pytest.mark.parametrize(
    ("frame", "columns", "message"),
    [
        ({"t": ["a", " "], "k": [1, 2]}, {"text": "t"}, "column 't', data row 2: the text is missing"),
        ({"t": ["a", "b"], "k": [1, None]}, {"text": "t"}, "column 'k', data row 2: the label is missing"),
        ({"t": ["a", "b"], "k": [1, 1]}, {"text": "t"}, "only the class '1'; expected at least two"),
        ({"x": [[1.0], []], "k": [1, 2]}, {"values": ("x",)}, "data row 2: the sequence is empty"),
        ({"x": [[1.0], [2, None]], "k": [1, 2]}, {"values": ("x",)}, "data row 2: step 2 is missing"),
        ({"x": [[], [1.0], [3.0, 2.0, float("inf")]], "k": [1, 2, 3]}, {"values": ("x",)}, "data row 3: step 3 is"),
        ({"x": [["a"], ["b"]], "k": [1, 2]}, {"values": ("x",)}, "expected lists of numbers, got List"),
        ({"x": [1.0, 2.0], "k": [1, 2]}, {"values": ("x",)}, "expected lists of numbers, got Float64; .* ids"),
        ({"x": [[1], [2]], "y": [[1], [2, 3]], "k": [1, 2]}, {"values": ("x", "y")}, "data row 2: .* 'x' has 1 steps"),
        ({"x": ["1", "?"], "i": [1, 2], "k": [1, 2]}, {"values": ("x",), "id": "i"}, r"row 2: the value is missing"),
        (
            {"x": [1, 2], "i": [1, 1], "k": [1, 2]},
            {"values": ("x",), "id": "i"},
            "row 2: .*began in row 1",
        ),
        ({"t": ["a"], "label": [1]}, {"text": "t"}, "no column 'k'"),
    ],
)
def test_wrong_tables(frame: dict[str, list[object]], columns: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_labelled(polars.DataFrame(frame, strict=False), columns=SequenceColumns(**columns, label="k"))  # pyright: ignore[reportArgumentType]


def test_a_label_that_the_model_does_not_know() -> None:
    with pytest.raises(DataError, match="data row 3: the label 't' is not one that the model knows, 's', 'u'"):
        read_labelled(LONG, columns=LONG_COLUMNS, classes=("s", "u"))


@pytest.mark.parametrize("columns", [{}, {"text": "a", "values": ("b",)}, {"text": "a", "id": "b"}])
def test_columns_must_be_clear(columns: dict[str, object]) -> None:
    with pytest.raises(DataError, match=r"say which|needs columns"):
        SequenceColumns(**columns)  # pyright: ignore[reportArgumentType]
    with pytest.raises(DataError, match="say which columns hold the sequences"):
        read_labelled(LONG)


def test_series_of_many_channels_and_any_lengths(tmp_path: Path) -> None:
    found = read_ts(tmp_path, HEADER + "1,2,3:4,5,6:up\n\n7.5:-8e-1:down\n")
    np.testing.assert_allclose(found.sequences[0], [[1, 4], [2, 5], [3, 6]])
    np.testing.assert_allclose(found.sequences[1], [[7.5, -0.8]])
    assert (found.classes, found.labels.tolist(), found.rows.tolist()) == (("down", "up"), [1, 0], [6, 8])


def test_series_without_labels(tmp_path: Path) -> None:
    found = read_ts(tmp_path, "@univariate true\n@classLabel false\n@data\n1,2\n")
    assert found.labels is None
    assert found.sequences[0].shape == (2, 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER + "1,2:up\n1,?:down\n", r"line 7, channel 1, step 2: the value is missing \('\?'\)"),
        (HEADER + "1,x:up\n", r"line 6, channel 1, step 2: the value is not a finite number \('x'\)"),
        (HEADER + "1,1e39:up\n", r"line 6, channel 1, step 2: the value is too large \('1e39'\)"),
        (HEADER + "1,2:3:up\n", "line 6: its channels have 1 to 2 steps"),
        (HEADER + "1:left\n", "line 6: the label 'left' is not in the header, up, down"),
        (HEADER + "1:2:up\n1:down\n", "line 7: 1 channels; the first series has 2"),
        (HEADER + ":up\n", "line 6: the sequence is empty"),
        (HEADER, "holds no series"),
        (HEADER.replace("@data", "@dimensions 3\n@data") + "1:2:up\n", "line 7: 2 channels; the header says 3"),
        (HEADER.replace("false", "true"), "series with time stamps are not read"),
        ("1,2,3\n", "no line @data"),
        ("one\n@data\n", "line 1: expected a line with @"),
    ],
)
def test_wrong_series_files(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_ts(tmp_path, text)


def test_arrays(tmp_path: Path) -> None:
    X = np.arange(12).reshape(2, 3, 2)
    np.savez(tmp_path / "a.npz", X=X, y=np.array(["n", "p"]))
    found = read_labelled(tmp_path / "a.npz")
    np.testing.assert_array_equal(found.sequences[1], X[1])
    assert (found.classes, found.labels.tolist()) == (("n", "p"), [0, 1])
    np.save(tmp_path / "a.npy", X[..., 0])
    found = read_labelled(tmp_path / "a.npy", classes=("n", "p"))
    assert found.labels is None
    assert found.sequences[0].shape == (3, 1)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"Z": np.ones(3)}, r"no array 'X', its arrays are \['Z'\]"),
        ({"X": np.ones(3)}, r"X is float64 of shape \(3,\)"),
        ({"X": np.ones((2, 0))}, "X is float64 of shape"),
        ({"X": np.array([[1, np.nan]])}, r"X\[0, 1, 0\] is nan"),
        ({"X": np.array([[1, 1e39]])}, r"X\[0, 1, 0\] is 1e\+39, larger than float32 holds"),
        ({"X": np.ones((2, 3)), "y": np.ones(3, int)}, r"y is int64 of shape \(3,\); .* shape \(2,\)"),
        ({"X": np.array([[None, 1]])}, "no file of plain NumPy arrays"),
    ],
)
def test_wrong_arrays(tmp_path: Path, arrays: dict[str, np.ndarray], message: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)  # pyright: ignore[reportArgumentType]
    with pytest.raises(DataError, match=message):
        read_labelled(tmp_path / "a.npz")


def test_a_damaged_array_file(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"no arrays")
    with pytest.raises(DataError, match="no file of plain NumPy arrays"):
        read_labelled(tmp_path / "a.npz")


def _npy(header: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode("latin-1") + bytes(64)


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 10000000000, 3), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, -4), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4)",
        "{'descr': '|O', 'fortran_order': False, 'shape': (2, 4), }",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (2, 4), }",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 4), }",
        "(" * 9000,
        "{'descr': ''' \\n",
        "\x00",
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_damaged_headers_of_arrays(tmp_path: Path, header: str, packed: bool) -> None:
    path = tmp_path / "a.npy"
    path.write_bytes(_npy(header))
    if packed:
        path = tmp_path / "a.npz"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("X.npy", _npy(header))
    with pytest.raises(DataError, match="is no file of plain NumPy arrays"):
        read_labelled(path)


def test_archives_that_are_odd_or_hold_too_much(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    header = _npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 70000000), }")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("X.npy", header + bytes(70 << 20))
    with pytest.raises(DataError, match="over 100 times the file"):
        read_labelled(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("X.npy", b"nothing")
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x03\x04") + 8] = content[content.index(b"PK\x01\x02") + 10] = 99
    path.write_bytes(content)
    with pytest.raises(DataError, match="compression"):
        read_labelled(path)


def test_classes_that_are_whole_numbers_are_in_the_order_of_their_values() -> None:
    """However many digits they have; `int` takes 4,300."""
    long = "1" * 5000
    assert class_names(["10", long, "-9", "+3"], source="x") == ("-9", "+3", "10", long)
    assert class_names(["10", "--9", "3"], source="x") == ("--9", "10", "3")


def test_numbers_beyond_float32_are_refused_in_the_long_layout() -> None:
    frame = polars.DataFrame({"who": [1, 1, 2], "kind": ["a", "a", "b"], "x": [1.0, 1e39, 2.0], "y": [0.0, 1.0, 2.0]})
    with pytest.raises(DataError, match=r"column 'x', data row 2: 1e\+39 is too large; expected 3\.40282e\+38 at most"):
        read_labelled(frame, columns=LONG_COLUMNS)
