"""The model folder: whole or not at all, and damage is found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from recurra.errors import ModelFolderError
from recurra.training import model_folder
from recurra.training.model_folder import FORMAT_VERSION, MANIFEST, check_target, read_model_folder, write_model_folder

FILES = {"config.yaml": b"task: none\n", "weights.safetensors": bytes(range(256))}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    write_model_folder(tmp_path / "model", FILES)
    return tmp_path / "model"


def edit(model: Path, **changes: object) -> None:
    path = model / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_what_is_written_is_read(model: Path) -> None:
    assert read_model_folder(model) == FILES
    assert [path.name for path in model.parent.iterdir()] == ["model"]


def test_parents_are_made(tmp_path: Path) -> None:
    write_model_folder(tmp_path / "a" / "b", FILES)
    assert read_model_folder(tmp_path / "a" / "b") == FILES


def test_a_model_replaces_a_model_and_takes_no_file_of_it(model: Path) -> None:
    write_model_folder(model, {"config.yaml": b"new"})
    assert read_model_folder(model) == {"config.yaml": b"new"}
    assert sorted(path.name for path in model.iterdir()) == ["config.yaml", MANIFEST]


def test_an_empty_folder_may_become_a_model(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write_model_folder(tmp_path / "empty", FILES)
    assert read_model_folder(tmp_path / "empty") == FILES


def test_a_folder_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter.txt").write_text("years of work")
    with pytest.raises(ModelFolderError, match="exists and is no recurra model"):
        write_model_folder(folder, FILES)
    assert [path.name for path in folder.iterdir()] == ["chapter.txt"]


def test_a_file_and_a_link_are_left_alone(tmp_path: Path, model: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(model)
    for name in ("file", "link"):
        with pytest.raises(ModelFolderError, match="is no folder"):
            write_model_folder(tmp_path / name, FILES)


def test_a_model_with_a_file_of_the_persons_own_is_left_alone(model: Path) -> None:
    (model / "notes.txt").write_text("mine")
    with pytest.raises(ModelFolderError, match=r"'notes.txt', which would be lost"):
        write_model_folder(model, {"config.yaml": b"new"})
    assert read_model_folder(model) == FILES


@pytest.mark.parametrize("name", ["_fill", "_put_in_place"])
def test_an_older_model_stays_whole_when_writing_fails(model: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(model_folder, name, full)
    with pytest.raises(ModelFolderError, match="No space left on device"):
        write_model_folder(model, {"config.yaml": b"new"})
    assert read_model_folder(model) == FILES
    assert [path.name for path in model.parent.iterdir()] == ["model"]


FILL = """
import resource, signal, sys
from pathlib import Path
from recurra.errors import ModelFolderError
from recurra.training.model_folder import write_model_folder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_model_folder(Path(sys.argv[1]), {"config.yaml": b"new", "weights.safetensors": bytes(100_000)})
except ModelFolderError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_an_older_model_stays_whole_when_no_more_can_be_written(model: Path) -> None:
    command = [sys.executable, "-c", FILL, str(model)]
    outcome = subprocess.run(command, check=True, capture_output=True, text=True)
    assert outcome.stdout == f"{model} cannot be written: File too large\n"
    assert read_model_folder(model) == FILES
    assert [path.name for path in model.parent.iterdir()] == ["model"]


def test_an_older_model_comes_back_when_the_last_rename_fails(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename
    monkeypatch.setattr(model_folder, "_system_exchange", lambda: None)

    def failing(self: Path, target: Path) -> Path:
        if self.name.endswith(".new"):
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(ModelFolderError, match="Input/output error"):
        write_model_folder(model, {"config.yaml": b"new"})
    monkeypatch.undo()
    assert read_model_folder(model) == FILES


def test_a_parent_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ModelFolderError, match="is no folder"):
        write_model_folder(tmp_path / "file" / "model", FILES)


def test_a_missing_folder_and_one_without_manifest(tmp_path: Path) -> None:
    with pytest.raises(ModelFolderError, match="there is no model folder"):
        read_model_folder(tmp_path / "none")
    with pytest.raises(ModelFolderError, match="is no recurra model"):
        read_model_folder(tmp_path)


def test_a_changed_byte_is_found(model: Path) -> None:
    content = bytearray((model / "weights.safetensors").read_bytes())
    content[100] ^= 1
    (model / "weights.safetensors").write_bytes(content)
    with pytest.raises(ModelFolderError, match=r"damaged: weights.safetensors is not as it was written"):
        read_model_folder(model)


def test_a_missing_file_is_found(model: Path) -> None:
    (model / "config.yaml").unlink()
    with pytest.raises(ModelFolderError, match=r"incomplete: config.yaml is missing"):
        read_model_folder(model)


