"""One process at a time trains into a folder: a locked file beside it says which."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recurra.errors import ModelFolderError
from recurra.training.distributed import first_process

__all__ = ["locked", "try_lock"]


@contextmanager
def locked(folder: Path, /) -> Iterator[None]:
    """Keep other processes from training into a folder.

    The lock is the file ".NAME.lock" beside the folder, with the number of the process and its machine. The system
    holds it and lets go of it when the process ends in whatever way, so that a file that a dead process left behind
    is taken over. Of several processes that train together, the first holds it for all.

    Raises
    ------
    ModelFolderError
        If another process trains into the folder, or the lock cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from recurra.training.lock import locked
    >>> with tempfile.TemporaryDirectory() as parent, locked(Path(parent) / "model"):
    ...     print([path.name for path in Path(parent).iterdir()])
    ['.model.lock']
    """
    if not first_process():
        yield
        return
    path = folder.absolute().with_name(f".{folder.absolute().name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = _take(path, folder)
    except OSError as error:
        raise ModelFolderError(f"{folder} cannot be written: {error.strerror}") from None
    try:
        yield
    finally:
        _let_go(path, handle)


def _take(path: Path, folder: Path) -> int:
    """Return the open and locked file."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if not try_lock(handle):
                holder = _holder(path)
                raise ModelFolderError(f"{holder} is training into {folder}; wait for it, or give another folder")
            if _is_still(path, handle):
                os.ftruncate(handle, 0)
                os.write(handle, json.dumps({"process": os.getpid(), "machine": socket.gethostname()}).encode())
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # whoever had it has removed the file since it was opened


def _let_go(path: Path, handle: int) -> None:
    if sys.platform == "win32":  # there an open file cannot be removed
        os.close(handle)
        path.unlink(missing_ok=True)
    else:
        path.unlink(missing_ok=True)
        os.close(handle)


def try_lock(handle: int, /) -> bool:
    """Lock an open file until it is closed, and say whether that was possible: it is not while another has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, 2**30, os.SEEK_SET)  # a locked byte cannot be read: one far behind the content
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _is_still(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _holder(path: Path) -> str:
    """Return who holds a lock, as far as it says so."""
    try:
        found = json.loads(path.read_bytes())
        return f"process {int(found['process'])} on {found['machine']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
