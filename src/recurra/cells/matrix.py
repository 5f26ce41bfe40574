"""Cells whose state is a matrix for each head: linear attention and its kin, delta rules, selective state spaces.

A head's state maps keys to values: it is written to by outer products and read by a product with a query. What stands
around the step in the papers' blocks (convolutions, normalisation, output gates and projections) is no part of a cell.
"""

import math

import numpy as np

from recurra.cells.spread import inverse_softplus, time_steps
from recurra.spec import (
    cell,
    column,
    cos,
    exp,
    flatten,
    matvec,
    maximum,
    minimum,
    outer,
    relu,
    row,
    sigmoid,
    sin,
    size,
    softmax,
    softplus,
    split,
    sqrt,
    sum,
    tanh,
    vecmat,
    where,
)

__all__ = [
    "GLA",
    "HGRN2",
    "RWKV6",
    "RWKV7",
    "S6",
    "SSD",
    "DeltaNet",
    "FastWeights",
    "GatedDeltaNet",
    "LinearAttention",
    "RetNet",
    "mLSTM",
    "sLSTMHeads",
]  # fmt: skip

_HEADS = ("heads", "hidden_size/heads", "hidden_size/heads")


def _normalised(x):
    """Return a vector scaled to length 1."""
    return x / sqrt(sum(x * x) + 1e-6)


@cell(sizes={"S": _HEADS, "z": ("heads", "hidden_size/heads")})
def LinearAttention(p, x, S, z):
    """Linear attention: keys and queries are elu(a) + 1, and what is read is divided by all keys' weight.

    Katharopoulos et al. (2020), arXiv:2006.16236, equations 16 to 20. The weight begins with 0, so 1e-6 is added.
    """
    a, b = split(x @ p.W_q, "heads"), split(x @ p.W_k, "heads")
    q = exp(minimum(a, 0.0)) + relu(a)
    k = exp(minimum(b, 0.0)) + relu(b)
    S = S + outer(k, split(x @ p.W_v, "heads"))
    z = z + k
    y = vecmat(q, S) / (sum(q * z) + 1e-6)
    return (S, z), flatten(y)


@cell(sizes={"S": ("key_size", "hidden_size")})
def FastWeights(p, x, S):
    """Fast weights: outer products add up. Schlag et al. (2021), arXiv:2102.11174.

    Without their delta rule; after Schmidhuber (1992), with softmaxes for keys and queries.
    """
    k, q = softmax(x @ p.W_k), softmax(x @ p.W_q)
    S = S + outer(k, x @ p.W_v)
    return (S,), vecmat(q, S)


@cell(sizes={"S": _HEADS})
def GLA(p, x, S):
    """Gated linear attention: each row of the state has a forget gate. Yang et al. (2023), arXiv:2312.06635.

    Equation 3. Their gate is the 16th root of a sigmoid of a low-rank product; here the product has full rank.
    """
    q, k, v = split(x @ p.W_q, "heads"), split(x @ p.W_k, "heads"), split(x @ p.W_v, "heads")
    a = split(exp(-softplus(-(x @ p.W_a + p.b_a)) / 16), "heads")
    S = column(a) * S + outer(k, v)
    y = vecmat(q, S) / sqrt(size(k))
    return (S,), flatten(y)


def _decays(heads):
    return 1 - 2.0 ** (-5 - np.arange(heads))


def _angles(key_size):
    return 10000.0 ** (-np.arange(key_size) / key_size)


@cell(
    sizes=dict.fromkeys("SZ", ("heads", "key_size", "hidden_size/heads")) | {"gamma": "heads", "theta": "key_size"},
    fixed={"gamma": _decays, "theta": _angles},
)
def RetNet(p, x, S, Z):
    """Retention: each head's state decays at a rate of its own, and turns, so that it knows how long ago a key was.

    Sun et al. (2023), arXiv:2307.08621, equations 3 to 6, with their fixed decays and angles. S and Z are the state's
    real and imaginary part: keys and queries are complex, as pairs of numbers that they turn by their place are.
    """
    q_re, q_im = split(x @ p.W_qr, "heads"), split(x @ p.W_qi, "heads")
    k_re, k_im = split(x @ p.W_kr, "heads"), split(x @ p.W_ki, "heads")
    v = split(x @ p.W_v, "heads")
    re, im = column(column(p.gamma) * cos(p.theta)), column(column(p.gamma) * sin(p.theta))
    new = re * S - im * Z + outer(k_re, v)
    Z = im * S + re * Z - outer(k_im, v)
    y = (vecmat(q_re, new) - vecmat(q_im, Z)) / sqrt(2 * size(q_re))
    return (new, Z), flatten(y)


