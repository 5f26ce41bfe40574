"""Cells that say between them what the language can say beyond sums, products and gates, for all backends."""

from __future__ import annotations

import math

from recurra import (
    Cell,
    cell,
    column,
    cos,
    cumsum,
    erf,
    exp,
    flatten,
    floor,
    heaviside,
    max,
    min,
    outer,
    sigmoid,
    sign,
    sin,
    softmax,
    split,
    stop_gradient,
    sum,
    surrogate,
    tanh,
    vecmat,
)  # fmt: skip

__all__ = ["LANGUAGE", "Everything"]


@cell
def Circular(p, x, h):
    """Sines of a phase, and what is left of it: rests of a division, made smooth."""
    u = tanh(x @ p.W + h @ p.U)
    r, s, size = u % (1 + abs(p.w)), -u % 0.75, 1 + abs(p.w)
    return 0.5 * sin(u) * cos(2 * u + p.b) + 0.1 * erf(u) * (r * (size - r)) ** 2 + 0.1 * (s * (0.75 - s)) ** 2


@cell
def Powers(p, x, h):
    """Powers of values and of numbers, by numbers and by values."""
    u = x @ p.W + h @ p.U
    v = (0.5 + abs(h)) ** tanh(x @ p.V) + 0.1 * abs(u) ** 1.7 + 1.5 ** tanh(u)
    return tanh(u) ** 3 + 0.3 * tanh(v) + (1 + u * u) ** -0.3 + (2 + u * u) ** -2


@cell
def Steps(p, x, h):
    """What has no derivative, made smooth by what it is multiplied with."""
    u = tanh(x @ p.W + h @ p.U)
    v = 0.25 * floor(2 * u) * sin(2 * math.pi * u) ** 2 + 0.2 * u * u * heaviside(u)
    return 0.5 * tanh(h) ** 2 * sign(h) + v + 0.2 * u * abs(u)


@cell(sizes={"W": ("input_size", "chunks"), "U": ("hidden_size", "chunks")})
def Features(p, x, h):
    """Largest and smallest features, and sums up to each: ON-LSTM's cumax (Shen et al. 2019, arXiv:1810.09536)."""
    f = cumsum(softmax(x @ p.W + h @ p.U))
    r = cumsum(exp(-(f * f)), reverse=True)
    u = f @ p.V + r @ p.Z
    return tanh(u) * max(h) + min(u) * 0.1 + cumsum(h) / (1 + sum(h * h)) + 0.1 * cumsum(u - h, reverse=True)


@cell(scalars=("beta",), init={"beta": 0.9})
def Spiking(p, x, s, v):
    """Leaky integrate-and-fire neurons with a surrogate gradient, Neftci et al. (2019), arXiv:1901.09948."""
    v = p.beta * v * (1 - stop_gradient(s)) + x @ p.W + s @ p.U
    return heaviside(v - 1, derivative=lambda u: 1 / (1 + 10 * abs(u)) ** 2), v


@cell
def Binary(p, x, h):
    """Units that are 1 or -1 and learn as a tanh would, and as an arctangent."""
    u = x @ p.W + h @ p.U + p.b
    gate = heaviside(sum(u * h), derivative=lambda v: 1 / (1 + (math.pi * v) ** 2))
    return surrogate(sign(u), tanh(u)) * gate + sigmoid(u) * (1 - gate)


@cell(sizes={"S": ("heads", "hidden_size/heads", "2*state_size"), "A": ("heads", "hidden_size/heads", "2*state_size")})
def Everything(p, x, S, h):
    """A matrix for each head of a width of its own, a matrix of parameters, a vector whose axis meets itself."""
    k = tanh(split(x @ p.W_k + h @ p.U_k, "heads"))
    S = sigmoid(column(k) + p.A) * S + outer(k, split(x @ p.W_v, "heads"))
    h = tanh(flatten(S) @ p.W_h + x @ p.W_x)
    return (S, h), h + vecmat(x @ p.W_q, outer(h, h))


LANGUAGE: tuple[Cell, ...] = (Circular, Powers, Steps, Features, Spiking, Binary)
