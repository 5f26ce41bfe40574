"""Spiking neurons: what is put out is 0 or 1, and learns by a surrogate of the step's derivative."""

from recurra.cells.constants import not_negative, positive, share
from recurra.spec import Cell, cell, heaviside, maximum

__all__ = ["ALIF", "LIF", "alif", "lif"]


def lif(*, membrane: float = 0.9, synapse: float = 0.8, slope: float = 10.0) -> Cell:
    """Make a LIF.

    Parameters
    ----------
    membrane, synapse : floats from 0 to 1
        What is left of the membrane's potential and of the current after a step: exp(-step / time constant).
    slope : float above 0
        How steep the surrogate is.

    Raises
    ------
    CellError
        If a number is out of its range.

    Examples
    --------
    >>> lif(membrane=0.95)
    <cell LIF: states s, v, i; 2 parameters>
    """
    share("LIF", membrane=membrane, synapse=synapse)
    positive("LIF", slope=slope)

    @cell
    def LIF(p, x, s, v, i):
        """Leaky integrate-and-fire neurons: a current charges a membrane, which spikes above 1 and is set back by 1.

        Neftci, Mostafa & Zenke (2019), arXiv:1901.09948, with the derivative of a fast sigmoid in place of the step's.
        s spikes, v is the potential, i the current. `recurra.cells.lif` makes the cell with other constants.
        """
        v = membrane * v + i - s
        i = synapse * i + x @ p.W + s @ p.U
        s = heaviside(v - 1, derivative=lambda u: 1 / (1 + slope * abs(u)) ** 2)
        return s, v, i

    return LIF


LIF = lif()


def alif(
    *,
    membrane: float = 0.95,
    adaptation: float = 0.99,
    threshold: float = 0.01,
    strength: float = 1.8,
    damping: float = 0.3,
) -> Cell:
    """Make an ALIF.

    Parameters
    ----------
    membrane, adaptation : floats from 0 to 1
        What is left of the membrane's potential, and of the threshold's rise, after a step.
    threshold : float above 0
        What it is without spikes.
    strength : float from 0 on
        How much it rises.
    damping : float above 0
        The largest value of the surrogate.

    Raises
    ------
    CellError
        If a number is out of its range.

    Examples
    --------
    >>> alif(strength=1.6)
    <cell ALIF: states s, v, a; 2 parameters>
    """
    share("ALIF", membrane=membrane, adaptation=adaptation)
    positive("ALIF", threshold=threshold, damping=damping)
    not_negative("ALIF", strength=strength)

    @cell
    def ALIF(p, x, s, v, a):
        """Adaptive leaky integrate-and-fire neurons: each spike raises the neuron's threshold, which falls slowly.

        Bellec et al. (2018), arXiv:1803.09574, LSNN, with a damped triangle in place of the step's derivative. s
        spikes, v is the potential, a the mean of recent spikes. `recurra.cells.alif` makes the cell with other
        constants.
        """
        v = membrane * v + (1 - membrane) * (x @ p.W + s @ p.U) - (threshold + strength * a) * s
        a = adaptation * a + (1 - adaptation) * s
        b = threshold + strength * a
        s = heaviside((v - b) / b, derivative=lambda u: damping * maximum(1 - abs(u), 0.0))
        return s, v, a

    return ALIF


ALIF = alif()
