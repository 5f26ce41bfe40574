"""Cells whose products need no state: all of them run before the loop, and elementwise operations in it."""

from recurra.spec import cell, sigmoid, tanh

__all__ = ["QRNN", "SRU"]


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
