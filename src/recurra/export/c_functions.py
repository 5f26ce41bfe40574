"""The functions of C's library that exported code has of its own: float32, without branches where a loop is vectorised.

They follow those of `recurra.backends.llvm.vectors`, and keep to these bounds, measured over all or very many arguments
in units in the last place (ulp): exp 2, log 2, tanh 3, sigmoid 3, sqrt 1, erf 3, softplus 3, pow 2, sin and cos 2
for |x| up to 1e6. NaN and infinity travel as in C's library.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

__all__ = ["FUNCTIONS", "LIBM", "called"]

_SOURCE = """
static inline uint32_t r_bits(float x) { union { float f; uint32_t u; } both; both.f = x; return both.u; }

static inline float r_float(uint32_t u) { union { float f; uint32_t u; } both; both.u = u; return both.f; }

/* a choice of bits: where a compiler sees a branch in a choice, it vectorises no loop around it */
static inline float r_where(int condition, float a, float b) {
  const uint32_t mask = 0u - (uint32_t)condition;
  return r_float((r_bits(a) & mask) | (r_bits(b) & ~mask));
}

static inline float r_abs(float x) { return r_float(r_bits(x) & 0x7fffffffu); }

static inline float r_signed(float size, float x) { return r_float(r_bits(size) | (r_bits(x) & 0x80000000u)); }

/* x = n ln 2 + r: exp(r) - 1, and n in the lowest bits of a number to which it was added (Cody and Waite 1980) */
static inline uint32_t r_whole(float x) { return r_bits(x * 1.44269504f + 12582912.0f) - 0x4b400000u; }

static inline float r_expm1(float x) {
  const float n = (x * 1.44269504f + 12582912.0f) - 12582912.0f;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  const float tail = (((0.001392617612f * r + 0.008363173075f) * r + 0.04166655466f) * r + 0.1666657703f) * r + 0.5f;
  return r * r * tail + r;
}

static inline float r_power(uint32_t n) { return r_float((n + 127u) << 23); }

static inline float r_exp(float x) {
  const float low = r_where(x < -105.0f, -105.0f, x), near = r_where(low > 89.0f, 89.0f, low);
  const uint32_t n = r_whole(near), half = ((n + 512u) >> 1) - 256u; /* 2^n in two factors: n may be beyond a float's */
  return (r_expm1(near) + 1.0f) * r_power(half) * r_power(n - half);
}

static inline float r_sigmoid(float x) {
  const float size = r_abs(x), near = r_where(size > 88.0f, 88.0f, size);
  const float power = r_power(r_whole(-near)), z = power * r_expm1(-near) + power;
  return r_where(x >= 0.0f, 1.0f, z) / (z + 1.0f);
}

static inline float r_tanh(float x) {
  const float size = r_abs(x), near = r_where(size > 10.0f, 10.0f, size), twice = near + near;
  const float power = r_power(r_whole(twice)), e = power * r_expm1(twice) + (power - 1.0f);
  return r_signed(e / (e + 2.0f), x);
}

static inline float r_log(float x) {
  const int tiny = x < 1.17549435e-38f;
  const float scaled = r_where(tiny, x * 16777216.0f, x);
  const uint32_t offset = r_bits(scaled) - 0x3f3504f3u; /* counted from sqrt(1/2) on */
  const uint32_t whole = (offset + 0x40000000u) >> 23; /* the exponent, 128 more */
  const float e = (float)(int32_t)whole - r_where(tiny, 152.0f, 128.0f);
  const float part = r_float(r_bits(scaled) - ((whole - 128u) << 23));
  const float f = part - 1.0f, s = f / (part + 1.0f), square = s * s;
  const float series = ((((0.153846154f * square + 0.181818182f) * square + 0.222222222f) * square + 0.285714286f)
    * square + 0.4f) * square + 0.666666667f;
  const float value = e * 0.693359375f + (square * s * series + (e * -2.12194440e-4f + s * 2.0f));
  const float below = r_where(x < 0.0f, R_NAN, r_where(x != x, x, -R_INFINITY));
  return r_where(x > 0.0f, r_where(x <= 3.40282347e38f, value, x), below);
}

