"""Numbers that a paper fixes by hand, such as a step size: what a cell's maker refuses."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from recurra.errors import CellError

__all__ = ["counted", "not_negative", "positive", "share", "whole"]


def positive(cell: str, **constants: object) -> None:
    """Raise `CellError` unless each constant is a finite number above 0."""
    _check(cell, constants, lambda value: value > 0, "a finite number above 0")


def not_negative(cell: str, **constants: object) -> None:
    """Raise `CellError` unless each constant is a finite number from 0 on."""
    _check(cell, constants, lambda value: value >= 0, "a finite number from 0 on")


def share(cell: str, **constants: object) -> None:
    """Raise `CellError` unless each constant is a number from 0 to 1."""
    _check(cell, constants, lambda value: 0 <= value <= 1, "a number from 0 to 1")


def whole(cell: str, **constants: object) -> None:
    """Raise `CellError` unless each constant is a whole number from 1 on."""
    _check(cell, constants, lambda value: isinstance(value, int) and value > 0, "a whole number from 1 on")


def counted(cell: str, **constants: object) -> None:
    """Raise `CellError` unless each constant is a whole number from 0 on."""
    _check(cell, constants, lambda value: isinstance(value, int) and value >= 0, "a whole number from 0 on")


def _check(cell: str, constants: Mapping[str, object], fits: Callable[[float], bool], expected: str) -> None:
    for name, value in constants.items():
        number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else math.nan
        if not (math.isfinite(number) and fits(number)):
            raise CellError(f"{cell}: {name}={value!r}: expected {expected}")
