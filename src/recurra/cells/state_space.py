"""State spaces: linear systems in continuous time, at a step that is trained, or over a window that is fixed.

What stands around the system in the papers' blocks (an activation, gates, normalisation) is no part of a cell. Systems
that choose by the input what they keep are in `matrix`.
"""

import functools
import math

import numpy as np

from recurra.cells.constants import positive
from recurra.cells.spread import hippo_frequencies, time_steps
from recurra.spec import Cell, cell, column, cos, exp, flatten, sin, sum, tanh

__all__ = ["LMU", "S4D", "S5", "lmu"]


def _zero_order_hold(dt, re, im):
    """Return the real and imaginary parts of exp(dt A) and (exp(dt A) - 1) / A, for A = re + i im."""
    size = exp(dt * re)
    c, s = size * cos(dt * im), size * sin(dt * im)
    norm = re * re + im * im
    return c, s, ((c - 1) * re + s * im) / norm, (s * re - (c - 1) * im) / norm


def _steps_of_channels(hidden_size):
    return np.log(time_steps(hidden_size))


def _steps_of_states(state_size):
    return np.log(time_steps(state_size))


def _frequencies(hidden_size, state_size):
    return np.tile(np.pi * np.arange(state_size), (hidden_size, 1))


def _hippo_frequencies(state_size):
    return hippo_frequencies(state_size)


@cell(
    sizes=dict.fromkeys(("a", "b"), ("hidden_size", "state_size")),
    init={
        "log_dt": _steps_of_channels,
        "log_re": -math.log(2),
        "im": _frequencies,
        "C_re": "uniform",
        "C_im": "uniform",
        "D": 1.0,
    },
)
def S4D(p, x, a, b):
    """Diagonal state space: a linear system for each channel, of complex numbers that begin as a Fourier series.

    Gu et al. (2022), arXiv:2206.11893, S4D-Lin, discretised with a zero-order hold, B = 1. a and b are the state's real
    and imaginary part, of one of each conjugate pair. Their u is as wide as the state; here a matrix makes it of x.
    """
    u = x @ p.W_u
    kept_re, kept_im, read_re, read_im = _zero_order_hold(column(exp(p.log_dt)), -exp(p.log_re), p.im)
    new = kept_re * a - kept_im * b + read_re * column(u)
    b = kept_im * a + kept_re * b + read_im * column(u)
    y = 2 * flatten(sum(p.C_re * new - p.C_im * b)) + p.D * u
    return (new, b), y


@cell(
    sizes={"a": "state_size", "b": "state_size", "C_re": ("state_size", "hidden_size")},
    init={
        "log_dt": _steps_of_states,
        "log_re": -math.log(2),
        "im": _hippo_frequencies,
    },
)
def S5(p, x, a, b):
    """S5: one linear system for all channels, diagonal and complex.

    Smith, Warrington & Linderman (2022), arXiv:2208.04933, discretised with a zero-order hold; its eigenvalues begin as
    those of HiPPO's normal part, in one block. a and b are the state's real and imaginary part, of one of each
    conjugate pair.
    """
    kept_re, kept_im, read_re, read_im = _zero_order_hold(exp(p.log_dt), -exp(p.log_re), p.im)
    u, v = x @ p.B_re, x @ p.B_im
    new = kept_re * a - kept_im * b + read_re * u - read_im * v
    b = kept_im * a + kept_re * b + read_im * u + read_re * v
    y = 2 * (new @ p.C_re - b @ p.C_im) + x @ p.D
    return (new, b), y


def _exponential(matrix):
    """Return the exponential of a matrix: Taylor's series of a small part of it, squared."""
    squarings = max(0, math.ceil(math.log2(np.abs(matrix).sum(0).max())) + 2)
    part = matrix / 2**squarings
    term = found = np.eye(len(matrix))
    for k in range(1, 16):
        term = term @ part / k
        found = found + term
    return np.linalg.matrix_power(found, 2**squarings)


def _legendre(memory_size, theta):
    """Return a row's system for a window of `theta` steps in Legendre polynomials, held from step to step: A, B."""
    q = np.arange(memory_size)
    system = np.zeros((memory_size + 1, memory_size + 1))
    system[:-1, :-1] = np.where(q[:, None] < q, -1.0, (-1.0) ** (q[:, None] - q + 1)) * (2 * q[:, None] + 1)
    system[:-1, -1] = (-1.0) ** q * (2 * q + 1)
    held = _exponential(system / theta)
    return held[:-1, :-1].T, held[:-1, -1]


def _legendre_kept(memory_size, theta):
    return _legendre(memory_size, theta)[0]


def _legendre_read(memory_size, theta):
    return _legendre(memory_size, theta)[1]


def lmu(*, theta: float = 100.0) -> Cell:
    """Make an LMU; `theta` is the length of its window in steps, above 0 (else `CellError`).

    Examples
    --------
    >>> lmu(theta=784.0)
    <cell LMU: states h, m; 6 parameters>
    """
    positive("LMU", theta=theta)

    @cell(
        sizes={"m": "memory_size", "e_x": ("input_size", 1)},
        fixed={
            "A": functools.partial(_legendre_kept, theta=theta),
            "B": functools.partial(_legendre_read, theta=theta),
        },
        init={"e_x": "normal", "e_h": 0.0, "e_m": 0.0},
    )
    def LMU(p, x, h, m):
        """Legendre memory unit: one number a step is written to a memory of the last steps, in Legendre polynomials.

        Voelker, Kajić & Eliasmith (2019), NeurIPS, Legendre memory units. The memory's system is fixed, and held from
        step to step; its window is of 100 steps, or as many as `recurra.cells.lmu` is told.
        """
        u = x @ p.e_x + h @ p.e_h + m @ p.e_m
        m = m @ p.A + u * p.B
        h = tanh(x @ p.W_x + h @ p.W_h + m @ p.W_m)
        return h, m

    return LMU


LMU = lmu()
