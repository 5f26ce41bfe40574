"""Machine code on disk, and notes about it: compiled once for a user and a processor, loaded by later processes.

An object that is damaged, or that is another program's, would take the whole process down when it is run, and one that
another user wrote could do anything. So a file begins with the name of its format and a digest of its key and the rest
together, which is checked before loading; the folder and the file belong to the user alone; and files arrive whole, by
renaming. Whatever goes wrong here only costs a compilation.

The digest finds what was damaged, swapped or written by another version; it is no signature. Who can write as the user
can do anything that the user can, here as elsewhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
import tempfile
from pathlib import Path

__all__ = ["VARIABLE", "fetch", "folder", "store"]

VARIABLE = "RECURRA_CACHE_DIR"
"""The environment variable that names the folder; empty, nothing is kept."""

_MOST_FILES = 800
_MOST_BYTES = 1 << 26
_FORMAT = b"recurra machine code 2\n"
"""Files begin with it. Another format has another number, and is never read."""
_BINARY = getattr(os, "O_BINARY", 0)  # on Windows
_HEAD = len(_FORMAT) + hashlib.sha256().digest_size


def folder() -> Path | None:
    """Return the folder of the machine code, None if none is to be kept."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named).expanduser() / "machine-code" if named else None
    match sys.platform:
        case "win32":
            base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        case "darwin":
            base = Path.home() / "Library" / "Caches"
        case _:
            base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "recurra" / "machine-code"


def fetch(key: str) -> bytes | None:
    """Return what was stored under a key, None if there is nothing or it is not to be trusted."""
    with contextlib.suppress(OSError, RuntimeError):
        where = folder()
        if where is None or not _is_own(where):
            return None
        path = where / key
        whole = _read(path)
        if whole is not None and whole[:_HEAD] == _head(key, whole[_HEAD:]):
            os.utime(path)  # in use: the last to go
            return whole[_HEAD:]
        path.unlink()
    return None


def store(key: str, content: bytes) -> None:
    """Keep something under a key; where that cannot be done, do nothing."""
    with contextlib.suppress(OSError, RuntimeError):
        where = folder()
        if where is None:
            return
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_own(where):
            return
        handle, name = tempfile.mkstemp(dir=where, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_head(key, content) + content)
            Path(name).replace(where / key)
        except OSError:
            Path(name).unlink(missing_ok=True)
        _tidy(where)


def _head(key: str, content: bytes) -> bytes:
    """Return what a file begins with."""
    name = key.encode()
    digest = hashlib.sha256(b"%s%d %s %d " % (_FORMAT, len(name), name, len(content)))
    digest.update(content)
    return _FORMAT + digest.digest()


def _read(path: Path) -> bytes | None:
    """Return what is in a file of the user's own, None if it is no regular file, another's or too large.

    It is opened before it is looked at, so that what is looked at is what is read; a link is not followed, and a pipe
    is not waited for.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | _BINARY)
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        is_own = not hasattr(os, "getuid") or found.st_uid == os.getuid()
        return file.read() if stat.S_ISREG(found.st_mode) and is_own and found.st_size <= _MOST_BYTES else None


def _is_own(where: Path) -> bool:
    """Return whether a folder belongs to the user, and nobody else can write to it."""
    found = where.lstat()
    if not hasattr(os, "getuid"):
        return where.is_dir()
    return where.is_dir() and not where.is_symlink() and found.st_uid == os.getuid() and not found.st_mode & 0o077


def _tidy(where: Path) -> None:
    """Delete the files longest unused, if there are too many."""
    files = sorted(where.iterdir(), key=lambda path: path.stat().st_mtime)
    for path in files[:-_MOST_FILES]:
        path.unlink(missing_ok=True)
