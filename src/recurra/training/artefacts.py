"""The model folder: written whole or not at all, checked when it is read, and nothing in it is ever run.

```
config.yaml          the task, every option, recurra's version, the format's version
weights.safetensors  the network's weights
metrics.json         errors, and what the weights were trained on
...                  what the task needs besides
manifest.json        the format's version, and the size and SHA-256 of every other file
```
The manifest finds damage and missing files. It is no signature: whoever can write the folder can write it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recurra.errors import ModelFolderError

__all__ = ["FORMAT_VERSION", "MANIFEST", "check_target", "read_model_folder", "write_model_folder"]

FORMAT = "recurra model"
FORMAT_VERSION = 1
"""Rises when an older recurra could no longer read the folder."""

MANIFEST = "manifest.json"


def check_target(folder: Path, /) -> None:
    """Check that a model may be written to a folder: it is new, empty, or holds nothing but a model.

    Raises
    ------
    ModelFolderError
        If it is something else; the message says what.
    """
    if folder.is_symlink() or folder.is_file():
        raise ModelFolderError(f"{folder} exists and is no folder; give another folder for the model")
    if not folder.exists():
        _check_parent(folder)
        return
    names = {path.name for path in folder.iterdir()}
    if not names:
        return
    if MANIFEST not in names:
        raise ModelFolderError(f"{folder} exists and is no recurra model; give another folder for the model")
    foreign = sorted(names - {MANIFEST} - set(_read_manifest(folder)))
    if foreign:
        raise ModelFolderError(
            f"{folder} is a recurra model with a file of yours in it, {foreign[0]!r}, which would be lost; "
            f"move it away, or give another folder for the model"
        )


def write_model_folder(folder: Path, files: Mapping[str, bytes], /) -> None:
    """Write a model folder in one step: a model that is there stays whole until the new one is complete.

    Parameters
    ----------
    folder
        Where to; see `check_target` for what may be there already.
    files
        The content of each file by its name; the manifest is added.

    Raises
    ------
    ModelFolderError
        If the folder is not free, or cannot be written; nothing of the new model is left then.
    """
    check_target(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".new", dir=folder.parent))
    except OSError as error:
        raise ModelFolderError(f"{folder} cannot be written: {error.strerror}") from None
    try:
        _fill(new, files)
        _put_in_place(new, folder)
    except OSError as error:
        raise ModelFolderError(f"{folder} cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(new, ignore_errors=True)


def read_model_folder(folder: Path, /) -> dict[str, bytes]:
    """Read every file of a model folder and check it against the manifest.

    Returns
    -------
    dict
        The content of each file by its name, without the manifest.

    Raises
    ------
    ModelFolderError
        If the folder is missing, is no model, is from a newer version, or a file is missing or changed.
    """
    if not folder.is_dir():
        raise ModelFolderError(f"there is no model folder {folder}")
    return {name: _read_checked(folder, name, entry) for name, entry in _read_manifest(folder).items()}


def _check_parent(folder: Path) -> None:
    parent = next(path for path in folder.absolute().parents if path.exists())
    if not parent.is_dir():
        raise ModelFolderError(f"{folder} cannot be written: {parent} is no folder")


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.chmod(0o755)  # mkdtemp's folders are for their owner alone
    entries = {name: _entry(content) for name, content in files.items()}
    manifest = {"format": FORMAT, "format_version": FORMAT_VERSION, "files": entries}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _put_in_place(new: Path, folder: Path) -> None:
    """Rename the new folder to its name; where the old one cannot make way, put it back."""
    if not folder.exists():
        new.rename(folder)
        return
    old = new.with_suffix(".old")
    folder.rename(old)
    try:
        new.rename(folder)
    except BaseException:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _entry(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _read_manifest(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / MANIFEST
    if not path.is_file():
        raise ModelFolderError(f"{folder} is no recurra model: it has no {MANIFEST}")
    try:
        manifest = json.loads(path.read_bytes())
        version, files = manifest["format_version"], manifest["files"]
        known = manifest["format"] == FORMAT and isinstance(version, int) and _are_entries(files)
    except (ValueError, KeyError, TypeError):
        known, version, files = False, 0, {}
    if not known:
        raise ModelFolderError(f"{path} is damaged: it is not the manifest of a recurra model")
    if version > FORMAT_VERSION:
        raise ModelFolderError(
            f"{folder} has the format {version}, this recurra reads up to {FORMAT_VERSION}; update recurra"
        )
    return files


def _are_entries(files: Any) -> bool:
    """Say whether the manifest's files are plain names, so that none leads out of the folder."""
    if not isinstance(files, dict):
        return False
    plain = all(name == Path(name).name and name not in ("", ".", "..") for name in files)
    return plain and all({"bytes", "sha256"} <= set(entry) for entry in files.values())


def _read_checked(folder: Path, name: str, entry: Mapping[str, Any]) -> bytes:
    try:
        content = (folder / name).read_bytes()
    except OSError:
        raise ModelFolderError(f"{folder} is incomplete: {name} is missing or cannot be read") from None
    if _entry(content) != {"bytes": entry["bytes"], "sha256": entry["sha256"]}:
        raise ModelFolderError(f"{folder} is damaged: {name} is not as it was written; fit the model again")
    return content
