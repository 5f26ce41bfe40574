"""Cells of a person's own, each with one thing of the language that the built-in cells do not use."""

from __future__ import annotations

from recurra import bernoulli, cell, exp, sigmoid, softplus, tanh, where

__all__ = [
    "ALL",
    "Antisymmetric",
    "Decaying",
    "Delayed",
    "Dropped",
    "Locked",
    "Passed",
    "Placed",
    "Readout",
    "Scaled",
    "Stateful",
    "Unread",
]


@cell(sizes={"dt": 1})
def Decaying(p, x, h, *, dt):
    """A time gap, one number wide, lets the state decay."""
    h = exp(-softplus(p.decay) * dt) * h
    return tanh(x @ p.W + h @ p.U + p.b)


@cell(sizes={"place": "place_size"}, per_sequence=("place",))
def Placed(p, x, h, *, place):
    """What is known of a whole sequence is an input once."""
    return tanh(x @ p.W + h @ p.U + place @ p.V + p.b)


@cell
def Antisymmetric(p, x, h):
    """Antisymmetric recurrence. Chang et al. (2019): an expression of parameters alone."""
    return h + 0.1 * tanh(x @ p.V + h @ (p.W - p.W.T) + p.b)


@cell(scalars=("zeta", "nu"))
def Scaled(p, x, h):
    """FastGRNN's two numbers. Kusupati et al. (2018)."""
    z = sigmoid(x @ p.W + h @ p.U + p.b_z)
    return (sigmoid(p.zeta) * (1 - z) + sigmoid(p.nu)) * tanh(x @ p.W + h @ p.U + p.b_h) + z * h


@cell(delays={"h_old": ("h", 3)})
def Delayed(p, x, h, *, h_old):
    """A state three steps back."""
    return tanh(x @ p.W + h @ p.U + h_old @ p.V + p.b)


@cell
def Dropped(p, x, h):
    """Zoneout, drawn at every step. Krueger et al. (2017)."""
    keep = bernoulli(0.4, like=h)
    return keep * h + (1 - keep) * tanh(x @ p.W + h @ p.U + p.b)


@cell
def Locked(p, x, h):
    """Dropout whose mask stays for the whole sequence. Gal & Ghahramani (2016)."""
    mask = bernoulli(0.5, like=h, per="sequence")
    return tanh(x @ p.W + (2 * mask * h) @ p.U + p.b)


@cell(sizes={"V": ("hidden_size", "output_size")})
def Readout(p, x, h):
    """An output that is no state, of a width of its own."""
    h = tanh(x @ p.W + h @ p.U + p.b)
    return (h,), h @ p.V + p.c


@cell
def Stateful(p, x, h, s):
    """Two states and a comparison: s counts the steps since a unit was last above zero."""
    h = tanh(x @ p.W + h @ p.U + 0.1 * s + p.b)
    return h, where(h > 0, 0 * s, s + 1)


@cell
def Passed(p, x, h, before):
    """A state that is a product of the input before: what is carried on is computed before the loop."""
    now = x @ p.W
    return tanh(now + before * p.a + h @ p.U), now


@cell
def Unread(p, x, h):
    """A choice between equals: simplified, nothing reads what decides it."""
    return tanh(x @ p.W + where(h @ p.V > x @ p.R + p.b, h, h) @ p.U)


ALL = (Decaying, Placed, Antisymmetric, Scaled, Delayed, Dropped, Locked, Readout, Stateful, Passed, Unread)
