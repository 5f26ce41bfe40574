"""Where a search for better options looks: what the field of an options class says of it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Among", "Around", "Between", "Space"]

_DECADE = 10


@dataclass(frozen=True)
class Between:
    """All numbers from one to another, both included; where they lie far from each other, each octave counts alike.

    Examples
    --------
    >>> from recurra.training.spaces import Between
    >>> Between(8, 128).is_logarithmic, Between(0, 0.6).is_logarithmic
    (True, False)
    """

    low: float
    high: float

    @property
    def is_logarithmic(self) -> bool:
        """Whether ratios count rather than differences: the numbers are positive and span a decade."""
        return 0 < self.low * _DECADE <= self.high


@dataclass(frozen=True)
class Around:
    """From the option's value over a factor to its value times the factor, since each task has a default of its own."""

    factor: float


@dataclass(frozen=True)
class Among:
    """Some values, in no order."""

    values: tuple[str | float | bool | None, ...]


Space = Between | Around | Among
