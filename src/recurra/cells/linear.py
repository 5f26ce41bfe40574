"""Cells whose matrix products read inputs alone, so that all run before the loop; most are linear in their state."""

import numpy as np

from recurra.cells.spread import around_a_ring, logit, quantiles
from recurra.spec import cell, cos, exp, maximum, sigmoid, sin, softplus, sqrt, tanh, where

__all__ = [
    "GILRLSTM", "HGRN", "LRU", "QRNN", "RCNN", "RGLRU", "SRU", "TGRU", "TLSTM", "TRNN", "LogSpaceMinGRU",
    "LogSpaceMinLSTM", "MinGRU", "MinLSTM",
]  # fmt: skip


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


def _positive(a):
    """Return a value that is never negative, the g of the log-space forms."""
    return where(a >= 0, a + 0.5, sigmoid(a))


@cell
def LogSpaceMinGRU(p, x, h):
    """MinGRU whose candidate is positive, so that its scan can run on logarithms.

    Feng et al. (2024), arXiv:2410.01201, appendix B. What they scan in logarithms is this recurrence.
    """
    z = sigmoid(x @ p.W_xz + p.b_z)
    h = (1 - z) * h + z * _positive(x @ p.W_xh + p.b_h)
    return h


@cell
def LogSpaceMinLSTM(p, x, h):
    """MinLSTM whose candidate is positive, so that its scan can run on logarithms.

    Feng et al. (2024), arXiv:2410.01201, appendix B. What they scan in logarithms is this recurrence.
    """
    f = sigmoid(softplus(-(x @ p.W_xi + p.b_i)) - softplus(-(x @ p.W_xf + p.b_f)))
    h = f * h + (1 - f) * _positive(x @ p.W_xh + p.b_h)
    return h


def _open_decays(hidden_size):
    return logit((0.9 + 0.099 * quantiles(hidden_size)) ** (1 / 8))


@cell(init={"l": _open_decays})
def RGLRU(p, x, h):
    """Real-gated linear recurrent unit of Griffin: a trained decay, to a power that the input chooses.

    De et al. (2024), arXiv:2402.19427, equations 1 to 4, with c = 8; l is their Λ, which starts at decays from 0.9 to
    0.999 with the gate open. Their x is as wide as the state; here a matrix brings it to that width. As in their code
    the root has a bounded slope: what is under it is at least 1e-6.
    """
    r = sigmoid(x @ p.W_a + p.b_a)
    i = sigmoid(x @ p.W_x + p.b_x)
    a = exp(-8 * softplus(-p.l) * r)
    h = a * h + sqrt(maximum(1 - a * a, 1e-6)) * (i * (x @ p.W))
    return h


def _ring_decays(hidden_size):
    return np.log(-np.log(around_a_ring(hidden_size)[0]))


def _ring_angles(hidden_size):
    return np.log(around_a_ring(hidden_size)[1])


def _ring_scales(hidden_size):
    return np.log(1 - around_a_ring(hidden_size)[0] ** 2) / 2


@cell(
    init={"nu": _ring_decays, "theta": _ring_angles, "gamma": _ring_scales},
    sizes={"C_re": ("hidden_size", "output_size")},
)
def LRU(p, x, a, b):
    """Linear recurrent unit: each feature turns and shrinks by a trained complex number, between two matrices.

    Orvieto et al. (2023), arXiv:2303.06349. a and b are the state's real and imaginary part, which
    exp(-exp(nu) + i exp(theta)) multiplies, a number that begins in a ring; the input is scaled by exp(gamma). Theirs
    adds a multiple of the input to the output, which is left out here.
    """
    size, angle = exp(-exp(p.nu)), exp(p.theta)
    re, im = size * cos(angle), size * sin(angle)
    new = re * a - im * b + exp(p.gamma) * (x @ p.B_re)
    b = im * a + re * b + exp(p.gamma) * (x @ p.B_im)
    y = new @ p.C_re - b @ p.C_im
    return (new, b), y


def _angles(hidden_size):
    return 10000.0 ** (-2 * np.arange(hidden_size) / hidden_size)


@cell(
    init={"theta": _angles},
    sizes={"W_or": ("hidden_size", "hidden_size")},
)
def HGRN(p, x, a, b):
    """HGRN: a complex state that turns by trained angles, with a forget gate above a trained bound.

    Qin, Yang & Zhong (2023), arXiv:2311.04823. a and b are the state's real and imaginary part. Their bounds rise from
    layer to layer, by a softmax over layers; here each layer has its own, sigmoid(l). Their normalisation before the
    last product is left out.
    """
    bound = sigmoid(p.l)
    f = bound + (1 - bound) * sigmoid(x @ p.W_f + p.b_f)
    u, v = x @ p.W_cr + p.b_cr, x @ p.W_ci + p.b_ci
    new = f * (cos(p.theta) * a - sin(p.theta) * b) + (1 - f) * u * sigmoid(u)
    b = f * (sin(p.theta) * a + cos(p.theta) * b) + (1 - f) * v * sigmoid(v)
    gate_re, gate_im = sigmoid(x @ p.W_gr + p.b_gr), sigmoid(x @ p.W_gi + p.b_gi)
    y = (gate_re * new) @ p.W_or + (gate_im * b) @ p.W_oi + p.b_o
    return (new, b), y


@cell(init={"b_f": 1.0})
def GILRLSTM(p, x, s, c):
    """LSTM whose gates read a gated linear recurrence in place of its output, so that both run as scans.

    Martin & Cundy (2018), arXiv:1709.04057; its output o * c has no tanh.
    """
    g = sigmoid(x @ p.W_g + p.b_g)
    new = g * s + (1 - g) * tanh(x @ p.W_s + p.b_s)
    f = sigmoid(s @ p.U_f + x @ p.V_f + p.b_f)
    i = sigmoid(s @ p.U_i + x @ p.V_i + p.b_i)
    o = sigmoid(s @ p.U_o + x @ p.V_o + p.b_o)
    z = tanh(s @ p.U_z + x @ p.V_z + p.b_z)
    c = f * c + i * z
    h = o * c
    return (new, c), h


@cell
def RCNN(p, x, h, c1, c2):
    """Recurrent convolution: means of all bigrams of inputs, adjacent or not, that decay by a gate.

    Lei et al. (2016), arXiv:1512.05726, with n-grams of two.
    """
    decay = sigmoid(x @ p.W_l + h @ p.U_l + p.b_l)
    c2 = decay * c2 + (1 - decay) * (c1 + x @ p.W_2)
    c1 = decay * c1 + (1 - decay) * (x @ p.W_1)
    h = tanh(c2 + p.b)
    return h, c1, c2


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
