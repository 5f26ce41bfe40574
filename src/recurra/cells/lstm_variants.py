"""LSTMs that differ in one thing: the variants of a search space odyssey, and others with lanes, groups or momentum."""

from recurra.cells.constants import not_negative, share, whole
from recurra.spec import Cell, cell, column, cumsum, flatten, sigmoid, softmax, split, tanh, vecmat

__all__ = [
    "ONLSTM",
    "SCLSTM",
    "ArrayLSTM",
    "FactorisedLSTM",
    "FullGateRecurrenceLSTM",
    "GroupedLSTM",
    "MogrifierLSTM",
    "MomentumLSTM",
    "NoInputActivationLSTM",
    "NoInputGateLSTM",
    "NoOutputActivationLSTM",
    "NoOutputGateLSTM",
    "SubLSTM",
    "mogrifier",
    "momentum_lstm",
    "sclstm",
]  # fmt: skip


def mogrifier(*, rounds: int = 5) -> Cell:
    """Make a MogrifierLSTM; `rounds` says how often input and state change each other, from 1 on (else `CellError`).

    Examples
    --------
    >>> mogrifier(rounds=3)
    <cell MogrifierLSTM: states h, c; 15 parameters>
    """
    whole("MogrifierLSTM", rounds=rounds)

    @cell(init={"b_f": 1.0} | dict.fromkeys(("W_xi", "W_xf", "W_xo", "W_xc"), "xavier"))
    def MogrifierLSTM(p, x, h, c):
        """LSTM before which input and state scale each other's features, in turn and for some rounds.

        Melis, Kočiský & Blunsom (2020), arXiv:1909.01792, with matrices of full rank.
        `recurra.cells.mogrifier` makes the cell with other rounds than 5.
        """
        for k in range(1, rounds + 1):
            if k % 2:
                x = 2 * sigmoid(h @ getattr(p, f"Q_{k}")) * x
            else:
                h = 2 * sigmoid(x @ getattr(p, f"R_{k}")) * h
        i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.b_i)
        f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f)
        o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.b_o)
        g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
        c = f * c + i * g
        h = o * tanh(c)
        return h, c

    return MogrifierLSTM


MogrifierLSTM = mogrifier()


@cell(init={"b_f": 1.0})
def NoInputGateLSTM(p, x, h, c):
    """LSTM with peepholes and without an input gate. Greff et al. (2017), LSTM: A search space odyssey, NIG."""
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.w_cf * c + p.b_f)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    c = f * c + g
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.w_co * c + p.b_o)
    h = o * tanh(c)
    return h, c


@cell(init={"b_f": 1.0})
def NoOutputGateLSTM(p, x, h, c):
    """LSTM with peepholes and without an output gate. Greff et al. (2017), LSTM: A search space odyssey, NOG."""
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.w_ci * c + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.w_cf * c + p.b_f)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    c = f * c + i * g
    h = tanh(c)
    return h, c


@cell(init={"b_f": 1.0})
def NoInputActivationLSTM(p, x, h, c):
    """LSTM with peepholes whose candidate is linear. Greff et al. (2017), LSTM: A search space odyssey, NIAF."""
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.w_ci * c + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.w_cf * c + p.b_f)
    g = x @ p.W_xc + h @ p.W_hc + p.b_c
    c = f * c + i * g
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.w_co * c + p.b_o)
    h = o * tanh(c)
    return h, c


@cell(init={"b_f": 1.0})
def NoOutputActivationLSTM(p, x, h, c):
    """LSTM with peepholes whose output has no tanh. Greff et al. (2017), LSTM: A search space odyssey, NOAF."""
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.w_ci * c + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.w_cf * c + p.b_f)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    c = f * c + i * g
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.w_co * c + p.b_o)
    h = o * c
    return h, c


@cell(init={"b_f": 1.0})
def FullGateRecurrenceLSTM(p, x, h, c, i, f, o):
    """LSTM with peepholes whose gates also read all gates' last values, which are states.

    Greff et al. (2017), LSTM: A search space odyssey, FGR.
    """

    def gate(k, c):
        a = x @ getattr(p, f"W_x{k}") + h @ getattr(p, f"W_h{k}") + getattr(p, f"w_c{k}") * c + getattr(p, f"b_{k}")
        for name, value in last.items():
            a = a + value @ getattr(p, f"R_{name}{k}")
        return sigmoid(a)

    last = {"i": i, "f": f, "o": o}
    i, f = gate("i", c), gate("f", c)
    c = f * c + i * tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    o = gate("o", c)
    h = o * tanh(c)
    return h, c, i, f, o


@cell(init={"b_f": 1.0})
def SubLSTM(p, x, h, c):
    """LSTM whose input and output gates subtract, as inhibition does in a cortical circuit.

    Costa, Assael, Shillingford, de Freitas & Vogels (2017), arXiv:1711.02448, where every activation is a sigmoid.
    """
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f)
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.b_o)
    z = sigmoid(x @ p.W_xz + h @ p.W_hz + p.b_z)
    c = f * c + z - i
    h = sigmoid(c) - o
    return h, c


@cell(init={"b_f1": 1.0, "b_f2": 1.0})
def ArrayLSTM(p, x, h, c1, c2):
    """LSTM with two lanes of memory for each unit, each with gates of its own. Rocki (2016), arXiv:1607.03085."""

    def lane(k, c):
        def a(gate):
            return x @ getattr(p, f"W_{gate}{k}") + h @ getattr(p, f"U_{gate}{k}") + getattr(p, f"b_{gate}{k}")

        c = sigmoid(a("f")) * c + sigmoid(a("i")) * tanh(a("g"))
        return c, sigmoid(a("o")) * tanh(c)

    c1, y1 = lane(1, c1)
    c2, y2 = lane(2, c2)
    h = y1 + y2
    return h, c1, c2


