"""Cells for continuous time: samples that come at uneven times, or with values missing."""

from recurra.cells.constants import positive, share
from recurra.spec import Cell, cell, exp, relu, sigmoid, tanh

__all__ = ["CTRNN", "GRUD", "CfC", "ctrnn"]


def ctrnn(*, step: float = 0.1, tau: float = 1.0) -> Cell:
    """Make a CTRNN.

    Parameters
    ----------
    step : float above 0
        The time between two samples, in any unit.
    tau : float above 0
        The time constant, in the same unit; at least as long as the step.

    Raises
    ------
    CellError
        If a number is out of its range.
    """
    positive("CTRNN", step=step, tau=tau)
    share("CTRNN", **{"step / tau": step / tau})

    @cell
    def CTRNN(p, x, h):
        """Continuous-time network of leaky integrators, by Euler's method.

        Funahashi & Nakamura (1993), Neural Networks 6(6). Step and time constant are constants;
        `recurra.cells.ctrnn` makes the cell with others.
        """
        h = h + step / tau * (tanh(x @ p.W_x + h @ p.W_h + p.b) - h)
        return h

    return CTRNN


@cell(sizes={"dt": 1, "W_x": ("input_size", "backbone_size")})
def CfC(p, x, h, *, dt):
    """Closed-form continuous-time network: a gate in time between two candidates, on a shared backbone.

    Hasani et al. (2022), Nature Machine Intelligence 4, arXiv:2106.13898. `dt` is the time since the last sample.
    """
    z = tanh(x @ p.W_x + h @ p.W_h + p.b)
    f = z @ p.W_zf + p.b_f
    g = tanh(z @ p.W_zg + p.b_g)
    k = tanh(z @ p.W_zk + p.b_k)
    gate = sigmoid(-f * dt)
    h = gate * g + (1 - gate) * k
    return h


@cell(
    sizes={"last": "input_size", "seen": "input_size", "dt": "input_size"},
    init=dict.fromkeys(("W_xr", "W_xz", "W_xn"), "xavier"),
)
def GRUD(p, x, h, last, *, seen, dt):
    """GRU-D: values that are missing decay from the last one seen to the mean, and the state decays too.

    Che et al. (2018), Scientific Reports 8, 6085, arXiv:1606.01865. `seen` is 1 where x has a value, else 0; `dt` is
    the time since each feature was seen. The mean is 0: features are to be standardised, and what is missing is to be
    a number. The last values seen are a state, as wide as the input.
    """
    last = seen * x + (1 - seen) * last
    kept = exp(-relu(p.w_x * dt + p.b_x))
    x = seen * x + (1 - seen) * kept * last
    h = exp(-relu(dt @ p.W_d + p.b_d)) * h
    r = sigmoid(x @ p.W_xr + h @ p.W_hr + seen @ p.W_mr + p.b_r)
    z = sigmoid(x @ p.W_xz + h @ p.W_hz + seen @ p.W_mz + p.b_z)
    n = tanh(x @ p.W_xn + (r * h) @ p.W_hn + seen @ p.W_mn + p.b_n)
    h = (1 - z) * h + z * n
    return h, last


CTRNN = ctrnn()
