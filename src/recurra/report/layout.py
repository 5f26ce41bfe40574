"""What the blocks of a report have in common: the room that they take, and shares from 0 to 1."""

from __future__ import annotations

from typing import Literal

from recurra.errors import InputError

__all__ = ["Width", "check_share"]

Width = Literal["half", "full"]
"""The room that a block takes on a wide screen: half of the page, beside another one, or all of it."""


def check_share(share: float, what: str) -> None:
    """Refuse a share that is none, and say of what it is."""
    if not 0 <= share <= 1:
        raise InputError(f"{what}: got a share of {share}; expected a number from 0 to 1")
