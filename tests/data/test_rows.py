"""Tables larger than memory: all rows in order, few of them at a time."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars
import pytest

from recurra.data import scan_rows
from recurra.errors import DataError

FRAME = polars.DataFrame({"a": np.arange(1000), "b": np.arange(1000) / 4, "c": ["x"] * 1000})

PEAK = """
import re, sys
from pathlib import Path
import polars
from recurra.data import scan_rows

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

list(scan_rows(polars.DataFrame({"a": range(10)})))  # what the library itself takes
before = peak()
rows = sum(frame["b"].len() for frame in scan_rows(sys.argv[1], columns=["a", "b"], chunk=20_000))
print(rows, peak() - before)
"""
"""Prints how many rows a file has, and how many kilobytes more the process held at its peak for reading them."""


def write(folder: Path, name: str) -> Path:
    path = folder / name
    {
        ".parquet": lambda: FRAME.write_parquet(path, row_group_size=100),
        ".arrow": lambda: FRAME.write_ipc(path),
        ".jsonl": lambda: FRAME.write_ndjson(path),
        ".csv": lambda: FRAME.write_csv(path),
        ".tsv": lambda: FRAME.write_csv(path, separator="\t"),
    }[path.suffix]()
    return path


@pytest.mark.parametrize("name", ["t.parquet", "t[1].parquet", "[2].arrow", "[3].jsonl", "[4].csv", "t.tsv"])
def test_chunks_are_the_table(tmp_path: Path, name: str) -> None:
    frames = list(scan_rows(write(tmp_path, name), columns=["b", "a"], chunk=64))
    assert max(frame.height for frame in frames) <= 64
    joined = polars.concat(frames)
    assert joined.columns == ["b", "a"]
    assert joined["a"].cast(polars.Int64).to_list() == list(range(1000))


def test_frames_are_cut_too() -> None:
    assert [frame.height for frame in scan_rows(FRAME, chunk=600)] == [600, 400]
    assert sum(frame.height for frame in scan_rows(FRAME.lazy(), chunk=300)) == 1000


def test_what_cannot_be_scanned(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no column 'A', .*did you mean 'a'"):
        next(scan_rows(write(tmp_path, "t.parquet"), columns=["A"]))
    with pytest.raises(DataError, match="there is no file"):
        next(scan_rows(tmp_path / "none.parquet"))
    with pytest.raises(DataError, match="chunk is 0"):
        next(scan_rows(FRAME, chunk=0))
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 but not really any Parquet")
    with pytest.raises(DataError, match=r"bad\.parquet cannot be read as a table"):
        next(scan_rows(tmp_path / "bad.parquet"))


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
def test_what_is_packed_under_another_name_is_not_unpacked(tmp_path: Path, name: str) -> None:
    """polars would unpack it, however large it becomes."""
    (tmp_path / name).write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 1000))
    with pytest.raises(DataError, match=r"is not UTF-8"):
        next(scan_rows(tmp_path / name))


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read as Linux counts it")
def test_a_large_file_takes_little_memory(tmp_path: Path) -> None:
    """Of a file of 160 MB a process holds 40 to 70, where the whole takes 171; more cores read further ahead."""
    rows = 10_000_000
    values = np.random.default_rng(0).random(500_000)
    frame = polars.DataFrame({"a": np.tile(values, rows // len(values)), "b": np.arange(rows)})
    frame.write_parquet(tmp_path / "t.parquet", row_group_size=100_000, compression="uncompressed")
    done = subprocess.run(
        [sys.executable, "-c", PEAK, tmp_path / "t.parquet"], capture_output=True, text=True, check=True
    )
    count, kilobytes = map(int, done.stdout.split())
    assert count == rows
    assert 0 < kilobytes < 110_000
