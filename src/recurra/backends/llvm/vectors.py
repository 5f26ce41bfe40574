"""Vectors and loops in LLVM's intermediate representation (IR): arithmetic, and the operation table spelled in it.

The functions that a processor does not have (exp, tanh, log, ...) are made of those that it has.

No `fast` flags anywhere: NaN and infinity travel as they do in torch, comparisons are ordered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import numpy as np
from llvmlite import ir

__all__ = ["BRANCHING", "SPELLING", "ControlFlow", "Vectors", "constant", "declared"]

_EXP_SINGLE = (0.5, 0.1666657703, 0.04166655466, 0.008363173075, 0.001392617612)
_EXP_DOUBLE = (
    0.5, 0.16666666666666667, 0.041666666666624162, 0.0083333333333300644, 0.0013888888917196719,
    0.00019841269863040545, 2.4801521322368693e-5, 2.7557268480310026e-6, 2.7620075879983367e-7, 2.5100375832561234e-8,
)  # fmt: skip
"""(exp(r) - 1 - r) / r^2 interpolated at the Chebyshev points of |r| <= ln(2) / 2; exp is 8e-9, 1.3e-17 off."""

_ERFC_SINGLE = (
    -1.55681527272726436, -0.529021011336730763, 0.126239166876035877, -0.036647578044776784, 0.0109618492176352559,
    -0.00319030541314166681, 0.000880397081502404296, -0.000227499503804156857, 0.0000419584001216753728,
)  # fmt: skip
_ERFC_DOUBLE = (
    -1.8624374021481740, -0.66524897091297719, 0.20779340786114011, -0.0816509097178122078, 0.034128411075984803,
    -0.0143845483300340557, 0.00595370454670730062, -0.00237399728718577836, 0.000893575902216764975,
    -0.000307819490051535243, 0.0000909048170772076247, -0.0000184749350133494131, -1.49175926868424288e-6,
    4.56748228287393029e-6, -3.38799065110362707e-6, 1.91424749726789288e-6, -9.67831163943711781e-7,
    3.90180391702755535e-7, -7.64411331566817956e-8, 2.00375114308128216e-8, -3.76304010737294533e-8,
    4.23999824309261508e-9, 1.80193472575838654e-8, -7.1596774245395752e-9,
)  # fmt: skip
"""log(1 - erf(x)) + x^2 interpolated at the Chebyshev points of 1 <= x <= 4, or 6, moved to -1 to 1."""

Value = Any
I16, I32, I64 = (ir.IntType(bits) for bits in (16, 32, 64))


class Vectors:
    """Vectors of one dtype and width, made with an IR builder.

    Parameters
    ----------
    builder : llvmlite IRBuilder
    scalar : ir.FloatType or ir.DoubleType
    lanes : int
    """

    def __init__(self, builder: ir.IRBuilder, scalar: ir.Type, lanes: int) -> None:
        self.builder, self.scalar, self.lanes = builder, scalar, lanes
        self.double = isinstance(scalar, ir.DoubleType)
        self.type = ir.VectorType(scalar, lanes)
        self.integer = ir.IntType(64 if self.double else 32)
        self.integers = ir.VectorType(self.integer, lanes)
        self.bytes = 8 if self.double else 4
        self.mantissa, self.bias = (52, 1023) if self.double else (23, 127)

    def number(self, value: float) -> Value:
        """Return a number in every lane."""
        if math.isnan(value) or math.isinf(value):  # as 0 / 0, 1 / 0 or -1 / 0, which LLVM folds
            zero = self.number(0.0)
            one = self.number(1.0 if value > 0 else -1.0) if math.isinf(value) else zero
            return self.builder.fdiv(one, zero)
        return ir.Constant(self.type, [ir.Constant(self.scalar, value)] * self.lanes)

    def whole(self, value: int, bits: int | None = None) -> Value:
        """Return a whole number in every lane."""
        kind = ir.IntType(bits or self.integer.width)
        return ir.Constant(ir.VectorType(kind, self.lanes), [ir.Constant(kind, value)] * self.lanes)

    def splat(self, scalar: Value) -> Value:
        """Return a scalar in every lane."""
        kind = ir.VectorType(scalar.type, self.lanes)
        # into the first lane, and from there into all: of this LLVM makes one broadcast
        one = self.builder.insert_element(ir.Constant(kind, ir.Undefined), scalar, ir.Constant(I32, 0))
        mask = ir.Constant(ir.VectorType(I32, self.lanes), [ir.Constant(I32, 0)] * self.lanes)
        return self.builder.shuffle_vector(one, ir.Constant(kind, ir.Undefined), mask)

    def call(self, name: str, *args: Value, result: ir.Type | None = None) -> Value:
        """Call an intrinsic that is overloaded by its first argument's type."""
        kind = args[0].type
        short = {"float": "f32", "double": "f64"}.get(str(kind.element), str(kind.element))
        full = f"llvm.{name}.v{self.lanes}{short}"
        return self.builder.call(declared(self.builder.module, full, result or kind, [a.type for a in args]), args)

    def first(self, count: Value) -> Value:
        """Return a mask of so many lanes, from the first on."""
        kind = ir.VectorType(I32, self.lanes)
        ramp = ir.Constant(kind, [ir.Constant(I32, k) for k in range(self.lanes)])
        return self.builder.icmp_signed("<", ramp, self.splat(self.builder.trunc(count, I32)))

    def between(self, begin: int, end: int) -> Value:
        """Return a mask of the lanes from one to before another."""
        kind = ir.VectorType(ir.IntType(1), self.lanes)
        return ir.Constant(kind, [ir.Constant(kind.element, int(begin <= k < end)) for k in range(self.lanes)])

    # memory ----------------------------------------------------------------------------------------------------

    def at(self, address: Value, place: Value) -> Value:
        """Return a pointer so many scalars behind an address."""
        return self.builder.gep(self.builder.inttoptr(address, ir.PointerType()), [place], source_etype=self.scalar)

    def load(self, pointer: Value, mask: Value | None = None, *, align: int | None = None) -> Value:
        """Return a vector from memory, zero in the lanes that a mask leaves out; `align` is a number's by default."""
        if mask is None:
            return self.builder.load(pointer, typ=self.type, align=align or self.bytes)
        aligned = ir.Constant(I32, align or self.bytes)
        return self._masked("load", self.type, f"{self._kind}.p0", pointer, aligned, mask, self.number(0.0))

    def load_whole(self, pointer: Value, bits: int, mask: Value | None = None) -> Value:
        """Return whole numbers of so many bits from memory, zero in the lanes that a mask leaves out."""
        kind = ir.VectorType(ir.IntType(bits), self.lanes)
        if mask is None:
            return self.builder.load(pointer, typ=kind, align=bits // 8)
        aligned = ir.Constant(I32, bits // 8)
        return self._masked("load", kind, f"v{self.lanes}i{bits}.p0", pointer, aligned, mask, self.whole(0, bits))

    def store(self, value: Value, pointer: Value, mask: Value | None = None) -> None:
        """Store a vector, but not the lanes that a mask leaves out."""
        if mask is None:
            self.builder.store(value, pointer, align=self.bytes)
        else:
            self._masked("store", ir.VoidType(), f"{self._kind}.p0", value, pointer, self._align, mask)

    def transposed(self, lines: Sequence[Value]) -> list[Value]:
        """Return the columns of a square of as many vectors as there are lanes (Eklundh 1972)."""
        lines, half = list(lines), 1
        while half < self.lanes:
            lanes = range(self.lanes)
            # of two lines `half` apart, odd blocks of `half` lanes of the one and even ones of the other change places
            upper = [self.lanes + k - half if k & half else k for k in lanes]
            lower = [self.lanes + k if k & half else k + half for k in lanes]
            for k in (k for k in lanes if not k & half):
                pair = lines[k], lines[k + half]
                lines[k], lines[k + half] = self._chosen(*pair, upper), self._chosen(*pair, lower)
            half *= 2
        return lines

    def sums_of(self, lines: Sequence[Value]) -> Value:
        """Return the sums over the lanes of as many vectors as there are lanes, as one vector."""
        lines, lanes, half = list(lines), range(self.lanes), self.lanes
        while half > 1:
            # two lines become one: its even blocks of lanes belong to the first, its odd ones to the second
            half //= 2
            low = [self.lanes + k - half if k & half else k for k in lanes]
            high = [self.lanes + k if k & half else k + half for k in lanes]
            pairs = [(lines[k], lines[k + len(lines) // 2]) for k in range(len(lines) // 2)]
            lines = [self.builder.fadd(self._chosen(a, b, low), self._chosen(a, b, high)) for a, b in pairs]
        return lines[0]

    def halves(self, x: Value) -> tuple[Value, Value]:
        """Return the first lanes of a vector, and the others, as vectors half as wide."""
        half = self.lanes // 2
        kind = ir.VectorType(I32, half)
        low, high = (ir.Constant(kind, [ir.Constant(I32, k + begin) for k in range(half)]) for begin in (0, half))
        other = ir.Constant(self.type, ir.Undefined)
        return self.builder.shuffle_vector(x, other, low), self.builder.shuffle_vector(x, other, high)

    def _chosen(self, a: Value, b: Value, lanes: Sequence[int]) -> Value:
        """Return these lanes of two vectors, those of the second counted after those of the first."""
        kind = ir.VectorType(I32, self.lanes)
        return self.builder.shuffle_vector(a, b, ir.Constant(kind, [ir.Constant(I32, k) for k in lanes]))

    def _masked(self, name: str, result: ir.Type, kind: str, *args: Value) -> Value:
        full = f"llvm.masked.{name}.{kind}"
        return self.builder.call(declared(self.builder.module, full, result, [a.type for a in args]), args)

    @property
    def _kind(self) -> str:
        return f"v{self.lanes}{'f64' if self.double else 'f32'}"

    @property
    def _align(self) -> ir.Constant:
        return ir.Constant(I32, self.bytes)

    # arithmetic ------------------------------------------------------------------------------------------------

    def fma(self, a: Value, b: Value, c: Value) -> Value:
        """Return a * b + c, rounded once."""
        return self.call("fma", a, b, c)

    def select(self, condition: Value, yes: Value, no: Value) -> Value:
        """Return a choice in each lane."""
        return self.builder.select(condition, yes, no)

    def compare(self, relation: str, a: Value, b: Value) -> Value:
        """Return a truth value in each lane, false where there is a NaN."""
        return self.builder.fcmp_ordered(relation, a, b)

    def polynomial(self, x: Value, coefficients: Sequence[float]) -> Value:
        """Return c[0] + c[1] x + c[2] x^2 + ..., by Horner's rule."""
        total = self.number(coefficients[-1])
        for coefficient in coefficients[-2::-1]:
            total = self.fma(total, x, self.number(coefficient))
        return total

    def maximum(self, a: Value, b: Value) -> Value:
        """Return the larger, NaN if there is one."""
        return self._stronger(">", a, b)

    def minimum(self, a: Value, b: Value) -> Value:
        """Return the smaller, NaN if there is one."""
        return self._stronger("<", a, b)

    def _stronger(self, relation: str, a: Value, b: Value) -> Value:
        chosen = self.select(self.compare(relation, a, b), a, b)
        # a comparison with a NaN is false, which takes b, NaN or not; the sum is NaN if either is
        return self.select(self.builder.fcmp_unordered("uno", a, b), self.builder.fadd(a, b), chosen)

    def relu(self, x: Value) -> Value:
        """Return x, or 0 where x is not above it."""
        return self.select(self.compare("<=", x, self.number(0.0)), self.number(0.0), x)

    # exponentials ----------------------------------------------------------------------------------------------

    def _reduced(self, x: Value) -> tuple[Value, Value]:
        """Return n, as the bits of a number to which it was added, and exp(r) - 1, for x = n ln 2 + r.

        |r| is at most ln(2) / 2, x not too large. To add 1.5 * 2^mantissa rounds to a whole number and leaves it in
        the lowest bits.
        """
        b = self.builder
        # ln 2 in two parts (Cody and Waite 1980): the first has so few digits that x - n * high is exact
        high, low = self._log_2
        large = self.number(math.ldexp(1.5, self.mantissa))
        shifted = self.fma(x, self.number(1 / math.log(2)), large)
        n = b.fsub(shifted, large)
        r = self.fma(n, self.number(-low), self.fma(n, self.number(-high), x))
        tail = self.polynomial(r, _EXP_DOUBLE if self.double else _EXP_SINGLE)
        return b.bitcast(shifted, self.integers), self.fma(b.fmul(r, r), tail, r)

    def _power_of_two(self, n: Value) -> Value:
        """Return 2^n for the bits of `_reduced`, n within the range of normal numbers; 0 for the number below them."""
        # n stands in the lowest bits and moves up to the exponent's; the bits above them fall out
        exponent = self.builder.add(self.builder.shl(n, self.whole(self.mantissa)), self._bits_of_one)
        return self.builder.bitcast(exponent, self.type)

    @property
    def _bits_of_one(self) -> Value:
        return self.whole(self.bias << self.mantissa)

    def _clamped(self, x: Value, low: float, high: float) -> Value:
        """Return x within bounds; NaN stays."""
        x = self.select(self.compare("<", x, self.number(low)), self.number(low), x)
        return self.select(self.compare(">", x, self.number(high)), self.number(high), x)

    def exp(self, x: Value) -> Value:
        """Return e to the x; it overflows to infinity, and underflows through the subnormal numbers to 0."""
        x = self._clamped(x, -746.0, 710.0) if self.double else self._clamped(x, -105.0, 89.0)
        n, less_one = self._reduced(x)
        # 2^n as 2^half * 2^(n - half): n may be beyond the exponents of normal numbers, its halves never are
        half = self.builder.ashr(self.builder.sub(n, self._large), self.whole(1))
        value = self.builder.fadd(less_one, self.number(1.0))
        value = self.builder.fmul(value, self._power_of_two(half))
        return self.builder.fmul(value, self._power_of_two(self.builder.sub(n, half)))

    @property
    def _large(self) -> Value:
        """The bits of 1.5 * 2^mantissa."""
        return self.whole((self.bias + self.mantissa << self.mantissa) + (1 << self.mantissa - 1))

    def sigmoid(self, x: Value) -> Value:
        """Return 1 / (1 + z) or z / (1 + z) with z = exp(-|x|), which never overflows; it ends in 0."""
        far = -self.bias * math.log(2)  # there z is 0
        # for x < 0 it is z / (1 + z): 1 - 1 / (1 + z) would lose the digits of a small result
        size = self.builder.fneg(self.call("fabs", x))
        n, less_one = self._reduced(self.select(self.compare("<", size, self.number(far)), self.number(far), size))
        power = self._power_of_two(n)
        z = self.fma(power, less_one, power)
        positive = self.builder.fcmp_ordered(">=", x, self.number(0.0))
        above = self.select(positive, self.number(1.0), z)
        return self.builder.fdiv(above, self.builder.fadd(z, self.number(1.0)))

    def tanh(self, x: Value) -> Value:
        """Return e / (e + 2) with e = exp(2 |x|) - 1, and the sign of x: small x keep all their digits."""
        far = self.number(22.0 if self.double else 10.0)  # from there on it is 1 to the last digit
        size = self.call("fabs", x)
        size = self.select(self.compare(">", size, far), far, size)
        n, less_one = self._reduced(self.builder.fadd(size, size))
        power = self._power_of_two(n)
        # 2^n (exp(r) - 1) + (2^n - 1): for small x n is 0, the second term vanishes and no digit is lost
        e = self.fma(power, less_one, self.builder.fsub(power, self.number(1.0)))
        return self.call("copysign", self.builder.fdiv(e, self.builder.fadd(e, self.number(2.0))), x)

    # logarithms ------------------------------------------------------------------------------------------------

    @property
    def _smallest(self) -> float:
        """The smallest normal number."""
        return math.ldexp(1.0, 1 - self.bias)

    @property
    def _log_2(self) -> tuple[float, float]:
        """The logarithm of 2 in two parts: a whole number of an exponent's size times the first is exact."""
        return (6.93145751953125e-1, 1.42860682030941723212e-6) if self.double else (0.693359375, -2.12194440e-4)

    def _parts(self, x: Value) -> tuple[Value, Value]:
        """Return e and part for a normal x = 2^e * part, with part from sqrt(1/2) to sqrt(2)."""
        # the bits are counted from those of sqrt(1/2) on, so that the exponent's bits of the difference are e
        b = self.builder
        bits = b.bitcast(x, self.integers)
        offset = b.sub(bits, b.bitcast(self.number(math.sqrt(0.5)), self.integers))
        exponent = b.ashr(offset, self.whole(self.mantissa))
        part = b.bitcast(b.sub(bits, b.shl(exponent, self.whole(self.mantissa))), self.type)
        return b.sitofp(exponent, self.type), part

    def log(self, x: Value) -> Value:
        """Return the natural logarithm: -infinity at 0, NaN below."""
        b = self.builder
        # Subnormal numbers, whose exponent says nothing, are scaled up first.
        tiny = self.compare("<", x, self.number(self._smallest))
        scaled = self.select(tiny, b.fmul(x, self.number(math.ldexp(1.0, self.mantissa + 1))), x)
        e, part = self._parts(scaled)
        e = self.select(tiny, b.fsub(e, self.number(self.mantissa + 1.0)), e)
        # log(1 + f) = 2 (s + s^3 / 3 + s^5 / 5 + ...) with s = f / (2 + f); the large terms are added last
        f = b.fsub(part, self.number(1.0))
        s = b.fdiv(f, b.fadd(part, self.number(1.0)))
        square = b.fmul(s, s)
        terms = 12 if self.double else 6
        series = self.polynomial(square, [2 / (2 * k + 3) for k in range(terms)])
        high, low = self._log_2
        small = self.fma(b.fmul(square, s), series, self.fma(e, self.number(low), b.fmul(s, self.number(2.0))))
        value = self.fma(e, self.number(high), small)
        value = self.select(self.compare("==", x, self.number(math.inf)), x, value)
        value = self.select(self.compare("==", x, self.number(0.0)), self.number(-math.inf), value)
        return self.select(
            self.builder.fcmp_unordered("<", x, self.number(0.0)), b.fmul(x, self.number(math.nan)), value
        )

    def pow(self, x: Value, y: Value) -> Value:
        """Return x to the y as exp(y log(x)), with a logarithm of twice the digits; what is not above 0 is rare."""
        b = self.builder
        e, part = self._parts(x)
        # log(part) = 2 (s + s^3 / 3 + ...) as in `log`; of s, of s^3 / 3 and of their sum what is rounded off is kept
        f, d = b.fsub(part, self.number(1.0)), b.fadd(part, self.number(1.0))
        s = b.fdiv(f, d)
        d_low = b.fsub(part, b.fsub(d, self.number(1.0)))
        s_low = b.fdiv(self.fma(b.fneg(s), d_low, self.fma(b.fneg(s), d, f)), d)
        square = b.fmul(s, s)
        square_low = self.fma(s, s, b.fneg(square))
        cube = b.fmul(s, square)
        cube_low = b.fadd(self.fma(s, square, b.fneg(cube)), b.fmul(s, square_low))
        cube_low = self.fma(b.fmul(square, self.number(3.0)), s_low, cube_low)
        third, third_low = _rounded(Fraction(2, 3), double=self.double)
        term = b.fmul(cube, self.number(third))
        term_low = self.fma(cube, self.number(third), b.fneg(term))
        term_low = self.fma(cube, self.number(third_low), self.fma(cube_low, self.number(third), term_low))
        terms = 11 if self.double else 5
        rest = b.fmul(b.fmul(cube, square), self.polynomial(square, [2 / (2 * k + 5) for k in range(terms)]))
        high, low = self._log_2
        first, first_low = self._sum(b.fmul(e, self.number(high)), b.fmul(s, self.number(2.0)))
        log, log_low = self._sum(first, term)
        small = self.fma(e, self.number(low), self.fma(s_low, self.number(2.0), b.fadd(rest, term_low)))
        log, log_low = self._sum(log, b.fadd(log_low, b.fadd(first_low, small)))
        product = b.fmul(y, log)
        product_low = self.fma(y, log_low, self.fma(y, log, b.fneg(product)))
        power = self.exp(product)
        value = self.select(self.compare("<", power, self.number(math.inf)), self.fma(power, product_low, power), power)
        x_is_usual = b.and_(
            self.compare(">=", x, self.number(self._smallest)), self.compare("<", x, self.number(math.inf))
        )
        is_usual = b.and_(x_is_usual, self.compare("<", self.call("fabs", y), self.number(2.0**20)))
        return self._unless(b.not_(is_usual), value, lambda: self.call("pow", x, y))

    def _sum(self, large: Value, small: Value) -> tuple[Value, Value]:
        """Return a sum and what is rounded off (Dekker 1971); the first is 0, or not the smaller."""
        total = self.builder.fadd(large, small)
        return total, self.builder.fsub(small, self.builder.fsub(total, large))

    def softplus(self, x: Value) -> Value:
        """Return max(x, 0) + log(1 + exp(-|x|))."""
        b = self.builder
        u = self.exp(b.fneg(self.call("fabs", x)))
        w = b.fadd(u, self.number(1.0))
        # what rounding took from w = 1 + u comes back to first order: log(w + d) = log(w) + d / w
        lost = b.fdiv(b.fsub(u, b.fsub(w, self.number(1.0))), w)
        return b.fadd(self.maximum(x, self.number(0.0)), b.fadd(self.log(w), lost))

    # circles and rest --------------------------------------------------------------------------------------------

    def sin(self, x: Value) -> Value:
        """Return the sine, of arguments of any size."""
        return self._circular(x, "sin", 0)

    def cos(self, x: Value) -> Value:
        """Return the cosine, of arguments of any size."""
        return self._circular(x, "cos", 1)

    def _circular(self, x: Value, name: str, quarters: int) -> Value:
        """Return the sine so many quarters of a circle further on."""
        b = self.builder
        # x = n pi/2 + r with |r| <= pi/4, as in `_reduced`; with pi/2 in three parts r has all its digits
        large = self.number(math.ldexp(1.5, self.mantissa))
        shifted = self.fma(x, self.number(2 / math.pi), large)
        n = b.fsub(shifted, large)
        r = x
        for part in _HALF_PI_DOUBLE if self.double else _HALF_PI_SINGLE:
            r = self.fma(n, self.number(-part), r)
        quarter = b.add(b.bitcast(shifted, self.integers), self.whole(quarters))
        square = b.fmul(r, r)
        sines, cosines = (8, 7) if self.double else (4, 4)
        sine = self.polynomial(square, [(-1) ** (k + 1) / math.factorial(2 * k + 3) for k in range(sines)])
        sine = self.fma(b.fmul(r, square), sine, r)
        cosine = self.polynomial(square, [(-1) ** k / math.factorial(2 * k + 4) for k in range(cosines)])
        cosine = self.fma(b.fmul(square, square), cosine, self.fma(square, self.number(-0.5), self.number(1.0)))
        is_odd = b.icmp_unsigned("!=", b.and_(quarter, self.whole(1)), self.whole(0))
        value = self.select(is_odd, cosine, sine)
        is_below = b.icmp_unsigned("!=", b.and_(quarter, self.whole(2)), self.whole(0))
        value = self.select(is_below, b.fneg(value), value)
        far = self.compare(">", self.call("fabs", x), self.number(2.0**30 if self.double else 2.0**18))
        return self._unless(far, value, lambda: self.call(name, x))

    def erf(self, x: Value) -> Value:
        """Return the error function: by its power series up to 1, beyond as 1 - exp(log(1 - erf))."""
        b = self.builder
        square, size = b.fmul(x, x), self.call("fabs", x)
        # of the first term 2 / sqrt(pi) a 1 is put aside: x + x * (the rest) is rounded once more than x
        terms = [2 / math.sqrt(math.pi) * (-1) ** k / (math.factorial(k) * (2 * k + 1)) for k in range(18)]
        near = self.polynomial(square, [terms[0] - 1, *terms[1 : 18 if self.double else 10]])
        coefficients = _ERFC_DOUBLE if self.double else _ERFC_SINGLE
        low, high = (1.0, 6.0) if self.double else (1.0, 4.0)  # from there on it is 1 to the last digit
        size_there = self._clamped(size, low, high)
        place = b.fmul(b.fsub(size_there, self.number((low + high) / 2)), self.number(2 / (high - low)))
        beyond = self.exp(self.fma(b.fneg(size_there), size_there, self.polynomial(place, coefficients)))
        far = self.call("copysign", b.fsub(self.number(1.0), beyond), x)
        return self.select(self.compare(">", size, self.number(1.0)), far, self.fma(x, near, x))

    def sign(self, x: Value) -> Value:
        """Return 1 with the sign of x, but x itself where it is 0 or NaN."""
        is_none = self.builder.fcmp_unordered("ueq", x, self.number(0.0))
        return self.select(is_none, x, self.call("copysign", self.number(1.0), x))

    def heaviside(self, x: Value) -> Value:
        """Return 1 where x is above 0, else 0; NaN stays."""
        zero = self.number(0.0)
        low = self.select(self.builder.fcmp_unordered("uno", x, x), x, zero)
        return self.select(self.compare(">", x, zero), self.number(1.0), low)

    def mod(self, x: Value, y: Value) -> Value:
        """Return the rest of a division, with the sign of y; what the quotient has too many digits for is rare."""
        b = self.builder
        quotient = b.fdiv(x, y)
        # exact; where the quotient was rounded up to a whole number its sign is wrong, as where that of y is another
        rest = self.fma(b.fneg(self.call("trunc", quotient)), y, x)
        is_usual = b.and_(
            self.compare("<", self.call("fabs", quotient), self.number(math.ldexp(1.0, self.mantissa))),
            self.compare("<", self.call("fabs", y), self.number(math.inf)),
        )
        rest = self._unless(b.not_(is_usual), rest, lambda: b.frem(x, y))
        is_other = self.compare("<", b.fmul(self.sign(rest), y), self.number(0.0))
        return self.select(is_other, b.fadd(rest, y), rest)

    def _unless(self, rare: Value, usual: Value, exact: Callable[[], Value]) -> Value:
        """Return `usual`, and in the lanes that are `rare` what the C library gives; it is not called where none is."""
        b = self.builder
        before = b.block
        some = b.icmp_unsigned("!=", b.bitcast(rare, ir.IntType(self.lanes)), ir.IntType(self.lanes)(0))
        with b.if_then(some, likely=False):
            chosen, inside = self.select(rare, exact(), usual), b.block
        value = b.phi(self.type)
        value.add_incoming(usual, before)
        value.add_incoming(chosen, inside)
        return value

    def joined(self, reduction: str, a: Value, b: Value) -> Value:
        """Return what a reduction, "sum", "max" or "min", makes of two values."""
        if reduction == "sum":
            return self.builder.fadd(a, b)
        return self.maximum(a, b) if reduction == "max" else self.minimum(a, b)

    def sums_so_far(self, x: Value, *, is_reversed: bool) -> Value:
        """Return, in each lane, the sum of the lanes up to it, or from it on (Hillis and Steele 1986)."""
        distance, none = 1, self.number(0.0)
        while distance < self.lanes:
            step = distance if is_reversed else -distance
            lanes = [k + step if 0 <= k + step < self.lanes else self.lanes for k in range(self.lanes)]
            x = self.builder.fadd(x, self._chosen(x, none, lanes))
            distance *= 2
        return x

    def reduced(self, reduction: str, x: Value) -> Value:
        """Return the sum of the lanes, or the largest, as a scalar, in a fixed order: halves onto halves."""
        width = self.lanes
        while width > 1:
            width //= 2
            indices = [ir.Constant(I32, k + width if k < width else k) for k in range(self.lanes)]
            upper = self.builder.shuffle_vector(x, x, ir.Constant(ir.VectorType(I32, self.lanes), indices))
            x = self.joined(reduction, x, upper)
        return self.builder.extract_element(x, ir.Constant(I32, 0))


def _rounded(number: Fraction, *, double: bool) -> tuple[float, float]:
    """Return a number rounded to a dtype, and what is lost, rounded too."""
    dtype = np.float64 if double else np.float32
    high = float(dtype(float(number)))
    return high, float(dtype(float(number - Fraction(high))))


_HALF_PI_SINGLE = (1.5707963705062866, -4.371138828673793e-08, -1.7151245100058819e-15)
_HALF_PI_DOUBLE = (1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33)
"""pi / 2 in three numbers of a dtype."""


def declared(module: ir.Module, name: str, result: ir.Type, arguments: Sequence[ir.Type]) -> ir.Function:
    """Return a function that LLVM or another module has, declared at its first use."""
    if name in module.globals:
        return module.globals[name]
    return ir.Function(module, ir.FunctionType(result, arguments), name)


Spelled = Callable[..., Value]

SPELLING: Mapping[str, Spelled] = {
    "add": lambda v, a, b: v.builder.fadd(a, b),
    "sub": lambda v, a, b: v.builder.fsub(a, b),
    "mul": lambda v, a, b: v.builder.fmul(a, b),
    "div": lambda v, a, b: v.builder.fdiv(a, b),
    "neg": lambda v, a: v.builder.fneg(a),
    "sigmoid": Vectors.sigmoid,
    "tanh": Vectors.tanh,
    "relu": Vectors.relu,
    "exp": Vectors.exp,
    "log": Vectors.log,
    "sqrt": lambda v, a: v.call("sqrt", a),
    "softplus": Vectors.softplus,
    "sin": Vectors.sin,
    "cos": Vectors.cos,
    "erf": Vectors.erf,
    "abs": lambda v, a: v.call("fabs", a),
    "sign": Vectors.sign,
    "floor": lambda v, a: v.call("floor", a),
    "mod": Vectors.mod,
    "pow": Vectors.pow,
    "stop_gradient": lambda v, a: a,
    "heaviside": Vectors.heaviside,
    "surrogate": lambda v, a, b: a,
    "maximum": Vectors.maximum,
    "minimum": Vectors.minimum,
    "less": lambda v, a, b: v.compare("<", a, b),
    "less_equal": lambda v, a, b: v.compare("<=", a, b),
    "greater": lambda v, a, b: v.compare(">", a, b),
    "greater_equal": lambda v, a, b: v.compare(">=", a, b),
    "where": Vectors.select,
    "broadcast": lambda v, a: a,
}
"""Operation -> a function of the vectors and the arguments; sums and products are loops, see `loops`, `products`."""

BRANCHING = frozenset({"sin", "cos", "mod", "pow"})
"""The operations whose spelling has a branch."""


def constant(value: int) -> ir.Constant:
    """Return a whole number of 64 bits."""
    return ir.Constant(I64, value)


class ControlFlow:
    """Loops at the place where a builder is."""

    def __init__(self, builder: ir.IRBuilder) -> None:
        self.builder = builder

    @contextmanager
    def within(self, block: Value) -> Iterator[None]:
        """Write to the end of another block, before it is left; then go on where the builder was."""
        here = self.builder.block
        self._go_to(block)
        yield
        self._go_to(here)

    def _go_to(self, block: Value) -> None:
        if block.is_terminated:
            self.builder.position_before(block.terminator)
        else:
            self.builder.position_at_end(block)

    def repeat(self, start: Value, end: Value, step: int, body: Callable[[Value], None]) -> Value:
        """Run `body(i)` for i = start, start + step, ... while i + step <= end; return the first i that is left."""
        b = self.builder
        before = b.block
        head, inside, after = (b.append_basic_block(name) for name in ("head", "body", "after"))
        b.branch(head)
        b.position_at_end(head)
        # SSA: a value is assigned once, so that what changes from turn to turn is a phi, which takes the value of the
        # block that was left for this one. `body` may make blocks of its own: the way back is from the last of them.
        index = b.phi(I64)
        index.add_incoming(start, before)
        following = b.add(index, constant(step))
        b.cbranch(b.icmp_signed("<=", following, end), inside, after)
        b.position_at_end(inside)
        body(index)
        index.add_incoming(following, b.block)
        b.branch(head)
        b.position_at_end(after)
        return index

    def accumulate(
        self, count: Value, start: Sequence[Value], body: Callable[[Value, list[Value]], list[Value]]
    ) -> list[Value]:
        """Run `values = body(i, values)` for i = 0 ... count - 1 and return the last values."""
        b = self.builder
        before = b.block
        head, inside, after = (b.append_basic_block(name) for name in ("head", "body", "after"))
        b.branch(head)
        b.position_at_end(head)
        index = b.phi(I64)
        index.add_incoming(constant(0), before)
        values = [b.phi(value.type) for value in start]
        for phi, value in zip(values, start, strict=True):
            phi.add_incoming(value, before)
        b.cbranch(b.icmp_signed("<", index, count), inside, after)
        b.position_at_end(inside)
        new = body(index, list(values))
        index.add_incoming(b.add(index, constant(1)), b.block)
        for phi, value in zip(values, new, strict=True):
            phi.add_incoming(value, b.block)
        b.branch(head)
        b.position_at_end(after)
        return list(values)
