"""Cells made of dynamical systems: oscillators, antisymmetric matrices, momentum, bistable units.

Their gradients neither vanish nor explode, or their units can hold one of two states.
"""

from recurra.cells.constants import not_negative, positive, share
from recurra.spec import Cell, cell, relu, sigmoid, tanh

__all__ = [
    "BR", "LEM", "NBR", "AntisymmetricRNN", "GatedAntisymmetricRNN", "LinOSS", "LinOSSIMEX", "MomentumRNN", "UnICORNN",
    "antisymmetric", "coRNN", "cornn", "gated_antisymmetric", "momentum_rnn", "unicornn",
]  # fmt: skip


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

    Examples
    --------
    >>> cornn(step=0.05, gamma=2.7, epsilon=4.7)
    <cell coRNN: states y, z; 4 parameters>
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

    Examples
    --------
    >>> unicornn(step=0.05)
    <cell UnICORNN: states y, z; 4 parameters>
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


@cell(init={"a": 0.5, "c": 0.0})
def LinOSS(p, x, y, z):
    """Linear oscillatory state-space model: forced oscillators, each by itself, by an implicit step.

    Rusch & Rus (2025), arXiv:2410.03943, LinOSS-IM: solved for the new velocity z. The output is the
    position y; their readout is a layer after this one. The step is a sigmoid, the stiffness a ReLU, as theirs.
    """
    dt = sigmoid(p.c)
    a = relu(p.a)
    z = (z + dt * (x @ p.B - a * y)) / (1 + dt * dt * a)
    y = y + dt * z
    return y, z


@cell(init={"a": 0.5, "c": 0.0})
def LinOSSIMEX(p, x, y, z):
    """Linear oscillatory state-space model whose step keeps the energy: explicit in velocity, implicit in position.

    Rusch & Rus (2025), arXiv:2410.03943, LinOSS-IMEX. The output is as `LinOSS` has it.
    """
    dt = sigmoid(p.c)
    z = z + dt * (x @ p.B - relu(p.a) * y)
    y = y + dt * z
    return y, z


def momentum_rnn(*, momentum: float = 0.9, step: float = 0.1) -> Cell:
    """Make a MomentumRNN.

    Parameters
    ----------
    momentum : float from 0 to 1
        The paper's mu.
    step : float from 0 on
        The paper's s, by which what is new is scaled.

    Raises
    ------
    CellError
        If a number is out of its range.

    Examples
    --------
    >>> momentum_rnn(momentum=0.6)
    <cell MomentumRNN: states h, v; 3 parameters>
    """
    share("MomentumRNN", momentum=momentum)
    not_negative("MomentumRNN", step=step)

    @cell
    def MomentumRNN(p, x, h, v):
        """Simple network whose drive by the input has momentum. Nguyen et al. (2020), arXiv:2006.06919.

        Momentum and step are constants; `recurra.cells.momentum_rnn` makes the cell with others than 0.9 and 0.1.
        """
        v = momentum * v + step * (x @ p.W)
        h = tanh(h @ p.U + v + p.b)
        return h, v

    return MomentumRNN


MomentumRNN = momentum_rnn()


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

    Examples
    --------
    >>> antisymmetric(step=0.05)
    <cell AntisymmetricRNN: states h; 3 parameters>
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
    """Make a GatedAntisymmetricRNN; the constants and errors are those of `antisymmetric`.

    Examples
    --------
    >>> gated_antisymmetric(diffusion=0.1)
    <cell GatedAntisymmetricRNN: states h; 5 parameters>
    """
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


@cell
def BR(p, x, h):
    """Bistable recurrent cell: each unit feeds back on itself alone.

    Vecoven, Ernst & Drion (2021), PLOS ONE 16(6), e0252676.
    """
    a = 1 + tanh(x @ p.W_xa + p.w_ha * h + p.b_a)
    c = sigmoid(x @ p.W_xc + p.w_hc * h + p.b_c)
    h = c * h + (1 - c) * tanh(x @ p.W_x + a * h + p.b_h)
    return h


@cell
def NBR(p, x, h):
    """Recurrently neuromodulated bistable cell. Vecoven, Ernst & Drion (2021), PLOS ONE 16(6), e0252676."""
    a = 1 + tanh(x @ p.W_xa + h @ p.W_ha + p.b_a)
    c = sigmoid(x @ p.W_xc + h @ p.W_hc + p.b_c)
    h = c * h + (1 - c) * tanh(x @ p.W_x + a * h + p.b_h)
    return h