@cell(sizes={"S": _HEADS})
def HGRN2(p, x, S):
    """HGRN2: the key is what the forget gate leaves. Qin et al. (2024), arXiv:2404.07904, equation 7, lower bound 0."""
    f = split(sigmoid(x @ p.W_f + p.b_f), "heads")
    S = column(f) * S + outer(1 - f, split(x @ p.W_i, "heads"))
    y = vecmat(split(sigmoid(x @ p.W_o), "heads"), S)
    return (S,), flatten(y)


@cell(sizes={"S": _HEADS})
def DeltaNet(p, x, S):
    """DeltaNet: what a key holds is replaced, not added to. Schlag et al. (2021), arXiv:2102.11174.

    With keys of length 1 and SiLU before it as Yang et al. (2024), arXiv:2406.06484.
    """
    a, b = split(x @ p.W_q, "heads"), split(x @ p.W_k, "heads")
    q, k = _normalised(a * sigmoid(a)), _normalised(b * sigmoid(b))
    beta = sigmoid(x @ p.W_b)
    S = S + outer(k, column(beta) * (split(x @ p.W_v, "heads") - vecmat(k, S)))
    return (S,), flatten(vecmat(q, S))


def _rates(heads):
    """Return the logarithms of decay rates of heads, from 1 to 16."""
    return np.log(np.linspace(1, 16, heads))


def _steps_of_heads(heads):
    return inverse_softplus(time_steps(heads))


def _steps_of_channels(hidden_size):
    return inverse_softplus(time_steps(hidden_size))


@cell(sizes={"S": _HEADS}, init={"a": _rates, "b_a": _steps_of_heads})
def GatedDeltaNet(p, x, S):
    """Gated DeltaNet: the delta rule upon a state that decays. Yang, Kautz & Hatamizadeh (2024), arXiv:2412.06464.

    Equation 10, with the decay of Mamba-2.
    """
    a, b = split(x @ p.W_q, "heads"), split(x @ p.W_k, "heads")
    q, k = _normalised(a * sigmoid(a)), _normalised(b * sigmoid(b))
    alpha = exp(-exp(p.a) * softplus(x @ p.W_a + p.b_a))
    beta = sigmoid(x @ p.W_b)
    S = column(column(alpha)) * S
    S = S + outer(k, column(beta) * (split(x @ p.W_v, "heads") - vecmat(k, S)))
    return (S,), flatten(vecmat(q, S))


def _open_gates(heads):
    return np.linspace(3, 6, heads)


@cell(sizes={"C": _HEADS, "n": ("heads", "hidden_size/heads"), "m": "heads"}, init={"b_f": _open_gates})
def mLSTM(p, x, C, n, m):
    """mLSTM: a matrix memory with exponential gates. Beck et al. (2024), arXiv:2405.04517, equations 19 to 27.

    Stabilised as in their appendix: the state is scaled by exp(-m), which cancels where it is read.
    """
    q, k, v = split(x @ p.W_q, "heads"), split(x @ p.W_k, "heads"), split(x @ p.W_v, "heads")
    i = x @ p.W_i + p.b_i
    f = -softplus(-(x @ p.W_f + p.b_f))
    o = sigmoid(x @ p.W_o + p.b_o)
    before, m = m, maximum(f + m, i)
    i, f = column(exp(i - m)), column(exp(f + before - m))
    k = k / sqrt(size(k))
    C = column(f) * C + column(i) * outer(k, v)
    n = f * n + i * k
    y = vecmat(q, C) / maximum(abs(sum(q * n)), column(exp(-maximum(m, -80.0))))  # exp is finite
    return (C, n, m), o * flatten(y)


@cell(sizes=dict.fromkeys(("h", "c", "n", "m"), ("heads", "hidden_size/heads")), init={"b_f": 3.0})
def sLSTMHeads(p, x, h, c, n, m):
    """SLSTM with heads: exponential gates, and recurrent matrices that mix the units of a head alone.

    Beck et al. (2024), arXiv:2405.04517, equations 8 to 18, with the memory mixing of their section 2.2; otherwise as
    `sLSTM`, which has one head.
    """
    z = tanh(split(x @ p.W_z + p.b_z, "heads") + vecmat(h, p.R_z))
    i = split(x @ p.W_i + p.b_i, "heads") + vecmat(h, p.R_i)
    f = -softplus(-(split(x @ p.W_f + p.b_f, "heads") + vecmat(h, p.R_f)))
    o = sigmoid(split(x @ p.W_o + p.b_o, "heads") + vecmat(h, p.R_o))
    kept = where(n > 0, f + m, i)
    m = maximum(kept, i)
    i, f = exp(i - m), exp(kept - m)
    c = f * c + i * z
    n = f * n + i
    h = o * c / n
    return (h, c, n, m), flatten(h)


