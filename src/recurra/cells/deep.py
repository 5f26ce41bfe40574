"""Cells of several layers within a step, that feed back into each other, or of which one scales another's weights."""

from recurra.cells.constants import whole
from recurra.spec import Cell, cell, sigmoid, tanh

__all__ = [
    "DeepTransitionGRU", "DeepTransitionRNN", "FastSlowLSTM", "GatedFeedbackLSTM", "GatedFeedbackRNN", "HyperLSTM",
    "NestedLSTM", "RecurrentHighway", "deep_transition_gru", "recurrent_highway",
]  # fmt: skip


def _fed(p, x, k, gate, a):
    """Return a, to which the first layer of a step adds its product with the input."""
    return x @ getattr(p, f"W_{gate}") + a if k == 1 else a


def recurrent_highway(*, depth: int = 3) -> Cell:
    """Make a RecurrentHighway; `depth` is the number of highway layers in a step, from 1 on (else `CellError`).

    Examples
    --------
    >>> recurrent_highway(depth=2)
    <cell RecurrentHighway: states h; 10 parameters>
    """
    whole("RecurrentHighway", depth=depth)

    @cell(init={f"b_t{k}": -2.0 for k in range(1, depth + 1)})
    def RecurrentHighway(p, x, h):
        """Recurrent highway network: highway layers within a step, the first of which reads the input.

        Zilly, Srivastava, Koutník & Schmidhuber (2017), arXiv:1607.03474, with their coupled gates:
        what is not transformed is carried. `recurra.cells.recurrent_highway` makes the cell with another depth than 3.
        """
        for k in range(1, depth + 1):
            u = tanh(_fed(p, x, k, "u", h @ getattr(p, f"R_u{k}") + getattr(p, f"b_u{k}")))
            t = sigmoid(_fed(p, x, k, "t", h @ getattr(p, f"R_t{k}") + getattr(p, f"b_t{k}")))
            h = u * t + h * (1 - t)
        return h

    return RecurrentHighway


RecurrentHighway = recurrent_highway()


@cell(sizes={"W_x": ("input_size", "transition_size")})
def DeepTransitionRNN(p, x, h):
    """Simple network with a hidden layer between two states. Pascanu et al. (2014), arXiv:1312.6026, DT-RNN."""
    u = tanh(x @ p.W_x + h @ p.W_h + p.b_u)
    h = tanh(u @ p.W_u + p.b_h)
    return h


def deep_transition_gru(*, depth: int = 2) -> Cell:
    """Make a DeepTransitionGRU; `depth` is the number of GRUs in a step, from 1 on (else `CellError`).

    Examples
    --------
    >>> deep_transition_gru(depth=3)
    <cell DeepTransitionGRU: states h; 21 parameters>
    """
    whole("DeepTransitionGRU", depth=depth)

    @cell
    def DeepTransitionGRU(p, x, h):
        """GRUs one after another within a step: the first reads the input, the others the state alone.

        Miceli Barone et al. (2017), arXiv:1707.07631, deep transition, without attention.
        `recurra.cells.deep_transition_gru` makes the cell with another depth than 2.
        """
        for k in range(1, depth + 1):
            r = sigmoid(_fed(p, x, k, "r", h @ getattr(p, f"U_r{k}") + getattr(p, f"b_r{k}")))
            z = sigmoid(_fed(p, x, k, "z", h @ getattr(p, f"U_z{k}") + getattr(p, f"b_z{k}")))
            n = tanh(_fed(p, x, k, "n", r * (h @ getattr(p, f"U_n{k}")) + getattr(p, f"b_n{k}")))
            h = (1 - z) * n + z * h
        return h

    return DeepTransitionGRU


DeepTransitionGRU = deep_transition_gru()


_ONE_NUMBER = {f"W_g{i}{j}": (size, 1) for i in (1, 2) for j, size in ((1, "input_size"), (2, "hidden_size"))}


@cell(sizes=_ONE_NUMBER)
def GatedFeedbackRNN(p, x, h1, h2):
    """Gated feedback network of two layers: each reads both layers' last states, each through a gate of one number.

    Chung, Gulcehre, Cho & Bengio (2015), arXiv:1502.02367, with tanh units.
    """
    g11 = sigmoid(x @ p.W_g11 + h1 @ p.U_g11 + h2 @ p.V_g11)
    g21 = sigmoid(x @ p.W_g21 + h1 @ p.U_g21 + h2 @ p.V_g21)
    new = tanh(x @ p.W_1 + g11 * (h1 @ p.U_11) + g21 * (h2 @ p.U_21))
    g12 = sigmoid(new @ p.W_g12 + h1 @ p.U_g12 + h2 @ p.V_g12)
    g22 = sigmoid(new @ p.W_g22 + h1 @ p.U_g22 + h2 @ p.V_g22)
    h2 = tanh(new @ p.W_2 + g12 * (h1 @ p.U_12) + g22 * (h2 @ p.U_22))
    return (new, h2), h2


