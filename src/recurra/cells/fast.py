"""Residual cells with two trained scalars, for small devices."""

from recurra.spec import cell, sigmoid, tanh

__all__ = ["FastGRNN", "FastRNN"]


@cell(scalars=("alpha", "beta"), init={"alpha": -3.0, "beta": 3.0})
def FastRNN(p, x, h):
    """A weighted residual connection around an Elman step. Kusupati et al. (2018), arXiv:1901.02358."""
    candidate = tanh(x @ p.W_x + h @ p.W_h + p.b)
    h = sigmoid(p.alpha) * candidate + sigmoid(p.beta) * h
    return h


@cell(scalars=("zeta", "nu"), init={"zeta": 1.0, "nu": -4.0})
def FastGRNN(p, x, h):
    """Gate and candidate share their matrices. Kusupati et al. (2018), arXiv:1901.02358."""
    a = x @ p.W_x + h @ p.W_h
    z = sigmoid(a + p.b_z)
    candidate = tanh(a + p.b_h)
    h = (sigmoid(p.zeta) * (1 - z) + sigmoid(p.nu)) * candidate + z * h
    return h
