"""A cell that a controller network found."""

from recurra.spec import cell, relu, sigmoid, tanh

__all__ = ["NAS"]


@cell
def NAS(p, x, h, c):
    """The cell that neural architecture search found for Penn Treebank. Zoph & Le (2017), arXiv:1611.01578.

    One leaf multiplies what comes from the input with what comes from the state; the others add them.
    """
    u = tanh(sigmoid(x @ p.W_x0 + h @ p.W_h0) * relu(x @ p.W_x1 + h @ p.W_h1))
    v = tanh(sigmoid(x @ p.W_x2 + h @ p.W_h2) + relu((x @ p.W_x3) * (h @ p.W_h3)))
    w = tanh(tanh(x @ p.W_x4 + h @ p.W_h4) * sigmoid(x @ p.W_x5 + h @ p.W_h5))
    s = sigmoid(tanh(x @ p.W_x6 + h @ p.W_h6) + sigmoid(x @ p.W_x7 + h @ p.W_h7))
    c = tanh(u + c) * v
    h = tanh(c * tanh(w + s))
    return h, c
