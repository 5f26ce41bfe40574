"""What a network says of a step ahead: one value, or quantiles; and what that costs when another value comes."""

from __future__ import annotations

import abc
from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["Output", "Point", "Quantiles"]


class Output(abc.ABC):
    """What the numbers that a network gives for a step mean.

    Attributes
    ----------
    width
        How many numbers there are for a step.
    """

    width: int

    @abc.abstractmethod
    def place(self, raw: Tensor, /, *, level: Tensor, spread: Tensor) -> Tensor:
        """Return the parameters (..., width) from a network's numbers (..., width) and a window's level and spread."""

    @abc.abstractmethod
    def loss(self, parameters: Tensor, expected: Tensor, /) -> Tensor:
        """Return the loss (...) of parameters (..., width) where the values (...) came."""

    @abc.abstractmethod
    def quantiles(self, parameters: Tensor, levels: Sequence[float], /) -> Tensor:
        """Return the values (..., levels) at quantile levels between 0 and 1."""

    def sample(self, parameters: Tensor, generator: torch.Generator, /) -> Tensor:
        """Draw a value (...) for each step."""
        return self.quantiles(parameters, (0.5,))[..., 0]


class Point(Output):
    """One value.

    Parameters
    ----------
    loss
        "absolute", "squared", or "huber": squared up to 1 and absolute beyond.
    """

    width = 1

    def __init__(self, *, loss: str = "absolute") -> None:
        self._loss = {
            "absolute": torch.nn.functional.l1_loss,
            "squared": torch.nn.functional.mse_loss,
            "huber": torch.nn.functional.smooth_l1_loss,
        }[loss]

    def place(self, raw: Tensor, /, *, level: Tensor, spread: Tensor) -> Tensor:
        """Return the value."""
        return raw * spread + level

    def loss(self, parameters: Tensor, expected: Tensor, /) -> Tensor:
        """Return the error, its square, or what is between."""
        return self._loss(parameters[..., 0], expected, reduction="none")

    def quantiles(self, parameters: Tensor, levels: Sequence[float], /) -> Tensor:
        """Return the value at each level: a point says nothing of what is around it."""
        return parameters.expand(*parameters.shape[:-1], len(levels))


class Quantiles(Output):
    """The values at some levels; the loss is the pinball loss (Koenker & Bassett, 1978).

    Parameters
    ----------
    levels
        Between 0 and 1; other levels lie on the lines between these.
    """

    def __init__(self, levels: Sequence[float], /) -> None:
        self._levels = sorted(levels)
        self.width = len(self._levels)

    def place(self, raw: Tensor, /, *, level: Tensor, spread: Tensor) -> Tensor:
        """Return the values."""
        return raw * spread + level

    def loss(self, parameters: Tensor, expected: Tensor, /) -> Tensor:
        """Return twice the mean pinball loss, which at the level 0.5 alone is the absolute error."""
        errors = expected[..., None] - parameters
        levels = parameters.new_tensor(self._levels)
        return 2 * torch.maximum(levels * errors, (levels - 1) * errors).mean(-1)

    def quantiles(self, parameters: Tensor, levels: Sequence[float], /) -> Tensor:
        """Return the values in order, so that no two levels cross."""
        ordered = parameters.sort(-1).values
        return torch.stack([self._at(ordered, level) for level in levels], -1)

    def _at(self, ordered: Tensor, level: float) -> Tensor:
        known = self._levels
        above = min(
            next((place for place, each in enumerate(known) if each >= level - 1e-9), len(known)), len(known) - 1
        )
        below = max(0, above - 1)
        distance = known[above] - known[below]
        share = min(1.0, max(0.0, (level - known[below]) / distance)) if distance else 1.0
        return ordered[..., below] + share * (ordered[..., above] - ordered[..., below])
