"""Options that are one of a few names: an unknown one is refused, and the nearest is suggested."""

from __future__ import annotations

from collections.abc import Sequence

from recurra.errors import InputError, nearest

__all__ = ["check_named"]


def check_named(name: str, value: object, *, known: Sequence[str]) -> None:
    """Raise `InputError` unless an option is one of the known names."""
    if value in known:
        return
    raise InputError(f"{name}: got {value!r}, expected one of {list(known)}{nearest(str(value), known)}")
