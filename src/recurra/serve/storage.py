"""Where states of sessions are kept: memory, SQLite or a log (embedded), Redis or Valkey (shared by several machines).

A record is written only over the version that the writer has read: so two workers may use a session, and none loses
what the other has acknowledged.
"""

from __future__ import annotations

import os
import sqlite3
import struct
import time
import zlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, final

from recurra.errors import InputError, StorageError
from recurra.training.model_folder import try_lock

__all__ = [
    "NEVER",
    "SHARED",
    "LogStorage",
    "MemoryStorage",
    "RedisStorage",
    "SQLiteStorage",
    "SessionStorage",
    "Stored",
    "open_storage",
    "storage_of",
]

NEVER = -1
"""The version of what is not stored."""

SHARED = ("redis", "rediss", "valkey", "unix")
"""How the URL of a storage begins that servers on other machines read, too."""


class Stored(NamedTuple):
    """A session's state as it is stored.

    Attributes
    ----------
    key
        "model/session".
    version
        Of this state.
    before
        The version that it is written over; `NEVER` for a new session.
    blob
        The state.
    """

    key: str
    version: int
    before: int
    blob: bytes


class SessionStorage(ABC):
    """Keeps the states of sessions by key. Every method raises `StorageError` if the storage does not answer.

    Attributes
    ----------
    is_shared
        Whether others than this machine's user may write into it, so that states in it are signed.
    has_workers
        Whether other processes may write into it, so that a state in memory may be older than the stored one.
    """

    is_shared: ClassVar[bool] = False
    has_workers: ClassVar[bool] = False

    @abstractmethod
    def put(self, records: Sequence[Stored], /) -> set[str]:
        """Store records; return the keys of those whose version was not the one before, which stay as they are."""

    @abstractmethod
    def get(self, key: str, /) -> tuple[int, bytes] | None:
        """Return the version and the state of a session; None where there is none."""

    @abstractmethod
    def delete(self, key: str, /) -> bool:
        """Forget a session; return whether there was one."""

    @abstractmethod
    def count(self) -> int:
        """Return how many sessions there are."""

    @abstractmethod
    def expire(self, seconds: float, /) -> int:
        """Forget sessions that were not written for so long; return how many were."""

    @abstractmethod
    def close(self) -> None:
        """Leave the storage."""


