"""The operations of the program as LLVM's IR, those that processors do not have made of those that they have.

They are those of `recurra.export.c_functions`, operation by operation, and give the same bits. None has a branch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from llvmlite import ir

from recurra.export.ir_numbers import FLOAT, Lanes, Number, where

__all__ = ["applied"]

_INFINITY, _NAN = 0x7F800000, 0x7FC00000
_LARGE, _LARGE_DOUBLE = 12582912.0, 6755399441055744.0
"""1.5 * 2^23 and 1.5 * 2^52: to add one rounds to a whole number and leaves it in the lowest bits."""


def _float(like: Number, bits: int) -> Number:
    return (like.bits & 0 | bits).as_float


def _abs(x: Number) -> Number:
    return (x.bits & 0x7FFFFFFF).as_float


def _signed(size: Number, x: Number) -> Number:
    """Return a number that is not negative with the sign of x."""
    return (size.bits | (x.bits & 0x80000000)).as_float


def _polynomial(x: Number, *coefficients: float) -> Number:
    """Return the value of a polynomial by Horner's rule, the highest coefficient first."""
    value: Number | float = coefficients[0]
    for coefficient in coefficients[1:]:
        value = value * x + coefficient
    assert isinstance(value, Number)
    return value


def _whole(x: Number) -> Number:
    """Return n of x = n ln 2 + r (Cody and Waite 1980)."""
    return (x * 1.44269504 + _LARGE).bits - 0x4B400000


def _expm1(x: Number) -> Number:
    """Return exp(r) - 1 of x = n ln 2 + r."""
    n = (x * 1.44269504 + _LARGE) - _LARGE
    r = (x - n * 0.693359375) + n * 2.12194440e-4
    tail = _polynomial(r, 0.001392617612, 0.008363173075, 0.04166655466, 0.1666657703, 0.5)
    return r * r * tail + r


def _power(n: Number) -> Number:
    """Return 2^n."""
    return ((n + 127) << 23).as_float


def _exp(x: Number) -> Number:
    low = where(x < -105.0, -105.0, x)
    near = where(low > 89.0, 89.0, low)
    n = _whole(near)
    half = ((n + 512) >> 1) - 256  # 2^n in two factors: n may be beyond a float's
    return (_expm1(near) + 1.0) * _power(half) * _power(n - half)


def _sigmoid(x: Number) -> Number:
    size = _abs(x)
    near = where(size > 88.0, 88.0, size)
    power = _power(_whole(-near))
    z = power * _expm1(-near) + power
    return where(x >= 0.0, 1.0, z) / (z + 1.0)


def _tanh(x: Number) -> Number:
    size = _abs(x)
    near = where(size > 10.0, 10.0, size)
    twice = near + near
    power = _power(_whole(twice))
    e = power * _expm1(twice) + (power - 1.0)
    return _signed(e / (e + 2.0), x)


def _log(x: Number) -> Number:
    tiny = x < 1.17549435e-38
    scaled = where(tiny, x * 16777216.0, x)
    offset = scaled.bits - 0x3F3504F3  # counted from sqrt(1/2) on
    whole = (offset + 0x40000000) >> 23  # the exponent, 128 more
    e = whole.single - where(tiny, x.lanes.constant(FLOAT, 152.0), 128.0)
    part = (scaled.bits - ((whole - 128) << 23)).as_float
    f = part - 1.0
    s = f / (part + 1.0)
    square = s * s
    series = _polynomial(square, 0.153846154, 0.181818182, 0.222222222, 0.285714286, 0.4, 0.666666667)
    value = e * 0.693359375 + (square * s * series + (e * -2.12194440e-4 + s * 2.0))
    below = where(x < 0.0, _float(x, _NAN), where(x.is_nan, x, -_float(x, _INFINITY)))
    return where(x > 0.0, where(x <= 3.40282347e38, value, x), below)


