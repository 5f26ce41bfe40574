"""Long short-term memory and its variants: with peepholes, projections, exponential gates, and conserving mass."""

from recurra.spec import cell, exp, maximum, sigmoid, softmax, softplus, sum, tanh, where

__all__ = [
    "LSTM", "MCLSTM", "WMCLSTM", "CoupledLSTM", "FullPeepholeLSTM", "MassConservingLSTM", "MultiplicativeLSTM",
    "OriginalLSTM", "PeepholeLSTM", "ProjectedLSTM", "ResLSTM", "sLSTM",
]  # fmt: skip


@cell(init={"b_f": 1.0})
def LSTM(p, x, h, c):
    """Long short-term memory. Hochreiter & Schmidhuber (1997), Neural Computation 9(8).

    The forget gate: Gers, Schmidhuber & Cummins (2000). Its bias starts at 1: Jozefowicz, Zaremba & Sutskever
    (2015), section 3.
    """
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f)
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.b_o)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    c = f * c + i * g
    h = o * tanh(c)
    return h, c


@cell(init={"b_f": 1.0})
def CoupledLSTM(p, x, h, c):
    """LSTM whose input gate is what its forget gate leaves. Greff et al. (2017), LSTM: A search space odyssey, CIFG."""
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f)
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.b_o)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    c = f * c + (1 - f) * g
    h = o * tanh(c)
    return h, c


@cell(init={"b_f": 1.0})
def PeepholeLSTM(p, x, h, c):
    """LSTM whose gates see the cell state, each unit its own.

    Gers, Schraudolph & Schmidhuber (2002), JMLR 3, section 3. The output gate sees the new cell state.
    """
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.w_ci * c + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.w_cf * c + p.b_f)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    c = f * c + i * g
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.w_co * c + p.b_o)
    h = o * tanh(c)
    return h, c


@cell(init={"b_f": 1.0})
def FullPeepholeLSTM(p, x, h, c):
    """LSTM whose gates see the whole cell state through matrices. Graves (2013), arXiv:1308.0850, equations 7 to 11.

    There the peephole matrices are diagonal; here they are full. The output gate sees the new cell state.
    """
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + c @ p.W_ci + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + c @ p.W_cf + p.b_f)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    c = f * c + i * g
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + c @ p.W_co + p.b_o)
    h = o * tanh(c)
    return h, c


@cell(init={"b_f": 1.0}, sizes={"h": "proj_size", "c": "hidden_size"})
def ProjectedLSTM(p, x, h, c):
    """LSTM whose output is projected to fewer units. Sak, Senior & Beaufays (2014), arXiv:1402.1128."""
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f)
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.b_o)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    c = f * c + i * g
    h = (o * tanh(c)) @ p.W_r
    return h, c


@cell
def OriginalLSTM(p, x, h, c):
    """LSTM without a forget gate. Hochreiter & Schmidhuber (1997), Neural Computation 9(8)."""
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.b_i)
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.b_o)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    c = c + i * g
    h = o * tanh(c)
    return h, c


@cell(init={"b_f": 1.0}, sizes={"W_xm": ("input_size", "hidden_size")})
def MultiplicativeLSTM(p, x, h, c):
    """LSTM whose state product depends on the input. Krause et al. (2016), arXiv:1609.07959."""
    m = (x @ p.W_xm) * (h @ p.W_hm)
    i = sigmoid(x @ p.W_xi + m @ p.W_mi + p.b_i)
    f = sigmoid(x @ p.W_xf + m @ p.W_mf + p.b_f)
    o = sigmoid(x @ p.W_xo + m @ p.W_mo + p.b_o)
    g = tanh(x @ p.W_xc + m @ p.W_mc + p.b_c)
    c = f * c + i * g
    h = o * tanh(c)
    return h, c


@cell(init={"b_f": 1.0})
def ResLSTM(p, x, h, c):
    """LSTM with peepholes, and a shortcut from the input past the cell state.

    Kim, El-Khamy & Lee (2017), arXiv:1701.03360.
    """
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.w_ci * c + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.w_cf * c + p.b_f)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    c = f * c + i * g
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.w_co * c + p.b_o)
    h = o * (tanh(c) @ p.W_p + x @ p.W_x)
    return h, c


@cell(init={"b_f": 1.0})
def WMCLSTM(p, x, h, c):
    """LSTM with working memory connections: its gates see a squashed product with the cell state.

    Landi, Baraldi, Cornia & Cucchiara (2021), arXiv:2109.00020. The output gate sees the new cell state.
    """
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + tanh(c @ p.W_ci) + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + tanh(c @ p.W_cf) + p.b_f)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    c = f * c + i * g
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + tanh(c @ p.W_co) + p.b_o)
    h = o * tanh(c)
    return h, c


@cell(init={"b_f": 1.0})
def MCLSTM(p, x, v, c):
    """LSTM with a memory control gate: its gates read the control vector v, and its output h is read by none.

    Intel (2017), Sequence modeling, NIPS 2017. Not the LSTM that conserves mass, which is `MassConservingLSTM`.
    """
    f = sigmoid(x @ p.W_xf + v @ p.W_vf + p.b_f)
    i = sigmoid(x @ p.W_xi + v @ p.W_vi + p.b_i)
    o = sigmoid(x @ p.W_xo + v @ p.W_vo + p.b_o)
    m = sigmoid(x @ p.W_xm + v @ p.W_vm + p.b_m)
    n = tanh(x @ p.W_xn + v @ p.W_vn + p.b_n)
    c = f * c + i * n
    h = o * tanh(c)
    v = m * tanh(c)
    return (v, c), h


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


@cell(sizes={"mass": 1, "B": ("hidden_size", "hidden_size")})
def MassConservingLSTM(p, x, c, *, mass):
    """LSTM that conserves mass: what comes in goes out by its output or stays in its state.

    Hoedt et al. (2021), arXiv:2101.05186, with a redistribution R that does not depend on the input. `mass` is the
    input that is conserved, from 0 on; x is what they call auxiliary. A row of R sums to 1, and so does i.
    1e-5 stands by for a state that is empty.
    """
    level = c / (sum(abs(c)) + 1e-5)
    a = x @ p.W_xi + level @ p.W_ci + p.b_i
    i = softmax(a)
    o = sigmoid(x @ p.W_xo + level @ p.W_co + p.b_o)
    R = softmax(p.B)
    m = c @ R + i * mass
    c = (1 - o) * m
    h = o * m
    return (c,), h
