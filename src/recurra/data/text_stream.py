"""A text that may be larger than memory, piece by piece, cut where a line ends."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from recurra.data.files import ENCODING, encoding_of, opened, undecodable
from recurra.errors import DataError

__all__ = ["read_text_stream"]


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
