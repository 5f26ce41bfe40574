"""Two runs into the same folder: the second is told of the first, and the lock of a dead process holds nobody up."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from recurra.errors import ModelFolderError
from recurra.training.model_folder import locked


@pytest.fixture
def dead() -> int:
    """The number of a process that is no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        return process.pid


def left_behind(folder: Path, process: int) -> Path:
    path = folder.with_name(f".{folder.name}.lock")
    path.write_text(json.dumps({"machine": socket.gethostname(), "process": process}))
    return path


def test_a_second_run_names_the_first(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    with locked(folder), pytest.raises(ModelFolderError, match=rf"process {os.getpid()} on .* is training into"):
        locked(folder).__enter__()
    assert list(tmp_path.iterdir()) == []


def test_another_folder_is_free(tmp_path: Path) -> None:
    with locked(tmp_path / "one"), locked(tmp_path / "two"):
        assert len(list(tmp_path.iterdir())) == 2


def test_the_lock_goes_with_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "model"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_dead_process_is_no_hindrance(tmp_path: Path, dead: int) -> None:
    path = left_behind(tmp_path / "model", dead)
    with locked(tmp_path / "model"):
        assert json.loads(path.read_text())["process"] == os.getpid()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"process": "x"}'])
def test_a_damaged_lock_is_no_hindrance(tmp_path: Path, content: str) -> None:
    (tmp_path / ".model.lock").write_text(content)
    with locked(tmp_path / "model"):
        pass
    assert list(tmp_path.iterdir()) == []


RUN = """
import sys, time
from pathlib import Path
from recurra.training.model_folder import locked
with locked(Path(sys.argv[1])):
    print("locked", flush=True)
    time.sleep(60)
"""


def test_another_process_is_named_and_its_death_frees_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    with subprocess.Popen([sys.executable, "-c", RUN, str(folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        with pytest.raises(ModelFolderError, match=rf"process {process.pid} on .* is training into .*model; wait"):
            locked(folder).__enter__()
        process.kill()
    assert (tmp_path / ".model.lock").exists()
    with locked(folder):
        pass
    assert list(tmp_path.iterdir()) == []


def test_the_first_process_holds_it_for_those_that_train_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with locked(tmp_path / "model"):
        monkeypatch.setenv("LOCAL_RANK", "1")
        with locked(tmp_path / "model"):
            pass
        assert (tmp_path / ".model.lock").exists()


def test_one_of_many_takes_a_dead_processs_lock(tmp_path: Path, dead: int) -> None:
    left_behind(tmp_path / "model", dead)
    inside, most, taken = 0, 0, 0
    guard, start, done = threading.Lock(), threading.Barrier(8), threading.Barrier(8)

    def contend() -> None:
        nonlocal inside, most, taken
        start.wait()
        try:
            with locked(tmp_path / "model"):
                with guard:
                    inside, taken = inside + 1, taken + 1
                    most = max(most, inside)
                done.wait()
                with guard:
                    inside -= 1
        except ModelFolderError:
            done.wait()

    threads = [threading.Thread(target=contend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert most <= 1
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelFolderError, match="cannot be written"):
        locked(tmp_path / "file" / "model").__enter__()
