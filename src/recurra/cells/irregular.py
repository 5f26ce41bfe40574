"""Cells for continuous time: samples that come at uneven times, or with values missing."""

import functools
import math
import operator

from recurra.cells.constants import positive, share, whole
from recurra.spec import Cell, cell, exp, log, maximum, minimum, relu, sigmoid, softplus, sum, tanh, where

__all__ = [
    "CTLSTM", "CTRNN", "GRUD", "GRUODE", "LTC", "ODELSTM", "ODERNN", "CfC", "GRUODEBayes", "TimeAwareLSTM", "TimeLSTM1",
    "TimeLSTM2", "TimeLSTM3", "ctrnn", "gru_ode", "gru_ode_bayes", "ltc", "ode_lstm", "ode_rnn",
]  # fmt: skip


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

    Examples
    --------
    >>> ctrnn(step=0.1, tau=2.0)
    <cell CTRNN: states h; 3 parameters>
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


def ltc(*, unfolds: int = 6) -> Cell:
    """Make an LTC; `unfolds` is the number of solver steps between two samples, from 1 on (else `CellError`).

    Examples
    --------
    >>> ltc(unfolds=3)
    <cell LTC: states h; 5 parameters>
    """
    whole("LTC", unfolds=unfolds)

    @cell(sizes={"dt": 1})
    def LTC(p, x, h, *, dt):
        """Liquid time-constant network: leaky units whose time constants depend on input and state; fused solver.

        Hasani et al. (2021), arXiv:2006.04439, algorithm 1, with a sigmoid for f as in their code, which
        keeps the denominator above 1. `dt` is the time since the last sample, in 6 steps, or as many as
        `recurra.cells.ltc` is told. 1/tau is the softplus of w.
        """
        drive = x @ p.W_x + p.b
        for _ in range(unfolds):
            f = sigmoid(drive + h @ p.W_h)
            h = (h + dt / unfolds * f * p.A) / (1 + dt / unfolds * (softplus(p.w) + f))
        return h

    return LTC


LTC = ltc()


def gru_ode(*, steps: int = 3) -> Cell:
    """Make a GRUODE; `steps` is the number of solver steps between two samples, from 1 on (else `CellError`).

    Examples
    --------
    >>> gru_ode(steps=2)
    <cell GRUODE: states h; 9 parameters>
    """
    whole("GRUODE", steps=steps)

    @cell(sizes={"dt": 1})
    def GRUODE(p, x, h, *, dt):
        """GRU in continuous time: its state nears the candidate as fast as the update gate says.

        De Brouwer et al. (2019), arXiv:1905.12374, by Euler's method that is implicit in the decay, so that
        no step is too long. `dt` is the time to the next sample, in 3 steps, or as many as `recurra.cells.gru_ode` is
        told.
        """
        for _ in range(steps):
            r = sigmoid(x @ p.W_xr + h @ p.W_hr + p.b_r)
            rate = dt / steps * (1 - sigmoid(x @ p.W_xz + h @ p.W_hz + p.b_z))
            g = tanh(x @ p.W_xg + (r * h) @ p.W_hg + p.b_g)
            h = (h + rate * g) / (1 + rate)
        return h

    return GRUODE


GRUODE = gru_ode()


