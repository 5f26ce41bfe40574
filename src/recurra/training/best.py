"""The best weights so far, kept in memory."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import lightning.pytorch as lightning
from lightning.pytorch.callbacks import Callback
from torch import Tensor

from recurra.errors import TrainingError
from recurra.training.aim import Aim
from recurra.training.course import advice
from recurra.training.position import Position

if TYPE_CHECKING:
    from recurra.training.learner import Learner

__all__ = ["BestWeights"]


class BestWeights(Callback):
    """Keeps the weights with the best validation, and ends a training whose validation is not finite.

    Parameters
    ----------
    aim, position
        What is best, and where the training is.
    keep_last
        Whether the last validation counts as the best one, whatever it finds.

    Attributes
    ----------
    measures
        The measures of the best validation; empty before the first.
    epoch, step
        Where it was, from 1; 0 before the first.
    weights
        The learner's `state_dict` there.
    last
        The aim's value in the last validation; None before the first, and after a resumption until the next.
    """

    def __init__(self, aim: Aim, /, *, position: Position, keep_last: bool = False) -> None:
        self.measures: Mapping[str, float] = {}
        self.epoch = self.step = 0
        self.weights: Mapping[str, Tensor] = {}
        self.last: float | None = None
        self._aim, self._position, self._keep_last = aim, position, keep_last

    @property
    def value(self) -> float:
        """The best value of the aim."""
        return self.measures.get(self._aim.measure, self._aim.worst)

    def on_validation_end(self, trainer: lightning.Trainer, pl_module: Learner) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Keep the weights if they are the best so far."""
        value = pl_module.measures[self._aim.measure]
        epoch = self._position.epoch + 1
        if not math.isfinite(value):
            raise TrainingError(advice(f"the validation {self._aim.measure} is {value}", f"epoch {epoch}"))
        self.last = value
        if self._keep_last or self._aim.is_better(value, than=self.value):
            self.measures, self.epoch, self.step = dict(pl_module.measures), epoch, self._position.step
            weights = pl_module.state_dict()
            self.weights = {name: tensor.detach().clone() for name, tensor in weights.items()}

    def restore(self, learner: Learner, /) -> None:
        """Give the learner the best weights."""
        learner.load_state_dict(dict(self.weights))

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint has to hold beside the weights."""
        return {"measures": dict(self.measures), "epoch": self.epoch, "step": self.step}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up what `state_dict` returned; the weights come from a file of their own."""
        self.measures, self.epoch, self.step = state_dict["measures"], state_dict["epoch"], state_dict["step"]
