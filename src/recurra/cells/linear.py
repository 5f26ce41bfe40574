"""Cells whose matrix products read inputs alone, so that all run before the loop; most are linear in their state."""

from recurra.spec import cell, sigmoid, softplus, tanh

__all__ = ["QRNN", "SRU", "TGRU", "TLSTM", "TRNN", "MinGRU", "MinLSTM"]


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


@cell
def SRU(p, x, c):
    """Simple recurrent unit: each unit's gates see its own state alone.

    Lei et al. (2018), arXiv:1709.02755, equations 1 to 4. Their x in the last equation is as wide as the state; here a
    matrix brings it to that width.
    """
    f = sigmoid(x @ p.W_f + p.v_f * c + p.b_f)
    r = sigmoid(x @ p.W_r + p.v_r * c + p.b_r)
    c = f * c + (1 - f) * (x @ p.W)
    h = r * c + (1 - r) * (x @ p.W_x)
    return (c,), h


@cell(sizes={"previous": "input_size"})
def QRNN(p, x, c, previous):
    """Quasi-recurrent network with a window of two inputs and fo-pooling.

    Bradbury, Merity, Xiong & Socher (2017), arXiv:1611.01576, equations 2 and 4. The previous input is a state, as wide
    as the input.
    """
    z = tanh(previous @ p.V_z + x @ p.W_z)
    f = sigmoid(previous @ p.V_f + x @ p.W_f)
    o = sigmoid(previous @ p.V_o + x @ p.W_o)
    c = f * c + (1 - f) * z
    h = o * c
    return (c, x), h


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
