"""Cells that read a state of some steps before."""

from recurra.spec import cell, sigmoid, tanh

__all__ = ["DilatedGRU", "tauGRU"]


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
