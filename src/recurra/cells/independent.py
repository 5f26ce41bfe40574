"""Units whose state product is a vector: each keeps to itself, and layers mix them."""

from recurra.spec import cell, relu

__all__ = ["IndRNN"]


@cell
def IndRNN(p, x, h):
    """Independently recurrent network. Li et al. (2018), arXiv:1803.04831."""
    return relu(x @ p.W_x + p.u * h + p.b)
