"""How far a training has come: epochs, batches, steps, seconds."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import dataclass

__all__ = ["Position"]


@dataclass(kw_only=True)
class Position:
    """How far a training has come; the one value that every part of the loop reads and the step advances.

    Attributes
    ----------
    epoch, batch
        Epochs completed, and batches of the epoch after them.
    step
        Batches in all.
    before
        Seconds that the training took before it was taken up again.
    """

    epoch: int = 0
    batch: int = 0
    step: int = 0
    before: float = 0.0
    _began: float = dataclasses.field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Seconds of training so far."""
        return self.before + time.monotonic() - self._began

    @property
    def epochs_begun(self) -> int:
        """Epochs completed, and the one that is not."""
        return self.epoch + bool(self.batch)

    def begin(self) -> None:
        """Let the seconds count from now."""
        self._began = time.monotonic()

    def advance(self) -> None:
        """Count a batch."""
        self.batch += 1
        self.step += 1

    def complete_epoch(self) -> None:
        """Count an epoch."""
        self.epoch += 1
        self.batch = 0

    def state_dict(self) -> dict[str, float]:
        """Return the numbers, for a checkpoint."""
        return {"epoch": self.epoch, "batch": self.batch, "step": self.step, "seconds": self.seconds}

    @classmethod
    def from_state(cls, state: dict[str, float], /) -> Position:
        """Return the position that `state_dict` wrote down."""
        return cls(
            epoch=int(state["epoch"]), batch=int(state["batch"]), step=int(state["step"]), before=state["seconds"]
        )