def gru_ode_bayes(*, steps: int = 2, prepared: int = 2) -> Cell:
    """Make a GRUODEBayes.

    Parameters
    ----------
    steps : int from 1 on
        Solver steps between two samples.
    prepared : int from 1 on
        How many numbers the update reads of each feature.

    Raises
    ------
    CellError
        If a number is out of its range.

    Examples
    --------
    >>> gru_ode_bayes(steps=4)
    <cell GRUODEBayes: states h; 35 parameters>
    """
    whole("GRUODEBayes", steps=steps, prepared=prepared)

    @cell(
        sizes={"dt": 1, "seen": "input_size", "W_q": ("hidden_size", "readout_size")}
        | {f"W_{gate}1": ("input_size", "hidden_size") for gate in "rzn"}
    )
    def GRUODEBayes(p, x, h, *, seen, dt):
        """GRU-ODE that moves on between samples, and is updated by what a sample says beyond its forecast.

        De Brouwer et al. (2019), arXiv:1905.12374, solved as `GRUODE` is. `seen` is 1
        where x has a value, else 0; `dt` is the time since the last sample. The forecast is a mean and a log variance
        from -10 to 10. `recurra.cells.gru_ode_bayes` makes the cell with other steps than 2, or with more than 2
        prepared numbers a feature.
        """
        for _ in range(steps):
            r = sigmoid(h @ p.U_r + p.b_ur)
            rate = dt / steps * (1 - sigmoid(h @ p.U_z + p.b_uz))
            h = (h + rate * tanh((r * h) @ p.U_g + p.b_ug)) / (1 + rate)
        q = relu(h @ p.W_q + p.b_q)
        mean = q @ p.W_m + p.b_m
        log_variance = minimum(maximum(q @ p.W_v + p.b_v, -10.0), 10.0)
        error = (x - mean) * exp(-0.5 * log_variance)
        read = []
        for k in range(1, prepared + 1):
            new = getattr(p, f"w_x{k}") * x + getattr(p, f"w_m{k}") * mean + getattr(p, f"w_v{k}") * log_variance
            new = seen * relu(new + getattr(p, f"w_e{k}") * error + getattr(p, f"b_p{k}"))
            read.append(new)

        def products(gate):
            terms = (u @ getattr(p, f"W_{gate}{k}") for k, u in enumerate(read, 1))
            return functools.reduce(operator.add, terms)

        r = sigmoid(products("r") + h @ p.V_r + p.b_r)
        z = sigmoid(products("z") + h @ p.V_z + p.b_z)
        n = tanh(products("n") + p.b_n + r * (h @ p.V_n + p.b_vn))
        updated = (1 - z) * n + z * h
        h = where(sum(seen) > 0, updated, h)
        return h

    return GRUODEBayes


GRUODEBayes = gru_ode_bayes()


def _drift(p, h):
    """Return the derivative of a state by time, from one hidden layer."""
    return tanh(h @ p.U_1 + p.b_u1) @ p.U_2 + p.b_u2


def ode_rnn(*, steps: int = 3) -> Cell:
    """Make an ODERNN; `steps` is the number of solver steps between two samples, from 1 on (else `CellError`).

    Examples
    --------
    >>> ode_rnn(steps=2)
    <cell ODERNN: states h; 7 parameters>
    """
    whole("ODERNN", steps=steps)

    @cell(sizes={"dt": 1, "U_1": ("hidden_size", "ode_size")})
    def ODERNN(p, x, h, *, dt):
        """Simple network whose state follows a differential equation between two samples.

        Rubanova, Chen & Duvenaud (2019), arXiv:1907.03907, algorithm 1. `dt` is the time since the last sample, in 3
        Euler steps, or as many as `recurra.cells.ode_rnn` is told.
        """
        for _ in range(steps):
            h = h + dt / steps * _drift(p, h)
        h = tanh(x @ p.W_x + h @ p.W_h + p.b)
        return h

    return ODERNN


ODERNN = ode_rnn()


def ode_lstm(*, steps: int = 3) -> Cell:
    """Make an ODELSTM; `steps` is the number of solver steps between two samples, from 1 on (else `CellError`).

    Examples
    --------
    >>> ode_lstm(steps=2)
    <cell ODELSTM: states h, c; 16 parameters>
    """
    whole("ODELSTM", steps=steps)

    @cell(init={"b_f": 1.0}, sizes={"dt": 1, "U_1": ("hidden_size", "ode_size")})
    def ODELSTM(p, x, h, c, *, dt):
        """LSTM whose output follows a differential equation for the time of a step; its memory does not.

        Lechner & Hasani (2020), arXiv:2006.04418, algorithm 1. `dt` is the time of the step, in 3 Euler steps, or as
        many as `recurra.cells.ode_lstm` is told.
        """
        i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.b_i)
        f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f)
        o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.b_o)
        g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
        c = f * c + i * g
        h = o * tanh(c)
        for _ in range(steps):
            h = h + dt / steps * _drift(p, h)
        return h, c

    return ODELSTM


ODELSTM = ode_lstm()


