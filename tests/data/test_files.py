"""Files and streams of text: encodings, compression, and a message for each thing that can be wrong."""

from __future__ import annotations

import gzip
import os
import tracemalloc
from pathlib import Path

import pytest

from recurra.data import read_text_stream
from recurra.data.files import file_text
from recurra.errors import DataError


def write(folder: Path, content: bytes, name: str = "text.txt") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, "天地\n玄黄".encode(encoding))
    given = encoding if encoding.startswith(("gb", "utf-16")) else "utf-8-sig"
    assert file_text(path, encoding=given) == "天地\n玄黄"
    assert "".join(read_text_stream(path, encoding=given, chunk=3)) == "天地\n玄黄"


def test_a_compressed_text(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(b"one\r\ntwo\n"), "text.txt.gz")
    assert file_text(path) == "one\r\ntwo\n"
    assert list(read_text_stream(path)) == ["one\ntwo\n"]


@pytest.mark.parametrize("read", [file_text, lambda path, **options: list(read_text_stream(path, chunk=2, **options))])
@pytest.mark.parametrize(
    ("content", "encoding", "message"),
    [
        ("a\nb\nz\xe4h\n".encode("latin-1"), "utf-8-sig", r"not UTF-8: line 3 has the byte 0xe4; .* 'gb18030'"),
        ("a\n天".encode(), "ascii", "not ascii: line 2 has the byte 0xe5"),
        (b"a", "klingon", "'klingon' is no encoding"),
    ],
)
def test_a_wrong_encoding_says_the_line_and_the_byte(tmp_path: Path, read, content, encoding, message) -> None:
    with pytest.raises(DataError, match=message):
        read(write(tmp_path, content), encoding=encoding)


@pytest.mark.parametrize("content", [b"no gzip at all", gzip.compress(b"x" * 1000, mtime=0)[:-9]])
def test_a_damaged_gzip_file(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DataError, match="no whole gzip file"):
        file_text(write(tmp_path, content, "text.gz"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32-le"])
def test_a_byte_order_mark_says_the_encoding(tmp_path: Path, encoding: str) -> None:
    marked = "天地\n" if encoding == "utf-16" else "\ufeff天地\n"
    path = write(tmp_path, marked.encode(encoding))
    assert file_text(path) == "天地\n"
    assert "".join(read_text_stream(path, chunk=3)) == "天地\n"


def test_a_compressed_file_that_holds_too_much(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(bytes(70 << 20)), "text.txt.gz")
    tracemalloc.start()
    try:
        for read in (file_text, lambda path: [len(piece) for piece in read_text_stream(path)]):
            with pytest.raises(DataError, match="holds more than 64 MB, over 100 times its size"):
                read(path)
        assert tracemalloc.get_traced_memory()[1] < 200 << 20
    finally:
        tracemalloc.stop()


def test_pipes_and_devices_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for path in (tmp_path / "pipe.txt", Path("/dev/zero")):
        with pytest.raises(DataError, match="is a pipe, a socket or a device"):
            file_text(path)
    with pytest.raises(DataError, match="no name of a file"):
        file_text(tmp_path / ("x" * 5000))


def test_missing_files_folders_and_empty_texts(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no file"):
        list(read_text_stream(tmp_path / "none.txt"))
    with pytest.raises(DataError, match="is a folder; expected a text file"):
        list(read_text_stream(tmp_path))
    with pytest.raises(DataError, match="is empty"):
        list(read_text_stream(write(tmp_path, b"")))


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 100])
def test_pieces_end_with_lines_and_make_up_the_text(tmp_path: Path, chunk: int) -> None:
    text = "天地\nab cd\r\n\r\nλ\nlast"
    pieces = list(read_text_stream(write(tmp_path, text.encode()), chunk=chunk))
    assert "".join(pieces) == text.replace("\r\n", "\n")
    if chunk > 6:
        assert all(piece.endswith("\n") for piece in pieces[:-1])


def test_a_long_line_is_cut_after_a_space(tmp_path: Path) -> None:
    pieces = list(read_text_stream(write(tmp_path, b"some words on one line " * 20), chunk=50))
    assert len(pieces) > 3
    assert all(piece.endswith(" ") for piece in pieces)


def test_a_stream_keeps_little_in_memory(tmp_path: Path) -> None:
    path = write(tmp_path, b"a line of some length\n" * 400_000)
    tracemalloc.start()
    try:
        total = sum(len(piece) for piece in read_text_stream(path, chunk=1 << 16))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total == path.stat().st_size
    assert peak < 1 << 20 < total
