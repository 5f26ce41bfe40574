"""How often the validation has stood still: the schedule "plateau" cuts the rate as often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lightning.pytorch as lightning
from lightning.pytorch.callbacks import Callback

from recurra.training.aim import Aim
from recurra.training.options import TrainingOptions

if TYPE_CHECKING:
    from recurra.training.learner import Learner

__all__ = ["Plateau"]


class Plateau(Callback):
    """Counts validations without progress.

    Attributes
    ----------
    cuts
        How often there were `cut_after` in a row.
    """

    def __init__(self, aim: Aim, /, *, options: TrainingOptions) -> None:
        self.cuts = 0
        self._aim, self._options = aim, options
        self._best, self._waited = aim.worst, 0

    def on_validation_end(self, trainer: lightning.Trainer, pl_module: Learner) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Count the validation."""
        value = pl_module.measures[self._aim.measure]
        if self._aim.is_better(value, than=self._best, by=self._options.min_delta):
            self._best, self._waited = value, 0
            return
        self._waited += 1
        if self._waited >= self._options.cut_after:
            self.cuts, self._waited = self.cuts + 1, 0

    def state_dict(self) -> dict[str, Any]:
        """Return the counts, for a checkpoint."""
        return {"cuts": self.cuts, "best": self._best, "waited": self._waited}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the counts of a checkpoint."""
        self.cuts, self._best, self._waited = state_dict["cuts"], state_dict["best"], state_dict["waited"]
