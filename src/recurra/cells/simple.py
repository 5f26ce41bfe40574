"""Simple recurrent networks, and what stays close to them: units each by itself, residual steps, a slow context."""

from recurra.cells.constants import positive, share
from recurra.spec import Cell, cell, relu, sigmoid, tanh

__all__ = [
    "IRNN", "MTRNN", "RIN", "SCRN", "Elman", "ElmanReLU", "FastGRNN", "FastRNN", "HigherOrderRNN", "IndRNN", "Jordan",
    "StatisticalRU", "mtrnn", "scrn",
]  # fmt: skip


@cell
def Elman(p, x, h):
    """Simple recurrent network. Elman (1990), Finding structure in time, Cognitive Science 14."""
    h = tanh(x @ p.W_x + h @ p.W_h + p.b)
    return h


@cell
def ElmanReLU(p, x, h):
    """Simple recurrent network with rectified linear units. Le, Jaitly & Hinton (2015), arXiv:1504.00941.

    Their IRNN starts `W_h` at the identity: see `IRNN`. Here it starts orthogonal, as any matrix on a state.
    """
    h = relu(x @ p.W_x + h @ p.W_h + p.b)
    return h


@cell(init={"W_h": "identity"})
def IRNN(p, x, h):
    """Rectified linear units; the state matrix starts at the identity. Le, Jaitly & Hinton (2015), arXiv:1504.00941."""
    h = relu(x @ p.W_x + h @ p.W_h + p.b)
    return h


@cell(sizes={"y": "output_size", "W_y": ("output_size", "hidden_size")})
def Jordan(p, x, y):
    """Simple network that reads its own last output. Jordan (1986), Serial order, ICS report 8604.

    Hidden and output units are logistic; the output is the state.
    """
    h = sigmoid(x @ p.W_x + y @ p.W_y + p.b_h)
    y = sigmoid(h @ p.W_o + p.b_o)
    return y


@cell
def RIN(p, x, h):
    """Recurrent identity network: rectified units whose state matrix is what it adds to the identity.

    Hu, Huber, Anumula & Liu (2018), arXiv:1801.06105.
    """
    h = relu(x @ p.W_x + h + h @ p.U + p.b)
    return h


@cell(delays={"h_2": ("h", 2), "h_3": ("h", 3)})
def HigherOrderRNN(p, x, h, *, h_2, h_3):
    """Simple network that reads its last three states. Soltani & Jiang (2016), arXiv:1605.00064, order 3."""
    h = tanh(x @ p.W_x + h @ p.W_1 + h_2 @ p.W_2 + h_3 @ p.W_3 + p.b)
    return h


@cell
def IndRNN(p, x, h):
    """Independently recurrent network. Li et al. (2018), arXiv:1803.04831."""
    return relu(x @ p.W_x + p.u * h + p.b)


@cell(scalars=("alpha", "beta"), init={"alpha": -3.0, "beta": 3.0})
def FastRNN(p, x, h):
    """A weighted residual connection around an Elman step. Kusupati et al. (2018), arXiv:1901.02358."""
    candidate = tanh(x @ p.W_x + h @ p.W_h + p.b)
    h = sigmoid(p.alpha) * candidate + sigmoid(p.beta) * h
    return h


@cell(scalars=("zeta", "nu"), init={"zeta": 1.0, "nu": -4.0})
def FastGRNN(p, x, h):
    """Gate and candidate share their matrices. Kusupati et al. (2018), arXiv:1901.02358."""
    a = x @ p.W_x + h @ p.W_h
    z = sigmoid(a + p.b_z)
    candidate = tanh(a + p.b_h)
    h = (sigmoid(p.zeta) * (1 - z) + sigmoid(p.nu)) * candidate + z * h
    return h


def scrn(*, keep: float = 0.95) -> Cell:
    """Make an SCRN; `keep` is the paper's alpha: the share of the context that stays, from 0 to 1, else `CellError`.

    Examples
    --------
    >>> scrn(keep=0.9)
    <cell SCRN: states h, s; 6 parameters>
    """
    share("SCRN", keep=keep)

    @cell(sizes={"s": "context_size", "U": ("hidden_size", "output_size")})
    def SCRN(p, x, h, s):
        """Structurally constrained recurrent network: context units s beside the hidden ones.

        Mikolov et al. (2015), arXiv:1412.7753. The output is what their softmax takes. `recurra.cells.scrn` makes
        the cell with another share than 0.95 that the context keeps.
        """
        s = (1 - keep) * (x @ p.B) + keep * s
        h = sigmoid(s @ p.P + x @ p.A + h @ p.R)
        y = h @ p.U + s @ p.V
        return (h, s), y

    return SCRN


SCRN = scrn()


def mtrnn(*, fast: float = 5.0, slow: float = 70.0) -> Cell:
    """Make an MTRNN; `fast` and `slow` are its time constants in steps, from 1 on (else `CellError`).

    Examples
    --------
    >>> mtrnn(fast=2.0, slow=50.0)
    <cell MTRNN: states u, s; 7 parameters>
    """
    positive("MTRNN", fast=fast, slow=slow)
    share("MTRNN", **{"1 / fast": 1 / fast, "1 / slow": 1 / slow})

    @cell(sizes={"s": "slow_size"})
    def MTRNN(p, x, u, s):
        """Multiple timescales network: fast leaky units that read the input, slow ones that read the fast.

        Yamashita & Tani (2008), PLOS Computational Biology 4(11), e1000220. u and s are potentials of tanh units; the
        output is the fast units' activity. `recurra.cells.mtrnn` makes the cell with other time constants than 5 and
        70.
        """
        a, b = tanh(u), tanh(s)
        u = (1 - 1 / fast) * u + 1 / fast * (x @ p.W_x + a @ p.W_uu + b @ p.W_su + p.b_u)
        s = (1 - 1 / slow) * s + 1 / slow * (a @ p.W_us + b @ p.W_ss + p.b_s)
        y = tanh(u)
        return (u, s), y

    return MTRNN


MTRNN = mtrnn()


@cell(sizes={"W_r1": ("hidden_size", "summary_size"), "W_o1": ("hidden_size", "output_size")})
def StatisticalRU(p, x, m1, m2, m3, m4, m5):
    """Statistical recurrent unit: moving averages of statistics at five scales, and no gate.

    Oliva, Póczos & Schneider (2017), arXiv:1703.00381, with their scales 0, 0.25, 0.5, 0.9 and 0.99.
    """
    r = relu(m1 @ p.W_r1 + m2 @ p.W_r2 + m3 @ p.W_r3 + m4 @ p.W_r4 + m5 @ p.W_r5 + p.b_r)
    s = relu(r @ p.W_s + x @ p.W_x + p.b_s)
    m1, m2, m3, m4, m5 = s, *(k * m + (1 - k) * s for k, m in ((0.25, m2), (0.5, m3), (0.9, m4), (0.99, m5)))
    o = relu(m1 @ p.W_o1 + m2 @ p.W_o2 + m3 @ p.W_o3 + m4 @ p.W_o4 + m5 @ p.W_o5 + p.b_o)
    return (m1, m2, m3, m4, m5), o
