"""Where trials are kept: files, databases, and those that do not answer."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from optuna.storages import InMemoryStorage
from sqlalchemy.exc import OperationalError
from tune_cases import FIXED, SERIES, SIZES, forecaster, study_in

from recurra.errors import InputError, StorageError
from recurra.tune import TuneOptions, storage, tune
from recurra.tune.storage import answering, open_storage


def test_without_a_folder_nothing_is_written() -> None:
    assert isinstance(open_storage(None, folder=None), InMemoryStorage)


@pytest.mark.parametrize("url", [None, "sqlite:///{0}/own.db", "journal:{0}/deeper/own.log"])
def test_trials_stay(tmp_path: Path, url: str | None) -> None:
    where = url and url.format(tmp_path)
    _, values = study_in(open_storage(where, folder=tmp_path)).ask()
    assert [dict(each.values) for each in study_in(open_storage(where, folder=tmp_path)).trials()] == [values]
    names = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert names == ({"search.db"} if url is None else {Path(url).name})


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_server_that_says_nothing(silent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
    monkeypatch.setattr(storage, "_PATIENCE", 0.5)
    begun = time.monotonic()
    with pytest.raises(
        StorageError, match=rf"storage {scheme}://me:\*\*\*@127.0.0.1:\d+/x did not answer within 0.5 s"
    ):
        open_storage(f"{scheme}://me:secret@127.0.0.1:{silent}/x", folder=None)
    assert time.monotonic() - begun < 5


def test_a_server_that_is_not_there() -> None:
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        port = nobody.getsockname()[1]
        with pytest.raises(StorageError, match=r"storage postgresql://127.0.0.1:\d+/x does not answer: .*refused"):
            open_storage(f"postgresql://127.0.0.1:{port}/x", folder=None)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("nothing", "storage = 'nothing': .*; expected a URL such as postgresql://"),
        ("strange://host/name", "expected a URL such as"),
        ("oracle://host/name", "its driver is not installed .*oracle"),
    ],
)
def test_what_is_no_storage(url: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        open_storage(url, folder=None)


@pytest.mark.parametrize("url", ["sqlite:///{0}/missing/own.db", "journal:{0}/file/own.log"])
def test_a_file_that_cannot_be_written(tmp_path: Path, url: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"storage .*(does not answer: unable to open|cannot be written)"):
        open_storage(url.format(tmp_path), folder=None)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"storage .*file cannot be written: File exists"):
        open_storage(None, folder=tmp_path / "file")


def test_a_file_that_is_something_else(tmp_path: Path) -> None:
    (tmp_path / "search.db").write_text("These are my notes, and no database. " * 100)
    with pytest.raises(StorageError, match="does not answer: file is not a database"):
        open_storage(None, folder=tmp_path)


def test_a_database_that_goes_away_is_told() -> None:
    with (
        pytest.raises(StorageError, match=r"storage sqlite:///x\.db does not answer: it is gone"),
        answering("sqlite:///x.db"),
    ):
        raise OperationalError("SELECT 1", {}, Exception("it is gone"))


def test_searches_share_a_storage_by_their_names(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    counts = []
    for name in ("one", "two", "one"):
        options = TuneOptions(trials=len(counts) + 1, search=(SIZES,), storage=url, name=name)
        counts.append(len(tune(forecaster(epochs=1), SERIES, options=options, fixed=FIXED).trials))
    assert counts == [1, 2, 3]