@cell(init={"b_f": 1.0}, sizes={"dt": 1})
def TimeAwareLSTM(p, x, h, c, *, dt):
    """T-LSTM: the part of the memory that is short-term is discounted by the time since the last sample.

    Baytas et al. (2017), KDD, Patient subtyping via time-aware LSTM networks. Of the discounts that they name this is
    1 / log(e + dt). Not the strongly typed LSTM, which is `TLSTM`.
    """
    short = tanh(c @ p.W_d + p.b_d)
    c = c - short + short / log(math.e + dt)
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f)
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.b_o)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    c = f * c + i * g
    h = o * tanh(c)
    return h, c


@cell(init={"b_f": 1.0}, sizes={"dt": 1})
def TimeLSTM1(p, x, h, c, *, dt):
    """LSTM with peepholes and a time gate beside its input gate. Zhu et al. (2017), IJCAI, Time-LSTM, the first.

    What to do next: modeling user behaviors by Time-LSTM. `dt` is the time to the next sample.
    """
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.w_ci * c + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.w_cf * c + p.b_f)
    t = sigmoid(x @ p.W_xt + sigmoid(dt @ p.W_tt) + p.b_t)
    c = f * c + i * t * tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    o = sigmoid(x @ p.W_xo + dt @ p.W_to + h @ p.W_ho + p.w_co * c + p.b_o)
    h = o * tanh(c)
    return h, c


@cell(init={"b_f": 1.0}, sizes={"dt": 1})
def TimeLSTM2(p, x, h, c, *, dt):
    """LSTM with peepholes and two time gates: one for what is put out now, one for what is kept.

    Zhu et al. (2017), IJCAI, What to do next: modeling user behaviors by Time-LSTM, the second. `dt` is the time to the
    next sample. They keep W_t1 from rising above 0, which is left to the training here.
    """
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.w_ci * c + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.w_cf * c + p.b_f)
    t1 = sigmoid(x @ p.W_x1 + sigmoid(dt @ p.W_t1) + p.b_t1)
    t2 = sigmoid(x @ p.W_x2 + sigmoid(dt @ p.W_t2) + p.b_t2)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    now = f * c + i * t1 * g
    c = f * c + i * t2 * g
    o = sigmoid(x @ p.W_xo + dt @ p.W_to + h @ p.W_ho + p.w_co * now + p.b_o)
    h = o * tanh(now)
    return h, c


@cell(sizes={"dt": 1})
def TimeLSTM3(p, x, h, c, *, dt):
    """LSTM with peepholes and two time gates, whose forget gates are what its input gates leave.

    Zhu et al. (2017), IJCAI, What to do next: modeling user behaviors by Time-LSTM, the third. `dt` is the time to the
    next sample. They keep W_t1 from rising above 0, which is left to the training here.
    """
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.w_ci * c + p.b_i)
    t1 = sigmoid(x @ p.W_x1 + sigmoid(dt @ p.W_t1) + p.b_t1)
    t2 = sigmoid(x @ p.W_x2 + sigmoid(dt @ p.W_t2) + p.b_t2)
    g = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    now = (1 - i * t1) * c + i * t1 * g
    c = (1 - i) * c + i * t2 * g
    o = sigmoid(x @ p.W_xo + dt @ p.W_to + h @ p.W_ho + p.w_co * now + p.b_o)
    h = o * tanh(now)
    return h, c


@cell(init={"b_f": 1.0, "b_tf": 1.0}, sizes={"dt": 1})
def CTLSTM(p, x, c, target, decay, o, *, dt):
    """Continuous-time LSTM of the neural Hawkes process: between events each memory decays to a target of its own.

    Mei & Eisner (2017), arXiv:1612.09328. x is the event and `dt` the time since the last one; the
    output is h just after the event.
    """
    c = target + (c - target) * exp(-decay * dt)
    h = o * tanh(c)
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f)
    target_i = sigmoid(x @ p.W_xti + h @ p.W_hti + p.b_ti)
    target_f = sigmoid(x @ p.W_xtf + h @ p.W_htf + p.b_tf)
    z = tanh(x @ p.W_xz + h @ p.W_hz + p.b_z)
    o = sigmoid(x @ p.W_xo + h @ p.W_ho + p.b_o)
    decay = softplus(x @ p.W_xd + h @ p.W_hd + p.b_d)
    c = f * c + i * z
    target = target_f * target + target_i * z
    y = o * tanh(c)
    return (c, target, decay, o), y