static inline float r_sqrt(float x) {
  const int tiny = x < 1.17549435e-38f;
  const float scaled = r_where(tiny, x * 16777216.0f, x);
  float y = r_float((r_bits(scaled) >> 1) + 0x1fbd1df5u);
  y = 0.5f * (y + scaled / y);
  y = 0.5f * (y + scaled / y);
  y = y + 0.5f * (scaled / y - y);
  y = r_where(tiny, y * 2.44140625e-4f, y);
  return r_where(x > 0.0f, r_where(x <= 3.40282347e38f, y, x), r_where(x < 0.0f, R_NAN, x));
}

static inline float r_softplus(float x) {
  const float u = r_exp(-r_abs(x)), w = u + 1.0f;
  return r_where(x <= 0.0f, 0.0f, x) + (r_log(w) + (u - (w - 1.0f)) / w);
}

/* the sine so many quarters of a circle further on; |x| up to 1e6 keeps all digits */
static inline float r_circular(float x, uint32_t quarters) {
  const double shifted = (double)x * 0.63661977236758134 + 6755399441055744.0;
  union { double f; uint64_t u; } both;
  both.f = shifted;
  const double n = shifted - 6755399441055744.0;
  const float r = (float)(((double)x - n * 1.5707963267948966) - n * 6.123233995736766e-17);
  const uint32_t quarter = (uint32_t)both.u + quarters;
  const float square = r * r;
  const float sine = ((2.75573192e-6f * square - 1.98412698e-4f) * square + 8.33333333e-3f) * square - 0.166666667f;
  const float cosine =
    ((-2.75573192e-7f * square + 2.48015873e-5f) * square - 1.38888889e-3f) * square + 4.16666667e-2f;
  const float even = r * square * sine + r, odd = (square * square) * cosine + (1.0f - 0.5f * square);
  const float value = r_where((quarter & 1u) != 0u, odd, even);
  return r_float(r_bits(value) ^ ((quarter & 2u) << 30));
}

/* by its power series up to 1, beyond as 1 - exp(log(1 - erf)) */
static inline float r_erf(float x) {
  const float size = r_abs(x), square = x * x;
  const float low = r_where(size < 1.0f, 1.0f, size), there = r_where(low > 4.0f, 4.0f, low);
  const float place = (there - 2.5f) * 0.666666667f;
  float near = -1.63658447e-07f, far = 4.19584001e-05f;
  near = near * square + 1.64621144e-06f; near = near * square + -1.49256504e-05f;
  near = near * square + 0.00012055333f;
  near = near * square + -0.000854832702f; near = near * square + 0.00522397763f;
  near = near * square + -0.0268661706f;
  near = near * square + 0.112837917f; near = near * square + -0.376126389f; near = near * square + 0.128379167f;
  far = far * place + -0.000227499504f; far = far * place + 0.000880397082f; far = far * place + -0.00319030541f;
  far = far * place + 0.0109618492f; far = far * place + -0.036647578f; far = far * place + 0.126239167f;
  far = far * place + -0.529021011f; far = far * place + -1.55681527f;
  far = r_signed(1.0f - r_exp(far - there * there), x);
  return r_where(size > 1.0f, far, x * near + x);
}

static inline float r_floor(float x) {
  const float size = r_abs(x), whole = r_signed((size + 8388608.0f) - 8388608.0f, x);
  return r_where(size < 8388608.0f, r_where(whole > x, whole - 1.0f, whole), x);
}

static float r_mod(float x, float y) {
  const double quotient = (double)x / (double)y, size = quotient < 0.0 ? -quotient : quotient;
  const double near = (size + 4503599627370496.0) - 4503599627370496.0, whole = quotient < 0.0 ? -near : near;
  const double below = whole > quotient ? whole - 1.0 : whole;
  return (float)((double)x - (double)y * (size < 4503599627370496.0 ? below : quotient));
}

