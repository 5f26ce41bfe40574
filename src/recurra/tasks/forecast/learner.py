"""How a forecast learns: the loss of its output over the values that are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

import torch
from torch import Tensor

from recurra.tasks.forecast.network import ForecastNetwork
from recurra.tasks.forecast.windows import WindowBatch
from recurra.training.learner import Learner, Sum

__all__ = ["ForecastLearner"]


@final
class ForecastLearner(Learner):
    """Learns from windows and what came after them; what is missing does not count."""

    network: ForecastNetwork

    def loss(self, batch: tuple[WindowBatch, Tensor], /) -> Tensor:
        """Return the mean loss of the known values."""
        windows, expected = batch
        return self._mean(self.network.learn(windows, expected), expected)

    def measure(self, batch: tuple[WindowBatch, Tensor], /) -> Mapping[str, Sum]:
        """Return the loss of the forecasts, weighted by the known values."""
        windows, expected = batch
        count = int((~expected.isnan()).sum())
        return {"loss": Sum(self._mean(self.network(windows), expected) * count, count)}

    def _mean(self, parameters: Tensor, expected: Tensor) -> Tensor:
        known = ~expected.isnan()
        losses = self.network.output.loss(parameters, torch.where(known, expected, 1.0))
        return torch.where(known, losses, 0.0).sum() / known.sum()
