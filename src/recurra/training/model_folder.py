"""The model folder: what its files say, how it is written whole or not at all and checked when it is read, its lock.

```
config.yaml          the task, every option, recurra's version, the format's version
weights.safetensors  the network's weights
metrics.json         errors, and what the weights were trained on
...                  what the task needs besides
manifest.json        the format's version, and the size and SHA-256 of every other file
```
Nothing in a folder is ever run, and each file is held against a schema, as a stranger may have written it. The manifest
finds damage and missing files; it is no signature.

A folder is first written beside its place, as ".NAME.x.new", flushed to the disk, and then exchanged with what is
there in one step of the system. Where the system has no such step (it is Linux's), the old folder moves out of the way,
to ".NAME.x.old", and the new one in; what is killed between the two is finished when the model is next looked for.
What a killed process left behind is removed when the next model is written. A process that is at work in such a folder
holds a lock on it, so that only what is nobody's is touched.

One process at a time trains into a folder: the locked file ".NAME.lock" beside it says which. The locks
are the system's own, on an open file or folder: the package filelock would leave its file behind, and locks no folders.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import hashlib
import json
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, TypeVar

import safetensors
import safetensors.torch
import torch
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from recurra import __version__
from recurra.data.files import read_regular
from recurra.errors import InputError, ModelFolderError, RecurraError
from recurra.training.distributed import first_process
from recurra.training.meta import without_memory
from recurra.training.option_fields import as_dictionary
from recurra.training.options import TrainingOptions

__all__ = [
    "CELL", "CONFIG", "FORMAT_VERSION", "LARGEST_SIZE", "LARGEST_TEXT", "MANIFEST", "METRICS", "PREDICTIONS", "REPORT",
    "TRAINING", "WEIGHTS", "Content", "Folder", "Metrics", "as_json", "check_target", "config", "find_model", "locked",
    "plain_yaml", "read_model_folder", "validated", "weights", "write_model_folder",
]  # fmt: skip

CONFIG, WEIGHTS, METRICS, TRAINING = "config.yaml", "weights.safetensors", "metrics.json", "training.json"
CELL, REPORT, PREDICTIONS = "cell.json", "report.html", "predictions.csv"

FORMAT = "recurra model"
FORMAT_VERSION = 1
"""Rises when an older recurra could no longer read the folder."""

MANIFEST = "manifest.json"

_WRONG = (
    ValueError, TypeError, RuntimeError, AttributeError, LookupError, ArithmeticError, AssertionError, MemoryError,
    RecurraError, safetensors.SafetensorError,
)  # fmt: skip
"""What the readers of the files raise where the content is not what it should be."""


class Content(BaseModel):
    """What a file holds, field by field: each of exactly its type, and numbers finite unless a field says otherwise."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False, extra="forbid")


Schema = TypeVar("Schema", bound=BaseModel)
Network = TypeVar("Network", bound=torch.nn.Module)


class _Config(Content):
    task: Annotated[str, Field(max_length=100)]
    recurra_version: str
    format_version: int
    data: dict[str, str | None]
    options: dict[str, Any]


