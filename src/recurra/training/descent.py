"""One step down the gradient: loss, backpropagation, clipping, optimiser."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from recurra.errors import TrainingError
from recurra.training.options import TrainingOptions

__all__ = ["Descent"]


class Descent:
    """Takes the steps of a training.

    Parameters
    ----------
    loss
        Batch -> a scalar.
    optimiser
        Whose parameters are clipped and changed.
    options
        The clipping.
    backward
        Backpropagates a loss.
    together
        Whether other processes take the same steps. Then what is not finite is looked for in the gradient, which
        all have in common, so that none waits for one that has stopped.
    """

    def __init__(
        self,
        loss: Callable[[Any], Tensor],
        optimiser: Optimizer,
        /,
        *,
        options: TrainingOptions,
        backward: Callable[[Tensor], None],
        together: bool = False,
    ) -> None:
        self._loss, self._optimiser, self._backward, self._together = loss, optimiser, backward, together
        self._clip, self._clip_value = options.clip, options.clip_value
        self._parameters = [each for group in optimiser.param_groups for each in group["params"]]

    def step(self, batch: Any, /, *, rate: float) -> tuple[float, float]:
        """Take a step, and return the loss and the norm of the gradient before it was clipped.

        To read both numbers takes 1 us on a CPU, where nothing has to be waited for.

        Raises
        ------
        TrainingError
            If the loss is NaN or infinite; the weights are as they were before.
        """
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._optimiser.zero_grad()
        loss = self._loss(batch)
        value = loss.item()
        if not (self._together or math.isfinite(value)):
            raise TrainingError(f"the loss is {value}")
        self._backward(loss)
        norm = self._clipped().item()
        if self._together and not math.isfinite(norm):
            raise TrainingError(f"the norm of the gradient is {norm}")
        self._optimiser.step()
        return value, norm

    def _clipped(self) -> Tensor:
        """Clip the gradient, and return its norm before."""
        if self._clip_value:
            torch.nn.utils.clip_grad_value_(self._parameters, self._clip_value)
        norm = torch.nn.utils.get_total_norm([each.grad for each in self._parameters if each.grad is not None])
        if self._clip and norm > self._clip:  # torch's own clipping multiplies by 1 where there is nothing to clip
            torch.nn.utils.clip_grads_with_norm_(self._parameters, self._clip, norm)
        return norm