@final
class MemoryStorage(SessionStorage):
    """Keeps states in this process; they end with it."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, bytes, float]] = {}

    def put(self, records: Sequence[Stored], /) -> set[str]:
        """See `SessionStorage`."""
        now, refused = time.monotonic(), set[str]()
        for each in records:
            if self._known.get(each.key, (NEVER,))[0] != each.before:
                refused.add(each.key)
            else:
                self._known[each.key] = each.version, each.blob, now
        return refused

    def get(self, key: str, /) -> tuple[int, bytes] | None:
        """See `SessionStorage`."""
        found = self._known.get(key)
        return None if found is None else found[:2]

    def delete(self, key: str, /) -> bool:
        """See `SessionStorage`."""
        return self._known.pop(key, None) is not None

    def count(self) -> int:
        """See `SessionStorage`."""
        return len(self._known)

    def expire(self, seconds: float, /) -> int:
        """See `SessionStorage`."""
        until = time.monotonic() - seconds
        old = [key for key, (_, _, written) in self._known.items() if written < until]
        for key in old:
            del self._known[key]
        return len(old)

    def close(self) -> None:
        """See `SessionStorage`."""


_NEW = "INSERT INTO sessions VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_OVER = (
    "UPDATE sessions SET version = new.column2, written = ?, state = new.column4 FROM (VALUES {rows}) AS new "
    "WHERE sessions.key = new.column1 AND sessions.version = new.column3 RETURNING key"
)
_AT_ONCE = 1000
"""Records of a statement: SQLite takes 32,766 values."""


@final
class SQLiteStorage(SessionStorage):
    """Keeps states in an SQLite file, which several servers on one machine may share.

    Its log is written ahead: what is committed outlives the process, however that ends. A power cut may take the last
    moments.
    """

    has_workers = True

    def __init__(self, path: Path, /) -> None:
        self.path = path
        try:
            self._known = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
            self._known.execute("PRAGMA journal_mode = WAL")
            self._known.execute("PRAGMA synchronous = NORMAL")
            self._known.execute(
                "CREATE TABLE IF NOT EXISTS sessions "
                "(key TEXT PRIMARY KEY, version INTEGER, written REAL, state BLOB) WITHOUT ROWID"
            )
        except sqlite3.Error as error:
            raise StorageError(f"sqlite:{path} cannot be opened: {error}") from None

    def _run(self, sql: str, *values: Any) -> sqlite3.Cursor:
        try:
            return self._known.execute(sql, values)
        except sqlite3.Error as error:
            raise StorageError(f"sqlite:{self.path} does not answer: {error}") from None

    def put(self, records: Sequence[Stored], /) -> set[str]:
        """See `SessionStorage`."""
        now, refused = time.time(), set[str]()
        over = [each for each in records if each.before != NEVER]
        self._run("BEGIN IMMEDIATE")
        try:
            for each in records:
                if each.before == NEVER and not self._run(_NEW, each.key, each.version, now, each.blob).rowcount:
                    refused.add(each.key)
            for begin in range(0, len(over), _AT_ONCE):
                refused |= self._put_over(over[begin : begin + _AT_ONCE], now)
            self._run("COMMIT")
        except StorageError:
            if self._known.in_transaction:
                self._known.rollback()
            raise
        return refused

    def get(self, key: str, /) -> tuple[int, bytes] | None:
        """See `SessionStorage`."""
        return self._run("SELECT version, state FROM sessions WHERE key = ?", key).fetchone()

    def _put_over(self, records: Sequence[Stored], now: float) -> set[str]:
        """Store records over others; return the keys of those that were refused.

        It is one statement: between two, this thread waits for the GIL, which a busy event loop holds for milliseconds.
        """
        values = [value for each in records for value in (each.key, each.version, each.before, each.blob)]
        rows = ", ".join(["(?, ?, ?, ?)"] * len(records))
        written = self._run(_OVER.format(rows=rows), now, *values).fetchall()
        return {each.key for each in records} - {key for (key,) in written}

    def delete(self, key: str, /) -> bool:
        """See `SessionStorage`."""
        return self._run("DELETE FROM sessions WHERE key = ?", key).rowcount > 0

    def count(self) -> int:
        """See `SessionStorage`."""
        return self._run("SELECT count(*) FROM sessions").fetchone()[0]

    def expire(self, seconds: float, /) -> int:
        """See `SessionStorage`."""
        return self._run("DELETE FROM sessions WHERE written < ?", time.time() - seconds).rowcount

    def close(self) -> None:
        """Leave the storage."""
        self._known.close()


_MAGIC = b"recurra sessions 1\n"
_HEAD = struct.Struct("<IqdHI")
"""The checksum of all that follows, the version (`NEVER`: forgotten), the time, and the bytes of key and state."""

_CHECKSUM = 4
_GARBAGE = 1 << 28
"""Bytes that were written over, from which on the file is written anew."""


@final
class LogStorage(SessionStorage):
    """Keeps states of one process in a file to which each change is added; the place of the last is known in memory.

    A row that changes costs a database the writing of its page; here a tick costs one call of the system. After
    Bitcask: J. Sheehy and D. Smith, "Bitcask: A Log-Structured Hash Table for Fast Key/Value Data", Basho, 2010.

    What was written outlives the process, however that ends. A power cut may take what the system has not brought to
    the disk yet. The file is written anew when it is mostly made of what was written over.

    Parameters
    ----------
    path
        The file; "PATH.lock" is locked as long as the storage is open.
    garbage
        Bytes that were written over, from which on the file is written anew.

    Raises
    ------
    StorageError
        If the file cannot be opened, another process uses it, or it is of another kind.
    """

    def __init__(self, path: Path, /, *, garbage: int = _GARBAGE) -> None:
        self.path, self._most = path, garbage
        self._places: dict[str, tuple[int, int, int, float]] = {}  # version, place and bytes of the state, time
        try:
            with ExitStack() as until_read:
                self._lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
                until_read.callback(os.close, self._lock)
                if not try_lock(self._lock):
                    raise StorageError(f"log:{path} is used by another process; workers share sqlite: or redis:")
                path.touch(0o600)
                self._file = until_read.enter_context(path.open("r+b", buffering=0))
                self._read()
                until_read.pop_all()
        except OSError as error:
            raise StorageError(f"log:{path} cannot be opened: {error.strerror}") from None

    def _read(self) -> None:
        """Find the last state of each session; what was being written at the end of the process is cut off."""
        content = memoryview(self.path.read_bytes())
        if not content:
            self._file.write(_MAGIC)
        elif bytes(content[: len(_MAGIC)]) != _MAGIC:
            raise StorageError(f"log:{self.path} is no file of sessions")
        place = self._end = self._live = len(_MAGIC)
        while place + _HEAD.size <= len(content):
            checksum, version, written, of_key, of_state = _HEAD.unpack_from(content, place)
            state = place + _HEAD.size + of_key
            end = state + of_state
            if end > len(content) or zlib.crc32(content[place + _CHECKSUM : end]) != checksum:
                break
            self._set(bytes(content[place + _HEAD.size : state]).decode(), version, state, of_state, written)
            place = self._end = end
        if self._end < len(content):
            self.path.with_name(self.path.name + ".cut").write_bytes(content[self._end :])
            self._file.truncate(self._end)

    def _set(self, key: str, version: int, state: int, size: int, written: float) -> None:
        if (known := self._places.pop(key, None)) is not None:
            self._live -= _bytes_of(key, known[2])
        if version != NEVER:
            self._places[key] = version, state, size, written
            self._live += _bytes_of(key, size)

    def _add(self, records: Sequence[tuple[str, int, float, bytes]]) -> None:
        """Write key, version, time and state of records at the end of the file, all or none."""
        content = b"".join(_record(*each) for each in records)
        try:
            self._file.seek(self._end)
            if (done := self._file.write(content)) != len(content):
                self._file.truncate(self._end)
                raise OSError(0, f"{done} of {len(content)} bytes were written; is the disk full?")
        except OSError as error:
            raise StorageError(f"log:{self.path} does not answer: {error.strerror}") from None
        for key, version, written, state in records:
            self._end += _bytes_of(key, len(state))
            self._set(key, version, self._end - len(state), len(state), written)

    def put(self, records: Sequence[Stored], /) -> set[str]:
        """See `SessionStorage`."""
        none, now = (NEVER, 0, 0, 0.0), time.time()
        refused = {each.key for each in records if self._places.get(each.key, none)[0] != each.before}
        self._add([(each.key, each.version, now, each.blob) for each in records if each.key not in refused])
        if self._end - self._live > max(self._most, self._live):
            self._rewrite()
        return refused

    def get(self, key: str, /) -> tuple[int, bytes] | None:
        """See `SessionStorage`."""
        if key not in self._places:
            return None
        version, place, size, _ = self._places[key]
        try:
            self._file.seek(place)
            return version, self._file.read(size)
        except OSError as error:
            raise StorageError(f"log:{self.path} does not answer: {error.strerror}") from None

    def delete(self, key: str, /) -> bool:
        """See `SessionStorage`."""
        if key not in self._places:
            return False
        self._add([(key, NEVER, 0.0, b"")])
        return True

    def count(self) -> int:
        """See `SessionStorage`."""
        return len(self._places)

    def expire(self, seconds: float, /) -> int:
        """See `SessionStorage`."""
        until = time.time() - seconds
        old = [key for key, (_, _, _, written) in self._places.items() if written < until]
        if old:
            self._add([(key, NEVER, 0.0, b"") for key in old])
        return len(old)

    def _rewrite(self) -> None:
        """Write the file anew, with the last state of each session alone."""
        new, places, end = self.path.with_name(self.path.name + ".new"), {}, len(_MAGIC)
        try:
            with new.open("wb") as file:
                file.write(_MAGIC)
                for key, (version, place, size, written) in self._places.items():
                    self._file.seek(place)
                    file.write(_record(key, version, written, self._file.read(size)))
                    end += _bytes_of(key, size)
                    places[key] = version, end - size, size, written
                file.flush()
                os.fsync(file.fileno())
            self._file.close()
            new.replace(self.path)
            self._file = self.path.open("r+b", buffering=0)
        except OSError as error:
            raise StorageError(f"log:{self.path} cannot be written anew: {error.strerror}") from None
        self._places, self._end, self._live = places, end, end

    def close(self) -> None:
        """Leave the storage."""
        self._file.close()
        os.close(self._lock)


def _record(key: str, version: int, written: float, state: bytes) -> bytes:
    name = key.encode()
    content = _HEAD.pack(0, version, written, len(name), len(state))[_CHECKSUM:] + name + state
    return zlib.crc32(content).to_bytes(_CHECKSUM, "little") + content


def _bytes_of(key: str, size: int) -> int:
    return _HEAD.size + len(key.encode()) + size


_SWAP = """
local known = redis.call('GETRANGE', KEYS[1], 0, 19)
if known ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
"""
"""Writes a value over the one whose first 20 characters, its version, are as they are said to be."""

_PREFIX = "recurra:session:"


@final
class RedisStorage(SessionStorage):
    """Keeps states in a server of Redis or Valkey, which forgets sessions by itself when they expire."""

    is_shared = has_workers = True

    def __init__(self, url: str, /, *, expire: float) -> None:
        import redis

        self._failed = redis.RedisError
        try:
            self._known = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
        except ValueError as error:
            raise InputError(f"--storage: {error}; expected redis://HOST:PORT/NUMBER") from None
        self._expire = int(expire * 1000)
        self._where = url.rpartition("@")[2] if "@" in url else url  # no password in a message
        self._swap = self._known.register_script(_SWAP)
        self._answer(self._known.ping)

    def _answer(self, ask: Any, *given: Any) -> Any:
        try:
            return ask(*given)
        except (self._failed, OSError) as error:
            raise StorageError(f"{self._where} does not answer: {error}") from None

    def put(self, records: Sequence[Stored], /) -> set[str]:
        """See `SessionStorage`."""
        pipe = self._known.pipeline(transaction=False)
        for each in records:
            before = "" if each.before == NEVER else f"{each.before:020d}"
            value = f"{each.version:020d}".encode() + each.blob
            self._swap(keys=[_PREFIX + each.key], args=[before, value, self._expire], client=pipe)
        done = self._answer(pipe.execute)
        return {each.key for each, is_written in zip(records, done, strict=True) if not is_written}

    def get(self, key: str, /) -> tuple[int, bytes] | None:
        """See `SessionStorage`."""
        found = self._answer(self._known.get, _PREFIX + key)
        return None if found is None else (int(found[:20]), found[20:])

    def delete(self, key: str, /) -> bool:
        """See `SessionStorage`."""
        return self._answer(self._known.delete, _PREFIX + key) > 0

    def count(self) -> int:
        """See `SessionStorage`: of a database of its own, for it counts what else is there, too."""
        return self._answer(self._known.dbsize)

    def expire(self, seconds: float, /) -> int:
        """See `SessionStorage`: the server does it."""
        return 0

    def close(self) -> None:
        """Leave the storage."""
        self._known.close()


def open_storage(url: str, /, *, expire: float) -> SessionStorage:
    """Return the storage of a URL: ``"memory"``, ``"sqlite:FILE"``, ``"log:FILE"``, ``"redis://..."``.

    Raises
    ------
    InputError
        If it is none of them.
    StorageError
        If it does not answer.
    """
    file, is_shared = storage_of(url)
    if is_shared:
        return RedisStorage(url.replace("valkey:", "redis:", 1), expire=expire)
    if file is None:
        return MemoryStorage()
    return SQLiteStorage(file) if url.startswith("sqlite:") else LogStorage(file)


def storage_of(url: str, /) -> tuple[Path | None, bool]:
    """Return the file of a storage, where it is one, and whether servers on other machines read it, too.

    Raises
    ------
    InputError
        If the URL is none of a storage.
    """
    kind, _, rest = url.partition(":")
    if kind in ("sqlite", "log") and Path(rest).name not in ("", ".."):
        return Path(rest), False
    if url != "memory" and (kind not in SHARED or not rest):
        raise InputError(f"--storage: got {url!r}; expected memory, sqlite:FILE, log:FILE or redis://HOST:PORT/NUMBER")
    return None, kind in SHARED
