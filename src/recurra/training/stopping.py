"""What ends a training before its last epoch: Ctrl-C, a number of steps or of minutes, somebody who watches it."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any, Literal

import lightning.pytorch as lightning
from lightning.pytorch.callbacks import Callback

from recurra.training.course import Course
from recurra.training.distributed import agree

__all__ = ["Ending", "Interrupt", "Limits"]

Ending = Literal["patience", "epochs", "steps", "minutes", "interrupt", "watch", "loss"]
"""Why a training ended."""


class Interrupt:
    """Hears the first Ctrl-C, which ends the training after the current batch; the second one ends the batch.

    Outside the main thread nothing is changed, since only there a program hears of Ctrl-C.

    Attributes
    ----------
    heard
        Whether there was one.
    """

    def __init__(self) -> None:
        self.heard = False
        self._previous: Any = None

    def __enter__(self) -> Interrupt:
        if threading.current_thread() is threading.main_thread():
            self._previous = signal.signal(signal.SIGINT, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        if self._previous is not None:
            signal.signal(signal.SIGINT, self._previous)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.heard = True
        signal.signal(signal.SIGINT, self._previous)


class Limits(Callback):
    """Asks the loop to stop, which it does after a validation.

    Attributes
    ----------
    reached
        Which limit it was, None while there is none.
    """

    def __init__(self, course: Course, /, *, interrupt: Interrupt) -> None:
        self.reached: Literal["steps", "minutes", "interrupt", "watch"] | None = None
        self._course, self._interrupt = course, interrupt

    @property
    def heard(self) -> bool:
        """Whether this process heard a Ctrl-C."""
        return self._interrupt.heard

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        """Look at the limits."""
        options, position = self._course.options, self._course.position
        if agree(self._interrupt.heard):
            self.reached = "interrupt"
        elif options.minutes and agree(position.seconds > 60 * options.minutes):
            self.reached = "minutes"
        elif options.max_steps and position.step >= options.max_steps:
            self.reached = "steps"
        trainer.should_stop = trainer.should_stop or self.reached is not None