class Metrics(Content):
    """What `metrics.json` holds; a model that could not be measured has no scores."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=True)

    class Training(Content):
        """How the training went."""

        model_config = ConfigDict(extra="allow", allow_inf_nan=True)

        best_epoch: int
        epochs: int
        seconds: float
        ended_by: str

    test: dict[str, Any] = {}
    trained_on: dict[str, Any] | str = {}
    training: Training
    parameters: int


def validated(schema: type[Schema], content: Any, /) -> Schema:
    """Return content as its schema has it; raise `ValueError` that says where it is something else.

    What is missing is a `KeyError`.
    """
    try:
        return schema.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "missing":
            raise KeyError(first["loc"][-1]) from None
        where = ".".join(map(str, first["loc"])) or "it"
        raise ValueError(f"{where[:200]} = {str(first['input'])[:60]!r}: {first['msg']}") from None


LARGEST_TEXT = 1 << 16
"""Bytes of a `config.yaml`: it holds options, and YAML is read slowly."""

LARGEST_SIZE = 1 << 16
"""The widest vector that a folder may speak of."""


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases, with which a few lines stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it has an alias (*name), which is not read")
        return super().compose_node(parent, index)


def plain_yaml(content: bytes, /) -> Any:
    """Return what a YAML file holds; raise `ValueError` if it is none, is too long, or has tags or aliases."""
    if len(content) > LARGEST_TEXT:
        raise ValueError(f"it has {len(content):,} bytes, expected {LARGEST_TEXT:,} at most")
    try:
        return yaml.load(content, _PlainLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(str(error).partition("\n")[0]) from None


def as_json(content: Any, /) -> bytes:
    """Return JSON as people read it."""
    # half characters, which are in the names of files that are not UTF-8, become JSON's escapes
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def config(task: str, options: TrainingOptions, /, *, data: Mapping[str, str | None]) -> bytes:
    """Return `config.yaml`: the task, the data that it was fitted on, every option, the versions."""
    content = {
        "task": task,
        "recurra_version": __version__,
        "format_version": FORMAT_VERSION,
        "data": dict(data),
        "options": as_dictionary(options),
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True).encode()


def _shapes(content: bytes) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the tensors in a safetensors file, from its header."""
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    return {name: tuple(entry["shape"]) for name, entry in header.items() if name != "__metadata__"}


def weights(network: torch.nn.Module, /) -> bytes:
    """Return the weights as safetensors; a weight that two modules share is kept under each name."""
    state = {name: value.detach().cpu().contiguous().clone() for name, value in network.state_dict().items()}
    return safetensors.torch.save(state)


@dataclass(frozen=True)
class Folder:
    """A model folder that has been read: where it is, and the content of each file by its name."""

    path: Path
    files: Mapping[str, bytes]

    @classmethod
    def read(cls, path: Path, /) -> Folder:
        """Read a folder; see `read_model_folder`."""
        return cls(path, read_model_folder(path))

    @cached_property
    def config(self) -> dict[str, Any]:
        """What `config.yaml` says."""
        with self.checked("model"):
            return validated(_Config, plain_yaml(self.files[CONFIG])).model_dump()

    @property
    def task(self) -> str:
        """The task's name."""
        return self.config["task"]

    def json(self, name: str, schema: type[Schema], /) -> Schema:
        """Return what a JSON file holds, as its schema says."""
        try:
            return validated(schema, json.loads(self.files[name]))
        except (ValueError, RecursionError) as error:
            raise InputError(f"{name}: {error}") from None

    def load_network(self, build: Callable[[], Network], /) -> Network:
        """Return the network that `build` makes, with the folder's weights.

        It is first made without memory, and its weights compared with those of the file: what a config says is only
        paid for where there are weights of those sizes.
        """
        expected = {name: tuple(value.shape) for name, value in without_memory(build).state_dict().items()}
        found = _shapes(self.files[WEIGHTS])
        for name in (*expected, *found):
            if expected.get(name) != found.get(name):
                raise InputError(
                    f"the weight {name[:200]!r} is {found.get(name, 'not there')}; {CONFIG} asks for "
                    f"{expected.get(name, 'none')}"
                )
        network = build()
        network.load_state_dict(safetensors.torch.load(self.files[WEIGHTS]))
        return network.eval()

    @contextlib.contextmanager
    def checked(self, what: str, /) -> Iterator[None]:
        """Turn what goes wrong in reading the files into a `ModelFolderError` that names the folder."""
        try:
            yield
        except ModelFolderError:
            raise
        except KeyError as error:
            raise ModelFolderError(f"{self.path} is incomplete: it has no {error}") from None
        except RecursionError:
            raise ModelFolderError(f"{self.path} does not hold a {what} that can be read: it is too deep") from None
        except _WRONG as error:
            reason = str(error).partition("\n")[0]
            raise ModelFolderError(f"{self.path} does not hold a {what} that can be read: {reason}") from error


