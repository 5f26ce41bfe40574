"""What was found, the evidence for it, and what to try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Advice", "Finding", "Kind"]

Kind = Literal["not finite", "exploding", "vanishing", "short memory", "saturated", "dead", "healthy"]
"""In the order of how much they matter."""


@dataclass(frozen=True)
class Advice:
    """Something to try.

    Attributes
    ----------
    text : str
    options : mapping
        Options of a task that do it, such as ``{"clip": 0.5}``.
    init : mapping
        Initialisations of the cell that do it, such as ``{"b_f": 4.6}``.
    transform : str
        The name of one of `recurra.transforms` that does it.
    """

    text: str
    options: Mapping[str, Any] = field(default_factory=dict)
    init: Mapping[str, float | str] = field(default_factory=dict)
    transform: str = ""

    @property
    def can_be_tried(self) -> bool:
        """Whether a training can be run with it."""
        return bool(self.options or self.init or self.transform)


@dataclass(frozen=True)
class Finding:
    """A verdict.

    Attributes
    ----------
    kind : Kind
    where : str
        The layer, empty for the whole model.
    evidence : str
        A sentence with the numbers.
    numbers : mapping
        The same numbers by name.
    advice : tuple of Advice
        The most promising first.
    """

    kind: Kind
    where: str
    evidence: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    advice: tuple[Advice, ...] = ()
