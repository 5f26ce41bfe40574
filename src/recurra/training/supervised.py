"""Training on pairs of tensors: what goes in, and what should come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import final

import torch
from torch import Tensor

from recurra.training.learner import Learner, Sum

__all__ = ["Loss", "Supervised"]

Loss = Callable[[Tensor, Tensor], Tensor]
"""(prediction, expected) -> a scalar, the mean over the examples."""


@final
class Supervised(Learner):
    """Learns from batches (input, expected), both with the examples first.

    Examples
    --------
    >>> import torch
    >>> from recurra.training.supervised import Supervised
    >>> learner = Supervised(torch.nn.Linear(3, 1), loss=torch.nn.functional.mse_loss)
    >>> learner.loss((torch.zeros(5, 3), torch.zeros(5, 1))).shape
    torch.Size([])
    """

    def __init__(self, network: torch.nn.Module, /, *, loss: Loss) -> None:
        super().__init__(network)
        self._loss = loss

    def loss(self, batch: tuple[Tensor, Tensor], /) -> Tensor:
        """Return the loss of a batch."""
        given, expected = batch
        return self._loss(self.network(given), expected)

    def measure(self, batch: tuple[Tensor, Tensor], /) -> Mapping[str, Sum]:
        """Return the loss, weighted by the examples."""
        count = len(batch[0])
        return {"loss": Sum(self.loss(batch) * count, count)}
