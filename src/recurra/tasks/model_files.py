"""The files that the model folder of every task has, and what each says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import safetensors
import safetensors.torch
import torch
import yaml

from recurra import Cell, __version__
from recurra.errors import ModelFolderError, RecurraError
from recurra.tasks.cell_choice import choose_cell
from recurra.training.artefacts import FORMAT_VERSION, read_model_folder
from recurra.training.described import as_dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recurra.tasks.task_options import TaskOptions

__all__ = ["CELL", "CONFIG", "METRICS", "REPORT", "TRAINING", "WEIGHTS", "Folder", "as_json", "config", "weights"]

CONFIG, WEIGHTS, METRICS, TRAINING = "config.yaml", "weights.safetensors", "metrics.json", "training.json"
CELL, REPORT = "cell.json", "report.html"

_WRONG = (
    ValueError,
    TypeError,
    RuntimeError,
    AttributeError,
    RecurraError,
    yaml.YAMLError,
    safetensors.SafetensorError,
)
"""What the readers of the files raise where the content is not what it should be."""


def as_json(content: Any, /) -> bytes:
    """Return JSON as people read it."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


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
        """Read a folder; see `recurra.training.artefacts.read_model_folder`."""
        return cls(path, read_model_folder(path))

    @cached_property
    def config(self) -> dict[str, Any]:
        """What `config.yaml` says."""
        with self.checked("model"):
            return dict(yaml.safe_load(self.files[CONFIG]))

    @property
    def task(self) -> str:
        """The task's name."""
        return str(self.config.get("task"))

    def json(self, name: str, /) -> Any:
        """Return what a JSON file holds."""
        return json.loads(self.files[name])

    def cell(self, name: str, /) -> Cell:
        """Return the model's cell: its own where one is in the folder, else recurra's of that name."""
        return Cell.from_json(self.files[CELL].decode()) if CELL in self.files else choose_cell(name)

    def load_weights(self, network: torch.nn.Module, /) -> None:
        """Give a network the weights."""
        network.load_state_dict(safetensors.torch.load(self.files[WEIGHTS]))
        network.eval()

    @contextmanager
    def checked(self, what: str, /) -> Iterator[None]:
        """Turn what goes wrong in reading the files into a `ModelFolderError` that names the folder."""
        try:
            yield
        except ModelFolderError:
            raise
        except KeyError as error:
            raise ModelFolderError(f"{self.path} is incomplete: it has no {error}") from None
        except _WRONG as error:
            reason = str(error).partition("\n")[0]
            raise ModelFolderError(f"{self.path} does not hold a {what} that can be read: {reason}") from error
