"""Cells that are linear in their state: their gates read the input alone, so all products run before the loop."""

from recurra.spec import cell, sigmoid, softplus

__all__ = ["MinGRU", "MinLSTM"]


@cell
def MinGRU(p, x, h):
    """minGRU: a GRU whose gate and candidate read the input alone. Feng et al. (2024), arXiv:2410.01201."""
    z = sigmoid(x @ p.W_xz + p.b_z)
    h = (1 - z) * h + z * (x @ p.W_xh + p.b_h)
    return h


@cell
def MinLSTM(p, x, h):
    """minLSTM: forget and input gate add up to 1. Feng et al. (2024), arXiv:2410.01201.

    Their f / (f + i) as a sigmoid of log f - log i, as in their appendix: two gates may both be as good as 0.
    """
    f = sigmoid(softplus(-(x @ p.W_xi + p.b_i)) - softplus(-(x @ p.W_xf + p.b_f)))
    h = f * h + (1 - f) * (x @ p.W_xh + p.b_h)
    return h
