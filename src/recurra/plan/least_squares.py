"""Least squares with solutions that are not negative: prices that a fit cannot make absurd."""

from __future__ import annotations

import numpy as np

__all__ = ["not_negative", "relative_fit"]

_ROUNDS = 8
_SMALL = 0.05


def not_negative(matrix: np.ndarray, wanted: np.ndarray, /) -> np.ndarray:
    """Return x >= 0 with the least |matrix @ x - wanted|.

    Lawson & Hanson (1974), Solving Least Squares Problems, chapter 23.

    Parameters
    ----------
    matrix
        (equations, unknowns)
    wanted
        (equations,)

    Examples
    --------
    >>> not_negative(np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([1.0, -1.0])).tolist()
    [1.0, 0.0]
    """
    count = matrix.shape[1]
    free, x = np.zeros(count, dtype=bool), np.zeros(count)
    for _ in range(5 * count):
        slope = np.where(free, -np.inf, matrix.T @ (wanted - matrix @ x))
        if slope.max(initial=-np.inf) <= 1e-10:
            break
        free[int(slope.argmax())] = True
        x = _settled(matrix, wanted, x, free)
    return x


def _settled(matrix: np.ndarray, wanted: np.ndarray, x: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Return the solution over the free unknowns; those that would be negative become 0, and are free no more."""
    while free.any():
        solution = np.zeros_like(x)
        solution[free] = np.linalg.lstsq(matrix[:, free], wanted, rcond=None)[0]
        if solution[free].min() > 0:
            return solution
        blocked = free & (solution <= 0)
        share = (x[blocked] / np.maximum(x[blocked] - solution[blocked], 1e-300)).min()
        x = x + share * (solution - x)
        free &= x > 1e-15
        x[~free] = 0
    return x


def relative_fit(amounts: np.ndarray, seconds: np.ndarray, /, *, usual: np.ndarray, trust: float = 1.0) -> np.ndarray:
    """Return prices >= 0 by which amounts give seconds, with small relative errors.

    Absolute values of the errors are minimised rather than squares, by weights from round to round, so that a run
    that was disturbed counts little. What the runs do not decide stays near the usual prices, as far as these have
    the right proportions: they are scaled to the machine first.

    Parameters
    ----------
    amounts
        (runs, units)
    seconds
        (runs,)
    usual
        (units,), above 0
    trust
        How much a usual price counts, beside a run.
    """
    usual = usual * np.median(seconds / (amounts @ usual))
    relative, towards = amounts * usual / seconds[:, None], trust * np.eye(len(usual))
    weights, prices = np.ones(len(seconds)), np.ones(len(usual))
    for _ in range(_ROUNDS):
        matrix = np.vstack([relative * weights[:, None], towards])
        prices = not_negative(matrix, np.concatenate([weights, towards.sum(0)]))
        weights = 1 / np.sqrt(np.maximum(np.abs(relative @ prices - 1), _SMALL))
    return prices * usual
