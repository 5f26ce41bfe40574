"""Gated recurrent units: with a delayed state, with constant gates."""

from recurra.cells.constants import share
from recurra.spec import Cell, cell, sigmoid, tanh

__all__ = ["GRU", "DilatedGRU", "MiRU1", "MiRU2", "OriginalGRU", "miru1", "miru2", "tauGRU"]


@cell
def GRU(p, x, h):
    """Gated recurrent unit, the reset gate after the product: what cuDNN and torch.nn.GRU compute.

    Cho et al. (2014), arXiv:1406.1078v1, the first version. The candidate has a bias on each side of the reset gate.
    """
    r = sigmoid(x @ p.W_xr + h @ p.W_hr + p.b_r)
    z = sigmoid(x @ p.W_xz + h @ p.W_hz + p.b_z)
    n = tanh(x @ p.W_xn + p.b_n + r * (h @ p.W_hn + p.b_hn))
    h = (1 - z) * n + z * h
    return h


@cell
def OriginalGRU(p, x, h):
    """Gated recurrent unit, reset before the product. Cho et al. (2014), arXiv:1406.1078v3, equations 5 to 8."""
    r = sigmoid(x @ p.W_xr + h @ p.W_hr + p.b_r)
    z = sigmoid(x @ p.W_xz + h @ p.W_hz + p.b_z)
    n = tanh(x @ p.W_xn + (r * h) @ p.W_hn + p.b_n)
    h = (1 - z) * n + z * h
    return h


@cell(delays={"h_d": ("h", 6)})
def tauGRU(p, x, h, *, h_d):
    """GRU with weighted feedback from a delayed state. Erichson, Lim & Mahoney (2022), arXiv:2212.00228.

    Here 5 steps before the last state; `.delayed({"h_d": steps})` makes it another delay, as their tau is chosen.
    """
    u = tanh(h @ p.W_1 + x @ p.U_1)
    z = tanh(h_d @ p.W_2 + x @ p.U_2)
    g = sigmoid(h @ p.W_3 + x @ p.U_3)
    a = sigmoid(h @ p.W_4 + x @ p.U_4)
    h = (1 - g) * h + g * (u + a * z)
    return h


@cell(delays={"h_s": ("h", 2)})
def DilatedGRU(p, x, h, *, h_s):
    """GRU whose connection over time skips steps. Chang et al. (2017), Dilated recurrent networks, arXiv:1710.02224.

    A layer of theirs skips 1, 2, 4, ... steps: `.delayed({"h_s": steps})` makes each.
    """
    r = sigmoid(x @ p.W_xr + h_s @ p.W_hr + p.b_r)
    z = sigmoid(x @ p.W_xz + h_s @ p.W_hz + p.b_z)
    n = tanh(x @ p.W_xn + (r * h_s) @ p.W_hn + p.b_n)
    h = (1 - z) * n + z * h_s
    return h


def miru1(*, keep: float = 0.5) -> Cell:
    """Make a MiRU1; `keep` is the paper's lambda, the share of the state that stays, from 0 to 1 (else `CellError`).

    Examples
    --------
    >>> miru1(keep=0.7)
    <cell MiRU1: states h; 6 parameters>
    """
    share("MiRU1", keep=keep)

    @cell
    def MiRU1(p, x, h):
        """Minion recurrent unit: a GRU whose update gate is a constant.

        Zyarah & Kudithipudi (2026), Neurocomputing, doi:10.1016/j.neucom.2026.132847. `recurra.cells.miru1` makes
        the cell with another constant.
        """
        r = sigmoid(x @ p.W_xr + h @ p.W_hr + p.b_r)
        candidate = tanh(x @ p.W_xh + (r * h) @ p.W_hh + p.b_h)
        h = keep * h + (1 - keep) * candidate
        return h

    return MiRU1


def miru2(*, keep: float = 0.5, reset: float = 0.5) -> Cell:
    """Make a MiRU2; `keep` is the paper's lambda and `reset` its theta, each from 0 to 1 (else `CellError`).

    Examples
    --------
    >>> miru2(keep=0.7, reset=0.2)
    <cell MiRU2: states h; 3 parameters>
    """
    share("MiRU2", keep=keep, reset=reset)

    @cell
    def MiRU2(p, x, h):
        """Minion recurrent unit: a GRU both of whose gates are constants.

        Zyarah & Kudithipudi (2026), Neurocomputing, doi:10.1016/j.neucom.2026.132847. `recurra.cells.miru2` makes
        the cell with other constants.
        """
        candidate = tanh(x @ p.W_xh + (reset * h) @ p.W_hh + p.b_h)
        h = keep * h + (1 - keep) * candidate
        return h

    return MiRU2


MiRU1 = miru1()
MiRU2 = miru2()
