"""A person's file: its bytes and its text, or a `DataError` that says what is wrong with it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from recurra.errors import DataError

__all__ = ["ENCODING", "check_file", "decoded", "file_bytes", "file_text", "opened", "undecodable"]

ENCODING = "utf-8-sig"
"""UTF-8, with or without a byte order mark: what text files are read as unless another encoding is given."""


@contextmanager
def opened(path: Path, /, *, expected: str = "a file") -> Iterator[BinaryIO]:
    """Open a file for reading its bytes; a `.gz` is decompressed as it is read.

    Raises
    ------
    DataError
        If there is no such file, it is a folder, it may not be read, or its compression is damaged; also while the
        body reads it. `expected` is what the message about a folder asks for.
    """
    check_file(path, expected=expected)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            yield cast(BinaryIO, file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path} is no whole gzip file: {error}") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None


def check_file(path: Path, /, *, expected: str = "a file") -> None:
    """Raise `DataError` if there is no such file, or it is a folder."""
    if path.is_dir():
        raise DataError(f"{path} is a folder; expected {expected}")
    if not path.exists():
        raise DataError(f"there is no file {path}")


def file_bytes(path: Path, /, *, expected: str = "a file") -> bytes:
    """Return what a file holds, decompressed; see `opened` for errors."""
    with opened(path, expected=expected) as file:
        return file.read()


def file_text(path: Path, /, *, encoding: str = ENCODING, expected: str = "a file") -> str:
    """Return a text file as text, with the line ends that it has.

    Raises
    ------
    DataError
        As `opened` does, and if the bytes are not of the encoding; the message says the line and the byte.
    """
    return decoded(file_bytes(path, expected=expected), path, encoding=encoding)


def decoded(data: bytes, path: Path, /, *, encoding: str = ENCODING) -> str:
    """Return bytes that were read from a file as text; see `file_text` for errors."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        raise undecodable(error, path, encoding=encoding, line=before.count("\n") + 1) from None
    except LookupError:
        raise DataError(f"{encoding!r} is no encoding; expected one such as 'utf-8', 'latin-1' or 'gb18030'") from None


def undecodable(error: UnicodeDecodeError, path: Path, /, *, encoding: str, line: int) -> DataError:
    """Return the error that says which byte of which line is not of the encoding."""
    name = "UTF-8" if encoding == ENCODING else encoding
    return DataError(
        f"{path} is not {name}: line {line} has the byte 0x{error.object[error.start]:02x}; save it as UTF-8, or give "
        "its encoding, such as 'latin-1' or 'gb18030'"
    )