@cell(
    init={"b_f": 1.0},
    sizes={"c": ("chunks", "hidden_size/chunks"), "W_xmf": ("input_size", "chunks"), "W_xmi": ("input_size", "chunks")},
)
def ONLSTM(p, x, h, c):
    """Ordered neurons: master gates that open from a place on, so that what is to last longest is stored at one end.

    Shen, Tan, Sordoni & Courville (2019), arXiv:1810.09536. A chunk of neighbouring units shares its master gates.
    """
    kept = column(cumsum(softmax(x @ p.W_xmf + h @ p.W_hmf + p.b_mf)))
    written = column(1 - cumsum(softmax(x @ p.W_xmi + h @ p.W_hmi + p.b_mi)))
    both = kept * written
    i = split(sigmoid(x @ p.W_xi + h @ p.W_hi + p.b_i), "chunks")
    f = split(sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f), "chunks")
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.b_o)
    g = split(tanh(x @ p.W_xc + h @ p.W_hc + p.b_c), "chunks")
    c = (both * f + kept - both) * c + (both * i + written - both) * g
    h = o * tanh(flatten(c))
    return h, c


@cell(init={"b_f": 1.0}, sizes=dict.fromkeys(("h", "c"), ("groups", "hidden_size/groups")))
def GroupedLSTM(p, x, h, c):
    """LSTM in groups: each reads its part of the input and its own state, side by side.

    Kuchaiev & Ginsburg (2017), arXiv:1703.10722, G-LSTM, without their projection of the output.
    """
    x = split(x, "groups")
    i = sigmoid(vecmat(x, p.W_xi) + vecmat(h, p.W_hi) + p.b_i)
    f = sigmoid(vecmat(x, p.W_xf) + vecmat(h, p.W_hf) + p.b_f)
    o = sigmoid(vecmat(x, p.W_xo) + vecmat(h, p.W_ho) + p.b_o)
    g = tanh(vecmat(x, p.W_xc) + vecmat(h, p.W_hc) + p.b_c)
    c = f * c + i * g
    h = o * tanh(c)
    return (h, c), flatten(h)


@cell(
    init={"b_f": 1.0},
    sizes={"h": "proj_size", "c": "hidden_size", "W_x": ("input_size", "rank"), "W_i": ("rank", "hidden_size")},
)
def FactorisedLSTM(p, x, h, c):
    """LSTM whose matrix is a product of two smaller ones. Kuchaiev & Ginsburg (2017), arXiv:1703.10722, F-LSTM.

    With a projection of the output, as theirs.
    """
    z = x @ p.W_x + h @ p.W_h
    i = sigmoid(z @ p.W_i + p.b_i)
    f = sigmoid(z @ p.W_f + p.b_f)
    o = sigmoid(z @ p.W_o + p.b_o)
    g = tanh(z @ p.W_c + p.b_c)
    c = f * c + i * g
    h = (o * tanh(c)) @ p.W_p
    return h, c


def sclstm(*, alpha: float = 0.5) -> Cell:
    """Make an SCLSTM; `alpha` is the weight of the state in its reading gate, from 0 on (else `CellError`).

    Examples
    --------
    >>> sclstm(alpha=0.3)
    <cell SCLSTM: states h, c, d; 12 parameters>
    """
    not_negative("SCLSTM", alpha=alpha)

    @cell(init={"b_f": 1.0}, sizes={"d": "act_size"})
    def SCLSTM(p, x, h, c, d):
        """LSTM that carries what is still to be said, a dialogue act d; a reading gate takes away what has been said.

        Wen et al. (2015), arXiv:1508.01745. The dialogue act is the initial state of d.
        `recurra.cells.sclstm` makes the cell with another alpha than 0.5.
        """
        i = sigmoid(x @ p.W_xi + h @ p.W_hi)
        f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f)
        o = sigmoid(x @ p.W_xo + h @ p.W_ho)
        g = tanh(x @ p.W_xc + h @ p.W_hc)
        d = sigmoid(x @ p.W_xr + alpha * (h @ p.W_hr)) * d
        c = f * c + i * g + tanh(d @ p.W_dc)
        h = o * tanh(c)
        return h, c, d

    return SCLSTM


SCLSTM = sclstm()


def momentum_lstm(*, momentum: float = 0.9, step: float = 0.1) -> Cell:
    """Make a MomentumLSTM; the constants and errors are those of `momentum_rnn`.

    Examples
    --------
    >>> momentum_lstm(momentum=0.6)
    <cell MomentumLSTM: states h, c, v; 12 parameters>
    """
    share("MomentumLSTM", momentum=momentum)
    not_negative("MomentumLSTM", step=step)

    @cell(init={"b_f": 1.0}, sizes={"v": "input_size"})
    def MomentumLSTM(p, x, h, c, v):
        """LSTM that reads a running sum of its inputs, which has momentum. Nguyen et al. (2020), arXiv:2006.06919.

        Theirs keeps that sum after the product with each gate's matrix; here it is kept once, before them, which is the
        same number. `recurra.cells.momentum_lstm` makes the cell with other constants than 0.9 and 0.1.
        """
        v = momentum * v + step * x
        i = sigmoid(v @ p.W_vi + h @ p.W_hi + p.b_i)
        f = sigmoid(v @ p.W_vf + h @ p.W_hf + p.b_f)
        o = sigmoid(v @ p.W_vo + h @ p.W_ho + p.b_o)
        g = tanh(v @ p.W_vc + h @ p.W_hc + p.b_c)
        c = f * c + i * g
        h = o * tanh(c)
        return h, c, v

    return MomentumLSTM


MomentumLSTM = momentum_lstm()
