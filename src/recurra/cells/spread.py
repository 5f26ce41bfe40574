"""Initial numbers that papers spread over units: time steps, decays and periods.

Where a paper draws them at random, these are the quantiles of what it draws from, so that a layer begins alike each
time. A cell gives them as functions of its sizes, in `init=`.
"""

from __future__ import annotations

import numpy as np

__all__ = ["around_a_ring", "golden", "hippo_frequencies", "inverse_softplus", "logit", "quantiles", "time_steps"]

Array = np.ndarray


def quantiles(count: int) -> Array:
    """Return the centres of `count` equal parts of the numbers from 0 to 1."""
    return (np.arange(count) + 0.5) / count


def golden(count: int) -> Array:
    """Return numbers from 0 to 1 that fill them evenly, as multiples of the golden ratio do, in no order."""
    return np.arange(1, count + 1) * (5**0.5 - 1) / 2 % 1


def time_steps(count: int, low: float = 0.001, high: float = 0.1) -> Array:
    """Return time steps whose logarithms are spread evenly. Gu et al. (2022), arXiv:2206.11893."""
    return low * (high / low) ** quantiles(count)


def inverse_softplus(values: Array) -> Array:
    """Return what the softplus function takes to positive values."""
    return values + np.log(-np.expm1(-values))


def logit(values: Array) -> Array:
    """Return what the sigmoid function takes to values between 0 and 1."""
    return np.log(values) - np.log1p(-values)


def around_a_ring(count: int, low: float = 0.9, high: float = 0.999) -> tuple[Array, Array]:
    """Return sizes and angles of complex numbers that lie evenly in a ring. Orvieto et al. (2023), arXiv:2303.06349."""
    sizes = np.sqrt(low**2 + quantiles(count) * (high**2 - low**2))
    return sizes, 2 * np.pi * golden(count)


def hippo_frequencies(count: int) -> Array:
    """Return the positive imaginary parts of the eigenvalues of the normal part of HiPPO-LegS, of twice the order.

    Gu et al. (2020), arXiv:2008.07669; the normal part as in Gupta et al. (2022), arXiv:2203.14343. All real parts are
    -1/2.
    """
    root = np.sqrt(2 * np.arange(2 * count) + 1.0)
    antisymmetric = np.tril(np.outer(root, root), -1) / 2
    return np.sort(np.linalg.eigvals(antisymmetric.T - antisymmetric).imag)[count:]
