"""Numbers as shares of the largest: how dark a token or how long a bar is."""

from __future__ import annotations

import numpy as np

from recurra.report.blocks import Bar
from recurra.report.numbers import aligned

__all__ = ["bars", "shares"]


def shares(values: np.ndarray, /, *, largest: float | None = None) -> list[float]:
    """Return values (count,) divided by the largest, from 0 to 1; 0 for what is negative or not finite.

    Parameters
    ----------
    values
        Any numbers.
    largest
        What stands for 1; by default the largest of the values.

    Examples
    --------
    >>> import numpy
    >>> from recurra.report.shares import shares
    >>> shares(numpy.array([1.0, 4.0, float("nan")]))
    [0.25, 1.0, 0.0]
    """
    known = np.nan_to_num(np.asarray(values, dtype=np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    top = largest if largest is not None else known.max(initial=0.0)
    return np.clip(known / top, 0, 1).tolist() if top > 0 else [0.0] * len(known)


def bars(values: np.ndarray, /, *, largest: float | None = None) -> list[Bar]:
    """Return values (count,) as bars with their numbers, which have the same decimals."""
    texts = aligned(np.asarray(values).tolist())
    return [Bar(text, share) for text, share in zip(texts, shares(values, largest=largest), strict=True)]
