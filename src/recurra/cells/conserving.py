"""A cell that moves its state about and neither makes nor loses any of it."""

from recurra.spec import cell, sigmoid, softmax, sum

__all__ = ["MassConservingLSTM"]


@cell(sizes={"mass": 1, "B": ("hidden_size", "hidden_size")})
def MassConservingLSTM(p, x, c, *, mass):
    """LSTM that conserves mass: what comes in goes out by its output or stays in its state.

    Hoedt et al. (2021), arXiv:2101.05186, with a redistribution R that does not depend on the input. `mass` is the
    input that is conserved, from 0 on; x is what they call auxiliary. A row of R sums to 1, and so does i.
    1e-5 stands by for a state that is empty.
    """
    level = c / (sum(abs(c)) + 1e-5)
    a = x @ p.W_xi + level @ p.W_ci + p.b_i
    i = softmax(a)
    o = sigmoid(x @ p.W_xo + level @ p.W_co + p.b_o)
    R = softmax(p.B)
    m = c @ R + i * mass
    c = (1 - o) * m
    h = o * m
    return (c,), h
