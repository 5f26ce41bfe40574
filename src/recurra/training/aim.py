"""What a training tries to make small, or large."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Aim"]


@dataclass(frozen=True)
class Aim:
    """The measure of the validation part that chooses the best weights and says when to stop.

    Attributes
    ----------
    measure
        Its name among those of `Learner.summarise`.
    larger_is_better
        True for an accuracy, False for a loss.

    Examples
    --------
    >>> from recurra.training.aim import Aim
    >>> Aim("accuracy", larger_is_better=True).is_better(0.9, than=0.8)
    True
    """

    measure: str = "loss"
    larger_is_better: bool = False

    @property
    def worst(self) -> float:
        """What every value is better than."""
        return -math.inf if self.larger_is_better else math.inf

    def is_better(self, value: float, /, *, than: float, by: float = 0.0) -> bool:
        """Say whether a value is better than another by more than some difference."""
        return value - by > than if self.larger_is_better else value + by < than
