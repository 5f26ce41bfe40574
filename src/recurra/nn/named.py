"""Options that are one of a few names: an unknown one is refused, and the nearest is suggested."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from recurra.errors import InputError

__all__ = ["check_named"]


def check_named(name: str, value: object, *, known: Sequence[str]) -> None:
    """Raise `InputError` unless an option is one of the known names."""
    if value in known:
        return
    near = difflib.get_close_matches(str(value).lower(), known, n=1, cutoff=0.5)
    suggestion = f"; did you mean {near[0]!r}?" if near else ""
    raise InputError(f"{name}: got {value!r}, expected one of {list(known)}{suggestion}")
