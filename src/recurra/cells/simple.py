"""Simple recurrent networks, and what stays close to them: units each by itself, residual steps, a slow context."""

from recurra.cells.constants import share
from recurra.spec import Cell, cell, relu, sigmoid, tanh

__all__ = ["IRNN", "SCRN", "Elman", "ElmanReLU", "FastGRNN", "FastRNN", "IndRNN", "scrn"]


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
    """Make an SCRN; `keep` is the paper's alpha: the share of the context that stays, from 0 to 1, else `CellError`."""
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
