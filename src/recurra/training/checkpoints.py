"""Checkpoints: the last state of a training and its best weights, beside the model until that is complete.

```
last.safetensors       everything that the next step depends on
best-STEP.safetensors  the best weights so far
```
Lightning's own checkpoints are pickles, and taken up in the middle of an epoch they depend on its loops' inner counts.
Here a training that is taken up is for Lightning a new one, whose first pass begins where the last one left off.
"""

from __future__ import annotations

import shutil
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lightning.pytorch as lightning
import torch
from lightning.pytorch.callbacks import Callback

from recurra.errors import InputError, ModelFolderError
from recurra.training.distributed import agree, everyones, first_process
from recurra.training.option_fields import as_dictionary
from recurra.training.options import TrainingOptions
from recurra.training.parts import Parts
from recurra.training.tree import read_tree, write_tree

if TYPE_CHECKING:
    from recurra.training.learner import Learner

__all__ = ["Checkpoints", "checkpoint_folder", "has_checkpoint", "read_checkpoint", "remove_checkpoints"]

LAST = "last.safetensors"
SECONDS_BETWEEN = 300
"""Seconds after which a state is written in the middle of an epoch."""

_SHARE = 0.02
"""Most of the time that goes into checkpoints after epochs."""

_MAY_DIFFER = frozenset({"epochs", "max_steps", "minutes", "patience", "min_delta"})
"""Options that say when to stop, not what a step does."""


def checkpoint_folder(model: Path, /) -> Path:
    """Return where the checkpoints of a model folder lie while it is trained: "model.training" beside "model"."""
    return model.with_name(f"{model.name}.training")


def has_checkpoint(folder: Path, /) -> bool:
    """Say whether a training can be taken up from a folder of checkpoints."""
    return (folder / LAST).is_file()


def remove_checkpoints(folder: Path, /) -> None:
    """Remove the checkpoints of a training whose model is complete, and nothing else."""
    for path in [folder / LAST, *folder.glob("best-*.safetensors")]:
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
        raise ModelFolderError(f"there is no training to resume in {folder}; fit without resume to begin one")
    state = read_tree(folder / LAST)
    _check_identity(state["identity"], _identity(options, batches), folder)
    best = folder / _best_name(state["best"]["step"])
    state["best_weights"] = read_tree(best) if state["best"]["step"] else {}
    return state


class Checkpoints(Callback):
    """Writes the state after epochs, every few minutes within one, at the first Ctrl-C, and at the end.

    Where epochs are short, not after every one: what is written takes at most a fiftieth of the time.

    What the disk refuses is told as a warning: the training goes on, and the state before stays whole.
    """

    def __init__(self, folder: Path, parts: Parts, /) -> None:
        self._folder, self._parts = folder, parts
        self._written, self._took = time.monotonic(), 0.0

    def on_train_batch_end(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, trainer: lightning.Trainer, pl_module: Learner, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Write the state in the middle of an epoch, when it is time or there was a Ctrl-C."""
        if not self._parts.course.in_mid_epoch:
            return  # the validation comes first
        is_time = time.monotonic() - self._written > SECONDS_BETWEEN and trainer.world_size == 1
        if is_time or self._parts.limits.reached == "interrupt":
            self._save(pl_module)

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: Learner) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Write the state after an epoch.

        Where Ctrl-C cut it short, the validation after it is no part of the training that will be taken up.
        """
        course, limits = self._parts.course, self._parts.limits
        if course.in_mid_epoch and limits.reached == "interrupt":
            return
        is_last = trainer.should_stop or course.position.epoch >= course.options.epochs
        if is_last or agree(time.monotonic() - self._written >= self._took / _SHARE):
            self._save(pl_module)

    def _save(self, learner: Learner) -> None:
        began = time.monotonic()
        state = _state(self._parts, learner)
        if first_process():
            try:
                self._write(state)
            except OSError as error:
                warnings.warn(
                    f"no checkpoint could be written to {self._folder} ({error.strerror}); the training goes on",
                    RuntimeWarning,
                    stacklevel=2,
                )
        self._written = time.monotonic()
        self._took = self._written - began

    def _write(self, state: dict[str, Any]) -> None:
        """Write the best weights, then the state that names them; only then are older ones of no use."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = _best_name(self._parts.best.step)
        if self._parts.best.step and not (self._folder / name).exists():
            write_tree(self._folder / name, dict(self._parts.best.weights))
        write_tree(self._folder / LAST, state)
        for path in self._folder.glob("best-*.safetensors"):
            if path.name != name:
                path.unlink()


def _best_name(step: int) -> str:
    return f"best-{step}.safetensors"


def _state(parts: Parts, learner: Learner) -> dict[str, Any]:
    own = {"random": torch.get_rng_state(), "carried": learner.carried}
    return {
        "identity": _identity(parts.course.options, parts.course.batches),
        "rate": parts.course.rate,
        "position": parts.course.position.state_dict(),
        "course": parts.course.state_dict(),
        "weights": dict(learner.state_dict()),
        "optimiser": learner.trainer.optimizers[0].state_dict(),
        "processes": everyones(own),
        **parts.counts(),
    }


def _identity(options: TrainingOptions, batches: int) -> dict[str, str]:
    """Return what has to be the same when a training is taken up."""
    chosen = {name: repr(value) for name, value in as_dictionary(options).items() if name not in _MAY_DIFFER}
    return {**chosen, "batches of the first epoch": str(batches)}


def _check_identity(found: dict[str, str], wanted: dict[str, str], folder: Path) -> None:
    for name in sorted(found.keys() | wanted.keys()):
        if found.get(name) != wanted.get(name):
            raise InputError(
                f"{name} = {wanted.get(name)}: the training in {folder} has {found.get(name)}; resume it with the same "
                f"data and options (only {', '.join(sorted(_MAY_DIFFER))} may differ), or fit without resume"
            )
