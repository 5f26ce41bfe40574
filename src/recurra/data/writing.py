"""Files that are written for a person."""

from __future__ import annotations

import tempfile
from pathlib import Path

from recurra.errors import DataError

__all__ = ["write_whole"]


def write_whole(path: Path, text: str, /) -> None:
    """Write a text file in one step: what was there stays until the new text is complete.

    Where there is a pipe or a device, such as `/dev/stdout`, the text is written into it.

    Raises
    ------
    DataError
        If the file cannot be written; nothing of it is left then.
    """
    if path.is_dir():
        raise DataError(f"{path} cannot be written: it is a folder")
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