_MOST_FILES, _LARGEST_MANIFEST = 100, 1 << 20
_NEW, _OLD = ".new", ".old"


def check_target(folder: Path, /) -> None:
    """Check that a model may be written to a folder: it is new, empty, or holds nothing but a model.

    Raises
    ------
    ModelFolderError
        If it is something else; the message says what.
    """
    if folder.is_symlink() or folder.is_file():
        raise ModelFolderError(f"{folder} exists and is no folder; give another folder for the model")
    if not find_model(folder):
        parent = next(path for path in folder.absolute().parents if path.exists())
        if not parent.is_dir():
            raise ModelFolderError(f"{folder} cannot be written: {parent} is no folder")
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

    Examples
    --------
    >>> import tempfile
    >>> from recurra.training import find_model, read_model_folder, write_model_folder
    >>> with tempfile.TemporaryDirectory() as parent:
    ...     folder = Path(parent, "model")
    ...     write_model_folder(folder, {"config.yaml": b"cell: GRU"})
    ...     find_model(folder), read_model_folder(folder)
    (True, {'config.yaml': b'cell: GRU'})
    """
    check_target(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        for path in _abandoned(folder):
            shutil.rmtree(path, ignore_errors=True)
        new = Path(tempfile.mkdtemp(prefix=_beside(folder), suffix=_NEW, dir=folder.parent))
        with _held(new):
            try:
                _fill(new, files)
                _put_in_place(new, folder)
            finally:
                shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        raise ModelFolderError(f"{folder} cannot be written: {error.strerror}") from None


def find_model(folder: Path, /) -> bool:
    """Say whether there is something at a model's path, after finishing what a killed process left undone there.

    Only where the path is free, and a whole new or old model lies hidden beside it that is no other process's, is
    something done: that model moves to its place, the new one where there are both.
    """
    if folder.exists():
        return True
    for suffix in (_NEW, _OLD):
        for path in _abandoned(folder):
            if path.suffix == suffix and _is_whole(path):
                with contextlib.suppress(OSError):
                    path.rename(folder)
                    return True
    return folder.exists()


def read_model_folder(folder: Path, /) -> dict[str, bytes]:
    """Read every file of a model folder and check it against the manifest.

    The content of each file is returned by its name, without the manifest.

    Raises
    ------
    ModelFolderError
        If the folder is missing, is no model, is from a newer version, or a file is missing or changed.
    """
    if not find_model(folder) or not folder.is_dir():
        is_file = "; it is a file" * folder.is_file()
        raise ModelFolderError(f"there is no model folder {folder}{is_file}")
    return {name: _read_checked(folder, name, entry) for name, entry in _read_manifest(folder).items()}


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.chmod(0o755)  # mkdtemp's folders are for their owner alone
    entries = {name: _entry(content) for name, content in files.items()}
    manifest = {"format": FORMAT, "format_version": FORMAT_VERSION, "files": entries}
    for name, content in files.items():
        _write_flushed(folder / name, content)
    _write_flushed(folder / MANIFEST, f"{json.dumps(manifest, indent=2)}\n".encode())  # last: with it, it is whole
    _flush_folder(folder)


def _write_flushed(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Have the disk keep the names in a folder, where folders can be opened (not on Windows)."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _put_in_place(new: Path, folder: Path) -> None:
    """Give the new folder its name; the old one, if any, is where the new one was, or gone."""
    exchange = _system_exchange()
    if not folder.exists():
        new.rename(folder)
    elif exchange is None or exchange(os.fsencode(new), os.fsencode(folder)):  # its file system may lack it
        _move_aside(new, folder)
    _flush_folder(folder.parent)


@functools.cache
def _system_exchange() -> Callable[[bytes, bytes], int] | None:
    """Return renameat2 with RENAME_EXCHANGE, which returns 0 if it worked; None where the C library lacks it."""
    if sys.platform != "linux":
        return None
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return None
    at_cwd, exchange = -100, 2
    return lambda one, other: rename(at_cwd, one, at_cwd, other, exchange)


def _move_aside(new: Path, folder: Path) -> None:
    """Rename the old folder, then the new one to its name; where that fails, put the old one back."""
    old = new.with_suffix(_OLD)
    folder.rename(old)
    try:
        new.rename(folder)
    except BaseException:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _beside(folder: Path) -> str:
    """Return how the names of a model's hidden folders begin."""
    return f".{folder.absolute().name}."


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Lock a folder while it is worked in, and say whether that was possible; a killed process lets go of it.

    Where folders cannot be opened (Windows) nothing is locked, and a folder is somebody's for an hour.
    """
    if not hasattr(os, "O_DIRECTORY"):
        yield time.time() - folder.stat().st_mtime > 3600
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield try_lock(handle)
    finally:
        os.close(handle)


def _abandoned(folder: Path) -> Iterator[Path]:
    """Yield the hidden folders beside a model that are no living process's, each locked until the next."""
    parent, begin = folder.absolute().parent, _beside(folder)
    with contextlib.suppress(OSError):
        for path in sorted(parent.iterdir()):
            middle = path.stem.removeprefix(begin)
            if path.name.startswith(begin) and path.suffix in (_NEW, _OLD) and "." not in middle and path.is_dir():
                with _held(path) as is_nobodys:
                    if is_nobodys:
                        yield path


