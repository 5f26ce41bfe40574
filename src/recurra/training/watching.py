"""Somebody outside who looks at each validation, and may end the training there."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import lightning.pytorch as lightning
from lightning.pytorch.callbacks import Callback

from recurra.training.distributed import agree, first_process
from recurra.training.history import History
from recurra.training.stopping import Limits

__all__ = ["Watch", "Watched"]

Watch = Callable[[Mapping[str, float]], bool]
"""Is given the row of a validation ("epoch", "step", "seconds", each measure) and says whether to go on."""


class Watched(Callback):
    """Shows each validation to a watch; of several processes, the first does for all."""

    def __init__(self, watch: Watch, /, *, history: History, limits: Limits) -> None:
        self._watch, self._history, self._limits = watch, history, limits

    def on_validation_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Ask the watch."""
        if agree(first_process() and not self._watch(self._history.validations[-1])):
            self._limits.reached = self._limits.reached or "watch"
            trainer.should_stop = True
