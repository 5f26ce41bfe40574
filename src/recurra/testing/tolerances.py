"""The one table of tolerances, and the error of a check that is not within them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recurra.errors import RecurraError

__all__ = ["CheckError", "Tolerance", "error_of", "tolerance"]


class CheckError(RecurraError, AssertionError):
    """A check failed; the message says which, where, and by how much.

    Examples
    --------
    >>> from recurra.testing import CheckError, check_exercise
    >>> try:
    ...     check_exercise("softmax", lambda scores: scores, language="en")
    ... except CheckError as error:
    ...     print(str(error).splitlines()[0])
    softmax, case 1 of 3: the result has wrong numbers, the first at [0, 0]
    """


@dataclass(frozen=True)
class Tolerance:
    """How far a result may lie from its reference, relative to the reference's largest magnitude (at least 1).

    Examples
    --------
    >>> tolerance('float32').output
    1e-05
    """

    output: float
    gradient: float
    difference: float
    """For a derivative by central differences, in float64 only."""


# Largest errors seen over all cells, shapes (T to 17, sizes to 9) and seeds 0 to 19 on x86-64: float64 outputs 3e-15,
# gradients 8e-15, differences 2e-9; float32 outputs 6e-7, gradients 1e-6. The bounds leave a factor of ten or more.
_TABLE = {
    np.dtype("float64"): Tolerance(output=1e-12, gradient=1e-11, difference=1e-6),
    np.dtype("float32"): Tolerance(output=1e-5, gradient=5e-5, difference=float("nan")),
}


def tolerance(dtype: str) -> Tolerance:
    """Return the tolerances for ``"float64"`` or ``"float32"``."""
    return _TABLE[np.dtype(dtype)]


def error_of(value: np.ndarray, reference: np.ndarray) -> float:
    """Return the largest deviation relative to the reference's scale; infinite if shapes, NaNs or infinities differ."""
    value, reference = np.asarray(value, np.float64), np.asarray(reference, np.float64)
    if value.shape != reference.shape:
        return float("inf")
    finite = np.isfinite(reference)
    if not np.array_equal(value[~finite], reference[~finite], equal_nan=True) or not np.isfinite(value[finite]).all():
        return float("inf")
    scale = np.abs(reference[finite]).max(initial=1.0)
    return float(np.abs(value[finite] - reference[finite]).max(initial=0.0) / scale)
