"""Machine code on disk: compiled once for a user and a processor, loaded by later processes.

An object that is damaged would take the whole process down when it is loaded, and one that another user wrote could
do anything. So a file begins with a digest of the rest, which is checked before loading; the folder belongs to the
user alone; and files arrive whole, by renaming. Whatever goes wrong here only costs a compilation.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from pathlib import Path

__all__ = ["VARIABLE", "fetch", "folder", "store"]

VARIABLE = "RECURRA_CACHE_DIR"
"""The environment variable that names the folder; empty, nothing is kept."""

_MOST_FILES = 400
_DIGEST = hashlib.sha256


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
        content = path.read_bytes()
        digest, rest = content[: _DIGEST().digest_size], content[_DIGEST().digest_size :]
        if _DIGEST(rest).digest() == digest:
            os.utime(path)  # in use: the last to go
            return rest
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
                file.write(_DIGEST(content).digest() + content)
            Path(name).replace(where / key)
        except OSError:
            Path(name).unlink(missing_ok=True)
        _tidy(where)


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
