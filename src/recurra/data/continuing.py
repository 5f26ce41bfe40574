"""Newer rows after older ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recurra.data.series import Series
from recurra.errors import DataError

__all__ = ["continued"]


def continued(history: Series, newer: Series, /) -> Series:
    """Return the rows of the history that come before the newer rows, and the newer rows.

    Where both have a time, the newer row counts.

    Raises
    ------
    DataError
        If the newer rows do not follow the history without a gap.
    """
    kept = history.rows(0, int((history.times.values < newer.times.values[0]).sum()))
    if len(kept) == 0:
        return newer
    following = history.step.after(kept.times.values, 1)[0]
    if following != newer.times.values[0]:
        raise DataError(
            f"{newer.source} begins at {newer.times.text(0)}, but the model's history ends at "
            f"{kept.times.text(-1)} with a step of {history.step}; give the rows between as well"
        )
    times = replace(newer.times, values=np.concatenate([kept.times.values, newer.times.values]))
    return replace(newer, values=np.concatenate([kept.values, newer.values]), times=times)
