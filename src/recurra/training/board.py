"""A log that TensorBoard reads."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lightning.pytorch as lightning
from lightning.pytorch.callbacks import Callback

from recurra.errors import InputError
from recurra.training.history import History

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

__all__ = ["BoardLog"]


class BoardLog(Callback):
    """Writes the rows of the history to a TensorBoard log.

    Raises
    ------
    InputError
        If tensorboard is not installed, or the folder cannot be written.
    """

    def __init__(self, folder: Path, /, *, history: History) -> None:
        self._writer = _writer(folder)
        self._history = history
        self._last = 0.0

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        """Write the newest row of the steps, if there is one."""
        rows = self._history.steps
        if rows and rows[-1]["step"] > self._last:
            self._last = rows[-1]["step"]
            self._write(rows[-1], ("train_loss", "learning_rate", "gradient_norm"), group="training")

    def on_validation_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Write the newest validation."""
        row = self._history.validations[-1]
        self._write(row, [name for name in row if name not in ("epoch", "step", "seconds")], group="validation")

    def teardown(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, stage: str) -> None:
        """Close the log."""
        self._writer.close()

    def _write(self, row: dict[str, float], names: Iterable[str], *, group: str) -> None:
        for name in names:
            self._writer.add_scalar(f"{group}/{name}", row[name], global_step=int(row["step"]))


def _writer(folder: Path) -> SummaryWriter:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise InputError(
            f"a log for TensorBoard in {folder} needs the package tensorboard: pip install tensorboard"
        ) from None
    try:
        return SummaryWriter(str(folder))
    except OSError as error:
        raise InputError(f"{folder} cannot be written: {error.strerror}") from None
