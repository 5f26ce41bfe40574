"""Cells that discretise systems of differential equations, so that gradients neither vanish nor explode."""

from recurra.cells.constants import not_negative, positive
from recurra.spec import Cell, cell, sigmoid, tanh

__all__ = ["LEM", "UnICORNN", "coRNN", "cornn", "unicornn"]


@cell
def LEM(p, x, y, z):
    """Long expressive memory: two states, each with time scales of its own.

    Rusch, Mishra, Erichson & Mahoney (2022), arXiv:2110.04744, with a largest step of 1.
    """
    dt = sigmoid(x @ p.V_1 + y @ p.W_1 + p.b_1)
    dt_y = sigmoid(x @ p.V_2 + y @ p.W_2 + p.b_2)
    z = (1 - dt) * z + dt * tanh(x @ p.V_z + y @ p.W_z + p.b_z)
    y = (1 - dt_y) * y + dt_y * tanh(x @ p.V_y + z @ p.W_y + p.b_y)
    return y, z


def cornn(*, step: float = 0.1, gamma: float = 1.0, epsilon: float = 1.0) -> Cell:
    """Make a coRNN.

    Parameters
    ----------
    step : float above 0
        The paper's Δt.
    gamma : float above 0
        The squared frequency of the oscillators.
    epsilon : float above 0
        Their damping.

    Raises
    ------
    CellError
        If a number is out of its range.
    """
    positive("coRNN", step=step, gamma=gamma, epsilon=epsilon)

    @cell
    def coRNN(p, x, y, z):
        """Coupled damped oscillators: position y and velocity z. Rusch & Mishra (2021), arXiv:2010.00951, equation 3.

        The damping is the explicit one, on the velocity before the step. Step, gamma and epsilon are constants;
        `recurra.cells.cornn` makes the cell with others.
        """
        z = z + step * (tanh(x @ p.V + y @ p.W_y + z @ p.W_z + p.b) - gamma * y - epsilon * z)
        y = y + step * z
        return y, z

    return coRNN


def unicornn(*, step: float = 0.1, alpha: float = 1.0) -> Cell:
    """Make a UnICORNN.

    Parameters
    ----------
    step : float above 0
        The paper's Δt.
    alpha : float from 0 on
        The squared frequency that all oscillators share.

    Raises
    ------
    CellError
        If a number is out of its range.
    """
    positive("UnICORNN", step=step)
    not_negative("UnICORNN", alpha=alpha)

    @cell
    def UnICORNN(p, x, y, z):
        """Undamped oscillators, each by itself, with trained time scales. Rusch & Mishra (2021), arXiv:2103.05487.

        Step and alpha are constants; `recurra.cells.unicornn` makes the cell with others.
        """
        dt = step * sigmoid(p.c)
        z = z - dt * (tanh(p.w * y + x @ p.V + p.b) + alpha * y)
        y = y + dt * z
        return y, z

    return UnICORNN


coRNN = cornn()
UnICORNN = unicornn()
