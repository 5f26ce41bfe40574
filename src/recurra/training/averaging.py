"""Weights averaged over steps: over all, over those since the validation stands still, or over the last ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import lightning.pytorch as lightning
import torch
from lightning.pytorch.callbacks import Callback
from torch import Tensor

from recurra.training.aim import Aim
from recurra.training.options import TrainingOptions

if TYPE_CHECKING:
    from recurra.training.learner import Learner

__all__ = ["AveragedWeights"]


class AveragedWeights(Callback):
    """Averages the weights of the steps since it began, and lets them be validated in place of the last ones.

    The average of Polyak & Juditsky (1992), as `torch.optim.ASGD` has it with `lambd=0`. With "asgd" it begins at
    once; with `average_after=n`, when a validation is no better than the best of those that are more than n
    before it (NT-ASGD: Merity, Keskar & Socher 2018, algorithm 1). With `average_decay=d` it begins at once too, and
    from step 1 / (1 - d) on forgets: it becomes d times itself and 1 - d times the weights of the step.

    Parameters
    ----------
    parameters
        What is averaged.
    """

    def __init__(self, parameters: Iterable[Tensor], /, *, aim: Aim, options: TrainingOptions) -> None:
        self._parameters = [each for each in parameters if each.requires_grad]
        self._aim, self._interval, self._least = aim, options.average_after, _least_share(options)
        self._values: list[float] = []
        self._steps = 0
        self._averages: list[Tensor] = []
        self._set_aside: list[Tensor] = []
        if options.optimiser == "asgd" or options.average_decay:
            self._begin()

    @property
    def has_begun(self) -> bool:
        """Whether there is an average, or will be one after the next step."""
        return bool(self._averages)

    @torch.no_grad()
    def add(self) -> None:
        """Take the weights of a step into the average."""
        if not self._averages:
            return
        self._steps += 1
        share = max(1 / self._steps, self._least)
        for average, parameter in zip(self._averages, self._parameters, strict=True):
            average.lerp_(parameter, share)

    def on_validation_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        """Put the average in the place of the weights."""
        if self._steps:
            self._set_aside = _copies(self._parameters)
            _fill(self._parameters, self._averages)

    def on_validation_end(self, trainer: lightning.Trainer, pl_module: Learner) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Put the weights back, and begin to average if it is time."""
        if self._set_aside:
            _fill(self._parameters, self._set_aside)
            self._set_aside = []
        value = pl_module.measures[self._aim.measure]
        if not self._averages and self._stands_still(value):
            self._begin()
        self._values.append(value)

    def state_dict(self) -> dict[str, Any]:
        """Return the average, for a checkpoint."""
        return {"values": self._values, "steps": self._steps, "averages": self._averages}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the average of a checkpoint."""
        self._values, self._steps = state_dict["values"], state_dict["steps"]
        self._averages = state_dict["averages"]

    def _begin(self) -> None:
        self._averages = _copies(self._parameters)

    def _stands_still(self, value: float) -> bool:
        if self._interval is None or len(self._values) <= self._interval:
            return False
        earlier = self._values[: -self._interval]
        best = max(earlier) if self._aim.larger_is_better else min(earlier)
        return self._aim.is_better(best, than=value)


def _least_share(options: TrainingOptions) -> float:
    """Return the least that the weights of a step weigh in the average."""
    return 1 - options.average_decay if options.average_decay else 0.0


def _copies(tensors: list[Tensor]) -> list[Tensor]:
    return [each.detach().clone() for each in tensors]


@torch.no_grad()
def _fill(tensors: list[Tensor], values: list[Tensor]) -> None:
    for tensor, value in zip(tensors, values, strict=True):
        tensor.copy_(value)
