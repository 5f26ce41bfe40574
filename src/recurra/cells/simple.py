"""The simple recurrent network."""

from recurra.spec import cell, relu, tanh

__all__ = ["IRNN", "Elman", "ElmanReLU"]


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
