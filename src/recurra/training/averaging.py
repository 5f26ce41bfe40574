"""Weights averaged over steps: over all, over those since the validation stands still, or over the last ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from recurra.training.learner import Monitor
from recurra.training.options import TrainingOptions

__all__ = ["AveragedWeights", "bounded_decay"]


class AveragedWeights:
    """Averages the weights of the steps since it began, and lets them be validated in place of the last ones.

    The average of Polyak & Juditsky (1992), as `torch.optim.ASGD` has it with `lambd=0`. With "asgd" it begins at
    once; with `average_after=n`, when a validation is no better than the best of those that are more than n
    before it (NT-ASGD: Merity, Keskar & Socher 2018, algorithm 1). With `average_decay=d` it begins at once too, and
    from step 1 / (1 - d) on forgets: it becomes d times itself and 1 - d times the weights of the step.

    Parameters
    ----------
    parameters
        What is averaged.

    Attributes
    ----------
    has_begun
        Whether there is an average, or will be one after the next step.

    Examples
    --------
    >>> import torch
    >>> from recurra.training import AveragedWeights, Monitor, TrainingOptions
    >>> weight = torch.zeros(1, requires_grad=True)
    >>> average = AveragedWeights([weight], monitor=Monitor("loss"), options=TrainingOptions(optimiser="asgd"))
    >>> for value in (1.0, 2.0, 3.0, 4.0):
    ...     _ = weight.data.fill_(value)
    ...     average.add()
    >>> with average.in_place():
    ...     weight.item()
    2.5
    """

    def __init__(self, parameters: Iterable[Tensor], /, *, monitor: Monitor, options: TrainingOptions) -> None:
        self.has_begun = options.optimiser == "asgd" or options.average_decay > 0
        self._parameters = [each for each in parameters if each.requires_grad]
        self._monitor, self._interval = monitor, options.average_after
        self._least_share = 1 - options.average_decay if options.average_decay else 0.0
        self._values: list[float] = []
        self._steps = 0
        self._averages: list[Tensor] = []

    @torch.no_grad()
    def add(self) -> None:
        """Take the weights of a step into the average."""
        if not self.has_begun:
            return
        self._steps += 1
        if not self._averages:
            self._averages = [each.clone() for each in self._parameters]
            return
        share = max(1 / self._steps, self._least_share)
        for average, parameter in zip(self._averages, self._parameters, strict=True):
            average.lerp_(parameter, share)

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Put the average in the place of the weights for a validation, if there is one."""
        if not self._averages:
            yield
            return
        set_aside = [each.detach().clone() for each in self._parameters]
        _fill(self._parameters, self._averages)
        try:
            yield
        finally:
            _fill(self._parameters, set_aside)

    def see(self, value: float, /) -> None:
        """See what a validation found, and begin to average if it is time."""
        self.has_begun = self.has_begun or self._stands_still(value)
        self._values.append(value)

    def state_dict(self) -> dict[str, Any]:
        """Return the average, for a checkpoint."""
        return {
            "has_begun": self.has_begun, "values": self._values, "steps": self._steps, "averages": self._averages
        }  # fmt: skip

    def load_state_dict(self, state: dict[str, Any], /) -> None:
        """Take up the average of a checkpoint."""
        self.has_begun, self._values, self._steps = state["has_begun"], state["values"], state["steps"]
        self._averages = state["averages"]

    def _stands_still(self, value: float) -> bool:
        if self._interval is None or len(self._values) <= self._interval:
            return False
        earlier = self._values[: -self._interval]
        best = max(earlier) if self._monitor.larger_is_better else min(earlier)
        return self._monitor.is_better(best, than=value)


@torch.no_grad()
def _fill(tensors: list[Tensor], values: list[Tensor]) -> None:
    for tensor, value in zip(tensors, values, strict=True):
        tensor.copy_(value)


def bounded_decay(decay: float, /, *, steps: float) -> float:
    """Return the decay of a moving average, or a smaller one whose average spans so many steps at most."""
    return min(decay, max(0.0, 1 - 1 / steps))
