"""A person's file: its bytes, its text, or a stream of it; or a `DataError` that says what is wrong with it."""

from __future__ import annotations

import codecs
import errno
import gzip
import io
import os
import stat
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, TypeVar, cast, final

from recurra.errors import DataError

__all__ = [
    "ENCODING",
    "ImageFormat",
    "SoundFormat",
    "TableFormat",
    "check_encoding",
    "check_file",
    "check_writable",
    "decoded",
    "encoding_of",
    "file_bytes",
    "file_text",
    "folder_of_paths",
    "opened",
    "paths_from",
    "read_each",
    "read_regular",
    "read_text_stream",
    "refuse",
    "telling_what_is_left_out",
    "text_lines",
    "undecodable",
    "with_line_feeds",
    "write_whole",
]

ENCODING = "utf-8-sig"
"""UTF-8, with or without a byte order mark: what text files are read as unless another encoding is given."""

_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le",  # begins with the mark of UTF-16, so it is looked for first
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

_EXPANSION = 100
"""How many times its size a compressed file may hold. Texts are at 3 to 20, repetitive logs below 100; DEFLATE
reaches 1,032, so that a file of 3 MB can fill a memory."""

_ALWAYS = 64 << 20
"""Bytes that any compressed file may hold."""


_paths_from: ContextVar[Path | None] = ContextVar("recurra.paths_from", default=None)


@contextmanager
def paths_from(folder: Path, /) -> Iterator[None]:
    """Let the relative paths in tables start at a folder, not beside the table, which nobody sees where it is."""
    token = _paths_from.set(folder)
    try:
        yield
    finally:
        _paths_from.reset(token)


def folder_of_paths(data: object, /) -> Path:
    """Return where the relative paths in a table start: at the table's folder, of a frame at the current one."""
    given = _paths_from.get()
    if given is not None:
        return given
    return Path(data).parent if isinstance(data, str | Path) else Path()


@final
@dataclass(frozen=True, kw_only=True)
class SoundFormat:
    """How recordings are read.

    Attributes
    ----------
    rate
        Samples a second to which they are brought; by default 16,000, or the lowest that one has.
    longest
        The most seconds that one may take.
    silent
        Whether one may be silent.
    """

    rate: int | None = None
    longest: float = 3600
    silent: bool = True


@final
@dataclass(frozen=True, kw_only=True)
class ImageFormat:
    """How images are read.

    Attributes
    ----------
    colour
        The colours that they are brought to, alpha with transparency; by default all have to have those of the first.
    side
        Rows and columns of pixels to which they are brought; by default all have to have as many columns.
    columns
        How many columns of pixels they have to have; by default as many as the first.
    """

    colour: Literal["grey", "colour", "alpha"] | None = None
    side: int | None = None
    columns: int | None = None


@final
@dataclass(frozen=True, kw_only=True)
class TableFormat:
    """How a table is written as text; files that have types of their own need none of it.

    Attributes
    ----------
    encoding
        As Python names it. By default UTF-8, or UTF-16 and UTF-32 where a byte order mark says so.
    header
        Whether the first line names the columns; otherwise they are called "1", "2" and so on.
    separator
        What stands between cells, one character; found among commas, semicolons, tabs and bars if not given.
    decimal
        What stands before a number's decimals. With "," points and spaces between thousands are taken out too.
    quotes
        Whether a cell may be in double quotes; by default not where tabs separate.

    Raises
    ------
    DataError
        If the encoding is not known, or a separator or a decimal sign is none.
    """

    encoding: str = ENCODING
    header: bool = True
    separator: str | None = None
    decimal: Literal[".", ","] = "."
    quotes: bool | None = None

    def __post_init__(self) -> None:
        check_encoding(self.encoding)
        if self.decimal not in (".", ","):
            raise DataError(f"the decimal sign is {self.decimal!r}; expected '.' or ','")
        separator = self.separator
        if separator is not None and (len(separator) != 1 or not separator.isascii() or separator in '"\r\n\0'):
            raise DataError(f"the separator is {separator!r}; expected one ASCII character, such as ';' or a tab")
        if separator is not None and (separator == self.decimal or separator.isalnum()):
            raise DataError(f"the separator is {separator!r}, which numbers and words have in them; expected another")


