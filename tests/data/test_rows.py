"""Tables larger than memory: all rows in order, few of them at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars
import pytest

from recurra.data.rows import scan_rows
from recurra.errors import DataError

FRAME = polars.DataFrame({"a": np.arange(1000), "b": np.arange(1000) / 4, "c": ["x"] * 1000})

PEAK = """
import resource, sys
from recurra.data.rows import scan_rows
next(scan_rows(sys.argv[1], columns=["a"], chunk=10))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
rows = sum(frame["b"].len() for frame in scan_rows(sys.argv[1], columns=["a", "b"], chunk=20_000))
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


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


@pytest.mark.parametrize("name", ["t.parquet", "t.arrow", "t.jsonl", "t.csv", "t.tsv"])
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


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read as Linux counts it")
def test_a_large_file_takes_little_memory(tmp_path: Path) -> None:
    """160 MB of two columns; what a process needs more at its peak for reading them is a fraction of that."""
    rows = 10_000_000
    values = np.random.default_rng(0).random(500_000)
    frame = polars.DataFrame({"a": np.tile(values, rows // len(values)), "b": np.arange(rows)})
    frame.write_parquet(tmp_path / "t.parquet", row_group_size=100_000, compression="uncompressed")
    done = subprocess.run(
        [sys.executable, "-c", PEAK, tmp_path / "t.parquet"], capture_output=True, text=True, check=True
    )
    count, kilobytes = map(int, done.stdout.split())
    assert count == rows
    assert kilobytes < 80_000
