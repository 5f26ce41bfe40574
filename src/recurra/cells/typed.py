"""Strongly typed cells: a state meets only what is of its type, so nothing multiplies it but gates."""

from recurra.spec import cell, sigmoid

__all__ = ["TRNN"]


@cell
def TRNN(p, x, h):
    """Strongly typed Elman network. Balduzzi & Ghifary (2016), arXiv:1602.02218."""
    f = sigmoid(x @ p.W_xf + p.b_f)
    h = f * h + (1 - f) * (x @ p.W_xz)
    return h
