"""Strongly typed cells: a state meets only what is of its type, so nothing multiplies it but gates."""

from recurra.spec import cell, sigmoid, tanh

__all__ = ["TGRU", "TLSTM", "TRNN"]


@cell
def TRNN(p, x, h):
    """Strongly typed Elman network. Balduzzi & Ghifary (2016), arXiv:1602.02218."""
    f = sigmoid(x @ p.W_xf + p.b_f)
    h = f * h + (1 - f) * (x @ p.W_xz)
    return h


@cell(sizes={"previous": "input_size"})
def TGRU(p, x, h, previous):
    """Strongly typed GRU: it reads the previous input in place of its state.

    Balduzzi & Ghifary (2016), arXiv:1602.02218. The previous input is a state, as wide as the input.
    """
    z = previous @ p.V_z + x @ p.W_z + p.b_z
    f = sigmoid(previous @ p.V_f + x @ p.W_f + p.b_f)
    o = tanh(previous @ p.V_o + x @ p.W_o + p.b_o)
    h = f * h + z * o
    return h, x


@cell(sizes={"previous": "input_size"})
def TLSTM(p, x, c, previous):
    """Strongly typed LSTM: it reads the previous input in place of its output.

    Balduzzi & Ghifary (2016), arXiv:1602.02218. The previous input is a state, as wide as the input.
    """
    z = previous @ p.V_z + x @ p.W_z + p.b_z
    f = sigmoid(previous @ p.V_f + x @ p.W_f + p.b_f)
    o = tanh(previous @ p.V_o + x @ p.W_o + p.b_o)
    c = f * c + (1 - f) * z
    h = c * o
    return (c, x), h