def _sqrt(x: Number) -> Number:
    tiny = x < 1.17549435e-38
    scaled = where(tiny, x * 16777216.0, x)
    y = ((scaled.bits >> 1) + 0x1FBD1DF5).as_float
    y = 0.5 * (y + scaled / y)
    y = 0.5 * (y + scaled / y)
    y = y + 0.5 * (scaled / y - y)
    y = where(tiny, y * 2.44140625e-4, y)
    return where(x > 0.0, where(x <= 3.40282347e38, y, x), where(x < 0.0, _float(x, _NAN), x))


def _softplus(x: Number) -> Number:
    u = _exp(-_abs(x))
    w = u + 1.0
    return where(x <= 0.0, 0.0, x) + (_log(w) + (u - (w - 1.0)) / w)


def _circular(x: Number, quarters: int) -> Number:
    """Return the sine so many quarters of a circle further on."""
    shifted = x.double * 0.63661977236758134 + _LARGE_DOUBLE
    n = shifted - _LARGE_DOUBLE
    r = ((x.double - n * 1.5707963267948966) - n * 6.123233995736766e-17).single
    quarter = shifted.bits.word + quarters
    square = r * r
    sine = _polynomial(square, 2.75573192e-6, -1.98412698e-4, 8.33333333e-3, -0.166666667)
    cosine = _polynomial(square, -2.75573192e-7, 2.48015873e-5, -1.38888889e-3, 4.16666667e-2)
    even = r * square * sine + r
    odd = (square * square) * cosine + (1.0 - 0.5 * square)
    value = where(quarter.has_bit(1), odd, even)
    return (value.bits ^ ((quarter & 2) << 30)).as_float


def _erf(x: Number) -> Number:
    size, square = _abs(x), x * x
    low = where(size < 1.0, 1.0, size)
    there = where(low > 4.0, 4.0, low)
    place = (there - 2.5) * 0.666666667
    near = _polynomial(
        square, -1.63658447e-07, 1.64621144e-06, -1.49256504e-05, 0.00012055333, -0.000854832702, 0.00522397763,
        -0.0268661706, 0.112837917, -0.376126389, 0.128379167,
    )  # fmt: skip
    far = _polynomial(
        place, 4.19584001e-05, -0.000227499504, 0.000880397082, -0.00319030541, 0.0109618492, -0.036647578,
        0.126239167, -0.529021011, -1.55681527,
    )  # fmt: skip
    far = _signed(1.0 - _exp(far - there * there), x)
    return where(size > 1.0, far, x * near + x)


def _floor(x: Number) -> Number:
    size = _abs(x)
    whole = _signed((size + 8388608.0) - 8388608.0, x)
    return where(size < 8388608.0, where(whole > x, whole - 1.0, whole), x)


def _mod(x: Number, y: Number) -> Number:
    quotient = x.double / y.double
    size = where(quotient < 0.0, -quotient, quotient)
    near = (size + 4503599627370496.0) - 4503599627370496.0
    whole = where(quotient < 0.0, -near, near)
    below = where(whole > quotient, whole - 1.0, whole)
    return (x.double - y.double * where(size < 4503599627370496.0, below, quotient)).single


