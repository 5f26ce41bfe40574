"""Checkpoints: the last state of a training and its best weights, beside the model until that is complete.

```
last.safetensors       everything that the next step depends on
best-STEP.safetensors  the best weights so far
```
Both are a tree of plain values and tensors as one safetensors file: what torch.save does, without pickle.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor
from torch.optim import Optimizer

from recurra.errors import InputError, ModelFolderError
from recurra.nn.carried_state import CarriedState
from recurra.training.distributed import agree, everyones, first_process
from recurra.training.learner import Learner
from recurra.training.option_fields import as_dictionary
from recurra.training.options import TrainingOptions
from recurra.training.state import TrainingState

__all__ = [
    "Checkpoints", "checkpoint_folder", "has_checkpoint", "read_checkpoint", "read_tree", "remove_checkpoints",
    "write_tree",
]  # fmt: skip

LAST = "last.safetensors"
SECONDS_BETWEEN = 300
"""Seconds after which a state is written in the middle of an epoch."""

_SHARE = 0.02
"""Most of the time that goes into checkpoints after epochs."""

_MAY_DIFFER = frozenset({"epochs", "max_steps", "minutes", "patience", "min_delta"})
"""Options that say when to stop, not what a step does."""

_FORMAT = "recurra tree 2"
"""Of the files, and of what a training keeps in them."""


def checkpoint_folder(model: Path, /) -> Path:
    """Return where the checkpoints of a model folder lie while it is trained: "model.training" beside "model"."""
    return model.with_name(f"{model.name}.training")


def has_checkpoint(folder: Path, /) -> bool:
    """Say whether a training can be taken up from a folder of checkpoints."""
    return (folder / LAST).is_file()


def remove_checkpoints(folder: Path, /) -> None:
    """Remove the checkpoints of a training whose model is complete, and nothing else."""
    for path in [folder / LAST, *folder.glob("best-*.safetensors"), *_unfinished(folder)]:
        path.unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        shutil.rmtree(folder, ignore_errors=True)


def read_checkpoint(folder: Path, /, *, options: TrainingOptions, batches: int) -> dict[str, Any]:
    """Read the last state of a training.

    Raises
    ------
    ModelFolderError
        If there is none, or it is damaged.
    InputError
        If it is of a training with other options, or of other data.
    """
    if not has_checkpoint(folder):
        raise ModelFolderError(f"there is no training to resume in {folder}; fit without resume = True to begin one")
    state = read_tree(folder / LAST)
    _check_identity(state["identity"], _identity(options, batches), folder)
    best = folder / _best_name(state["best"]["step"])
    state["best_weights"] = read_tree(best) if state["best"]["step"] else {}
    return state


class Checkpoints:
    """Writes the state after epochs, every few minutes within one, at the first Ctrl-C, and at the end.

    Where epochs are short, not after every one: what is written takes at most a fiftieth of the time.

    What the disk refuses is told as a warning: the training goes on, and the state before stays whole.

    Parameters
    ----------
    folder
        Where; None writes nothing.
    learner, optimiser, state
        What is written.
    """

    def __init__(self, folder: Path | None, learner: Learner, optimiser: Optimizer, /, *, state: TrainingState) -> None:
        self._folder, self._learner, self._optimiser, self._state = folder, learner, optimiser, state
        self._written, self._took = time.monotonic(), 0.0

    def after_step(self) -> None:
        """Write the state in the middle of an epoch, when it is time or there was a Ctrl-C."""
        if self._folder is None or not self._state.in_mid_epoch:
            return  # the validation comes first
        is_time = time.monotonic() - self._written > SECONDS_BETWEEN and len(everyones(None)) == 1
        if is_time or self._state.reached == "interrupt":
            self._save(self._folder)

    def after_epoch(self, *, is_over: bool) -> None:
        """Write the state after an epoch, with which the training may be over.

        Where Ctrl-C cut it short, the validation after it is no part of the training that will be taken up.
        """
        if self._folder is None or (self._state.in_mid_epoch and self._state.reached == "interrupt"):
            return
        if is_over or agree(time.monotonic() - self._written >= self._took / _SHARE):
            self._save(self._folder)

    def _save(self, folder: Path) -> None:
        began = time.monotonic()
        state = self._whole_state()
        if first_process():
            try:
                self._write(folder, state)
            except OSError as error:
                warnings.warn(
                    f"no checkpoint could be written to {folder} ({error.strerror}); the training goes on",
                    RuntimeWarning,
                    stacklevel=2,
                )
        self._written = time.monotonic()
        self._took = self._written - began

    def _whole_state(self) -> dict[str, Any]:
        """Return everything that the next step depends on."""
        own = {"random": torch.get_rng_state(), "carried": self._learner.carried}
        return {
            "identity": _identity(self._state.options, self._state.batches),
            "weights": dict(self._learner.state_dict()),
            "optimiser": self._optimiser.state_dict(),
            "processes": everyones(own),
            **self._state.state_dict(),
        }

    def _write(self, folder: Path, state: Mapping[str, Any]) -> None:
        """Write the best weights, then the state that names them; only then are older ones of no use."""
        folder.mkdir(parents=True, exist_ok=True)
        best = self._state.best
        name = _best_name(best.step)
        if best.step and not (folder / name).exists():
            write_tree(folder / name, dict(best.weights))
        write_tree(folder / LAST, state)
        for path in [*folder.glob("best-*.safetensors"), *_unfinished(folder)]:
            if path.name != name:
                path.unlink()


def _unfinished(folder: Path) -> Iterator[Path]:
    """Yield what processes that were killed in the middle of `write_tree` have left of checkpoints."""
    for name in (LAST, "best-*.safetensors"):
        yield from folder.glob(f".{name}.*")


def _best_name(step: int) -> str:
    return f"best-{step}.safetensors"


def _identity(options: TrainingOptions, batches: int) -> dict[str, str]:
    """Return what has to be the same when a training is taken up."""
    chosen = {name: repr(value) for name, value in as_dictionary(options).items() if name not in _MAY_DIFFER}
    return {**chosen, "batches of the first epoch": str(batches)}


def _check_identity(found: dict[str, str], wanted: dict[str, str], folder: Path) -> None:
    for name in sorted(found.keys() | wanted.keys()):
        if found.get(name) != wanted.get(name):
            raise InputError(
                f"{name} = {wanted.get(name)}: the training in {folder} has {found.get(name)}; resume it with the same "
                f"data and options (only {', '.join(sorted(_MAY_DIFFER))} may differ), or fit without resume = True"
            )


def write_tree(path: Path, tree: Any, /) -> None:
    """Write a tree to a file in one step: what was there stays until the new file is complete.

    Parameters
    ----------
    path
        The file; its folder must exist.
    tree
        None, bool, int, float, str, tensors, `CarriedState`, and lists, tuples and dictionaries of these. Tensors
        stand in the file as they are, the rest as JSON in its header.

    Raises
    ------
    OSError
        If it cannot be written; nothing of it is left then.
    """
    tensors: dict[str, Tensor] = {}
    header = {"format": _FORMAT, "tree": json.dumps(_encoded(tree, tensors))}
    content = safetensors.torch.save(tensors, metadata=header)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_tree(path: Path, /) -> Any:
    """Read a tree that `write_tree` wrote; nothing in the file is run.

    Raises
    ------
    ModelFolderError
        If the file is missing or is something else.
    """
    try:
        with safe_open(path, "pt") as file:
            header = file.metadata() or {}
            if header.get("format") != _FORMAT:
                raise ModelFolderError(f"{path} is no checkpoint of recurra, or one of another version")
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dictionary
            return _decoded(json.loads(header["tree"]), tensors)
    except OSError as error:
        raise ModelFolderError(f"{path} cannot be read: {error.strerror or error}") from None
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, ModelFolderError):
            raise
        raise ModelFolderError(f"{path} is damaged: {error}") from None


def _encoded(value: Any, tensors: dict[str, Tensor]) -> Any:
    """Return a value as JSON has it, and put its tensors under numbers."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Tensor():
            name = str(len(tensors))
            tensors[name] = value.detach().to("cpu", copy=True).contiguous()
            return {"tensor": name}
        case CarriedState():
            return {"carried": [_encoded(each, tensors) for each in value]}
        case list():
            return [_encoded(each, tensors) for each in value]
        case tuple():
            return {"tuple": [_encoded(each, tensors) for each in value]}
        case dict():
            return {"pairs": [[_encoded(key, tensors), _encoded(each, tensors)] for key, each in value.items()]}
    raise TypeError(f"a checkpoint cannot hold {type(value).__name__}: {value!r}")


def _decoded(value: Any, tensors: dict[str, Tensor]) -> Any:
    if isinstance(value, list):
        return [_decoded(each, tensors) for each in value]
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = value.items()
    match kind:
        case "tensor":
            return tensors[inner]
        case "carried":
            return CarriedState([_decoded(each, tensors) for each in inner])
        case "tuple":
            return tuple(_decoded(each, tensors) for each in inner)
        case "pairs":
            return {_decoded(key, tensors): _decoded(each, tensors) for key, each in inner}
    raise ValueError(f"unknown node {kind!r}")
