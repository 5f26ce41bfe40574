"""Cells whose state matrix is held near the orthogonal ones, whose powers neither vanish nor explode."""

from recurra.cells.constants import positive, share, whole
from recurra.spec import Cell, cell, maximum, sigmoid, sqrt, sum, tanh

__all__ = [
    "LipschitzRNN", "OrthogonalRNN", "SpectralRNN", "lipschitz", "orthogonal", "spectral",
]  # fmt: skip


def _reflected(h, u):
    """Return a value reflected in the plane that is normal to a vector of parameters, by Householder."""
    normal = u / sqrt(sum(u * u))
    return h - 2 * sum(h * normal) * normal


def orthogonal(*, reflections: int = 4) -> Cell:
    """Make an OrthogonalRNN; `reflections` says how many, from 1 on (else `CellError`).

    Examples
    --------
    >>> orthogonal(reflections=8)
    <cell OrthogonalRNN: states h; 10 parameters>
    """
    whole("OrthogonalRNN", reflections=reflections)

    @cell
    def OrthogonalRNN(p, x, h):
        """Simple network whose state matrix is orthogonal, a product of Householder reflections.

        Mhammedi, Hellicar, Rahman & Bailey (2017), arXiv:1612.00188, with a leaky ReLU of slope 0.1.
        As many reflections as units reach every orthogonal matrix (but for a sign); `recurra.cells.orthogonal` makes
        the cell with others than 4.
        """
        for k in range(1, reflections + 1):
            h = _reflected(h, getattr(p, f"u_{k}"))
        a = h + x @ p.V + p.b
        h = maximum(a, 0.1 * a)
        return h

    return OrthogonalRNN


OrthogonalRNN = orthogonal()


def spectral(*, reflections: int = 2, radius: float = 0.1) -> Cell:
    """Make a SpectralRNN.

    Parameters
    ----------
    reflections : int from 1 on
        How many on each side of the singular values.
    radius : float from 0 to 1
        How far a singular value may be from 1.

    Raises
    ------
    CellError
        If a number is out of its range.

    Examples
    --------
    >>> spectral(reflections=4, radius=0.05)
    <cell SpectralRNN: states h; 11 parameters>
    """
    whole("SpectralRNN", reflections=reflections)
    share("SpectralRNN", radius=radius)

    @cell(init={"s": 0.0})
    def SpectralRNN(p, x, h):
        """Simple network whose state matrix is a singular value decomposition, with singular values near 1.

        Zhang, Lei & Dhillon (2018), arXiv:1803.09327: the orthogonal factors are products of Householder reflections.
        `recurra.cells.spectral` makes the cell with others than 2 on each side, or another radius than 0.1.
        """
        for k in range(1, reflections + 1):
            h = _reflected(h, getattr(p, f"v_{k}"))
        h = (1 + 2 * radius * (sigmoid(p.s) - 0.5)) * h
        for k in range(1, reflections + 1):
            h = _reflected(h, getattr(p, f"u_{k}"))
        h = tanh(h + x @ p.W_x + p.b)
        return h

    return SpectralRNN


SpectralRNN = spectral()


def lipschitz(*, step: float = 0.03, beta: float = 0.75, gamma: float = 0.001) -> Cell:
    """Make a LipschitzRNN.

    Parameters
    ----------
    step : float above 0
        The paper's epsilon, the step size of Euler's method.
    beta : float from 0 to 1
        The share of each matrix that is antisymmetric; the rest is symmetric.
    gamma : float above 0
        What is taken from the diagonals.

    Raises
    ------
    CellError
        If a number is out of its range.

    Examples
    --------
    >>> lipschitz(beta=0.8)
    <cell LipschitzRNN: states h; 4 parameters>
    """
    positive("LipschitzRNN", step=step, gamma=gamma)
    share("LipschitzRNN", beta=beta)

    @cell(init={"M_A": "normal", "M_W": "normal"})
    def LipschitzRNN(p, x, h):
        """Euler's method on an equation with a linear and a Lipschitz part, both by matrices whose spectra are bounded.

        Erichson, Azencot, Queiruga, Hodgkinson & Mahoney (2021), arXiv:2006.12070, with the
        same constants for both matrices. `recurra.cells.lipschitz` makes the cell with others.
        """
        A = (1 - beta) * (p.M_A + p.M_A.T) + beta * (p.M_A - p.M_A.T)
        W = (1 - beta) * (p.M_W + p.M_W.T) + beta * (p.M_W - p.M_W.T)
        h = h + step * (h @ A - gamma * h + tanh(h @ W - gamma * h + x @ p.U + p.b))
        return h

    return LipschitzRNN


LipschitzRNN = lipschitz()