def _is_whole(folder: Path) -> bool:
    try:
        for name, entry in _read_manifest(folder).items():
            _read_checked(folder, name, entry)
    except ModelFolderError:
        return False
    return True


def _entry(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _read_manifest(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / MANIFEST
    if not path.exists():
        raise ModelFolderError(f"{folder} is no recurra model: it has no {MANIFEST}")
    try:
        manifest = json.loads(read_regular(path, largest=_LARGEST_MANIFEST))
        version, files = manifest["format_version"], manifest["files"]
        known = manifest["format"] == FORMAT and type(version) is int and version > 0 and _are_entries(files)
    except (ValueError, LookupError, TypeError, RecursionError):
        known, version, files = False, 0, {}
    except OSError as error:
        raise ModelFolderError(f"{path} cannot be read: {error.strerror or error}") from None
    if not known:
        raise ModelFolderError(f"{path} is damaged: it is not the manifest of a recurra model")
    if version > FORMAT_VERSION:
        raise ModelFolderError(
            f"{folder} has the format {version}, this recurra reads up to {FORMAT_VERSION}; update recurra"
        )
    return files


def _are_entries(files: Any) -> bool:
    """Say whether the manifest's files are plain names, so that none leads out of the folder, with sizes."""
    if not isinstance(files, dict) or len(files) > _MOST_FILES:
        return False
    plain = all(name == Path(name).name and name not in ("", ".", "..") and name.isprintable() for name in files)
    return plain and all(
        isinstance(entry, dict) and type(entry.get("bytes")) is int and isinstance(entry.get("sha256"), str)
        for entry in files.values()
    )


def _read_checked(folder: Path, name: str, entry: Mapping[str, Any]) -> bytes:
    path = folder / name
    if not path.exists() and not path.is_symlink():
        raise ModelFolderError(f"{folder} is incomplete: {name} is missing or cannot be read")
    try:
        content = read_regular(path, largest=max(entry["bytes"], 0))
    except OSError as error:
        raise ModelFolderError(f"{folder} is damaged: {name} cannot be read: {error.strerror or error}") from None
    if _entry(content) != {"bytes": entry["bytes"], "sha256": entry["sha256"]}:
        raise ModelFolderError(f"{folder} is damaged: {name} is not as it was written; fit the model again")
    return content


@contextlib.contextmanager
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
    >>> from recurra.training.model_folder import locked
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
        why = f"its lock {path} is a link" if path.is_symlink() else error.strerror
        raise ModelFolderError(f"{folder} cannot be written: {why}") from None
    try:
        yield
    finally:
        _let_go(path, handle)


def _take(path: Path, folder: Path) -> int:
    """Return the open and locked file."""
    while True:
        # a link in its place, which anybody may make in a shared folder, would have what it leads to emptied
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
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
