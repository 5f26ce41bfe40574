"""A scale: a series' mean and spread, fitted on the training part alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Scale", "fit_scale"]


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Takes values to mean 0 and spread 1, and back.

    Attributes
    ----------
    mean, spread
        In the unit of the series; `spread` is above zero.
    """

    mean: float
    spread: float

    def apply(self, values: np.ndarray, /) -> np.ndarray:
        """Return the values without unit."""
        return (values - self.mean) / self.spread

    def undo(self, values: np.ndarray, /) -> np.ndarray:
        """Return the values in the unit of the series."""
        return values * self.spread + self.mean


def fit_scale(values: np.ndarray, /) -> Scale:
    """Fit a scale to values (rows,): their mean and standard deviation, 1 where they are constant."""
    middle = np.abs(values).max() or 1.0  # a large level must not overflow when it is squared
    mean = float((values / middle).mean() * middle)
    spread = float(np.std((values - mean) / middle) * middle)
    return Scale(mean=mean, spread=spread if spread > 1e-12 * middle else 1.0)
