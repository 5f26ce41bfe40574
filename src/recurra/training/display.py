"""What a training says of itself on the terminal."""

from __future__ import annotations

import sys
import time
from typing import Any

import lightning.pytorch as lightning
from lightning.pytorch.callbacks import Callback
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from recurra.training.best import BestWeights
from recurra.training.course import Course

__all__ = ["EpochLines", "LiveLine", "display"]

_BETWEEN = 0.25
"""Seconds between two refreshes of the line."""


def display(course: Course, /, *, best: BestWeights) -> Callback:
    """Return the live line where stderr is a terminal, else lines for a log."""
    return LiveLine(course, best=best) if sys.stderr.isatty() else EpochLines(course, best=best)


class LiveLine(Callback):
    """One line: epoch, step, loss, learning rate, the last validation and the best, time left of the epoch and all."""

    def __init__(self, course: Course, /, *, best: BestWeights) -> None:
        self._course, self._best = course, best
        self._task, self._shown = TaskID(0), 0.0
        self._first_step = course.position.step
        columns = TextColumn("{task.fields[place]}"), BarColumn(bar_width=6), TextColumn("{task.description}")
        self._progress = Progress(*columns, console=Console(stderr=True), auto_refresh=False)

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Show the line."""
        course = self._course
        self._task = self._progress.add_task("", total=course.steps, completed=self._first_step, place="")
        self._began = time.monotonic()
        self._progress.start()

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        """Bring the line up to date, if it is time."""
        now = time.monotonic()
        if now - self._shown >= _BETWEEN:
            self._shown = now
            self._show()

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Bring the line up to date."""
        self._show()

    def teardown(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, stage: str) -> None:
        """Leave the line as it is."""
        self._progress.stop()

    def _show(self) -> None:
        course, position = self._course, self._course.position
        rates = f"loss {course.last_loss:.3g} rate {course.current_rate:.2g}"
        self._progress.update(
            self._task,
            completed=position.step,
            place=f"epoch {position.epochs_begun}/{course.options.epochs} step {position.batch}/{course.batches}",
            description=f"{rates}{_validated(self._best)} {self._left()}",
            refresh=True,
        )

    def _left(self) -> str:
        """Return how long the epoch and the whole training still take, if no limit ends them."""
        course, position = self._course, self._course.position
        done = max(1, position.step - self._first_step)
        a_step = (time.monotonic() - self._began) / done
        epoch = (course.batches - position.batch) * a_step
        every = (course.steps - position.step) * a_step
        if course.options.minutes:
            every = min(every, 60 * course.options.minutes - position.seconds)
        return f"left {_clock(min(epoch, every))}/{_clock(every)}"


class EpochLines(Callback):
    """A line an epoch, at most one a second and always the last: for logs, where nothing can be redrawn."""

    def __init__(self, course: Course, /, *, best: BestWeights) -> None:
        self._course, self._best = course, best
        self._said, self._waiting = 0.0, ""

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Say how the epoch went."""
        course = self._course
        self._waiting = (
            f"epoch {course.position.epochs_begun}/{course.options.epochs}  loss {course.last_loss:.4g}  "
            f"rate {course.current_rate:.3g}{_validated(self._best)}  {_clock(course.position.seconds)}"
        )
        if time.monotonic() - self._said >= 1:
            self._say()

    def on_train_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Say the last epoch, if it waits."""
        self._say()

    def _say(self) -> None:
        if self._waiting:
            sys.stderr.write(f"{self._waiting}\n")
        self._said, self._waiting = time.monotonic(), ""


def _validated(best: BestWeights) -> str:
    """Return what the last validation found beside the best one and its epoch; nothing before the first."""
    if not best.epoch:
        return ""
    last = "" if best.last is None else f" valid {best.last:.4g}"
    return f"{last} best {best.value:.4g} ({best.epoch})"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
