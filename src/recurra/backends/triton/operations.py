"""What Triton lacks or rounds too much, as device functions that the generated source calls."""

# pyright: reportPossiblyUnboundVariable=false, reportInvalidTypeForm=false

from __future__ import annotations

import triton
import triton.language as tl

__all__ = [
    "cross_barrier", "hashed", "heaviside", "larger", "power", "rectified", "remainder", "sigmoid", "signed", "smaller",
    "softplus", "tanh",
]  # fmt: skip


@triton.jit
def sigmoid(a):
    """Return 1 / (1 + exp(-a)), which keeps its digits on both sides."""
    e = tl.exp(-tl.abs(a))
    return tl.where(a >= 0, 1.0, e) / (1.0 + e)


@triton.jit
def tanh(a):
    """Return the hyperbolic tangent: near 0 a rational function (Moshier, Cephes), so that small values keep digits."""
    z = a * a
    above = (-9.64399179425052238628e-1 * z - 9.92877231001918586564e1) * z - 1.61468768441708447952e3
    below = ((z + 1.12811678491632931402e2) * z + 2.23548839060100448583e3) * z + 4.84406305325125486048e3
    near = a + a * z * (above / below)
    e = tl.exp(-2.0 * tl.abs(a))
    far = (1.0 - e) / (1.0 + e)
    return tl.where(tl.abs(a) < 0.625, near, tl.where(a < 0, -far, far))


@triton.jit
def softplus(a):
    """Return log(1 + exp(a)) without overflow; the logarithm of 1 + e keeps the digits that the sum loses."""
    e = tl.exp(-tl.abs(a))
    u = 1.0 + e
    return tl.where(a > 0, a, 0.0) + tl.where(u == 1.0, e, tl.log(u) * e / tl.where(u == 1.0, 1.0, u - 1.0))


@triton.jit
def rectified(a):
    """Return a where it is above 0, else 0; NaN stays."""
    return tl.where(a <= 0, 0.0, a)


@triton.jit
def signed(a):
    """Return 1 where a is above 0, -1 where it is below, else a."""
    return tl.where(a > 0, 1.0, tl.where(a < 0, -1.0, a))


@triton.jit
def heaviside(a):
    """Return 1 where a is above 0, else 0; NaN stays."""
    return tl.where(a > 0, 1.0, tl.where(a != a, a, 0.0))


@triton.jit
def remainder(a, b):
    """Return the rest of a division, with the sign of b."""
    rest = a % b  # with the sign of a
    return tl.where((rest != 0) & ((rest < 0) != (b < 0)), rest + b, rest)


@triton.jit
def power(a, b):
    """Return a to the b, in double precision, as the logarithm's rounding is multiplied by b; NaN of no whole b."""
    none = tl.where((a == a) | (b == b), 0.0, 0.0).to(tl.float64)  # one of the two may be a number
    base, exponent = a + none, b + none
    size = tl.exp(exponent * tl.log(tl.abs(base)))
    is_whole, is_odd = tl.floor(exponent) == exponent, tl.floor(exponent * 0.5) * 2 != exponent
    value = tl.where(base < 0, tl.where(is_whole, tl.where(is_odd, -size, size), float("nan")), size)
    return tl.where((exponent == 0) | (base == 1), 1.0, value)


@triton.jit
def larger(a, b):
    """Return the larger of a and b; NaN if either is."""
    return tl.where((a > b) | (a != a), a, b)


@triton.jit
def smaller(a, b):
    """Return the smaller of a and b; NaN if either is."""
    return tl.where((a < b) | (a != a), a, b)


@triton.jit
def hashed(value):
    """Return the hash of 32-bit integers that `recurra.backends.noise` describes."""
    value = (value ^ (value >> 16)) * 0x7FEB352D
    value = (value ^ (value >> 15)) * 0x846CA68B
    return value ^ (value >> 16)


@triton.jit
def cross_barrier(arrived, expected):
    """Wait until all programs of a row of tiles have come here: `arrived` counts them since the launch."""
    tl.debug_barrier()
    tl.atomic_add(arrived, 1, sem="acq_rel", scope="gpu")
    while tl.atomic_add(arrived, 0, sem="acquire", scope="gpu") < expected:
        pass
    tl.debug_barrier()
