"""Cells that discretise systems of differential equations, so that gradients neither vanish nor explode."""

from recurra.spec import cell, sigmoid, tanh

__all__ = ["LEM"]


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
