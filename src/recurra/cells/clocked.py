"""Cells that are not updated at every step: by clocks, by rhythms in time, or when they say so themselves."""

import functools

import numpy as np

from recurra.cells.constants import positive, whole
from recurra.cells.spread import golden, quantiles
from recurra.spec import Cell, cell, exp, heaviside, minimum, sigmoid, tanh, where

__all__ = ["ClockworkRNN", "PhasedLSTM", "SkipGRU", "clockwork", "phased_lstm"]


def _periods(hidden_size, modules):
    """Return the period of each unit: 1 for those of the first module, twice as long for those of the next."""
    return 2.0 ** (np.arange(hidden_size) * modules // hidden_size)


def _from_slower(hidden_size, modules):
    """Return the matrix that lets units be read by those that are as fast, and by faster ones."""
    period = _periods(hidden_size, modules)
    return (period[:, None] >= period).astype(float)


def clockwork(*, modules: int = 4) -> Cell:
    """Make a ClockworkRNN; `modules` is the number of its clocks, from 1 on (else `CellError`).

    Examples
    --------
    >>> clockwork(modules=2)
    <cell ClockworkRNN: states h, t; 3 parameters>
    """
    whole("ClockworkRNN", modules=modules)

    @cell(
        sizes={"t": 1},
        fixed={
            "period": functools.partial(_periods, modules=modules),
            "wired": functools.partial(_from_slower, modules=modules),
        },
    )
    def ClockworkRNN(p, x, h, t):
        """Clockwork network: modules of units with periods 1, 2, 4 and so on, which read slower ones and themselves.

        Koutník, Greff, Gomez & Schmidhuber (2014), arXiv:1402.3511. t counts the steps, up to the longest period; all
        modules run at the first. `recurra.cells.clockwork` makes the cell with others than 4 modules.
        """
        new = tanh(x @ p.W_x + h @ (p.W_h * p.wired) + p.b)
        h = where(t % p.period < 0.5, new, h)
        t = (t + 1) % 2 ** (modules - 1)
        return h, t

    return ClockworkRNN


ClockworkRNN = clockwork()


def _log_periods(hidden_size):
    return 3 * quantiles(hidden_size)


def _shifts(hidden_size):
    return np.exp(_log_periods(hidden_size)) * golden(hidden_size)


def phased_lstm(*, leak: float = 0.001) -> Cell:
    """Make a PhasedLSTM; `leak` is the slope of closed gates, above 0 (else `CellError`).

    Examples
    --------
    >>> phased_lstm(leak=0.01)
    <cell PhasedLSTM: states h, c; 18 parameters>
    """
    positive("PhasedLSTM", leak=leak)

    @cell(sizes={"time": 1}, init={"b_f": 1.0, "log_tau": _log_periods, "b_s": _shifts, "r": 0.05})
    def PhasedLSTM(p, x, h, c, *, time):
        """LSTM whose units are updated in a part of a rhythm only, each with a period and a phase of its own.

        Neil, Pfeiffer & Liu (2016), arXiv:1610.09513. `time` is that of the sample; exp(log_tau) is the period, b_s the
        shift, r the share of a period in which the gate opens. Periods begin between 1 and exp(3).
        `recurra.cells.phased_lstm` makes the cell with another leak than 0.001 (in evaluation they have none).
        """
        phase = (time - p.b_s) % exp(p.log_tau) / exp(p.log_tau)
        k = where(phase < 0.5 * p.r, 2 * phase / p.r, where(phase < p.r, 2 - 2 * phase / p.r, leak * phase))
        i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.w_ci * c + p.b_i)
        f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.w_cf * c + p.b_f)
        new = f * c + i * tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
        o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.w_co * new + p.b_o)
        c = k * new + (1 - k) * c
        h = k * (o * tanh(new)) + (1 - k) * h
        return h, c

    return PhasedLSTM


PhasedLSTM = phased_lstm()


@cell(sizes={"u": 1, "W_p": ("hidden_size", 1)}, initial={"u": 1.0}, init={"b_p": 1.0})
def SkipGRU(p, x, h, u):
    """GRU that decides how many steps to skip, by a gate of 0 or 1 that learns straight through.

    Campos, Jou, Giró-i-Nieto, Torres & Chang (2017), arXiv:1708.06834, equations 2 to 5. u adds up to the next update,
    and begins with 1.
    """
    update = heaviside(u - 0.5, derivative=lambda v: 1)
    r = sigmoid(x @ p.W_xr + h @ p.W_hr + p.b_r)
    z = sigmoid(x @ p.W_xz + h @ p.W_hz + p.b_z)
    n = tanh(x @ p.W_xn + (r * h) @ p.W_hn + p.b_n)
    h = update * ((1 - z) * n + z * h) + (1 - update) * h
    more = sigmoid(h @ p.W_p + p.b_p)
    u = update * more + (1 - update) * (u + minimum(more, 1 - u))
    return h, u
