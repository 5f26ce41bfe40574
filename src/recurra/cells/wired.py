"""Cells with a wiring that is drawn beforehand, from a seed: reservoirs, and neural circuit policies."""

import functools
import math

import numpy as np

from recurra.cells.constants import counted, positive, share, whole
from recurra.spec import Cell, cell, column, flatten, sigmoid, softplus, sum, tanh

__all__ = ["NCP", "EchoState", "echo_state", "ncp"]


def _read(input_size, hidden_size, scale, seed):
    """Return the weights of a reservoir's inputs, uniform within plus or minus `scale`."""
    return np.random.default_rng([seed, 0]).uniform(-scale, scale, (input_size, hidden_size))


def _reservoir(hidden_size, radius, density, seed):
    """Return the weights of a reservoir, each unit reading a share of all, scaled to a spectral radius."""
    generator = np.random.default_rng([seed, 1])
    many = max(1, round(density * hidden_size))
    weights = np.zeros((hidden_size, hidden_size))
    for unit in range(hidden_size):
        weights[generator.choice(hidden_size, many, replace=False), unit] = generator.uniform(-1, 1, many)
    return radius / np.abs(np.linalg.eigvals(weights)).max() * weights


def echo_state(
    *, radius: float = 0.9, leak: float = 0.3, density: float = 0.1, scale: float = 1.0, seed: int = 0
) -> Cell:
    """Make an EchoState.

    Parameters
    ----------
    radius : float above 0
        The spectral radius of the weights on the state: the size of their largest eigenvalue.
    leak : float from 0 to 1
        The share of a state that is new.
    density : float from 0 to 1
        The share of all units that one reads, at least one unit.
    scale : float above 0
        The largest weight on an input.
    seed : int from 0 on
        What the weights are drawn from; those of all layers of one cell are alike.

    Raises
    ------
    CellError
        If a number is out of its range.

    Examples
    --------
    >>> echo_state(radius=0.9, density=0.2, seed=1)
    <cell EchoState: states h; 0 parameters>
    """
    positive("EchoState", radius=radius, scale=scale)
    share("EchoState", leak=leak, density=density)
    counted("EchoState", seed=seed)

    @cell(
        fixed={
            "W_in": functools.partial(_read, scale=scale, seed=seed),
            "W": functools.partial(_reservoir, radius=radius, density=density, seed=seed),
        }
    )
    def EchoState(p, x, h):
        """Echo state network: a reservoir of leaky units whose weights are drawn and not trained; a readout is.

        Jaeger (2001), GMD report 148, The echo state approach; leaky as in Jaeger et al. (2007), Neural Networks 20(3).
        `recurra.cells.echo_state` makes the cell with another spectral radius than 0.9, leak than 0.3, density than
        0.1, scale of inputs than 1, or seed.
        """
        h = (1 - leak) * h + leak * tanh(x @ p.W_in + h @ p.W)
        return h

    return EchoState


EchoState = echo_state()


def _wire(generator, sources, targets, many, wiring):
    """Give each source synapses to `many` targets, and a target without any one; each excites (1) or inhibits (-1)."""
    for source in sources:
        chosen = generator.choice(targets, min(many, len(targets)), replace=False)
        wiring[source, chosen] = generator.choice([-1.0, 1.0], len(chosen))
    for target in targets:
        if not wiring[sources, target].any():
            wiring[generator.choice(sources), target] = generator.choice([-1.0, 1.0])


def _layers(hidden_size, motors):
    """Return the neurons of each layer: motor neurons come first, then command neurons, then interneurons."""
    others = hidden_size - motors
    if others < 2:
        raise ValueError(f"{hidden_size} neurons: expected {motors} motor neurons and at least 2 others")
    return np.split(np.arange(hidden_size), [motors, motors + max(1, int(0.4 * others))])


