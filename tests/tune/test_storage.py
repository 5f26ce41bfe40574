"""Where trials are kept: files, databases, and those that do not answer."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from optuna.storages import InMemoryStorage, RDBStorage
from sqlalchemy.exc import OperationalError
from tune_cases import FIXED, SERIES, SIZES, forecaster, study_in

from recurra.errors import InputError, StorageError
from recurra.tune import TuneOptions, storage, tune
from recurra.tune.storage import opened_storage


def opening(url: str | None, *, folder: Path | None = None) -> None:
    with opened_storage(url, folder=folder):
        pass


def test_without_a_folder_nothing_is_written() -> None:
    with opened_storage(None, folder=None) as kept:
        assert isinstance(kept, InMemoryStorage)


@pytest.mark.parametrize("url", [None, "sqlite:///{0}/own.db", "journal:{0}/deeper/own.log"])
def test_trials_stay(tmp_path: Path, url: str | None) -> None:
    where = url and url.format(tmp_path)
    with opened_storage(where, folder=tmp_path) as kept:
        _, values = study_in(kept).ask()
    with opened_storage(where, folder=tmp_path) as kept:
        assert [dict(each.values) for each in study_in(kept).trials()] == [values]
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
    monkeypatch.setattr(storage, "_PATIENCE", 1)
    begun = time.monotonic()
    with pytest.raises(
        StorageError, match=r"storage postgresql://me:\*\*\*@127.0.0.1:\d+/x does not answer: .*timeout"
    ):
        opening(f"postgresql://me:secret@127.0.0.1:{silent}/x")
    assert time.monotonic() - begun < 4


def test_a_driver_that_cannot_be_told_to_give_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_PATIENCE", 0.1)
    monkeypatch.setattr(storage, "_LONGER", 0)
    monkeypatch.setattr(storage, "_repeated", lambda opening: time.sleep(1))
    with pytest.raises(StorageError, match=r"storage sqlite:///x.db did not answer within 0.1 s"):
        opening("sqlite:///x.db")


def test_tables_that_another_worker_makes_at_the_same_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def made_twice(url: str, **given: object) -> RDBStorage:
        tried.append(url)
        if len(tried) == 1:
            raise OperationalError("CREATE TABLE", {}, Exception("table studies already exists"))
        return RDBStorage(url)

    monkeypatch.setattr("optuna.storages.RDBStorage", made_twice)
    opening(None, folder=tmp_path)
    assert len(tried) == 2


def test_a_server_that_is_not_there() -> None:
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        port = nobody.getsockname()[1]
        with pytest.raises(StorageError, match=r"storage postgresql://127.0.0.1:\d+/x does not answer: .*refused"):
            opening(f"postgresql://127.0.0.1:{port}/x")


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
        opening(url)


@pytest.mark.parametrize("url", ["sqlite:///{0}/missing/own.db", "journal:{0}/file/own.log"])
def test_a_file_that_cannot_be_written(tmp_path: Path, url: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"storage .*(does not answer: unable to open|cannot be written)"):
        opening(url.format(tmp_path))


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"storage .*file cannot be written: File exists"):
        opening(None, folder=tmp_path / "file")


def test_a_file_that_is_something_else(tmp_path: Path) -> None:
    (tmp_path / "search.db").write_text("These are my notes, and no database. " * 100)
    with pytest.raises(StorageError, match="does not answer: file is not a database"):
        opening(None, folder=tmp_path)


def test_a_database_that_goes_away_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(StorageError, match=r"storage sqlite:///.*search.db does not answer: it is gone"),
        opened_storage(None, folder=tmp_path),
    ):
        raise OperationalError("SELECT 1", {}, Exception("it is gone"))


def test_searches_share_a_storage_by_their_names(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    counts = []
    for name in ("one", "two", "one"):
        options = TuneOptions(trials=len(counts) + 1, search=(SIZES,), storage=url, name=name)
        counts.append(len(tune(forecaster(epochs=1), SERIES, options=options, fixed=FIXED).trials))
    assert counts == [1, 2, 3]