static float r_pow(float x, float y) {
  const float size = r_abs(x), far = r_abs(y);
  const int is_whole = far >= 8388608.0f || (far + 8388608.0f) - 8388608.0f == far;
  const int is_odd = is_whole && far < 16777216.0f && ((uint32_t)far & 1u);
  union { double f; uint64_t u; } part;
  double e, s, square, log, r, n, value;
  if (y == 0.0f || x == 1.0f) return 1.0f;
  if (x != x || y != y) return x + y;
  if (x < 0.0f && !is_whole) return R_NAN;
  if (size == 0.0f || size > 3.40282347e38f) {
    value = (size == 0.0f) == (y < 0.0f) ? (double)R_INFINITY : 0.0;
    return is_odd ? r_signed((float)value, x) : (float)value;
  }
  part.f = (double)size;
  e = (double)(int32_t)(part.u >> 52) - 1023.0;
  part.u = (part.u & 0x000fffffffffffffu) | 0x3ff0000000000000u;
  if (part.f > 1.4142135623730951) { part.f *= 0.5; e += 1.0; }
  s = (part.f - 1.0) / (part.f + 1.0);
  square = s * s;
  log = 2.0 / 17.0;
  log = log * square + 2.0 / 15.0; log = log * square + 2.0 / 13.0; log = log * square + 2.0 / 11.0;
  log = log * square + 2.0 / 9.0; log = log * square + 2.0 / 7.0; log = log * square + 2.0 / 5.0;
  log = log * square + 2.0 / 3.0; log = log * square + 2.0;
  r = (double)y * (e * 0.69314718055994531 + s * log);
  if (r > 88.8) return is_odd ? r_signed(R_INFINITY, x) : R_INFINITY;
  if (!(r > -104.0)) return r != r ? 1.0f : (is_odd ? r_signed(0.0f, x) : 0.0f);
  n = (r * 1.4426950408889634 + 6755399441055744.0) - 6755399441055744.0;
  r = r - n * 0.69314718055994531;
  value = 1.0 / 3628800.0;
  value = value * r + 1.0 / 362880.0; value = value * r + 1.0 / 40320.0; value = value * r + 1.0 / 5040.0;
  value = value * r + 1.0 / 720.0; value = value * r + 1.0 / 120.0; value = value * r + 1.0 / 24.0;
  value = value * r + 1.0 / 6.0; value = value * r + 0.5; value = value * r + 1.0; value = value * r + 1.0;
  part.u = (uint64_t)((int32_t)n + 1023) << 52;
  value *= part.f;
  return is_odd ? r_signed((float)value, x) : (float)value;
}

static inline float r_relu(float x) { return r_where(x <= 0.0f, 0.0f, x); }

static inline float r_sign(float x) { return r_where(x > 0.0f, 1.0f, r_where(x < 0.0f, -1.0f, x)); }

static inline float r_heaviside(float x) { return r_where(x > 0.0f, 1.0f, r_where(x != x, x, 0.0f)); }

static inline float r_maximum(float a, float b) { return r_where((a != a) | (a > b), a, b); }

static inline float r_minimum(float a, float b) { return r_where((a != a) | (a < b), a, b); }

static inline float r_sin(float x) { return r_circular(x, 0u); }

static inline float r_cos(float x) { return r_circular(x, 1u); }
"""

FUNCTIONS: Mapping[str, str] = {
    re.findall(r"^static .*?r_(\w+)\(", text, re.MULTILINE)[0]: text for text in _SOURCE.strip().split("\n\n")
}
"""Name, without r_ -> the function's text in C."""

LIBM: Mapping[str, str] = {
    "exp": "expf(x)", "tanh": "tanhf(x)", "log": "logf(x)", "sqrt": "sqrtf(x)", "sin": "sinf(x)", "cos": "cosf(x)",
    "erf": "erff(x)", "floor": "floorf(x)", "pow": "powf(x, y)",
    "sigmoid": "1.0f / (1.0f + expf(-x))", "softplus": "fmaxf(x, 0.0f) + log1pf(expf(-fabsf(x)))",
}  # fmt: skip
"""Function -> how the platform's library is called for it."""


def called(text: str, *, without: Collection[str] = ()) -> list[str]:
    """Return which of `FUNCTIONS` a text calls, and they themselves, each after what it calls.

    Those of `without` are left out, with what they alone call.
    """
    found: dict[str, None] = {}

    def visit(inside: str) -> None:
        for name in re.findall(r"\br_(\w+)\(", inside) + ["float"] * ("R_NAN" in inside or "R_INFINITY" in inside):
            if name in FUNCTIONS and name not in found and name not in without:
                visit(FUNCTIONS[name].partition(f"r_{name}(")[2])
                found[name] = None

    visit(text)
    return list(found)
