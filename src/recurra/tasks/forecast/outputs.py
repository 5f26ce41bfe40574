"""Outputs: what a network says of a step ahead (a value, quantiles, a distribution), and the loss of it."""

from __future__ import annotations

import abc
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import softplus

__all__ = ["LEAST", "NegativeBinomial", "Normal", "Output", "Point", "Quantiles", "StudentT", "student_quantile"]


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
        ordered = parameters.sort(-1).values.unbind(-1)
        return torch.stack([self.between(ordered, level) for level in levels], -1)

    def between(self, ordered: Sequence[Any], level: float, /) -> Any:
        """Return the value at a level, given those at the known levels in order."""
        known = self._levels
        above = min(
            next((place for place, each in enumerate(known) if each >= level - 1e-9), len(known)), len(known) - 1
        )
        below = max(0, above - 1)
        distance = known[above] - known[below]
        share = min(1.0, max(0.0, (level - known[below]) / distance)) if distance else 1.0
        return ordered[below] + share * (ordered[above] - ordered[below])


LEAST = 1e-4
"""Least spread of a distribution, as a share of its window's: the likelihood stays finite."""

_DRAWS = 1000
_AT_ONCE = 64


class Normal(Output):
    """A normal distribution: mean, and standard deviation."""

    width = 2

    def place(self, raw: Tensor, /, *, level: Tensor, spread: Tensor) -> Tensor:
        """Return mean and standard deviation."""
        return torch.cat([raw[..., :1] * spread + level, (softplus(raw[..., 1:]) + LEAST) * spread], -1)

    def loss(self, parameters: Tensor, expected: Tensor, /) -> Tensor:
        """Return the negative logarithm of the density."""
        mean, deviation = parameters.unbind(-1)
        return 0.5 * ((expected - mean) / deviation).square() + deviation.log() + 0.5 * math.log(2 * math.pi)

    def quantiles(self, parameters: Tensor, levels: Sequence[float], /) -> Tensor:
        """Return the values at the levels."""
        mean, deviation = parameters[..., :1], parameters[..., 1:]
        return mean + deviation * torch.special.ndtri(parameters.new_tensor(levels))

    def sample(self, parameters: Tensor, generator: torch.Generator, /) -> Tensor:
        """Draw a value for each step."""
        mean, deviation = parameters.unbind(-1)
        return mean + deviation * torch.randn(mean.shape, generator=generator, dtype=mean.dtype)


class StudentT(Output):
    """Student's t distribution, whose tails are heavier: location, scale, degrees of freedom above 2."""

    width = 3

    def place(self, raw: Tensor, /, *, level: Tensor, spread: Tensor) -> Tensor:
        """Return location, scale and degrees of freedom."""
        location, scale, freedom = raw.split(1, -1)
        return torch.cat([location * spread + level, (softplus(scale) + LEAST) * spread, 2 + softplus(freedom)], -1)

    def loss(self, parameters: Tensor, expected: Tensor, /) -> Tensor:
        """Return the negative logarithm of the density."""
        location, scale, freedom = parameters.unbind(-1)
        return -torch.distributions.StudentT(freedom, location, scale, validate_args=False).log_prob(expected)

    def quantiles(self, parameters: Tensor, levels: Sequence[float], /) -> Tensor:
        """Return the values at the levels."""
        location, scale, freedom = parameters.split(1, -1)
        return location + scale * torch.cat([student_quantile(level, freedom) for level in levels], -1)

    def sample(self, parameters: Tensor, generator: torch.Generator, /) -> Tensor:
        """Draw a value for each step."""
        location, scale, freedom = (part.detach().double().numpy() for part in parameters.unbind(-1))
        drawn = location + scale * _numpy(generator).standard_t(freedom)
        return torch.from_numpy(np.asarray(drawn)).to(parameters.dtype)


