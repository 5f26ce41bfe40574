"""A trained model and the folder that holds it: the files that every task has, and what each says."""

from __future__ import annotations

import abc
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

import safetensors
import safetensors.torch
import torch
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from recurra import Cell, __version__
from recurra.errors import InputError, ModelFolderError, RecurraError
from recurra.tasks.cell_choice import stored_cell
from recurra.tasks.model_folder import FORMAT_VERSION, read_model_folder
from recurra.tasks.options import TaskOptions
from recurra.training.option_fields import as_dictionary

__all__ = [
    "CELL", "CONFIG", "LARGEST_SIZE", "LARGEST_TEXT", "METRICS", "PREDICTIONS", "REPORT", "TRAINING", "WEIGHTS",
    "Content", "Folder", "Metrics", "TaskModel", "as_json", "config", "plain_yaml", "validated", "weights",
]  # fmt: skip

CONFIG, WEIGHTS, METRICS, TRAINING = "config.yaml", "weights.safetensors", "metrics.json", "training.json"
CELL, REPORT, PREDICTIONS = "cell.json", "report.html", "predictions.csv"

_WRONG = (
    ValueError,
    TypeError,
    RuntimeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    AssertionError,
    MemoryError,
    RecurraError,
    safetensors.SafetensorError,
)
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


def config(task: str, options: TaskOptions, /, *, data: Mapping[str, str | None]) -> bytes:
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
    """A model folder that has been read.

    Attributes
    ----------
    path
    files
        The content of each file by its name.
    """

    path: Path
    files: Mapping[str, bytes]

    @classmethod
    def read(cls, path: Path, /) -> Folder:
        """Read a folder; see `recurra.tasks.model_folder.read_model_folder`."""
        return cls(path, read_model_folder(path))

    @cached_property
    def config(self) -> dict[str, Any]:
        """What `config.yaml` says."""
        with self.checked("model"):
            return validated(_Config, plain_yaml(self.files[CONFIG])).model_dump()

    @property
    def task(self) -> str:
        """The task's name."""
        return str(self.config.get("task"))

    def json(self, name: str, schema: type[Schema], /) -> Schema:
        """Return what a JSON file holds, as its schema says."""
        try:
            return validated(schema, json.loads(self.files[name]))
        except (ValueError, RecursionError) as error:
            raise InputError(f"{name}: {error}") from None

    def cell(self, name: str, /) -> Cell:
        """Return the model's cell: its own where one is in the folder, else recurra's of that name."""
        return stored_cell(name, self.files.get(CELL))

    def load_network(self, build: Callable[[], Network], /) -> Network:
        """Return the network that `build` makes, with the folder's weights.

        It is first made without memory, and its weights compared with those of the file: what a config says is only
        paid for where there are weights of those sizes.
        """
        with torch.device("meta"):
            expected = {name: tuple(value.shape) for name, value in build().state_dict().items()}
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

    @contextmanager
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


@dataclass(frozen=True, kw_only=True, eq=False)
class TaskModel(abc.ABC):
    """What a trained model is: all that its folder holds, but for how it was trained. Each task adds its own.

    Attributes
    ----------
    options
        With what was left open filled in from the data.
    cell, network
        The cell, and the network, which a training changes in place.
    """

    options: TaskOptions
    cell: Cell
    network: torch.nn.Module

    @abc.abstractmethod
    def to_files(self) -> dict[str, bytes]:
        """Return the task's own files of the model folder by name."""

    @classmethod
    @abc.abstractmethod
    def from_files(cls, folder: Folder, /, *, options: Any, cell: Cell) -> Self:
        """Return the model whose own files `to_files` wrote, with the folder's weights.

        Raises
        ------
        ModelFolderError
            If a file is something else than it should be, or they do not fit together.
        """
