"""The optimisers, by name.

Adam and AdamW are torch's fused ones: a step of two million parameters takes 2 to 6 ms with them on a thread, and 30
with the loop over operations that torch takes on a CPU by default.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch.nn import Parameter
from torch.optim import Optimizer

from recurra.training.options import TrainingOptions

__all__ = ["make_optimiser"]


def make_optimiser(parameters: Iterable[Parameter], /, *, options: TrainingOptions, rate: float) -> Optimizer:
    """Return the optimiser that the options name, over all parameters that learn.

    "asgd" gives SGD as well: that its weights are averaged is the business of `recurra.training.averaging`, so
    that "sgd" may begin to average later.
    """
    learning = [parameter for parameter in parameters if parameter.requires_grad]
    return _OPTIMISERS[options.optimiser](learning, options, rate)


def _adam(parameters: list[Parameter], options: TrainingOptions, rate: float) -> Optimizer:
    return torch.optim.Adam(parameters, lr=rate, weight_decay=options.weight_decay, fused=True)


def _adamw(parameters: list[Parameter], options: TrainingOptions, rate: float) -> Optimizer:
    return torch.optim.AdamW(parameters, lr=rate, weight_decay=options.weight_decay, fused=True)


def _rmsprop(parameters: list[Parameter], options: TrainingOptions, rate: float) -> Optimizer:
    return torch.optim.RMSprop(parameters, lr=rate, weight_decay=options.weight_decay, momentum=options.momentum)


def _sgd(parameters: list[Parameter], options: TrainingOptions, rate: float) -> Optimizer:
    return torch.optim.SGD(parameters, lr=rate, weight_decay=options.weight_decay, momentum=options.momentum)


_OPTIMISERS: dict[str, Callable[[list[Parameter], TrainingOptions, float], Optimizer]] = {
    "adam": _adam,
    "adamw": _adamw,
    "rmsprop": _rmsprop,
    "sgd": _sgd,
    "asgd": _sgd,
}
