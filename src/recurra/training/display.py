"""What a training says of itself: a live line on a terminal, lines in a log, and a log that TensorBoard reads."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from recurra.errors import InputError
from recurra.training.distributed import first_process
from recurra.training.state import TrainingState

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

__all__ = ["BoardLog", "EpochLines", "Event", "LiveLine", "observers"]

Event = Literal["begin", "step", "validation", "epoch", "end"]
"""What has just been: an observer is called with it, and reads the rest from the state of the training."""

_BETWEEN = 0.25
"""Seconds between two refreshes of the line."""


@contextmanager
def observers(
    state: TrainingState, /, *, progress: bool, tensorboard: Path | None
) -> Iterator[Callable[[Event], None]]:
    """Make what a training is shown by, and yield what tells all of it of an event; it is closed in any case.

    Of several processes, the first one alone shows anything.

    Raises
    ------
    InputError
        If tensorboard is not installed, or its folder cannot be written.
    """
    shown: list[Callable[[Event], None]] = []
    if progress and first_process():
        shown.append(LiveLine(state) if sys.stderr.isatty() else EpochLines(state))
    if tensorboard is not None and first_process():
        shown.append(BoardLog(tensorboard, state=state))

    def tell(event: Event) -> None:
        for each in shown:
            each(event)

    tell("begin")
    try:
        yield tell
    finally:
        tell("end")


class LiveLine:
    """One line: epoch, step, loss, learning rate, the last validation and the best, time left of the epoch and all."""

    def __init__(self, state: TrainingState, /) -> None:
        from rich.console import Console  # which a training without a terminal does not need
        from rich.progress import BarColumn, Progress, TextColumn

        columns = TextColumn("{task.fields[place]}"), BarColumn(bar_width=6), TextColumn("{task.description}")
        self._state, self._first_step = state, state.step
        self._progress = Progress(*columns, console=Console(stderr=True), auto_refresh=False)
        self._task = self._progress.add_task("", total=state.most_steps, completed=state.step, place="")
        self._shown, self._began = 0.0, time.monotonic()

    def __call__(self, event: Event) -> None:
        """Bring the line up to date, if it is time."""
        if event == "begin":
            self._progress.start()
        elif event == "epoch" or (event == "step" and time.monotonic() - self._shown >= _BETWEEN):
            self._show()
        elif event == "end":
            self._progress.stop()

    def _show(self) -> None:
        state = self._state
        self._shown = time.monotonic()
        rates = f"loss {state.last_loss:.3g} rate {state.current_rate:.2g}"
        self._progress.update(
            self._task,
            completed=state.step,
            place=f"epoch {state.epochs_begun}/{state.options.epochs} step {state.batch}/{state.batches}",
            description=f"{rates}{_validated(state)} {self._left()}",
            refresh=True,
        )

    def _left(self) -> str:
        """Return how long the epoch and the whole training still take, if no limit ends them."""
        state = self._state
        a_step = (time.monotonic() - self._began) / max(1, state.step - self._first_step)
        epoch = (state.batches - state.batch) * a_step
        every = (state.most_steps - state.step) * a_step
        if state.options.minutes:
            every = min(every, 60 * state.options.minutes - state.seconds)
        return f"left {_clock(min(epoch, every))}/{_clock(every)}"


class EpochLines:
    """A line an epoch, at most one a second and always the last: for logs, where nothing can be redrawn."""

    def __init__(self, state: TrainingState, /) -> None:
        self._state, self._said, self._waiting = state, 0.0, ""

    def __call__(self, event: Event) -> None:
        """Say how the epoch went; at the end, the last one that waits."""
        if event == "epoch":
            state = self._state
            self._waiting = (
                f"epoch {state.epochs_begun}/{state.options.epochs}  loss {state.last_loss:.4g}  "
                f"rate {state.current_rate:.3g}{_validated(state)}  {_clock(state.seconds)}"
            )
        if self._waiting and (event == "end" or time.monotonic() - self._said >= 1):
            sys.stderr.write(f"{self._waiting}\n")
            self._said, self._waiting = time.monotonic(), ""


class BoardLog:
    """Writes the rows of the history to a TensorBoard log."""

    def __init__(self, folder: Path, /, *, state: TrainingState) -> None:
        self._writer, self._state, self._last = _writer(folder), state, 0.0

    def __call__(self, event: Event) -> None:
        """Write the newest row, if there is one."""
        rows = self._state.history.steps
        if event == "step" and rows and rows[-1]["step"] > self._last:
            self._last = rows[-1]["step"]
            self._write(rows[-1], ("train_loss", "learning_rate", "gradient_norm"), group="training")
        elif event == "validation":
            row = self._state.history.validations[-1]
            self._write(row, [name for name in row if name not in ("epoch", "step", "seconds")], group="validation")
        elif event == "end":
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


def _validated(state: TrainingState) -> str:
    """Return what the last validation found beside the best one and its epoch; nothing before the first."""
    if not state.best.epoch:
        return ""
    last = "" if state.last_value is None else f" valid {state.last_value:.4g}"
    return f"{last} best {state.best_value:.4g} ({state.best.epoch})"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
