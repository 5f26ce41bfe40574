"""Cells whose units can hold one of two states."""

from recurra.spec import cell, sigmoid, tanh

__all__ = ["BR", "NBR"]


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
