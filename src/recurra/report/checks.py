"""What the pictures ask of their arrays, with messages that say which one does not fit."""

from __future__ import annotations

from collections.abc import Sized

import numpy as np

from recurra.errors import InputError

__all__ = ["check_as_many", "finite"]


def check_as_many(**given: Sized) -> None:
    """Refuse arrays and lists of different lengths.

    Raises
    ------
    InputError
        If their lengths differ; the message has all of them.
    """
    if len({len(values) for values in given.values()}) > 1:
        lengths = ", ".join(f"{len(values)} {name}" for name, values in given.items())
        raise InputError(f"got {lengths}; expected as many of each")


def finite(values: np.ndarray, /) -> np.ndarray:
    """Return the values (count,) that are finite, as float64."""
    flat = np.asarray(values, dtype=np.float64).ravel()
    return flat[np.isfinite(flat)]
