"""A cell with gates that are exponential functions, and a state that keeps them in range."""

from recurra.spec import cell, exp, maximum, sigmoid, softplus, tanh, where

__all__ = ["sLSTM"]


@cell(init={"b_f": 1.0})
def sLSTM(p, x, h, c, n, m):
    """Scalar LSTM of xLSTM, one head: exponential input gate, normaliser n, stabiliser m.

    Beck et al. (2024), arXiv:2405.04517, equations 8 to 17, with the forget gate of equation 13 a sigmoid, whose
    logarithm is -softplus(-a). While the normaliser is empty the stabiliser is the input gate's, whatever m holds.
    """
    z = tanh(x @ p.W_xz + h @ p.W_hz + p.b_z)
    log_i = x @ p.W_xi + h @ p.W_hi + p.b_i
    log_f = -softplus(-(x @ p.W_xf + h @ p.W_hf + p.b_f))
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.b_o)
    kept = where(n > 0, log_f + m, log_i)
    m = maximum(kept, log_i)
    i = exp(log_i - m)
    f = exp(kept - m)
    c = f * c + i * z
    n = f * n + i
    h = o * c / n
    return h, c, n, m