@cell(
    init={"b_f1": 1.0, "b_f2": 1.0},
    sizes=_ONE_NUMBER,
)
def GatedFeedbackLSTM(p, x, h1, c1, h2, c2):
    """Gated feedback network of two LSTM layers: the feedback is to the candidates, not to the LSTMs' own gates.

    Chung, Gulcehre, Cho & Bengio (2015), arXiv:1502.02367.
    """

    def feedback(j, y):
        def gate(i):
            return sigmoid(y @ at(f"W_g{i}{j}") + h1 @ at(f"U_g{i}{j}") + h2 @ at(f"V_g{i}{j}"))

        return gate(1) * (h1 @ at(f"U_1{j}")) + gate(2) * (h2 @ at(f"U_2{j}"))

    def layer(j, y, h, c):
        i, f, o = (sigmoid(y @ at(f"W_{g}{j}") + h @ at(f"U_{g}{j}") + at(f"b_{g}{j}")) for g in "ifo")
        c = f * c + i * tanh(y @ at(f"W_c{j}") + feedback(j, y) + at(f"b_c{j}"))
        return o * tanh(c), c

    def at(name):
        return getattr(p, name)

    new, c1 = layer(1, x, h1, c1)
    h2, c2 = layer(2, new, h2, c2)
    return (new, c1, h2, c2), h2


@cell(init={f"b_f{k}": 1.0 for k in "12s"}, sizes={"h_s": "slow_size", "c_s": "slow_size"})
def FastSlowLSTM(p, x, h, c, h_s, c_s):
    """Fast-slow network: two fast LSTMs, one after the other in a step, and a slow one between them.

    Mujika, Meier & Steger (2017), arXiv:1705.08639, FS-LSTM-2. The fast ones share state and memory, as in their code.
    """

    def lstm(k, y, h, c):
        def a(gate):
            return y @ getattr(p, f"W_{gate}{k}") + h @ getattr(p, f"U_{gate}{k}") + getattr(p, f"b_{gate}{k}")

        c = sigmoid(a("f")) * c + sigmoid(a("i")) * tanh(a("g"))
        return sigmoid(a("o")) * tanh(c), c

    h, c = lstm("1", x, h, c)
    h_s, c_s = lstm("s", h, h_s, c_s)
    h, c = lstm("2", h_s, h, c)
    return h, c, h_s, c_s


@cell(init={"b_f": 1.0, "b_cf": 1.0}, sizes={"W_xi": ("input_size", "hidden_size")})
def NestedLSTM(p, x, h, c, d):
    """LSTM whose memory is an LSTM: the inner one reads what would be written, and its output is the outer memory.

    Moniz & Krueger (2018), arXiv:1801.10308, with tanh for every activation; d is the inner memory.
    """
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f)
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.b_o)
    u = i * tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    s = f * c
    inner_i = sigmoid(u @ p.W_ui + s @ p.W_si + p.b_ci)
    inner_f = sigmoid(u @ p.W_uf + s @ p.W_sf + p.b_cf)
    inner_o = sigmoid(u @ p.W_uo + s @ p.W_so + p.b_co)
    d = inner_f * d + inner_i * tanh(u @ p.W_uc + s @ p.W_sc + p.b_cc)
    c = inner_o * tanh(d)
    h = o * tanh(c)
    return h, c, d


@cell(
    sizes={"v": "hyper_size", "m": "hyper_size"}
    | {f"Z_{part}{gate}": ("hyper_size", "embedding_size") for part in "xhb" for gate in "ifog"},
    init={"b_f": 1.0, "b_vf": 1.0}
    | {f"Z_{part}{gate}": 0.0 for part in "xh" for gate in "ifog"}
    | {f"b_{part}{gate}": 1.0 for part in "xh" for gate in "ifog"}
    | {f"D_{part}{gate}": 0.025 for part in "xh" for gate in "ifog"}
    | {f"D_b{gate}": 0.0 for gate in "ifog"},
)
def HyperLSTM(p, x, h, c, v, m):
    """LSTM whose rows of weights are scaled at each step by a smaller LSTM, which reads its input and state.

    Ha, Dai & Le (2017), arXiv:1609.09106, appendix A.2.2, without layer normalisation, for which there is a transform.
    v and m are the small LSTM's state. As in their code the scales follow its new state; the appendix prints the last.
    The scales start at 0.1, for an embedding of 4 as theirs.
    """

    def of(name):
        return getattr(p, name)

    i, f, o, g = (x @ of(f"U_x{k}") + h @ of(f"U_h{k}") + v @ of(f"U_v{k}") + of(f"b_v{k}") for k in "ifog")
    m = sigmoid(f) * m + sigmoid(i) * tanh(g)
    v = sigmoid(o) * tanh(m)

    def scaled(k):
        d_x = (v @ of(f"Z_x{k}") + of(f"b_x{k}")) @ of(f"D_x{k}")
        d_h = (v @ of(f"Z_h{k}") + of(f"b_h{k}")) @ of(f"D_h{k}")
        return d_x * (x @ of(f"W_x{k}")) + d_h * (h @ of(f"W_h{k}")) + v @ of(f"Z_b{k}") @ of(f"D_b{k}") + of(f"b_{k}")

    i, f, o, g = (scaled(k) for k in "ifog")
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    h = sigmoid(o) * tanh(c)
    return h, c, v, m
