"""Where the trials of a search are kept: a file beside its results, or a database that many workers share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recurra.errors import InputError, StorageError

if TYPE_CHECKING:
    from optuna.storages import BaseStorage, RDBStorage

__all__ = ["FILE", "opened_storage"]

FILE = "search.db"
_JOURNAL = "journal:"
_PATIENCE = 10
"""Seconds in which a database has to answer."""

_LONGER = 2
"""Seconds that a driver has beside them to give up by itself."""

_PAUSES = 0.1, 0.5
"""Seconds after which a database is opened once more."""

_BUSY = 60
"""Seconds for which a worker waits while others write to an SQLite file."""


@contextmanager
def opened_storage(url: str | None, /, *, folder: Path | None) -> Iterator[BaseStorage]:
    """Open a storage, made where it is not there yet, and close it afterwards.

    Parameters
    ----------
    url
        "postgresql://user@host/name" or what else SQLAlchemy knows, "journal:FILE", or None.
    folder
        Where the SQLite file goes if there is no URL; without either, the trials are kept in memory.

    Raises
    ------
    InputError
        If it is no URL, or of a database that has no driver here.
    StorageError
        If the database does not answer, now or while the body asks it; or the file cannot be written.
    """
    if url is None and folder is None:
        from optuna.storages import InMemoryStorage

        yield InMemoryStorage()
    elif url is not None and url.startswith(_JOURNAL):
        yield _journal(Path(url.removeprefix(_JOURNAL)))
    else:
        where = url if url is not None else _file_in(folder or Path())
        storage = _database(where)
        try:
            with _answering(where):
                yield storage
        finally:
            storage.engine.dispose()


def _file_in(folder: Path) -> str:
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{(folder / FILE).absolute()}"


def _journal(path: Path) -> BaseStorage:
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    with _writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        return JournalStorage(JournalFileBackend(str(path)))


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"storage {path} cannot be written: {error.strerror}") from None


@contextmanager
def _answering(url: str) -> Iterator[None]:
    """Turn what a database raises into an error that says which it is."""
    from optuna.exceptions import StorageInternalError
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (SQLAlchemyError, StorageInternalError) as error:
        raise _silent(url, error) from None


def _database(url: str) -> RDBStorage:
    from optuna.storages import RDBStorage
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

    try:
        settings = _settings(make_url(url).get_backend_name())
        return _in_time(lambda: _repeated(lambda: RDBStorage(url, engine_kwargs=settings)), url)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise InputError(
            f"storage = {_shown(url)!r}: {error}; expected a URL such as postgresql://USER@HOST/NAME or journal:FILE"
        ) from None
    except ImportError as error:
        raise InputError(
            f"storage = {_shown(url)!r}: its driver is not installed ({error.__cause__ or error})"
        ) from None
    except (SQLAlchemyError, OSError, RuntimeError) as error:
        raise _silent(url, error) from None


def _settings(database: str) -> dict[str, Any]:
    """Return how SQLAlchemy opens a database."""
    match database:
        case "sqlite":
            return {"connect_args": {"timeout": _BUSY}}
        case "postgresql":
            return {"connect_args": {"connect_timeout": _PATIENCE}, "pool_pre_ping": True}
    return {"pool_pre_ping": True}


def _repeated(opening: Callable[[], RDBStorage]) -> RDBStorage:
    """Open a storage, once more where another worker was making its tables at the same time."""
    from sqlalchemy.exc import DBAPIError

    for pause in _PAUSES:
        try:
            return opening()
        except DBAPIError as error:
            if "already exists" not in str(error):
                raise
            time.sleep(pause)
    return opening()


def _in_time(opening: Callable[[], RDBStorage], url: str) -> RDBStorage:
    """Open a storage, in a thread of its own: not every driver can be told for how long to wait."""
    found: list[RDBStorage | Exception] = []

    def run() -> None:
        try:
            found.append(opening())
        except Exception as error:
            found.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(_PATIENCE + _LONGER)
    if not found:
        raise StorageError(f"storage {_shown(url)} did not answer within {_PATIENCE} s")
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


def _silent(url: str, error: Exception) -> StorageError:
    reason = " ".join(str(getattr(error, "orig", None) or error.__cause__ or error).split())
    return StorageError(f"storage {_shown(url)} does not answer: {reason}")


def _shown(url: str) -> str:
    """Return a URL without its password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return url
