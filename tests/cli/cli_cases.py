"""What the tests of the command share: an outcome, short options, a series."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a command left behind: its exit code and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]
SMALL = ("--time", "year", "--horizon", "3", "--season-length", "5", "--hidden-size", "4", "--epochs", "2")


def wave(first: int, count: int) -> str:
    rows = (f"{year},{10 + 3 * math.sin(year * 2 * math.pi / 5)}" for year in range(first, first + count))
    return "\n".join(["year,x", *rows, ""])