def _pow(x: Number, y: Number) -> Number:
    size, far = _abs(x), _abs(y)
    is_large = far >= 8388608.0
    rounded = far + 8388608.0
    is_whole = is_large | (rounded - 8388608.0).equals(far)
    is_odd = is_whole & (far < 16777216.0) & where(is_large, far, rounded).bits.has_bit(1)
    wide = size.double.bits
    part = ((wide & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000).as_float
    is_upper = part > 1.4142135623730951
    e = (wide >> 52).word.double - 1023.0
    part, e = where(is_upper, part * 0.5, part), where(is_upper, e + 1.0, e)
    s = (part - 1.0) / (part + 1.0)
    log = _polynomial(s * s, *(2.0 / k for k in range(17, 1, -2)), 2.0)
    r = y.double * (e * 0.69314718055994531 + s * log)
    high = where(r > 88.8, 88.8, r)
    near = where(high > -104.0, high, -104.0)
    shifted = near * 1.4426950408889634 + _LARGE_DOUBLE
    rest = near - (shifted - _LARGE_DOUBLE) * 0.69314718055994531
    exponential = _polynomial(
        rest, 1.0 / 3628800.0, 1.0 / 362880.0, 1.0 / 40320.0, 1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0,
        1.0 / 6.0, 0.5, 1.0, 1.0,
    )  # fmt: skip
    power = ((shifted.bits.word + 1023).long << 52).as_float
    infinity = _float(x, _INFINITY)
    one = x.lanes.constant(FLOAT, 1.0)
    value = where(r > -104.0, (exponential * power).single, where(r.is_nan, one, 0.0))
    value = where(r > 88.8, infinity, value)
    is_none, is_below = size.equals(0.0), y < 0.0
    # 0 and infinity become each other where y is below 0
    value = where(is_none | (size > 3.40282347e38), where(is_none ^ is_below, 0.0, infinity), value)
    value = where(is_odd, _signed(value, x), value)
    value = where((x < 0.0) & ~is_whole, _float(x, _NAN), value)
    value = where(x.is_nan | y.is_nan, x + y, value)
    return where(y.equals(0.0) | x.equals(1.0), 1.0, value)


def _sign(x: Number) -> Number:
    return where(x > 0.0, 1.0, where(x < 0.0, -1.0, x))


def _heaviside(x: Number) -> Number:
    return where(x > 0.0, 1.0, where(x.is_nan, x, 0.0))


_INLINE: Mapping[str, Callable[..., Number]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "neg": lambda a: -a, "less": lambda a, b: a < b, "less_equal": lambda a, b: a <= b,
    "greater": lambda a, b: a > b, "greater_equal": lambda a, b: a >= b, "where": where, "abs": _abs,
    "relu": lambda a: where(a <= 0.0, 0.0, a), "sign": _sign, "heaviside": _heaviside,
    "maximum": lambda a, b: where(a.is_nan | (a > b), a, b),
    "minimum": lambda a, b: where(a.is_nan | (a < b), a, b),
}  # fmt: skip
"""Operation -> its spelling, which is written where it is."""

_FUNCTIONS: Mapping[str, Callable[..., Number]] = {
    "exp": _exp, "sigmoid": _sigmoid, "tanh": _tanh, "log": _log, "sqrt": _sqrt, "softplus": _softplus,
    "sin": lambda x: _circular(x, 0), "cos": lambda x: _circular(x, 1), "erf": _erf, "floor": _floor, "mod": _mod,
    "pow": _pow,
}  # fmt: skip
"""Operation -> its spelling, which is a function of the module; LLVM decides where it is inlined."""


def applied(op: str, arguments: Sequence[Number]) -> Number:
    """Return the result of an operation on numbers of as many lanes."""
    if op in _INLINE:
        return _INLINE[op](*arguments)
    lanes = arguments[0].lanes
    module, name = lanes.builder.module, f"r_{op}_{lanes.count}"
    if name not in module.globals:
        _define(module, name, op, lanes.count, len(arguments))
    return Number(lanes, lanes.builder.call(module.globals[name], [each.value for each in arguments]))


def _define(module: ir.Module, name: str, op: str, count: int, arity: int) -> None:
    kind: Any = FLOAT if count == 1 else ir.VectorType(FLOAT, count)
    function = ir.Function(module, ir.FunctionType(kind, [kind] * arity), name)
    function.linkage = "internal"
    builder = ir.IRBuilder(function.append_basic_block())
    lanes = Lanes(builder, count)
    builder.ret(_FUNCTIONS[op](*(Number(lanes, each) for each in function.args)).value)
