"""Gated recurrent units."""

from recurra.spec import cell, sigmoid, tanh

__all__ = ["GRU", "OriginalGRU"]


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