def test_a_newer_format_is_refused_before_anything_else(model: Path) -> None:
    (model / "config.yaml").unlink()
    edit(model, format_version=FORMAT_VERSION + 1)
    with pytest.raises(ModelFolderError, match="update recurra"):
        read_model_folder(model)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "other"},
        {"format_version": "1"},
        {"files": []},
        {"files": {"../outside": {"bytes": 1, "sha256": ""}}},
        {"files": {"config.yaml": {}}},
        {"files": {"config.yaml": 3}},
    ],
)
def test_a_manifest_that_is_none_is_refused(model: Path, changes: dict[str, object]) -> None:
    edit(model, **changes)
    with pytest.raises(ModelFolderError, match="is damaged"):
        read_model_folder(model)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff"])
def test_a_manifest_that_is_no_json_is_refused(model: Path, content: bytes) -> None:
    (model / MANIFEST).write_bytes(content)
    with pytest.raises(ModelFolderError, match="is damaged"):
        read_model_folder(model)


def hidden(model: Path, suffix: str) -> Path:
    return model.with_name(f".{model.name}.abc{suffix}")


@pytest.mark.parametrize("exchange", [True, False])
def test_a_model_is_replaced_and_nothing_is_left_beside_it(
    model: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    if not exchange:
        monkeypatch.setattr(model_folder, "_system_exchange", lambda: None)
    write_model_folder(model, {"config.yaml": b"new"})
    assert read_model_folder(model) == {"config.yaml": b"new"}
    assert [path.name for path in model.parent.iterdir()] == ["model"]


def test_what_was_killed_between_two_renames_is_finished_when_it_is_read(model: Path) -> None:
    write_model_folder(model.with_name("other"), {"config.yaml": b"new"})
    model.rename(hidden(model, ".old"))
    model.with_name("other").rename(hidden(model, ".new"))
    assert read_model_folder(model) == {"config.yaml": b"new"}
    write_model_folder(model, {"config.yaml": b"newer"})
    assert [path.name for path in model.parent.iterdir()] == ["model"]


def test_the_old_model_comes_back_where_the_new_one_is_not_whole(model: Path) -> None:
    model.rename(hidden(model, ".old"))
    hidden(model, ".new").mkdir()
    (hidden(model, ".new") / "config.yaml").write_bytes(b"task: no")
    check_target(model)
    assert read_model_folder(model) == FILES


def test_what_another_process_writes_is_not_touched(model: Path) -> None:
    model.rename(hidden(model, ".new"))
    program = (
        "import os, sys, fcntl; handle = os.open(sys.argv[1], os.O_RDONLY); fcntl.flock(handle, fcntl.LOCK_EX)\n"
        "print('locked', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(hidden(model, ".new"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(ModelFolderError, match="no model folder"):
            read_model_folder(model)
        write_model_folder(model, {"config.yaml": b"mine"})
        assert hidden(model, ".new").is_dir()
        other.communicate("")
    assert read_model_folder(model) == {"config.yaml": b"mine"}


def replaced_by_a_link(path: Path) -> None:
    outside = path.parent.parent / "secret"
    outside.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(outside)


def replaced_by_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def replaced_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replaced_by_a_device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def grown(path: Path) -> None:
    with path.open("ab") as file:
        file.truncate(10**12)  # sparse: it takes no room


@pytest.mark.parametrize(
    "change", [replaced_by_a_link, replaced_by_a_pipe, replaced_by_a_folder, replaced_by_a_device, grown]
)
@pytest.mark.parametrize("name", ["config.yaml", "weights.safetensors", MANIFEST])
def test_only_plain_files_of_the_size_that_the_manifest_says_are_read(
    model: Path, name: str, change: Callable[[Path], None]
) -> None:
    change(model / name)
    with pytest.raises(ModelFolderError, match=r"cannot be read: (it is a link|it is no plain file|it has .* bytes)"):
        read_model_folder(model)


@pytest.mark.parametrize(
    "entry", [3, None, {}, {"bytes": True, "sha256": ""}, {"bytes": "1", "sha256": ""}, {"bytes": 1, "sha256": 2}]
)
def test_a_manifest_whose_entries_are_none_is_refused(model: Path, entry: object) -> None:
    edit(model, files={"config.yaml": entry})
    with pytest.raises(ModelFolderError, match="is damaged"):
        read_model_folder(model)


@pytest.mark.parametrize("content", [b"[" * 100_000, b"{" * 5000, b"\xff\xfe", b"", b"null", b"9" * 10_000])
def test_a_manifest_that_is_deep_or_empty_is_refused(model: Path, content: bytes) -> None:
    (model / MANIFEST).write_bytes(content)
    with pytest.raises(ModelFolderError, match="is damaged"):
        read_model_folder(model)