def _sensory(input_size, hidden_size, motors, density, seed):
    """Return the polarities of the synapses from inputs to neurons, 0 where there is none."""
    *_, inter = _layers(hidden_size, motors)
    wiring = np.zeros((input_size, hidden_size))
    many = max(1, round(density * len(inter)))
    _wire(np.random.default_rng([seed, 0]), np.arange(input_size), inter, many, wiring)
    return wiring


def _between(hidden_size, motors, density, seed):
    """Return the polarities of the synapses between neurons, 0 where there is none."""
    motor, command, inter = _layers(hidden_size, motors)
    generator, wiring = np.random.default_rng([seed, 1]), np.zeros((hidden_size, hidden_size))
    for before, after in ((inter, command), (command, command), (command, motor)):
        _wire(generator, before, after, max(1, round(density * len(after))), wiring)
    return wiring


def _is_wired_x(input_size, hidden_size, motors, density, seed):
    return np.abs(_sensory(input_size, hidden_size, motors, density, seed))


def _is_wired(hidden_size, motors, density, seed):
    return np.abs(_between(hidden_size, motors, density, seed))


def ncp(*, motors: int = 1, density: float = 0.5, unfolds: int = 6, seed: int = 0) -> Cell:
    """Make an NCP.

    Parameters
    ----------
    motors : int from 1 on
        The number of motor neurons, which are the first of the output.
    density : float from 0 to 1
        The share of the next layer's neurons that a neuron has synapses to, at least one.
    unfolds : int from 1 on
        Solver steps between two samples.
    seed : int from 0 on
        What the wiring is drawn from.

    Raises
    ------
    CellError
        If a number is out of its range.

    Examples
    --------
    >>> ncp(motors=2)
    <cell NCP: states v; 13 parameters>
    """
    whole("NCP", motors=motors, unfolds=unfolds)
    share("NCP", density=density)
    counted("NCP", seed=seed)
    wiring = {"motors": motors, "density": density, "seed": seed}
    between = dict.fromkeys(("w", "mu", "sigma", "E"), ("hidden_size", "hidden_size"))
    sensory = {f"{name}_x": ("input_size", "hidden_size") for name in between}
    half = math.log(math.expm1(0.5))  # its softplus is 0.5
    start = {"w": half, "mu": 0.55, "sigma": 5.5}

    @cell(
        sizes={"dt": 1, **between, **sensory},
        fixed={
            "wired_x": functools.partial(_is_wired_x, **wiring),
            "wired": functools.partial(_is_wired, **wiring),
        },
        init={"c": half, "g": half, "rest": 0.0, "a_x": 1.0, **start, **{f"{n}_x": value for n, value in start.items()}}
        | {"E": functools.partial(_between, **wiring), "E_x": functools.partial(_sensory, **wiring)},
    )
    def NCP(p, x, v, *, dt):
        """Neural circuit policy: liquid time-constant neurons in layers, with few synapses, each of its own steepness.

        Lechner et al. (2020), Nature Machine Intelligence 2, Neural circuit policies enabling auditable autonomy;
        wired from inputs to interneurons, command neurons, which read each other too, and motor neurons. `dt` is the
        time since the last sample, in 6 implicit steps. The output is of all neurons, of which the first is the motor
        neuron. `recurra.cells.ncp` makes the cell with more of these, another density than 0.5, or another seed.
        """
        x = p.a_x * x + p.b_x
        s = softplus(p.w_x) * p.wired_x * sigmoid(p.sigma_x * (column(x) - p.mu_x))
        drive, gain = flatten(sum(s * p.E_x, -2)), flatten(sum(s, -2))
        for _ in range(unfolds):
            s = softplus(p.w) * p.wired * sigmoid(p.sigma * (column(v) - p.mu))
            pulled = softplus(p.g) * p.rest + drive + flatten(sum(s * p.E, -2))
            opened = softplus(p.g) + gain + flatten(sum(s, -2))
            v = (softplus(p.c) * v + dt / unfolds * pulled) / (softplus(p.c) + dt / unfolds * opened)
        return v

    return NCP


NCP = ncp()
