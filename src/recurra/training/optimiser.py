"""The optimisers by name, and an optimiser step: loss, backpropagation, clipping, new weights."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from torch.nn import Parameter
from torch.optim import Optimizer

from recurra.errors import TrainingError
from recurra.training.options import TrainingOptions

__all__ = ["OptimiserStep", "make_optimiser"]


class OptimiserStep:
    """Takes the steps of a training.

    Parameters
    ----------
    loss
        Batch -> a scalar.
    optimiser
        Whose parameters are clipped and changed.
    options
        The clipping.
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
        together: bool = False,
    ) -> None:
        self._loss, self._optimiser, self._together = loss, optimiser, together
        self._clip, self._clip_value = options.clip, options.clip_value
        self._parameters = [each for group in optimiser.param_groups for each in group["params"]]

    def take(self, batch: Any, /, *, rate: float) -> tuple[float, float]:
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
        loss.backward()
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


def make_optimiser(parameters: Iterable[Parameter], /, *, options: TrainingOptions, rate: float) -> Optimizer:
    """Return the optimiser that the options name, over all parameters that learn.

    Adam and AdamW are torch's fused ones: a step of two million parameters takes 2 to 6 ms with them on a thread, and
    30 with the loop over operations that torch takes on a CPU by default. "asgd" gives SGD as well: that its weights
    are averaged is the business of `recurra.training.averaging`, so that "sgd" may begin to average later.

    Examples
    --------
    >>> import torch
    >>> from recurra.training import TrainingOptions
    >>> layer = torch.nn.Linear(2, 1)
    >>> type(make_optimiser(layer.parameters(), options=TrainingOptions(optimiser='rmsprop'), rate=0.01)).__name__
    'RMSprop'
    """
    learning = [parameter for parameter in parameters if parameter.requires_grad]
    return _OPTIMISERS[options.optimiser](learning, options, rate)


def _adam(parameters: list[Parameter], options: TrainingOptions, rate: float) -> Optimizer:
    return _eager(torch.optim.Adam)(parameters, lr=rate, weight_decay=options.weight_decay, fused=True)


def _adamw(parameters: list[Parameter], options: TrainingOptions, rate: float) -> Optimizer:
    return _eager(torch.optim.AdamW)(parameters, lr=rate, weight_decay=options.weight_decay, fused=True)


def _rmsprop(parameters: list[Parameter], options: TrainingOptions, rate: float) -> Optimizer:
    kind = _eager(torch.optim.RMSprop)
    return kind(parameters, lr=rate, weight_decay=options.weight_decay, momentum=options.momentum)


def _sgd(parameters: list[Parameter], options: TrainingOptions, rate: float) -> Optimizer:
    kind = _eager(torch.optim.SGD)
    return kind(parameters, lr=rate, weight_decay=options.weight_decay, momentum=options.momentum)


_OPTIMISERS: dict[str, Callable[[list[Parameter], TrainingOptions, float], Optimizer]] = {
    "adam": _adam,
    "adamw": _adamw,
    "rmsprop": _rmsprop,
    "sgd": _sgd,
    "asgd": _sgd,
}


def _eager(kind: type[Optimizer]) -> Callable[..., Optimizer]:
    """Return an optimiser of torch without what makes torch.compile go around it.

    That imports the compiler at the first call of each of these methods, compiled or not: half as long again as torch
    itself. It is wrapped around the methods as `functools.wraps` does, so that it comes off as such.
    """
    guarded = ("add_param_group", "load_state_dict", "state_dict", "zero_grad")
    methods = {name: inspect.unwrap(getattr(kind, name)) for name in guarded}
    step = torch.no_grad()(inspect.unwrap(kind.step))  # one of the wrappers has switched gradients off
    return type(kind.__name__, (kind,), {**methods, "step": step})