class NegativeBinomial(Output):
    """A negative binomial distribution of counts: mean, and dispersion; the variance is mean + dispersion mean².

    DeepAR: Salinas, Flunkert, Gasthaus & Januschowski (2020), equation 3. A window's spread multiplies its mean.
    """

    width = 2

    def place(self, raw: Tensor, /, *, level: Tensor, spread: Tensor) -> Tensor:
        """Return mean and dispersion."""
        mean, dispersion = raw.split(1, -1)
        return torch.cat([(softplus(mean) + LEAST) * spread, softplus(dispersion) + LEAST], -1)

    def loss(self, parameters: Tensor, expected: Tensor, /) -> Tensor:
        """Return the negative logarithm of the probability."""
        mean, dispersion = parameters.unbind(-1)
        size, product = 1 / dispersion, dispersion * mean
        binomial = torch.lgamma(expected + size) - torch.lgamma(expected + 1) - torch.lgamma(size)
        return -(binomial - size * torch.log1p(product) + expected * (product.log() - torch.log1p(product)))

    def quantiles(self, parameters: Tensor, levels: Sequence[float], /) -> Tensor:
        """Return the values at the levels, from a thousand draws of a fixed seed."""
        flat = parameters.reshape(-1, parameters.shape[1] if parameters.dim() > 2 else 1, 2)
        parts = [self._of_draws(part, levels) for part in flat.split(_AT_ONCE)]
        return torch.cat(parts).reshape(*parameters.shape[:-1], len(levels))

    def sample(self, parameters: Tensor, generator: torch.Generator, /) -> Tensor:
        """Draw a count for each step."""
        return self._draw(parameters, _numpy(generator), ())

    def _of_draws(self, parameters: Tensor, levels: Sequence[float]) -> Tensor:
        drawn = self._draw(parameters, np.random.default_rng(0), (_DRAWS,))
        return torch.quantile(drawn, drawn.new_tensor(levels), dim=0, interpolation="nearest").movedim(0, -1)

    @staticmethod
    def _draw(parameters: Tensor, random: np.random.Generator, shape: tuple[int, ...]) -> Tensor:
        mean, dispersion = (part.detach().double().numpy() for part in parameters.unbind(-1))
        drawn = random.negative_binomial(1 / dispersion, 1 / (1 + dispersion * mean), (*shape, *mean.shape))
        return torch.from_numpy(np.asarray(drawn, dtype=np.float64)).to(parameters.dtype)


def student_quantile(level: float, freedom: Tensor, /) -> Tensor:
    """Return the quantile of Student's t distribution with degrees of freedom (...) above 2, to about six digits.

    Hill (1970), Algorithm 396, Communications of the ACM 13(10).
    """
    n = freedom.double()
    tails = torch.full_like(n, 2 * min(level, 1 - level))
    a = 1 / (n - 0.5)
    b = 48 / a.square()
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * (a * math.pi / 2).sqrt() * n
    y = (d * tails) ** (2 / n)
    squared = torch.where(y > 0.05 + a, _near_the_middle(tails, n, a, b, c, d), _in_the_tail(y, n, d))
    return ((n * squared).clamp(min=0).sqrt() * math.copysign(level != 0.5, level - 0.5)).to(freedom.dtype)


def _near_the_middle(tails: Tensor, n: Tensor, a: Tensor, b: Tensor, c: Tensor, d: Tensor) -> Tensor:
    x = torch.special.ndtri(tails / 2)
    y = x.square()
    c = c + torch.where(n < 5, 0.3 * (n - 4.5) * (x + 0.6), 0.0)
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    return torch.expm1(a * y.square())


def _in_the_tail(y: Tensor, n: Tensor, d: Tensor) -> Tensor:
    inner = 1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)
    return (inner * y - 1) * (n + 1) / (n + 2) + 1 / y


def _numpy(generator: torch.Generator) -> np.random.Generator:
    return np.random.default_rng(int(torch.randint(2**62, (), generator=generator)))