@contextmanager
def opened(path: Path, /, *, expected: str = "a file") -> Iterator[BinaryIO]:
    """Open a file for reading its bytes; a `.gz` is decompressed as it is read.

    Raises
    ------
    DataError
        If there is no such file, it is no regular one, it may not be read, or its compression is damaged or hides
        more than 100 times its size; also while the body reads it. `expected` is what the message about a folder
        asks for.
    """
    check_file(path, expected=expected)
    try:
        with path.open("rb") as file:
            if path.suffix != ".gz":
                yield file
                return
            bound = max(_ALWAYS, _EXPANSION * path.stat().st_size)
            with gzip.open(file) as unpacked:
                yield cast(BinaryIO, _Bounded(cast(BinaryIO, unpacked), path, bound))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path} is no whole gzip file: {error}") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None


@final
class _Bounded:
    """A file that is being decompressed, and may not become larger than a bound."""

    def __init__(self, file: BinaryIO, path: Path, bound: int) -> None:
        self._file, self._path, self._bound, self._count = file, path, bound, 0

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, as many as there are by default."""
        left = self._bound - self._count + 1
        return self._counted(self._file.read(left if size < 0 else min(size, left)))

    def readline(self) -> bytes:
        """Return the next line with its end, or nothing."""
        return self._counted(self._file.readline(self._bound - self._count + 1))

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _counted(self, data: bytes) -> bytes:
        self._count += len(data)
        if self._count > self._bound:
            raise DataError(
                f"{self._path} holds more than {self._bound >> 20:,} MB, over {_EXPANSION} times its size, which is no "
                "text's: it was not read to its end; if it is meant so, decompress it first"
            )
        return data


def check_file(path: Path, /, *, expected: str = "a file") -> None:
    """Raise `DataError` if there is no such file, or it is a folder, a pipe, a socket or a device."""
    try:
        if path.is_file():
            return
        is_folder, is_there = path.is_dir(), path.exists()
    except (OSError, ValueError) as error:  # a name that is too long, or holds a NUL
        raise DataError(f"{str(path)[:200]!r} is no name of a file: {error}") from None
    if is_folder:
        raise DataError(f"{path} is a folder; expected {expected}")
    if is_there:
        raise DataError(f"{path} is a pipe, a socket or a device; expected {expected}, or - for the standard input")
    raise DataError(f"there is no file {path}")


_Value = TypeVar("_Value")

_SHOWN = 10
"""Files that a message names."""


def read_each(
    paths: Sequence[Path], rows: Sequence[int], read: Callable[[Path], _Value], /, *, source: str, what: str, drop: bool
) -> Iterator[tuple[int, _Value]]:
    """Yield what is read of each file, with its place in `paths`; those that cannot be used are named at the end.

    Parameters
    ----------
    paths, rows
        The files, and for each the row that names it, from 1.
    read
        Reads one, or raises `DataError`.
    source, what
        What messages call the table or the folder, and the files: "recordings".
    drop
        Whether those that cannot be used are left out rather than refused.

    Raises
    ------
    DataError
        After the last: that names all that cannot be used, each with its row, or says that none can be.
    """
    wrong: list[str] = []
    for place, (path, row) in enumerate(zip(paths, rows, strict=True)):
        try:
            found = read(path)
        except DataError as error:
            wrong.append(f"row {row}: {error}")
            continue
        yield place, found
    refuse(wrong, of=len(paths), source=source, things=what, what="cannot be used", drop=drop)


_told: ContextVar[Callable[[str], None] | None] = ContextVar("recurra.left_out", default=None)


@contextmanager
def telling_what_is_left_out(tell: Callable[[str], None], /) -> Iterator[None]:
    """Have everything in the block that leaves files out tell which, and what is wrong with them."""
    token = _told.set(tell)
    try:
        yield
    finally:
        _told.reset(token)


_LEAVES_OUT = "; missing = drop leaves them out", "; missing = drop leaves it out"


def refuse(wrong: Sequence[str], /, *, of: int, source: str, things: str, what: str, drop: bool) -> None:
    """Name in one `DataError` all that is wrong out of so many; if it is dropped and something is left, tell it."""
    if not wrong:
        return
    more = f"\n  and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
    advice = "" if drop else _LEAVES_OUT[of == 1]
    named = "".join(f"\n  {each}" for each in wrong[:_SHOWN])
    count = f"{source}: {len(wrong)} of its {of} {things} {what}"
    if of == 1:
        count = f"{source}: its only {things[:-1]} {what}"
    if drop and len(wrong) < of:
        tell = _told.get()
        if tell is not None:
            tell(f"{count}:{named}{more}")
        return
    raise DataError(f"{count}{advice}:{named}{more}")


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
    return decoded(file_bytes(path, expected=expected), path, encoding=encoding).removeprefix("\ufeff")


def text_lines(text: str, /) -> list[str]:
    r"""Return the lines of a text, which end at line feeds alone: U+2028 and others of Python's may stand within one.

    Examples
    --------
    >>> text_lines("one\u2028still one\r\n\ntwo\n")
    ['one\u2028still one', '', 'two']
    """
    lines = with_line_feeds(text.replace("\r\n", "\n")).split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def with_line_feeds(text: str, /) -> str:
    r"""Return a text whose lines end with \n, where they ended with a lone \r: old Macs wrote so."""
    return text if "\n" in text or "\r" not in text else text.replace("\r", "\n")


def decoded(data: bytes, path: Path, /, *, encoding: str = ENCODING) -> str:
    """Return bytes that were read from a file as text; see `file_text` for errors.

    A byte order mark is taken out by the encoding `utf-8-sig` alone; of UTF-16 and UTF-32 it is the first character.
    """
    encoding = encoding_of(data, encoding)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        raise undecodable(error, path, encoding=encoding, line=before.count("\n") + 1) from None
    except UnicodeError as error:  # of codecs that are no mere table, such as idna
        raise DataError(f"{path} is not {encoding}: {error}") from None


def encoding_of(data: bytes, encoding: str, /) -> str:
    """Return the encoding of a file that begins with some bytes: what its byte order mark says, else the given one.

    Where UTF-8 is given, or UTF-16 or UTF-32 without its byte order, a mark says more than the name.

    Raises
    ------
    DataError
        If the encoding is not known.
    """
    name = check_encoding(encoding)
    if name in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        for mark, found in _MARKS.items():
            if data.startswith(mark):
                return found
    return encoding


def check_encoding(encoding: str, /) -> str:
    """Return the usual name of an encoding; `DataError` if there is none, or it is none of texts, such as base64."""
    try:
        found = codecs.lookup(encoding)
    except (LookupError, ValueError, UnicodeError):
        found = None
    if found is None or not getattr(found, "_is_text_encoding", True) or found.incrementaldecoder is None:
        raise DataError(f"{encoding!r} is no encoding; expected one such as 'utf-8', 'latin-1' or 'gb18030'") from None
    return found.name


def undecodable(error: UnicodeDecodeError, path: Path, /, *, encoding: str, line: int) -> DataError:
    """Return the error that says which byte of which line is not of the encoding."""
    name = "UTF-8" if encoding in (ENCODING, "utf-8") else encoding
    return DataError(
        f"{path} is not {name}: line {line} has the byte 0x{error.object[error.start]:02x}; save it as UTF-8, or give "
        "its encoding, such as 'latin-1' or 'gb18030'"
    )


def read_text_stream(path: str | Path, /, *, chunk: int = 1 << 20, encoding: str = ENCODING) -> Iterator[str]:
    r"""Yield a text file in pieces; joined they are the file, with every line end as ``\n``.

    A piece ends after a line end. A line longer than a chunk is cut after a space, and where it has none, between
    two characters. No more than about three chunks are in memory.

    Parameters
    ----------
    path
        A text file; a `.gz` is decompressed as it is read.
    chunk
        The size that pieces are read in, in bytes.
    encoding
        Of the file, as Python names it.

    Raises
    ------
    DataError
        If the file is missing, is empty, or is not of the encoding; the message says the line and the byte.

    Examples
    --------
    >>> import tempfile
    >>> from recurra.data import read_text_stream
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.txt").write_bytes(b"one\r\ntwo\r\n")
    ...     list(read_text_stream(Path(folder, "a.txt"), chunk=5))
    ['one\n', 'two\n']
    """
    path, held, empty = Path(path), "", True
    with opened(path, expected="a text file") as file:
        for text in _decoded_chunks(file, path, chunk=chunk, encoding=encoding):
            piece, held = _cut(held + text, chunk)
            if piece:
                empty = False
                yield piece
    if held:
        yield held
    elif empty:
        raise DataError(f"{path} is empty; expected text")


def _decoded_chunks(file: BinaryIO, path: Path, *, chunk: int, encoding: str) -> Iterator[str]:
    data = file.read(max(chunk, 4))
    encoding = encoding_of(data, encoding)
    decoder, line, final, first = _decoder(encoding), 1, False, True
    while not final:
        final = not data
        try:
            text = decoder.decode(data, final)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            raise undecodable(error, path, encoding=encoding, line=line) from None
        except UnicodeError as error:
            raise DataError(f"{path} is not {encoding}: {error}") from None
        line += text.count("\n")
        yield text.removeprefix("\ufeff") if first and text else text
        first = first and not text
        data = file.read(chunk)


def _decoder(encoding: str) -> io.IncrementalNewlineDecoder:
    return io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)


def _cut(text: str, chunk: int) -> tuple[str, str]:
    """Return the part of a text up to its last line end, and the rest; a rest over a chunk is cut as well."""
    end = text.rfind("\n") + 1
    if not end and len(text) > chunk:
        end = text.rfind(" ") + 1 or len(text)
    return text[:end], text[end:]


def read_regular(path: Path, /, *, largest: int, may_be_link: bool = False) -> bytes:
    """Return the content of a plain file: no pipe or device, and no more bytes than it may have.

    Parameters
    ----------
    path
        The file.
    largest
        Most bytes.
    may_be_link
        Whether a link is followed: where a person named the path, and not where it is a name in somebody's folder.

    Raises
    ------
    OSError
        If it cannot be read, or is something else; `strerror` says what.
    """
    if path.is_symlink() and not may_be_link:
        raise OSError(0, "it is a link")
    no_link = 0 if may_be_link else getattr(os, "O_NOFOLLOW", 0)
    handle = os.open(path, os.O_RDONLY | no_link | getattr(os, "O_NONBLOCK", 0))
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(0, "it is no plain file")
        if found.st_size > largest:
            raise OSError(0, f"it has {found.st_size:,} bytes, expected {largest:,} at most")
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(largest)
    finally:
        os.close(handle)


def write_whole(path: Path, text: str, /) -> None:
    """Write a text file in one step: what was there stays until the new text is complete.

    Where there is a pipe or a device, such as `/dev/stdout`, the text is written into it.

    Raises
    ------
    DataError
        If the file cannot be written; nothing of it is left then.
    """
    check_writable(path)
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
            return
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as beside:
            new = Path(beside) / path.name
            new.write_text(text, encoding="utf-8")
            new.replace(path)
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror}") from None


def check_writable(path: Path, /, *, read: Path | None = None) -> None:
    """Refuse a file to be written that can be none, before what it is to hold is computed.

    Parameters
    ----------
    path
        Of the file to be written.
    read
        A file that is read, which it must not be.

    Raises
    ------
    DataError
        If it is a folder, is in none, or is the file that is read.
    """
    try:
        if path.is_dir():
            raise DataError(f"{path} cannot be written: it is a folder")
        if not path.parent.is_dir():
            raise DataError(f"{path} cannot be written: {os.strerror(errno.ENOENT)}")
        is_read = read is not None and path.is_file() and read.is_file() and path.samefile(read)
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror}") from None
    if is_read:
        raise DataError(f"{path} cannot be written: it is the file with the data; give another")