def _places(count):
    """Return the places of channels, from 0 to 1."""
    return np.arange(count) / max(1, count - 1)


def _decays_of_rwkv6(hidden_size):
    return 5 * _places(hidden_size) ** 0.7 - 6


def _decays_of_rwkv7(hidden_size):
    return 5 * _places(hidden_size) ** 0.85 - 6.5


@cell(sizes={"S": _HEADS}, init={"b_w": _decays_of_rwkv6, "u": 0.5})
def RWKV6(p, x, S):
    """RWKV-6 time mixing: a decay for each channel and step, and a bonus for the present key.

    Peng et al. (2024), arXiv:2404.05892, equations 16 to 19, without the shift of tokens.
    """
    r, k, v = split(x @ p.W_r, "heads"), split(x @ p.W_k, "heads"), split(x @ p.W_v, "heads")
    w = split(exp(-exp(minimum(x @ p.W_w + p.b_w, 40.0))), "heads")  # 0 long before, and so is its gradient
    y = vecmat(r, S) + sum(r * split(p.u * (x @ p.W_k), "heads")) * v
    S = column(w) * S + outer(k, v)
    return (S,), flatten(y)


@cell(
    sizes={"S": _HEADS},
    init={"b_w": _decays_of_rwkv7, "xi": 0.85, "alpha": 1.0},
)
def RWKV7(p, x, S):
    """RWKV-7 time mixing: a generalised delta rule, whose removal key is not the key that is written.

    Peng et al. (2025), arXiv:2503.14456, equations 10 to 17, without the shift of tokens and the mixing of values.
    """
    r, v = split(x @ p.W_r, "heads"), split(x @ p.W_v, "heads")
    k = x @ p.W_k
    a = sigmoid(x @ p.W_a + p.b_a)
    w = split(exp(-math.exp(-0.5) * sigmoid(x @ p.W_w + p.b_w)), "heads")
    removal = _normalised(split(k * p.xi, "heads"))
    written = split(k * (1 + (a - 1) * p.alpha), "heads")
    S = column(w) * S - outer(removal * split(a, "heads"), vecmat(removal, S)) + outer(written, v)
    return (S,), flatten(vecmat(r, S))


def _logarithms(hidden_size, state_size):
    return np.tile(np.log(np.arange(1, state_size + 1)), (hidden_size, 1))


@cell(
    sizes={"h": ("hidden_size", "state_size"), "R": ("hidden_size", "dt_rank")},
    init={
        "A": _logarithms,
        "b_dt": _steps_of_channels,
        "D": 1.0,
    },
)
def S6(p, x, h):
    """Selective state space of Mamba: a diagonal system for each channel, its step and matrices read from the input.

    Gu & Dao (2023), arXiv:2312.00752, algorithm 2. Their u comes out of a convolution; here a matrix makes it of x.
    """
    u = x @ p.W_u
    dt = softplus((u @ p.R) @ p.W_dt + p.b_dt)
    B, C = u @ p.W_B, u @ p.W_C
    h = exp(column(dt) * -exp(p.A)) * h + outer(dt * u, B)
    return (h,), matvec(h, C) + p.D * u


@cell(
    sizes={"h": ("heads", "hidden_size/heads", "state_size")},
    init={"A": _rates, "b_dt": _steps_of_heads, "D": 1.0},
)
def SSD(p, x, h):
    """State space duality of Mamba-2: one decay a head, its matrices shared by all heads.

    Dao & Gu (2024), arXiv:2405.21060, section 7. Their u comes out of a convolution; here a matrix makes it of x.
    """
    u = split(x @ p.W_u, "heads")
    dt = softplus(x @ p.W_dt + p.b_dt)
    h = column(column(exp(-exp(p.A) * dt))) * h + column(column(dt) * u) * row(row(x @ p.W_B))
    y = matvec(h, row(x @ p.W_C)) + column(p.D) * u
    return (h,), flatten(y)
