"""What happens beside the training loop: best weights, guards against a bad loss and Ctrl-C, progress."""

from __future__ import annotations

import math
import signal
import threading
from collections.abc import Mapping
from types import FrameType
from typing import Any

import lightning.pytorch as lightning
import torch
from lightning.pytorch.callbacks import Callback
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from torch import Tensor

from recurra.errors import TrainingError

__all__ = ["BestWeights", "EpochProgress", "LossGuard", "StopOnInterrupt", "current_loss"]


def current_loss(trainer: lightning.Trainer, name: str, /) -> float:
    """Return a loss of the current epoch by its name, NaN where it is not known yet."""
    value = trainer.callback_metrics.get(name)
    return float("nan") if value is None else float(value)


class BestWeights(Callback):
    """Keeps, in memory, the weights with the lowest validation loss.

    Attributes
    ----------
    loss
        That loss; infinite before the first validation.
    epoch
        Its epoch, from 1; 0 before the first validation.
    """

    def __init__(self) -> None:
        self.loss = math.inf
        self.epoch = 0
        self._weights: Mapping[str, Tensor] = {}

    def on_validation_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Keep the weights if they are the best so far."""
        loss = current_loss(trainer, "validation_loss")
        if loss < self.loss:
            self.loss, self.epoch = loss, trainer.current_epoch + 1
            self._weights = {name: value.detach().clone() for name, value in pl_module.state_dict().items()}

    def restore(self, module: lightning.LightningModule, /) -> None:
        """Give the module the best weights."""
        module.load_state_dict(dict(self._weights))


class LossGuard(Callback):
    """Ends training when the loss of a batch, or of the validation part, is NaN or infinite."""

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        """Raise `TrainingError` at a loss that is not finite."""
        if not torch.isfinite(outputs["loss"]):
            where = f"epoch {trainer.current_epoch + 1}, step {batch_idx + 1}"
            raise TrainingError(_not_finite("loss", float(outputs["loss"]), where))

    def on_validation_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Raise `TrainingError` at a validation loss that is not finite."""
        loss = current_loss(trainer, "validation_loss")
        if not math.isfinite(loss):
            raise TrainingError(_not_finite("validation loss", loss, f"epoch {trainer.current_epoch + 1}"))


def _not_finite(name: str, value: float, where: str) -> str:
    return f"the {name} is {value} at {where}; a smaller learning rate or a smaller clip may help"


class StopOnInterrupt(Callback):
    """Turns the first Ctrl-C into a stop after the current batch, so that the best weights are kept.

    A second Ctrl-C interrupts the batch. Outside the main thread nothing is changed, since only there a
    program hears of Ctrl-C.

    Attributes
    ----------
    interrupted
        Whether there was one.
    """

    def __init__(self) -> None:
        self.interrupted = False
        self._previous: Any = None

    def __enter__(self) -> StopOnInterrupt:
        if threading.current_thread() is threading.main_thread():
            self._previous = signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        if self._previous is not None:
            signal.signal(signal.SIGINT, self._previous)

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        """Ask the loop to stop, which it does after a validation."""
        trainer.should_stop = trainer.should_stop or self.interrupted

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.interrupted = True
        signal.signal(signal.SIGINT, self._previous)


class EpochProgress(Callback):
    """One line of 80 columns: epochs, training loss, validation loss, the best epoch so far, time."""

    def __init__(self, *, epochs: int, best: BestWeights) -> None:
        self._best = best
        self._epochs = epochs
        self._task = TaskID(0)
        self._progress = Progress(
            TextColumn("epoch {task.completed:.0f}/{task.total:.0f}"),
            BarColumn(bar_width=6),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
        )

    def on_fit_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Show the line."""
        self._task = self._progress.add_task("", total=self._epochs)
        self._progress.start()

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Bring the line up to date."""
        train, validation = current_loss(trainer, "train_loss"), current_loss(trainer, "validation_loss")
        text = f"train loss {train:.3f}  validation loss {validation:.3f}  best {self._best.epoch}"
        self._progress.update(self._task, completed=trainer.current_epoch + 1, description=text)

    def teardown(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, stage: str) -> None:
        """Leave the line as it is."""
        self._progress.stop()
