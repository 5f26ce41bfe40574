"""The bookkeeping of passes: epochs are counted, carried states are reset, validations are written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lightning.pytorch as lightning
from lightning.pytorch.callbacks import Callback

from recurra.training.course import Course

if TYPE_CHECKING:
    from recurra.training.learner import Learner

__all__ = ["Passes"]


class Passes(Callback):
    """Keeps the position and the carried states right at the borders of passes. Comes before other callbacks."""

    def __init__(self, course: Course, /) -> None:
        self._course = course
        self._set_aside: Any = None

    def on_train_epoch_start(self, trainer: lightning.Trainer, pl_module: Learner) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Begin an epoch with nothing carried, unless it goes on from its middle."""
        if not self._course.position.batch:
            pl_module.carried = None

    def on_validation_start(self, trainer: lightning.Trainer, pl_module: Learner) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Set aside what training carries."""
        self._set_aside, pl_module.carried = pl_module.carried, None

    def on_validation_end(self, trainer: lightning.Trainer, pl_module: Learner) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Give training back what it carries, and write the measures down."""
        pl_module.carried, self._set_aside = self._set_aside, None
        position = self._course.position
        self._course.history.add_validation(
            step=position.step, epoch=position.epoch + 1, seconds=position.seconds, measures=pl_module.measures
        )

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Count the epoch, unless it was cut short."""
        if not self._course.in_mid_epoch:
            self._course.position.complete_epoch()
