"""Cells whose state matrix is antisymmetric: its eigenvalues are imaginary, so the state turns and does not grow."""

from recurra.cells.constants import not_negative, positive
from recurra.spec import Cell, cell, sigmoid, tanh

__all__ = ["AntisymmetricRNN", "GatedAntisymmetricRNN", "antisymmetric", "gated_antisymmetric"]


def antisymmetric(*, step: float = 0.1, diffusion: float = 0.01) -> Cell:
    """Make an AntisymmetricRNN.

    Parameters
    ----------
    step : float above 0
        The paper's epsilon, the step size of Euler's method.
    diffusion : float from 0 on
        The paper's gamma, which is taken from the diagonal of the state matrix.

    Raises
    ------
    CellError
        If a number is out of its range.
    """
    positive("AntisymmetricRNN", step=step)
    not_negative("AntisymmetricRNN", diffusion=diffusion)

    @cell(init={"W": "normal"})
    def AntisymmetricRNN(p, x, h):
        """Euler's method on a stable differential equation. Chang, Chen, Haber & Chi (2019), arXiv:1902.09689.

        The state matrix is W - Wᵀ, less a diffusion on its diagonal. Step and diffusion are constants;
        `recurra.cells.antisymmetric` makes the cell with others.
        """
        h = h + step * tanh(h @ (p.W - p.W.T) - diffusion * h + x @ p.V + p.b)
        return h

    return AntisymmetricRNN


def gated_antisymmetric(*, step: float = 0.1, diffusion: float = 0.01) -> Cell:
    """Make a GatedAntisymmetricRNN; the constants and errors are those of `antisymmetric`."""
    positive("GatedAntisymmetricRNN", step=step)
    not_negative("GatedAntisymmetricRNN", diffusion=diffusion)

    @cell(init={"W": "normal"})
    def GatedAntisymmetricRNN(p, x, h):
        """AntisymmetricRNN with a gate that shares its state product. Chang et al. (2019), arXiv:1902.09689.

        Step and diffusion are constants; `recurra.cells.gated_antisymmetric` makes the cell with others.
        """
        a = h @ (p.W - p.W.T) - diffusion * h
        z = sigmoid(a + x @ p.V_z + p.b_z)
        h = h + step * z * tanh(a + x @ p.V_h + p.b_h)
        return h

    return GatedAntisymmetricRNN


AntisymmetricRNN = antisymmetric()
GatedAntisymmetricRNN = gated_antisymmetric()
