"""Tables of every format and frames of polars and pandas, and what is said of damaged ones."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path
from typing import Any

import polars
import pytest

from recurra.data import TableFormat, read_table
from recurra.data.tables import numbers
from recurra.errors import DataError

FRAME = polars.DataFrame({"id": [1, 2, 3], "x": [0.5, None, -1.0], "name": ["a", "天", "c"]})
WRITERS = {
    "t.parquet": polars.DataFrame.write_parquet,
    "t[1].pq": polars.DataFrame.write_parquet,
    "t.arrow": polars.DataFrame.write_ipc,
    "t[3].feather": polars.DataFrame.write_ipc,
    "t[2].ipc": polars.DataFrame.write_ipc_stream,
    "t.jsonl": polars.DataFrame.write_ndjson,
    "t.ndjson": polars.DataFrame.write_ndjson,
}


def test_a_panic_of_polars_is_said_in_our_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def panic(*_: Any, **__: Any) -> None:
        raise polars.exceptions.PanicException("called `Option::unwrap()` on a `None` value")

    monkeypatch.setattr(polars, "read_ipc_stream", panic)
    WRITERS["t[2].ipc"](FRAME, tmp_path / "t.ipc")
    with pytest.raises(DataError, match=r"t\.ipc is no whole Arrow file: it is damaged, or holds"):
        read_table(tmp_path / "t.ipc")


@pytest.mark.parametrize("name", WRITERS)
def test_formats_keep_types(tmp_path: Path, name: str) -> None:
    WRITERS[name](FRAME, tmp_path / name)
    frame, source = read_table(str(tmp_path / name))
    assert frame.equals(FRAME)
    assert source == str(tmp_path / name)


def test_compressed_texts(tmp_path: Path) -> None:
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n"))
    (tmp_path / "t.jsonl.gz").write_bytes(gzip.compress(b'{"a":1}\n{"a":2}\n'))
    assert read_table(tmp_path / "t.csv.gz")[0].rows() == [("1", "2")]
    assert read_table(tmp_path / "t.jsonl.gz")[0].rows() == [(1,), (2,)]


def test_json_lines_may_lack_keys_and_hold_lists(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"b": [1, 2.5]}\n' * 200 + '{"b": [], "a": 1}\n')
    frame = read_table(path)[0]
    assert frame.columns == ["b", "a"]
    assert frame["b"].to_list()[-2:] == [[1, 2.5], []]


def test_columns_of_json_lines_are_in_the_order_in_which_lines_name_them_first(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    for lines, expected in (
        ('{"de": "x", "en": "y"}\n{"en": "v", "de": "u", "id": 1}\n', ["de", "en", "id"]),
        ('\n{"de": "x"}\n{"en": "v", "de": "u"}\n', ["de", "en"]),
        ('{"de": "x", "en": "y"}\r\n{"en": "v", "de": "u"}\r\n', ["de", "en"]),
    ):
        path.write_text(lines)
        frame = read_table(path)[0]
        assert frame.columns == expected
        assert frame["de"].to_list() == ["x", "u"]


def test_a_table_without_a_header_numbers_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text('good , "very\t1\nbad, so, so\t0\n')
    frame = read_table(path, format=TableFormat(header=False))[0]
    assert frame.to_dict(as_series=False) == {"1": ['good , "very', "bad, so, so"], "2": ["1", "0"]}


def test_quotes_hold_separators_and_line_ends_where_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text('text\tlabel\n"a\nb"\t1\n')
    assert read_table(path, format=TableFormat(quotes=True))[0].rows() == [("a\nb", "1")]
    path = tmp_path / "t.csv"
    path.write_text('text,label\n"a, b",1\n')
    assert read_table(path)[0].rows() == [("a, b", "1")]


def test_an_encoding(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("城市,数\n北京,1\n".encode("gb18030"))
    assert read_table(path, format=TableFormat(encoding="gb18030"))[0].to_dict(as_series=False) == {
        "城市": ["北京"],
        "数": ["1"],
    }
    with pytest.raises(DataError, match="not UTF-8: line 1"):
        read_table(path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("given", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_says_the_encoding(tmp_path: Path, encoding: str, given: str) -> None:
    for name, text in {"t.csv": "城市,数\n北京,1\n", "t.jsonl": '{"城市": "北京", "数": "1"}\n'}.items():
        (tmp_path / name).write_bytes(text.encode(encoding))
        frame = read_table(tmp_path / name, format=TableFormat(encoding=given))[0]
        assert frame.to_dict(as_series=False) == {"城市": ["北京"], "数": ["1"]}


def test_decimal_commas_in_columns_of_numbers_alone(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("day;power;note;price\n01.02.2024;12,5;1,5;1.234,50\n02.02.2024;-3;a, b;\n03.02.2024;,25;c;x\n")
    frame = read_table(path, format=TableFormat(decimal=","))[0]
    assert frame["day"].to_list() == ["01.02.2024", "02.02.2024", "03.02.2024"]
    assert numbers(frame["power"], source="t").tolist() == [12.5, -3, 0.25]
    assert frame["note"].to_list() == ["1,5", "a, b", "c"]
    assert frame["price"].to_list() == ["1.234,50", None, "x"]  # as many numbers as others


def test_a_single_column_of_decimal_commas_is_not_cut_at_them(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("1,5\n2,5\n")
    frame = read_table(path, format=TableFormat(decimal=",", header=False))[0]
    assert frame.to_dict(as_series=False) == {"1": ["1.5", "2.5"]}


@pytest.mark.parametrize("separator", ["|", ";", "~", "\t", " "])
def test_separators(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"a{separator}b\n1{separator}2\n")
    assert read_table(path, format=TableFormat(separator=separator))[0].rows() == [("1", "2")]


def test_lines_that_end_as_on_old_macs(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"a,b\r1,2\r3,4\r")
    assert read_table(tmp_path / "t.csv")[0].rows() == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize(
    "wrong", [{"separator": "::"}, {"separator": "\n"}, {"separator": "7"}, {"encoding": "base64"}, {"decimal": ";"}]
)
def test_formats_that_are_none(wrong: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="expected"):
        TableFormat(**wrong)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.jsonl", b'{"a": 1}\n{"a": \n', "line 2, column 7"),
        ("t.jsonl", b'{"a": 1}\n[1]\n', "line 2 holds a list; expected an object"),
        ("t.jsonl", b" \n", "is empty; expected a JSON object"),
        (
            "t.jsonl",
            b'{"a": ' + b"[" * 20 + b"1" + b"]" * 20 + b"}",
            "column 'a': .* more than 8 deep",
        ),
        ("t.jsonl", b'{"a": ' + b"[" * 100_000, "line 1: lists or objects are too deep in each other"),
        ("t.jsonl", b'{"a": 1' + b"0" * 5000 + b"}", "line 1: a number is too long"),
        ("t.jsonl", b"".join(b'{"k%d": 1}\n' % row for row in range(40_000)), "over 10,000 different keys"),
        ("t.jsonl", b"".join(b'{"k%d": 1}\n' % (row // 9) for row in range(18_000)), "2,000 different keys on 18,001"),
        ("t.parquet", b"", "is empty; expected a Parquet file"),
        ("t.parquet", b"PAR1 and no more than that", "no whole Parquet file"),
        ("t.arrow", b"ARROW1\0\0", "no whole Arrow file"),
        ("t.arrow", b"something else", "no whole Arrow file"),
        ("t.xlsx", b"PK", r"suffix '.xlsx' is no table's; expected one of .csv"),
        ("t.csv", b"a, a \n1,2\n", "two columns called 'a'"),
        ("t.csv", b"a,b,a\n1,2,3\n", "two columns called 'a'"),
        ("t.tsv", b"a\tb\n1\t2\t3\n", "line 2 has 3 cells, the header has 2"),
    ],
)
def test_damaged_files(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_table(tmp_path / name)


def test_a_lazy_frame_is_collected() -> None:
    frame, source = read_table(FRAME.lazy().filter(polars.col("id") > 1))
    assert (frame["id"].to_list(), source) == ([2, 3], "the frame")


def test_a_pandas_frame_and_its_named_index() -> None:
    pandas = pytest.importorskip("pandas")
    index = pandas.DatetimeIndex(["2020-01-01", "2020-02-01"], name="month")
    frame, _ = read_table(pandas.DataFrame({"y": [1.5, 2.5], "place": ["a", "b"]}, index=index))
    assert frame.columns == ["month", "y", "place"]
    assert frame["month"].cast(polars.Date).to_list() == [date(2020, 1, 1), date(2020, 2, 1)]
    assert read_table(pandas.DataFrame({"y": [1, 2]}))[0].columns == ["y"]


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(DataError, match="got a dict; expected a path, or a frame"):
        read_table({"a": [1]})  # pyright: ignore[reportArgumentType]
