"""Reading a table: separators, encodings, and a message for each thing that can be wrong."""

from __future__ import annotations

from pathlib import Path

import polars
import pytest

from recurra.data.table import column, read_table
from recurra.errors import DataError, nearest


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "data.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_and_line_ends(tmp_path: Path, separator: str, end: str) -> None:
    path = write(tmp_path, end.join([f"year{separator}count", f"1700{separator}5", f"1701{separator}7", ""]))
    frame, source = read_table(path)
    assert frame.to_dict(as_series=False) == {"year": ["1700", "1701"], "count": ["5", "7"]}
    assert source == str(path)


def test_a_byte_order_mark_and_spaces_in_the_header_are_dropped(tmp_path: Path) -> None:
    frame, _ = read_table(write(tmp_path, b"\xef\xbb\xbf year , count\n1700,5\n"))
    assert frame.columns == ["year", "count"]


def test_columns_without_a_name_and_a_value_are_dropped(tmp_path: Path) -> None:
    """Spreadsheets write such columns where cells were touched once; an index without a name has values."""
    frame, _ = read_table(write(tmp_path, "year,count,,,\n1700,5,, ,\n1701,7,,,\n"))
    assert frame.columns == ["year", "count"]
    frame, _ = read_table(write(tmp_path, ",count\n0,5\n1,7\n"))
    assert frame.to_dict(as_series=False) == {"": ["0", "1"], "count": ["5", "7"]}


def test_a_frame_passes_through() -> None:
    given = polars.DataFrame({"a": [1]})
    assert read_table(given) == (given, "the frame")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        (" \n \n", "is empty"),
        ("year,count\n", "no rows"),
        ("jahr;zähler\n1;2\n".encode("latin-1"), r"is not UTF-8: line 1 has the byte 0xe4"),
        ("a,b\n1,2\n1,2,3\n", "line 3 has 3 cells, the header has 2"),
        ('a,b\n"1,2\n', "is not a CSV table"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: str | bytes, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_table(write(tmp_path, content))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(DataError, match="is a folder"):
        read_table(tmp_path)


def test_a_missing_column_names_the_others_and_the_nearest() -> None:
    frame = polars.DataFrame({"year": [1], "sunspots": [2]})
    with pytest.raises(DataError, match=r"no column 'Sunspot', .* 'year', 'sunspots'; did you mean 'sunspots'\?"):
        column(frame, "Sunspot", source="x.csv")


def test_nothing_near_is_suggested_for_a_word_that_is_far() -> None:
    assert nearest("temperature", ["a", "b"]) == ""
